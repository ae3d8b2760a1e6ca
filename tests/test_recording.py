"""Recordings: what is kept, exact branches, files that are broken on purpose."""

import json
import os
import pickle

import pytest
import torch
from safetensors import torch as safetensors

from gan_lib import data, recorded_runs, recording, recording_files, training
from gan_lib.recording import RecordedRoom, Recording
from gan_lib.recording_files import SUFFIX, folder, load, save
from gan_lib.room import Settings
from gan_lib.training import LossNotFinite

SMALL = Settings(width=4, z_dim=8)


def weights(room) -> torch.Tensor:
    return torch.cat([training.weights(part) for part in (room.game.D, room.game.G,
                                                          room.game.average)])


@pytest.fixture(scope="module")
def played() -> RecordedRoom:
    """A game with changes, half-steps and a slow half-step that was not gone on with."""
    keep, recording.STATE_EVERY = recording.STATE_EVERY, 7
    room = RecordedRoom(SMALL)
    room.step(5)
    room.change(momentum=0.5, lr_G=1e-3)
    room.step(4)
    room.half_step("D")
    room.half_step("G")
    room.step(3)
    next(room.slowly("G"))
    room.change(r1=0.0)
    room.step(8)
    recording.STATE_EVERY = keep
    return room


@pytest.fixture(scope="module")
def film(played) -> Recording:
    return played.recording()


# --- going back -------------------------------------------------------------------------------

@pytest.mark.parametrize("turn", [0, 3, 5, 9, 12, 15, 20])
def test_from_any_turn_the_game_goes_on_bit_by_bit(played, film, turn):
    room = film.room(turn)
    assert room.game.steps == turn
    for now in range(turn, film.turns):
        room.do(film.events, now)
        room.step()
    assert torch.equal(weights(room), weights(played))
    assert film.parted(room.game.history) is None
    for kept, again in zip(film.history.pictures, room.recording().history.pictures):
        assert kept[0] == again[0] and torch.equal(kept[1], again[1])


def test_without_its_states_it_is_played_again_from_the_seed(played, film):
    bare = Recording(film.start, film.events, film.history, {})
    assert torch.equal(weights(bare.room(20)), weights(played))
    assert set(film.states) == {7, 14, 20}


def test_a_branch_is_the_same_game_up_to_its_turn_and_another_one_after(film):
    room = film.branch(12, lr_D=5e-3)
    assert room.settings == film.settings(12).__class__(**{**vars(film.settings(12)),
                                                           "lr_D": 5e-3})
    room.step(4)
    branch = room.recording()
    assert film.parted(branch.history) == 13
    assert branch.events[-1] == (12, "change", {"lr_D": 5e-3})
    assert torch.equal(weights(branch.room(16)), weights(room))  # a branch of a branch


def test_what_was_changed_at_the_turn_itself_is_undone_by_going_there(film):
    assert film.room(5).settings == SMALL
    assert film.settings(6).momentum == 0.5 and film.settings(5).momentum == 0.0


@pytest.mark.parametrize("new, words", [({"lr_G": 0.0}, "must be"), ({"width": 8}, "new game"),
                                        ({"loss": "hinge"}, "must be")])
def test_a_branch_that_cannot_be_is_refused_before_anything_is_played(film, new, words):
    with pytest.raises((TypeError, ValueError), match=words):
        film.branching(3, **new)


@pytest.mark.parametrize("turn", [-1, 21, 2.5])
def test_a_turn_that_was_not_played_is_refused(film, turn):
    with pytest.raises((TypeError, ValueError), match="turn"):
        film.room(turn)


def test_after_a_loss_that_is_not_finite_the_recording_goes_on_from_the_good_state():
    room = RecordedRoom(SMALL)
    room.step(3)
    good = room.state()
    room.change(lr_G=1e-3)
    room.step(2)
    with torch.no_grad():
        next(room.game.G.parameters()).fill_(float("nan"))
    with pytest.raises(LossNotFinite):
        room.step(2)
    room.load_state(good)
    assert room.settings == SMALL and room.game.steps == 3
    room.step(2)
    assert torch.equal(weights(room), weights(room.recording().room(5)))
    assert room.recording().events == ()


def test_a_new_seed_begins_a_new_recording():
    room = RecordedRoom(SMALL)
    room.step(3)
    room.change(lr_G=1e-3)
    room.change(seed=1)
    film = room.recording()
    assert (film.turns, film.events, film.start.seed) == (0, (), 1)


