"""The feed, the table of counts, the best D, and the trace of enlarged scans."""

import pytest
import torch
from sklearn.metrics import confusion_matrix
from torch.nn import functional as F

from gan_lib import checkpoints, data, judging, latent


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# ---- the feed, the counts, the best D

def test_a_feed_keeps_every_picture_with_its_label():
    real, fake = torch.rand(5, 1, 4, 4), -torch.rand(3, 1, 4, 4)
    x, y = judging.random_feed(real, fake)
    assert x.shape == (8, 1, 4, 4) and y.tolist().count(1.0) == 5
    assert torch.equal(x.amin((1, 2, 3)) >= 0, y == 1)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
def test_the_table_is_that_of_scikit_learn(threshold):
    torch.manual_seed(0)
    probability, y = torch.rand(200), torch.randint(2, (200,)).float()
    expected = confusion_matrix(y, probability >= threshold, labels=[1, 0])
    assert judging.confusion(probability, y, threshold).tolist() == expected.tolist()


def test_no_other_answer_at_a_point_has_a_lower_loss_than_the_best_discriminator():
    p_data, p_g = torch.rand(20, 1) + 0.01, torch.rand(20, 1) + 0.01
    tried = torch.linspace(0.001, 0.999, 999)
    loss = -p_data * tried.log() - p_g * (1 - tried).log()
    by_search = tried[loss.argmin(1)]
    best = judging.best_discriminator(p_data, p_g).squeeze(1)
    assert torch.allclose(best, by_search, atol=0.001)


# ---- the trace

@pytest.mark.parametrize("size", [16, 32])
def test_the_digits_are_enlarged_scans_rounded_and_cut_at_black_and_white(size):
    scans = data.digits.read()[0]
    came = judging.enlarged(scans, size).round().clamp(0, 255)
    assert torch.equal(came.to(torch.uint8), data.load("digits", size, device="cpu").images)


def test_enlarging_is_linear():
    a, b = normal(3, 1, 8, 8), normal(3, 1, 8, 8, seed=1)
    sum_first = judging.enlarged(2 * a - b, 32)
    assert torch.allclose(sum_first, 2 * judging.enlarged(a, 32) - judging.enlarged(b, 32),
                          atol=1e-5)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_an_enlarged_scan_has_no_trace_and_its_scan_is_found_again(size):
    scans = normal(4, 1, 8, 8).clamp(-2, 2)
    x = judging.enlarged(scans, size)
    assert torch.allclose(judging.closest_scan(x), scans, atol=1e-3)
    assert torch.allclose(judging.without_trace(x), x, atol=1e-4)
    assert judging.trace_size(x).max() < 0.01


def test_no_other_scan_comes_closer_than_the_closest():
    x = normal(5, 1, 32, 32).clamp(-1, 1)
    scan = judging.closest_scan(x)
    distance = (judging.enlarged(scan, 32) - x).square().sum((1, 2, 3))
    for seed in range(20):
        moved = scan + 0.05 * normal(5, 1, 8, 8, seed=seed)
        assert ((judging.enlarged(moved, 32) - x).square().sum((1, 2, 3)) > distance).all()


def test_the_size_of_a_trace_is_in_grey_levels():
    checkerboard = torch.ones(1, 1, 32, 32)
    checkerboard[..., ::2, ::2] = checkerboard[..., 1::2, 1::2] = -1
    plain = judging.enlarged(torch.zeros(1, 1, 8, 8), 32)
    size = judging.trace_size(plain + checkerboard * 10 / 127.5).item()
    assert size == pytest.approx(10, rel=0.01)  # no scan is as fine as the board


def test_the_trace_tells_the_shipped_fakes_from_held_out_digits():
    """What notebook 03 shows: one number is right on more than 93 of 100 cards."""
    known, held_out = data.load("digits", 32, device="cpu").split(0.8)
    G = checkpoints.load("digits").to("cpu")

    def cards(part, seed):
        x = torch.cat([part.scaled(), G(latent.draw(len(part), G.z_dim, seed=seed))])
        return judging.trace_size(x), torch.arange(len(x)).lt(len(part)).float()

    t = judging.best_threshold(*cards(known, 1))
    sizes, y = cards(held_out, 2)
    assert ((sizes <= t) == (y == 1)).float().mean() > 0.93


