"""The words part of the bench: the worst share is found, and no figure is forgotten."""

import pytest

from bench import words as bench


@pytest.mark.parametrize("quick", [True, False])
def test_every_figure_is_given_and_the_worst_is_the_worst(quick, monkeypatch):
    asked = []
    monkeypatch.setattr(bench, "shares", lambda captions, seed: asked.append(captions) or {
        "skin": 0.99, "smile": 0.9 - 0.1 * (seed == 1)})
    monkeypatch.setattr(bench, "seconds_to_learn", lambda kind, seed: {
        "bag": 1.0 + seed, "recurrent": None if seed == 1 else 2.0}[kind])
    found = {figure.key: figure for figure in bench.measure(quick)}
    seeds = bench.QUICK_SEEDS if quick else bench.SEEDS
    assert tuple(found) == bench.KEYS
    assert asked == [bench.QUICK_CAPTIONS if quick else bench.CAPTIONS] * seeds
    worst = found["words_agreement_worst"]
    assert worst.value == pytest.approx(0.8) and "smile, set 1" in worst.note
    assert worst.verdict.endswith("NOT MET")
    assert found["words_bag_s_median"].high == seeds
    assert found["words_recurrent_s_median"].value is None
