"""What the deck's figures show and say is true: measured again here, in another way."""

import math
import re
import statistics

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from figure_tools import letters, made, numbers, pictures
from gan_lib import checkpoints, data, figures, latent, metrics, words
from slides.claims import CLAIMS
from slides.figures import (
    beginning,
    faces,
    judges,
    judging_cards,
    noise,
    sketch,
    turns,
    typed,
    value,
)

pytestmark = pytest.mark.usefixtures("one_thread")  # as the deck is built: D learns just the same


@pytest.mark.parametrize("name, network", [
    ("beginning_digits_fc", "digits_2014"), ("beginning_digits_conv", "digits"),
    ("beginning_faces_fc", "faces_2014"), ("beginning_faces_conv", "faces_2015")])
def test_the_nearest_real_samples_are_really_the_nearest(name, network):
    drawing = made(name)
    shown = [pixels for _, _, pixels in pictures(drawing)]
    rows, columns = beginning.ROWS, beginning.COLUMNS
    assert len(shown) == rows * (columns + 1)
    fakes, nearest = shown[:rows * columns], shown[rows * columns:]
    subject = network.partition("_")[0]
    samples = sketch.real(subject, 32, beginning.TRAINED_WITH[subject])
    card = checkpoints.card(network)
    assert card["data"].startswith(f"{subject}: {len(samples):,} ")       # what it was trained on
    among = samples.images.numpy().astype(np.float32)
    said = numbers(drawing.alt)
    for row in range(rows):
        fake = fakes[row * columns + columns - 1].transpose(2, 0, 1)[:among.shape[1]]
        distance = np.concatenate([np.square(part - fake).mean((1, 2, 3))
                                   for part in np.array_split(among, 20)])
        found = nearest[row].transpose(2, 0, 1)[:among.shape[1]].astype(np.float32)
        assert np.square(found - fake).mean() <= distance.min() + 0.5      # fakes are rounded here
        assert (found == among[distance.argmin()]).all()
        assert said[row] == pytest.approx(math.sqrt(distance.min()) / 127.5, abs=0.011)
    assert said[rows] == pytest.approx(card["scores"]["frechet_distance"], abs=0.06)


def test_fakes_stand_in_vermillion_frames_and_the_nearest_real_samples_in_blue_ones():
    axes, = made("beginning_digits_conv").picture.axes
    frames = [to_hex(patch.get_edgecolor()) for patch in axes.patches
              if not isinstance(patch, FancyArrowPatch)]
    count = beginning.ROWS * beginning.COLUMNS
    assert frames == count * [figures.FAKE.lower()] + beginning.ROWS * [figures.REAL.lower()]


def test_progress_tells_the_median_of_all_seeds_on_the_cards():
    drawing = made("progress")
    for name in beginning.PROGRESS.values():
        card = checkpoints.card(name)
        found = [run["frechet_distance"] for run in card["runs"]]
        assert len(found) == 5
        assert (f"{statistics.median(found):.0f} ({min(found):.0f} to {max(found):.0f}) after "
                f"{card['steps']:,} turns") in drawing.alt
        assert f"Floor: {card['scores']['frechet_distance_of_two_real_halves']:.0f}" in drawing.alt
    assert len(pictures(drawing)) == 9 * len(beginning.PROGRESS)


def test_the_board_is_built_up_and_ends_with_what_G_makes():
    steps = [pictures(made(f"board_{name}")) for name in ("noise", "upconvolution", "picture")]
    assert [len(step) for step in steps] == [0, 8, 12]
    for before, after in zip(steps, steps[1:]):
        for (*place, pixels), (*same_place, same) in zip(before, after):
            assert place == same_place and (pixels == same).all()
    G = checkpoints.load("digits").cpu()
    z = torch.randn(1, 16, generator=torch.Generator().manual_seed(11))
    expected = data.to_uint8(G(z))[0, 0].numpy()
    assert (steps[-1][8][2][..., 0] == expected).all()
    shown = [text.get_text() for text in letters(made("board_picture").picture)]
    assert f"{z[0, 0]:+.2f}".replace("-", "−") in shown


