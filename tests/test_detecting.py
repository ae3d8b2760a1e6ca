"""Spotting fakes: hits and false alarms, what an alarm is worth, corners, and a detector."""

import random
from types import SimpleNamespace

import pytest
import torch
from scipy.stats import binom, norm
from sklearn.metrics import precision_score, recall_score

from gan_lib import data, detecting, latent, models


def said_and_true(n=300, seed=0):
    torch.manual_seed(seed)
    is_fake = torch.rand(n) < 0.3
    return torch.rand(n) < 0.2 + 0.5 * is_fake, is_fake


def test_hits_and_false_alarms_are_the_recalls_of_scikit_learn():
    says_fake, is_fake = said_and_true()
    hits, false_alarms = detecting.hits_and_false_alarms(says_fake, is_fake)
    assert hits == pytest.approx(recall_score(is_fake, says_fake))
    assert false_alarms == pytest.approx(1 - recall_score(~is_fake, ~says_fake))
    assert 0.5 < hits < 0.9 and 0.1 < false_alarms < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_d_prime_is_the_distance_of_the_corrected_shares_on_the_normal_curve(seed):
    says_fake, is_fake = said_and_true(n=40, seed=seed)
    hit = (norm.ppf((int((says_fake & is_fake).sum()) + 0.5) / (int(is_fake.sum()) + 1)))
    false = (norm.ppf((int((says_fake & ~is_fake).sum()) + 0.5) / (int((~is_fake).sum()) + 1)))
    assert detecting.d_prime(says_fake, is_fake) == pytest.approx(hit - false, abs=1e-5)


def test_d_prime_of_lazy_perfect_and_upside_down_judges():
    is_fake = torch.arange(20) < 10
    assert detecting.d_prime(torch.ones(20).bool(), is_fake) == 0  # 100 % of both
    assert detecting.d_prime(torch.zeros(20).bool(), is_fake) == 0
    best = detecting.d_prime(is_fake, is_fake)
    assert best == pytest.approx(2 * norm.ppf(10.5 / 11), abs=1e-5)
    assert detecting.d_prime(~is_fake, is_fake) == pytest.approx(-best)
    with pytest.raises(ValueError, match="all are of one kind"):
        detecting.d_prime(is_fake, torch.ones(20).bool())


@pytest.mark.parametrize("cards", [1, 4, 20])
def test_a_coin_s_scores_are_binomial(cards):
    shares = detecting.coin(cards)
    assert shares == pytest.approx(binom.pmf(range(cards + 1), cards, 0.5))
    with pytest.raises(ValueError, match="cards must be at least 1"):
        detecting.coin(0)


@pytest.mark.parametrize("text, scores", [
    ("12, 15, 9", [12, 15, 9]), ("", []), (" ", []), ("0;20", [0, 20]), ("7 8\n9,", [7, 8, 9])])
def test_typed_scores_are_read(text, scores):
    assert detecting.typed_scores(text, 20) == scores


@pytest.mark.parametrize("text, wrong", [
    ("12, 21", "21"), ("12, -3", "-3"), ("9.5", "9.5"), ("nine, 9", "nine"), ("²", "²")])
def test_what_is_no_score_is_named(text, wrong):
    with pytest.raises(ValueError, match=f"whole number from 0 to 20, but one is “{wrong}”"):
        detecting.typed_scores(text, 20)
    with pytest.raises(TypeError, match="text must be text"):
        detecting.typed_scores(12, 20)


def test_right_alarms_are_the_precision_of_scikit_learn():
    says_fake, is_fake = said_and_true()
    share = detecting.right_alarms(*detecting.hits_and_false_alarms(says_fake, is_fake),
                                   is_fake.float().mean().item())
    assert share == pytest.approx(precision_score(is_fake, says_fake), abs=1e-6)


def test_of_a_thousand_pictures_that_are_drawn_as_many_alarms_are_right():
    dice = random.Random(0)
    right = wrong = 0
    for _ in range(200_000):
        fake = dice.random() < 0.01
        if dice.random() < (0.9 if fake else 0.1):
            right, wrong = right + fake, wrong + (not fake)
    share = right / (right + wrong)
    assert detecting.right_alarms(0.9, 0.1, 0.01) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("says_fake, is_fake, says", [
    ([True], [True], "must hold True and False"),
    (torch.zeros(3), torch.ones(3).bool(), "says_fake must hold True and False"),
    (torch.ones(3).bool(), torch.ones(2).bool(), r"is_fake must have the shape \(3\)"),
    (torch.ones(3).bool(), torch.ones(3).bool(), "all are of one kind"),
    (torch.ones(3).bool(), torch.zeros(3).bool(), "all are of one kind")])
