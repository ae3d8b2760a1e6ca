import math

import numpy as np
import pytest
import torch
from torch import nn

from gan_lib import data, device, inpainting, latent, metrics


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=200, device="cpu")


@pytest.fixture
def x():
    return torch.rand(3, 2, 4, 6, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.fixture
def hidden():
    mask = torch.zeros(4, 6, dtype=torch.bool)
    mask[1:3, 2:5] = True
    return mask


# ---- masks

def test_a_box_pixel_by_pixel():
    found = inpainting.box(8, left=2, top=5, width=3, height=2)
    for row in range(8):
        for column in range(8):
            assert found[row, column] == (5 <= row < 7 and 2 <= column < 5)
    assert found.dtype == torch.bool


def test_a_box_is_cut_at_the_edges():
    assert inpainting.box(8, 6, 7, 5, 5).nonzero().tolist() == [[7, 6], [7, 7]]
    assert inpainting.box(8, 0, 0, 8, 8).all()


@pytest.mark.parametrize("arguments, says", [
    ((0, 0, 0, 1, 1), "size must be at least 1"), ((8, 8, 0, 1, 1), "left must be from 0 to 7"),
    ((8, 0, -1, 1, 1), "top must be from 0 to 7"), ((8, 0, 0, 0, 1), "width must be from 1 to 8"),
    ((8, 0, 0, 1, 9), "height must be from 1 to 8")])
def test_a_box_outside_the_picture_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        inpainting.box(*arguments)


# ---- covering and filling

def test_occlude_and_paste_change_only_what_is_hidden(x, hidden):
    before, filling = x.clone(), torch.full_like(x, 0.25)
    covered, pasted = inpainting.occlude(x, hidden, -1.0), inpainting.paste(x, filling, hidden)
    assert torch.equal(covered[:, :, ~hidden], x[:, :, ~hidden])
    assert (covered[:, :, hidden] == -1).all()
    assert torch.equal(pasted[:, :, ~hidden], x[:, :, ~hidden])
    assert (pasted[:, :, hidden] == 0.25).all() and torch.equal(x, before)


def test_mean_fill(x, hidden):
    known = torch.rand(5, 2, 4, 6)
    found = inpainting.mean_fill(x, hidden, known)
    assert torch.equal(found[:, :, ~hidden], x[:, :, ~hidden])
    expected = sum(known[i] for i in range(5)) / 5
    for picture in found:
        torch.testing.assert_close(picture[:, hidden], expected[:, hidden])


def test_nearest_fill_looks_only_at_what_is_visible(x, hidden):
    known = torch.rand(6, 2, 4, 6) * 2 - 1
    known[4] = inpainting.paste(x[:1], torch.full_like(x[:1], 0.9), hidden)[0]
    found = inpainting.nearest_fill(x, hidden, known)
    assert torch.equal(found[0], known[4])
    for i in range(3):                                  # brute force
        errors = [(x[i] - other)[:, ~hidden].square().sum().item() for other in known]
        best = known[errors.index(min(errors))]
        assert torch.equal(found[i][:, hidden], best[:, hidden])
        assert torch.equal(found[i][:, ~hidden], x[i][:, ~hidden])


class Flat(nn.Module):
    """A generator of pictures of one brightness."""
    z_dim = 2

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, z):
        return self.layer(z)[:, :, None, None].expand(-1, 2, 4, 6)


def test_search_fill_continues_the_visible_part_into_the_hole(hidden):
    torch.manual_seed(0)
    x = torch.stack([torch.full((2, 4, 6), 0.5), torch.full((2, 4, 6), -0.25)])
    spoilt = inpainting.occlude(x, hidden, 1.0)
    found = inpainting.search_fill(spoilt, hidden, Flat(), steps=200)
    torch.testing.assert_close(found, x, atol=0.03, rtol=0)
    assert torch.equal(found[:, :, ~hidden], x[:, :, ~hidden]) and not found.requires_grad


def test_search_fill_is_the_best_of_a_search(x, hidden):
    torch.manual_seed(0)
    G = Flat()
    search = latent.Search(G, x, ~hidden, restarts=2, seed=3)
    search.step(5)
    expected = inpainting.paste(x, G(search.best()).detach(), hidden)
    found = inpainting.search_fill(x, hidden, G, steps=5, restarts=2, seed=3)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("fill", [
    inpainting.occlude, lambda x, hidden: inpainting.paste(x, x, hidden),
    lambda x, hidden: inpainting.mean_fill(x, hidden, x),
    lambda x, hidden: inpainting.nearest_fill(x, hidden, x),
    lambda x, hidden: inpainting.search_fill(x, hidden, Flat()),
    lambda x, hidden: inpainting.psnr(x, x, hidden)])