# ---- a threshold

@pytest.mark.parametrize("seed", range(5))
def test_no_threshold_is_right_more_often_than_the_best(seed):
    numbers, y = normal(60, seed=seed).round(decimals=1), (normal(60, seed=seed + 9) > 0).float()

    def right(t):
        return ((numbers <= t) == (y == 1)).sum().item()

    t = judging.best_threshold(numbers, y)
    tried = {number: right(number) for number in numbers.tolist()}
    assert right(t) == max(tried.values())
    assert t == min(number for number in tried if tried[number] == right(t))


def test_equal_numbers_stay_on_one_side():
    numbers, y = torch.tensor([1.0, 1.0, 1.0, 2.0]), torch.tensor([1.0, 0.0, 0.0, 0.0])
    assert judging.best_threshold(numbers, y) == 1.0
    assert judging.best_threshold(torch.tensor([3.0]), torch.tensor([1.0])) == 3.0


def test_a_gradient_flows_through_the_trace():
    x = normal(2, 1, 16, 16).clamp(-1, 1).requires_grad_()
    judging.trace_size(x).sum().backward()
    assert x.grad.abs().sum() > 0
    assert F.mse_loss(judging.without_trace(x.detach()), x.detach()) > 0


@pytest.mark.parametrize("call", [
    lambda: judging.random_feed(torch.ones(2, 3), torch.ones(2, 4)),
    lambda: judging.confusion(torch.ones(3), torch.ones(2)),
    lambda: judging.confusion(torch.ones(2), torch.tensor([0.5, 1.0])),
    lambda: judging.confusion(torch.ones(2), torch.ones(2), 1.5),
    lambda: judging.best_discriminator(torch.ones(3), torch.ones(2)),
    lambda: judging.best_discriminator(torch.zeros(1), torch.zeros(1)),
    lambda: judging.best_discriminator(torch.ones(1), -torch.ones(1)),
    lambda: judging.enlarged(torch.ones(2, 1, 9, 8), 16),
    lambda: judging.enlarged(torch.ones(2, 1, 8, 8), 4),
    lambda: judging.closest_scan(torch.ones(2, 1, 16, 32)),
    lambda: judging.closest_scan(torch.ones(2, 3, 16, 16)),
    lambda: judging.closest_scan(torch.full((1, 1, 16, 16), 255.0)),
    lambda: judging.closest_scan(torch.ones(2, 1, 4, 4)),
    lambda: judging.best_threshold(torch.ones(3), torch.ones(2)),
    lambda: judging.best_threshold(torch.ones(2), torch.tensor([0.5, 1.0])),
])
def test_arguments_that_do_not_fit_are_refused(call):
    with pytest.raises(ValueError):
        call()


def test_whole_numbers_are_no_pictures_and_no_sizes():
    for call in (lambda: judging.closest_scan(torch.ones(1, 1, 8, 8, dtype=torch.uint8)),
                 lambda: judging.best_threshold(torch.ones(2, dtype=torch.int64), torch.ones(2)),
                 lambda: judging.closest_scan([1.0])):
        with pytest.raises(TypeError):
            call()


def test_the_trace_is_what_no_scan_explains_and_is_largest_where_noise_was_put():
    scans = torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    x = judging.enlarged(scans, 32)
    assert judging.trace(x).abs().max() < 1e-4
    places = [(0, 0), (24, 24), (3, 20), (17, 9), (10, 0), (0, 24)]
    chess = (torch.arange(8)[:, None] + torch.arange(8)) % 2 - 0.5
    for picture, (top, left) in zip(x, places):
        picture[0, top:top + 8, left:left + 8] += chess
    torch.testing.assert_close(judging.trace(x), x - judging.without_trace(x))
    assert judging.loudest(x, 8).tolist() == [list(place) for place in places]
    with pytest.raises(ValueError, match="side must be from 1 to 32"):
        judging.loudest(x, 33)