def test_judgements_that_do_not_fit_are_refused(says_fake, is_fake, says):
    with pytest.raises((TypeError, ValueError), match=says if isinstance(says_fake, torch.Tensor)
                       else "must be a tensor"):
        detecting.hits_and_false_alarms(says_fake, is_fake)


@pytest.mark.parametrize("shares, says", [
    ((1.2, 0.1, 0.1), "hits must be"), ((0.9, -0.1, 0.1), "false_alarms must be"),
    ((0.9, 0.1, 5), "fakes must be"), ((0.0, 0.0, 0.5), "never an alarm"),
    ((0.9, 0.0, 0.0), "never an alarm")])
def test_shares_that_do_not_fit_are_refused(shares, says):
    with pytest.raises(ValueError, match=says):
        detecting.right_alarms(*shares)


def test_the_guesses_of_half_a_game_are_those_of_its_first_cards():
    cards = SimpleNamespace(guesses=["fake", "real", "fake"], y=torch.tensor([0.0, 0, 1, 1, 0]))
    says_fake, is_fake = detecting.guesses(cards)
    assert says_fake.tolist() == [True, False, True] and is_fake.tolist() == [True, True, False]
    with pytest.raises(TypeError, match="cards must be the cards of a BlindCards tool"):
        detecting.guesses(3)


def test_a_flat_background_is_even_and_noise_in_the_corners_is_measured_in_grey_levels():
    torch.manual_seed(0)
    x = torch.zeros(400, 3, 32, 32)
    assert detecting.unevenness(x).abs().max() == 0
    x[:, :, 6:, 6:-6] = torch.randn(400, 3, 26, 20)  # what is not a corner does not count
    assert detecting.unevenness(x).abs().max() == 0
    x[:, :, :6] += 0.1 * torch.randn(400, 3, 6, 32)
    assert detecting.unevenness(x).mean().item() == pytest.approx(12.75, rel=0.02)
    assert detecting.unevenness(data.load("faces", n=100, device="cpu").scaled()).median() == 0


def test_fakes_are_those_of_the_seed_and_as_large_as_asked():
    torch.manual_seed(0)
    G = models.ConvGenerator(z_dim=8, size=32, channels=3, width=4).eval()
    x = detecting.fakes_of(G, 300, seed=2)
    assert x.shape == (300, 3, 32, 32) and torch.equal(x, detecting.fakes_of(G, 300, seed=2))
    assert not torch.equal(x, detecting.fakes_of(G, 300, seed=3))
    small = detecting.fakes_of(G, 5, seed=2, size=16)
    assert small.shape == (5, 3, 16, 16) and not small.requires_grad
    assert detecting.fakes_of(G, 5, size=32).shape == (5, 3, 32, 32)
    with pytest.raises(TypeError, match="G must be a generator"):
        detecting.fakes_of("faces", 3)


def test_fakes_with_labels_are_those_of_their_labels():
    torch.manual_seed(0)
    G = models.ConvGenerator(z_dim=8, size=32, channels=3, width=4, classes=10).eval()
    y = torch.arange(300) % 10
    x = detecting.fakes_of(G, 300, seed=2, y=y)
    with torch.no_grad():
        torch.testing.assert_close(x, G(latent.draw(300, 8, 2), y))


def test_a_detector_learns_what_tells_its_fakes_from_the_real_and_nothing_about_others():
    torch.manual_seed(0)
    real, fake = 0.1 * torch.randn(200, 1, 16, 16), 0.1 * torch.randn(200, 1, 16, 16)
    fake[:, :, :8] += 0.6
    D, optimizer = detecting.new_detector(real, seed=1)
    first = [detecting.detector_step(D, real, fake, optimizer) for _ in range(60)]
    assert first[-1] < 0.2 < first[0] and not first[0].requires_grad
    assert detecting.says_fake(D, fake).float().mean() > 0.95
    assert detecting.says_fake(D, real).float().mean() < 0.05
    assert detecting.says_fake(D, fake.flip(2)).float().mean() < 0.5  # bright below: never met


def test_a_detector_of_the_same_seed_is_the_same_and_a_frozen_one_is_refused():
    x = torch.zeros(4, 3, 32, 32)
    pair = [detecting.new_detector(x, seed)[0].state_dict()["layers.0.weight"]
            for seed in (0, 0, 1)]
    assert torch.equal(pair[0], pair[1]) and not torch.equal(pair[0], pair[2])
    D, optimizer = detecting.new_detector(x)
    with pytest.raises(ValueError, match="D is frozen"):
        detecting.detector_step(D.requires_grad_(False), x, x, optimizer)