@pytest.mark.parametrize("mask, error, says", [
    (torch.ones(4, 5, dtype=torch.bool), ValueError, r"hidden must have the shape \(4, 6\)"),
    (torch.ones(3, 4, 6, dtype=torch.bool), ValueError, "hidden must have the shape"),
    (torch.zeros(4, 6, dtype=torch.bool), ValueError, "bool mask that is True somewhere"),
    (torch.ones(4, 6), ValueError, "bool mask"), ([[True]], TypeError, "hidden must be a tensor")])
def test_masks_that_do_not_fit_are_refused(x, fill, mask, error, says):
    with pytest.raises(error, match=says):
        fill(x, mask)


def test_pictures_that_do_not_fit_are_refused(x, hidden):
    with pytest.raises(ValueError, match="filling must have the shape"):
        inpainting.paste(x, x[:1], hidden)
    with pytest.raises(ValueError, match="known must have the shape"):
        inpainting.mean_fill(x, hidden, x[:, :1])
    with pytest.raises(ValueError, match="x must have the shape"):
        inpainting.occlude(x[0], hidden)
    with pytest.raises(ValueError, match="value must be a finite number"):
        inpainting.occlude(x, hidden, math.nan)
    with pytest.raises(ValueError, match="visible must be a bool mask"):
        inpainting.search_fill(x, torch.ones(4, 6, dtype=torch.bool), Flat())


# ---- error in the visible part

def test_the_visible_error_is_that_of_a_loop_over_the_visible_pixels():
    torch.manual_seed(0)
    fake, x, hidden = torch.randn(3, 3, 5, 5), torch.randn(3, 3, 5, 5), torch.rand(5, 5) < 0.4
    expected = [np.mean([(fake[n, c, i, j].item() - x[n, c, i, j].item()) ** 2 for c in range(3)
                         for i in range(5) for j in range(5) if not hidden[i, j]])
                for n in range(3)]
    np.testing.assert_allclose(inpainting.visible_error(fake, x, hidden), expected,
                               rtol=1e-5)


@pytest.mark.parametrize("hidden", [torch.ones(4, 4, dtype=torch.bool), torch.zeros(4, 4)])
def test_a_mask_that_shows_nothing_or_is_no_mask_is_refused(hidden):
    x = torch.zeros(1, 3, 4, 4)
    with pytest.raises(ValueError, match="bool mask"):
        inpainting.visible_error(x, x, hidden)


def test_shapes_that_do_not_fit_are_refused():
    x, hidden = torch.zeros(2, 3, 4, 4), torch.zeros(4, 4, dtype=torch.bool)
    with pytest.raises(ValueError, match="fake must have the shape"):
        inpainting.visible_error(x[:1], x, hidden)
    with pytest.raises(ValueError, match="hidden must have the shape"):
        inpainting.visible_error(x, x, hidden[:2])


def test_the_visible_error_hands_gradients_to_the_fake_and_changes_nothing(x, hidden):
    fake = torch.zeros_like(x).requires_grad_(True)
    before = x.clone(), hidden.clone()
    inpainting.visible_error(fake, x, hidden).sum().backward()
    assert not fake.grad[:, :, hidden].any() and fake.grad[:, :, ~hidden].all()
    assert torch.equal(x, before[0]) and torch.equal(hidden, before[1])


# ---- peak signal-to-noise ratio

def test_psnr_in_closed_form(x, hidden):
    filled = x.clone()
    filled[0, :, hidden] += 0.1
    filled[1, :, hidden] -= 2
    filled[2, :, ~hidden] += 1                          # outside the hole: does not count
    found = inpainting.psnr(filled, x, hidden)
    assert found[:2].tolist() == pytest.approx([20 * math.log10(2 / 0.1), 0], abs=1e-4)
    assert found[2] == math.inf


def test_psnr_equals_the_formula_for_8_bit_pictures(x, hidden):
    filled = inpainting.paste(x, -x, hidden)
    a, b = (filled + 1) * 127.5, (x + 1) * 127.5
    for i, found in enumerate(inpainting.psnr(filled, x, hidden)):
        error = (a[i] - b[i])[:, hidden].square().mean().item()
        assert found.item() == pytest.approx(10 * math.log10(255 ** 2 / error), abs=1e-4)