def test_the_logits_on_the_board_are_those_of_D_and_fit_D_of_x():
    x, y = judges.cards()
    logits = judges.judge("CNN")(judges.typical("CNN"))
    every = judges.judge("CNN")(x)
    for label, logit in zip((1, 0), logits):
        assert (every[y == label] < logit - 1e-4).float().mean() == pytest.approx(0.5, abs=0.01)
    said = numbers(made("board_discriminator").alt)
    expected = [number.item() for logit in logits for number in (logit, logit.sigmoid())]
    assert said == pytest.approx(expected, abs=0.051)
    assert logits[0] > 0 > logits[1]


def test_what_both_kinds_of_D_have_learnt():
    x, y = judges.cards()
    shares = {}
    for kind in judges.KINDS:
        says = judges.judge(kind)(x) > 0
        shares[kind] = (says == (y == 1)).float().mean().item()
        assert f"judges {shares[kind]:.0%} of {len(x)} new cards" in made("mlp_or_cnn").alt
    assert shares["CNN"] > 0.75


def test_the_random_feed_is_mixed_and_its_entropy_is_that_of_its_cards():
    told = re.findall(r"(real|fake) (\d\.\d\d)", made("random_feed").alt)
    names = [name for name, _ in told]
    assert len(names) == 9 and names != sorted(names) and names != sorted(names)[::-1]
    x, y = (part[judging_cards.FIRST:judging_cards.FIRST + 9] for part in judges.cards())
    assert names == ["real" if label == 1 else "fake" for label in y]
    logits = judges.judge("CNN")(x)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, y).item()
    assert numbers(made("random_feed").alt)[-1] == pytest.approx(bce, abs=0.006)


@pytest.mark.parametrize("moving, frozen", ["DG", "GD"])
def test_in_a_half_step_one_network_moves_and_the_other_does_not(moving, frozen):
    torch.manual_seed(0)
    found = turns._half_step(moving)
    assert found[frozen] == 0 and found[moving] > 0.01
    if moving == "D":
        assert found["bce_after"] < found["bce"]
    else:
        assert found["bce_after"] > found["bce"] and found["of_G_after"] < found["of_G"]
    alt = made(f"freeze_{frozen}").alt
    assert f"|Δ{frozen}| = 0 exactly" in alt and f"|Δ{moving}| = {found[moving]:.3f}" in alt


def test_the_game_of_the_balancing_act_ends_with_all_modes():
    hits = [int(hit) for hit in re.findall(r"hit (\d) of 8", made("balancing_act").alt)]
    assert hits[0] < hits[-1] == 8


def test_slopes_are_those_of_the_formulas():
    p = 1 / (1 + math.exp(4))
    alt = made("gradients").alt
    assert f"minimax loss has the slope {-p:.2f}" in alt
    assert f"non-saturating loss has the slope {p - 1:.2f}" in alt


def test_the_maximin_is_minus_log_4_and_a_frozen_D_never_beats_the_best():
    assert "-1.386 = -log 4" in made("maximin").alt and "V = -log 4 = -1.386" in made("best_D").alt
    left = made("maximin").picture.axes[0]
    *frozen, best = [line.get_ydata() for line in left.lines[:5]]
    assert all((np.asarray(best) >= np.asarray(one) - 1e-9).all() for one in frozen)
    assert value.value(torch.full_like(value.LINE, 0.5), value.bell(0), value.bell(0)) \
        == pytest.approx(-math.log(4), abs=1e-6)


def test_a_trained_D_is_near_the_best_one():
    gap = numbers(made("best_D").alt)[0]
    assert 0 < gap < 0.1


def test_a_label_that_D_never_sees_is_not_obeyed():
    unseen, seen = map(int, re.findall(r"(\d+)% of the fakes", made("class_from_noise").alt))
    assert unseen < 50 and seen > 95
    ring = data.load("ring", n=1600, device="cpu")
    perfect = type("Perfect", (), {"z_dim": 2, "__call__": lambda self, z, y: ring.centres[y]})()
    assert noise.share_obeyed(perfect, ring.centres) == 1


def test_the_fillings_agree_with_the_truth_outside_of_the_hole_only():
    shown = [pixels for *_, pixels in pictures(made("occlusion"))]
    people = len(shown) // 5
    covered, truth = shown[:people], shown[-people:]
    trained_on = sketch.real("faces", 32, 30_000).images
    for row in range(people):
        hole = (covered[row] != truth[row]).any(-1)
        assert 100 < hole.sum() <= 14 * 14
        fillings = [shown[people * (1 + number) + row] for number in range(3)]
        for filling in fillings:
            assert (filling[~hole] == truth[row][~hole]).all()
            assert (filling[hole] != truth[row][hole]).any()
        assert (fillings[0] != fillings[1]).any() and (fillings[1] != fillings[2]).any()
        face = torch.from_numpy(truth[row].transpose(2, 0, 1).copy())
        assert not (trained_on == face).all((1, 2, 3)).any()