def test_a_half_step_at_the_end_is_not_mistaken_for_a_part_of_the_last_turn():
    room = RecordedRoom(SMALL)
    room.step(3)
    before = weights(room)
    room.half_step("D")
    film = room.recording()
    assert torch.equal(weights(film.room(3)), before)


def test_a_game_of_no_turn_is_a_recording_too(tmp_path):
    film = load(save(RecordedRoom(SMALL).recording(), tmp_path / f"none{SUFFIX}"))
    assert film.turns == 0 and film.room(0).game.steps == 0


def test_a_long_game_keeps_a_bounded_number_of_pictures_and_states(monkeypatch):
    monkeypatch.setattr(recording, "MOST_MOMENTS", 4)
    monkeypatch.setattr(recording, "MOST_STATES", 3)
    monkeypatch.setattr(recording, "STATE_EVERY", 2)
    room = RecordedRoom(SMALL)
    room.game.pictures_every = 1
    room.step(24)
    film = room.recording()
    assert len(film.history.pictures) <= 6 and len(film.states) <= 4
    assert film.history.pictures[0][0] == 0 and film.history.pictures[-1][0] == 24
    assert torch.equal(weights(film.room(23)), weights(Recording(
        film.start, film.events, film.history, {}).room(23)))


# --- files ------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def stored(film, tmp_path_factory):
    return save(film, tmp_path_factory.mktemp("films") / f"ours{SUFFIX}")


def test_a_file_gives_the_same_recording(played, film, stored):
    read = load(stored)
    assert (read.start, read.events, read.turns) == (film.start, film.events, film.turns)
    assert read.history.loss_G == film.history.loss_G and set(read.states) == set(film.states)
    for kept, again in zip(film.history.pictures, read.history.pictures):
        assert kept[0] == again[0]
        assert torch.equal(data.to_uint8(kept[1].cpu()), data.to_uint8(again[1]))
    assert torch.equal(weights(read.room(20)), weights(played))


def test_states_that_find_no_room_stay_out(film, tmp_path, played):
    path = save(film, tmp_path / f"small{SUFFIX}", most=400_000)
    assert path.stat().st_size <= 400_000
    assert torch.equal(weights(load(path).room(20)), weights(played))