def test_psnr_refuses_other_shapes(x, hidden):
    with pytest.raises(ValueError, match="filling must have the shape"):
        inpainting.psnr(x[:1], x, hidden)


# ---- the context encoder

@pytest.mark.parametrize("channels, size", [(1, 16), (3, 32), (1, 64)])
def test_the_context_encoder_paints_whole_pictures(channels, size):
    encoder = inpainting.ContextEncoder(channels, width=4)
    mask = inpainting.box(size, 4, 4, 6, 6)
    found = encoder(torch.randn(2, channels, size, size), mask)
    assert found.shape == (2, channels, size, size) and found.abs().max() <= 1


def test_the_context_encoder_does_not_see_what_is_hidden():
    encoder, mask = inpainting.ContextEncoder(1, width=4), inpainting.box(16, 3, 5, 6, 4)
    x = torch.randn(2, 1, 16, 16)
    other = inpainting.paste(x, torch.randn_like(x), mask)
    assert torch.equal(encoder(x, mask), encoder(other, mask))
    visible = inpainting.paste(x, torch.randn_like(x), ~mask)
    assert not torch.equal(encoder(x, mask), encoder(visible, mask))
    assert not torch.equal(encoder(x, mask), encoder(x, inpainting.box(16, 4, 5, 6, 4)))
    filled = encoder.fill(x, mask)
    assert torch.equal(filled[:, :, ~mask], x[:, :, ~mask]) and not filled.requires_grad
    assert torch.equal(filled[:, :, mask], encoder(x, mask).detach()[:, :, mask])


def test_the_context_encoder_takes_a_mask_for_each_picture():
    encoder, x = inpainting.ContextEncoder(1, width=4), torch.randn(2, 1, 16, 16)
    masks = torch.stack([inpainting.box(16, 0, 0, 4, 4), inpainting.box(16, 8, 8, 5, 5)])
    found = encoder(x, masks)
    for i in range(2):
        torch.testing.assert_close(found[i:i + 1], encoder(x[i:i + 1], masks[i]))


@pytest.mark.parametrize("x, mask, says", [
    (torch.zeros(2, 3, 16, 16), torch.ones(16, 16).bool(), r"x must have the shape \(any, 1"),
    (torch.zeros(2, 1, 28, 28), torch.ones(28, 28).bool(), "height and width of 8, 16"),
    (torch.zeros(2, 1, 16, 16), torch.ones(8, 8).bool(), r"hidden must have the shape \(16, 16\)"),
    (torch.zeros(2, 1, 16, 16), torch.ones(3, 16, 16).bool(), "hidden must have the shape")])
def test_the_context_encoder_refuses_what_does_not_fit(x, mask, says):
    with pytest.raises(ValueError, match=says):
        inpainting.ContextEncoder(1, width=4)(x, mask)


def test_the_context_encoder_refuses_other_sizes_of_itself():
    with pytest.raises(ValueError, match="channels must be one of 1, 3"):
        inpainting.ContextEncoder(2)
    with pytest.raises(ValueError, match="width must be at least 1"):
        inpainting.ContextEncoder(1, 0)


def test_a_context_encoder_can_be_taught_to_fill(digits):
    torch.manual_seed(0)
    encoder = inpainting.ContextEncoder(1, width=8)
    mask, x = inpainting.box(16, 5, 5, 5, 5), digits.scaled()
    before = inpainting.psnr(encoder.fill(x, mask), x, mask).mean()
    optimizer = torch.optim.Adam(encoder.parameters(), 2e-3)
    with device.threads(1):
        for _ in range(150):
            truth = digits.batch(32)
            loss = (encoder(truth, mask) - truth).square()[:, :, mask].mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert inpainting.psnr(encoder.fill(x, mask), x, mask).mean() > before + 2


def test_the_nearest_digit_fills_better_than_the_mean(digits):
    mask, (train, rest) = inpainting.box(16, 4, 8, 6, 6), digits.split(0.8)
    x, known = rest.scaled(), train.scaled()
    scores = [inpainting.psnr(fill(x, mask, known), x, mask).mean().item()
              for fill in (inpainting.mean_fill, inpainting.nearest_fill)]
    assert scores[1] > scores[0] and metrics.nearest(x, known)[1].min() > 0