def test_each_row_of_faces_varies_one_thing():
    for attribute in faces.VARIED.values():
        shown = faces.varied(attribute)
        assert 3 <= len(shown) <= faces.SHOWN
        apart = metrics.nearest(shown[1:], shown[:1])[1]
        assert (apart > 0.01).all() and (apart < 1.0).all(), attribute
    assert "77,760 kinds" in made("faces_hard").alt     # 6 · 6 · 5 · 3 · 3 · 3 · 4 · 4


def test_spherical_paths_keep_the_length_that_straight_ones_lose():
    for name in noise.ENDS:
        ends = {mix: numbers(told) for mix, told in re.findall(
            rf"{name}, (\w+): (from [\d.]+ to [\d.]+, shortest [\d.]+)",
            made("interpolation").alt)}
        assert ends["straight"][2] < min(ends["straight"][:2]) - 0.2
        assert ends["spherical"][2] == pytest.approx(min(ends["spherical"][:2]), abs=0.11)


def test_the_sentence_and_its_numbers_belong_to_the_picture():
    people = data.load("faces", 64, n=3, seed=12, device="cpu")
    alt = made("text_to_image").alt
    assert people.captions[0] in alt
    listed = alt.partition("numbers (")[2].partition(")")[0]
    for word, said in re.findall(r"(\w+) ([01])\b", listed):
        assert int(said) == (word in re.findall(r"\w+", people.captions[0].lower()))
    shown = pictures(made("text_to_image"))[0][2]
    assert (shown == people.images[0].permute(1, 2, 0).numpy()).all()


@torch.no_grad()
def test_a_word_changes_one_answer_and_the_faces_are_those_of_the_answers():
    network, drawing = checkpoints.load("faces_by_words").cpu(), made("from_words")
    assert all(sentence in drawing.alt for sentence in (*typed.TYPED, typed.FIRST))
    y = torch.cat([words.settled(network.encoder.read([sentence]), typed.LOTS)
                   for sentence in typed.changed_sentences()])
    first, *others = map(words.understood, y)
    changed = [[question for question in first if first[question] != one[question]]
               for one in others]
    assert changed == [["hair_colour"], ["hair_style"], ["smile"], ["skin"], ["shirt"], ["hat"],
                       ["glasses"]]
    z = latent.draw(1, network.z_dim, seed=1).expand(len(y), -1)
    expected = (network.G(z, y).permute(0, 2, 3, 1).numpy() + 1) * 127.5
    shown = np.stack([pixels for _, _, pixels in pictures(drawing)][-len(y):])
    assert np.abs(shown.astype(float) - expected).max() <= 1.01
    worst = min(checkpoints.card("faces_by_words")["scores"][
        "agreement_where_the_caption_says_it"].values())
    assert f"{worst:.0%} to" in drawing.alt and f"{100 * worst:.0f}" == CLAIMS["words_seen"]()


def test_a_growing_face_is_one_face_shrunk():
    shown = [pixels for *_, pixels in pictures(made("growing_explained"))]
    assert [len(pixels) for pixels in shown] == [8, 16, 32, 64]
    for small, large in zip(shown, shown[1:]):
        halved = large.astype(float).reshape(len(small), 2, len(small), 2, 3).mean((1, 3))
        assert np.abs(halved - small).max() <= 1


def test_both_figures_of_the_half_steps_say_that_the_frozen_network_stays():
    alt = made("frozen").alt
    assert re.search(r"step of D moves D by 0\.1\d\d and G by 0 exactly", alt)
    assert re.search(r"step of G moves G by 0\.1\d\d and D by 0 exactly", alt)


def test_a_D_far_ahead_makes_G_collapse():
    balanced, ahead = map(int, re.findall(r"hit (\d) of 8", made("collapse").alt))
    assert ahead <= 2 and balanced >= 6
    shown = [axes.get_title() for axes in made("collapse").picture.axes[1:]]
    assert shown == [f"equal steps: {balanced} of 8 modes", f"D far ahead: {ahead} of 8 modes"]