def changed(stored, path, about=None, tensors=None, **header):
    """Write the file of `stored` again with other tensors or another header."""
    with open(stored, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    old = json.loads(json.loads(content[8:8 + length])["__metadata__"]["recording"])
    both = {**safetensors.load(content), **(tensors or {})}
    path.write_bytes(safetensors.save(both, {"recording": json.dumps({**old, **(about or {})})}))
    return path


START = {"samples": "digits", "loss": "non-saturating", "lr_D": 2e-3, "lr_G": 2e-3, "d_steps": 1,
         "r1": 1.0, "momentum": 0.0, "width": 4, "z_dim": 8, "seed": 0}


@pytest.mark.parametrize("about", [
    {"start": {**START, "width": 10**9}}, {"start": {"os": "system"}}, {"start": None},
    {"start": {**START, "lr_D": "1e-3"}}, {"start": {**START, "samples": "faces"}},
    {"events": [[2, "exec", "print(1)"]]}, {"events": [[99, "half-step", "D"]]},
    {"events": [[2, "half-step", "E"]]}, {"events": [[2, "change", {"width": 32}]]},
    {"events": [[2, "change", {"lr_G": -1}]]}, {"events": [[2, "change", {"x": 1}]]},
    {"events": [[4, "half-step", "D"], [2, "half-step", "D"]]}, {"events": [[2, "change"]]},
    {"events": 7}, {"states": {"99": {}}}, {"states": {"-3": {}}}, {"states": {"a": {}}}])
def test_a_header_that_no_recording_has_is_refused_with_the_file_s_name(stored, tmp_path, about):
    path = changed(stored, tmp_path / f"strange{SUFFIX}", about)
    with pytest.raises(ValueError, match="strange.*not a whole recording"):
        load(path)


@pytest.mark.parametrize("tensors", [
    {"history": torch.full((20, 4), float("nan"))}, {"history": torch.full((20, 4), 3.0)},
    {"history": torch.zeros(20, 3)}, {"at": torch.tensor([5, 3])},
    {"at": torch.tensor([0, 10**6, 10**7])}, {"pictures": torch.zeros(3, 16, 1, 16, 16)},
    {"pictures": torch.zeros(3, 16, 1, 99, 99, dtype=torch.uint8)},
    {"pictures": torch.zeros(0, 16, 1, 16, 16, dtype=torch.uint8), "at": torch.zeros(0)}])
def test_tensors_that_no_recording_has_are_refused(stored, tmp_path, tensors):
    with pytest.raises(ValueError, match="not a whole recording"):
        load(changed(stored, tmp_path / f"x{SUFFIX}", tensors=tensors))


def test_a_state_of_another_game_is_refused_when_it_is_needed(stored, tmp_path):
    read = load(stored)
    name = next(name for name in read.states[14]["tensors"] if name.startswith("G."))
    strange = {f"14/{name}": torch.zeros(1)}
    read = load(changed(stored, tmp_path / f"x{SUFFIX}", tensors=strange))
    with pytest.raises(ValueError, match="must be"):
        read.room(15)


class Harm:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def test_what_is_broken_is_named_and_left_out_and_nothing_in_it_runs(
        stored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = stored.read_bytes()
    (tmp_path / f"whole{SUFFIX}").write_bytes(whole)
    bad = {"half": whole[:len(whole) // 2], "empty": b"", "pickled": pickle.dumps(Harm()),
           "endless": (2**62).to_bytes(8, "little") + whole[8:], "text": b"hello" * 99,
           "deep": (20_000).to_bytes(8, "little") + b"[" * 20_000}
    for name, content in bad.items():
        (tmp_path / f"{name}{SUFFIX}").write_bytes(content)
    (tmp_path / f"link{SUFFIX}").symlink_to(stored)
    (tmp_path / f"folder{SUFFIX}").mkdir()
    os.mkfifo(tmp_path / f"pipe{SUFFIX}")
    with open(tmp_path / f"huge{SUFFIX}", "wb") as file:
        file.truncate(recording_files.MOST_BYTES + 1)
    found, left_out = folder(tmp_path)
    assert list(found) == ["whole"] and not (tmp_path / "harm").exists()
    assert len(left_out) == len(bad) + 4
    for name in (*bad, "link", "folder", "pipe", "huge"):
        assert any(f"/{name}{SUFFIX}" in sentence for sentence in left_out), name


def test_a_folder_gives_at_most_so_many(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(recording_files, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}{SUFFIX}").write_bytes(stored.read_bytes())
    found, left_out = folder(tmp_path)
    assert list(found) == ["a", "b"] and "c.recording" in left_out[0]


def test_any_flipped_byte_of_the_header_is_read_or_refused_in_words(stored, tmp_path):
    whole = bytearray(stored.read_bytes())
    random = torch.Generator().manual_seed(0)
    for place in torch.randint(0, 3000, (150,), generator=random).tolist():
        broken = whole.copy()
        broken[place] ^= 1 << torch.randint(0, 8, (1,), generator=random).item()
        path = tmp_path / f"x{SUFFIX}"
        path.write_bytes(broken)
        try:
            load(path)
        except ValueError as error:
            assert "not a whole recording" in str(error)


# --- the runs that ship -----------------------------------------------------------------------

@pytest.mark.parametrize("name", recorded_runs.RUNS)
def test_the_runs_that_ship_are_small_whole_and_as_their_recipe_says(name):
    path = recorded_runs.FOLDER / f"{name}{SUFFIX}"
    assert path.stat().st_size < 10**6
    run, recipe = recorded_runs.load(name), recorded_runs.RUNS[name]
    assert run.turns == max(recipe) and run.start == Settings()
    assert {turn: new for turn, _, new in run.events} == {t: c for t, c in recipe.items() if c}


def test_a_run_that_ships_can_be_played_again():
    run = recorded_runs.load("good")
    again = run.room(5).game.history
    for name in ("loss_D", "loss_G", "D_real", "D_fake"):  # another processor may round otherwise
        assert getattr(again, name) == pytest.approx(getattr(run.history, name)[:5], rel=1e-3)


def test_the_shipped_collapse_is_one_and_the_good_run_is_none():
    from gan_lib import room
    good, collapse = (recorded_runs.load(name) for name in ("good", "collapse"))
    meter = room.meter("digits")
    real = meter.read(room.real_pictures("digits").scaled()[:16])
    assert meter.read(good.pictures(5000)[1]).classes >= 8
    assert meter.read(good.pictures(5000)[1]).apart > 0.9 * real.apart
    assert meter.read(collapse.pictures(400)[1]).classes >= 8
    lost = meter.read(collapse.pictures(1000)[1])
    assert lost.classes <= 5 and lost.apart < 0.5 * real.apart


def test_another_name_is_refused():
    with pytest.raises(ValueError, match="good"):
        recorded_runs.load("bad")
