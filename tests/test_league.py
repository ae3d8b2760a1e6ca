"""The class league: files that students bring, and the table of all pairs."""

import json
import os
import pickle
import re
import sys

import pytest
import torch
from safetensors import torch as safetensors

from gan_lib import checkpoints, data, detecting, league, models
from gan_lib.league import Pair, Table, enter, read, table
from gan_lib.widgets.league import League

D_HOW, G_HOW = {"size": 16, "width": 2, "hidden": 4}, {"z_dim": 4, "size": 16, "width": 2}


def networks(seed: int = 0):
    torch.manual_seed(seed)
    return models.ConvDiscriminator(**D_HOW), models.ConvGenerator(**G_HOW)


def entered(folder, *names):
    for seed, name in enumerate(names):
        D, G = networks(seed)
        enter(folder, name, D, D_HOW, G, G_HOW)
    return folder


@pytest.fixture
def folder(tmp_path):
    return entered(tmp_path / "league", "Ada and Bo", "Cem and Dina")


@pytest.fixture(scope="module")
def digits():
    return data.load("digits", n=60, device="cpu")


def test_what_was_entered_is_read_again(folder):
    pairs, left_out = read(folder, 1, 16)
    assert list(pairs) == ["Ada and Bo", "Cem and Dina"] and left_out == []
    D, G = networks(1)
    z = torch.randn(3, 4)
    assert torch.allclose(pairs["Cem and Dina"].G.cpu()(z), G.half().float()(z), atol=1e-3)
    assert pairs["Cem and Dina"].D.sample_shape == (1, 16, 16)


class Says(torch.nn.Module):
    """A D that calls fake what is darker than `level` on average."""

    def __init__(self, level):
        super().__init__()
        self.level = level

    def probability(self, x):
        return (x.mean((1, 2, 3)) > self.level).float()


class Paints(torch.nn.Module):
    """A G whose fakes have the grey of the noise's first number."""

    z_dim, classes = 1, 0

    def __init__(self, grey):
        super().__init__()
        self.grey = torch.nn.Parameter(torch.tensor(float(grey)))

    def forward(self, z):
        return (self.grey + 0.1 * z).view(-1, 1, 1, 1).expand(-1, 1, 4, 4)


def test_the_table_s_numbers_are_those_of_a_loop_by_hand():
    pairs = {"a": Pair(Says(-0.5), Paints(-0.52)), "b": Pair(Says(0.5), Paints(0.6)),
             "only D": Pair(Says(0.0), None), "only G": Pair(None, Paints(0.0))}
    real = torch.linspace(-1, 1, 40).view(-1, 1, 1, 1).expand(-1, 1, 4, 4)
    t = table(pairs, real, n=50, seed=3)
    assert (t.D, t.G) == (["a", "b", "only D"], ["a", "b", "only G"])
    for i, D in enumerate(t.D):
        for j, G in enumerate(t.G):
            x = detecting.fakes_of(pairs[G].G, 50, 3)
            wanted = sum(float(one.mean() <= pairs[D].D.level) for one in x) / 50
            assert t.hits[i, j].item() == pytest.approx(wanted)
        assert t.false_alarms[i].item() == pytest.approx(
            (real.mean((1, 2, 3)) <= pairs[D].D.level).float().mean().item())
    assert t.home("a") == t.hits[0, 0].item()
    assert t.away("a") == pytest.approx((t.hits[0, 1] + t.hits[0, 2]).item() / 2)
    assert t.home("only D") is None


def test_without_a_d_or_a_g_there_is_no_table():
    with pytest.raises(ValueError, match="at least one D and one G"):
        table({"a": Pair(Says(0), None)}, torch.zeros(2, 1, 4, 4))


def test_alone_nobody_is_away():
    t = Table(["a"], ["a"], torch.ones(1, 1), torch.zeros(1))
    assert t.home("a") == 1 and t.away("a") is None


@pytest.mark.parametrize("name", ["", "../out", "a/b", "x" * 41, "<b>", 3])
def test_a_name_that_is_no_word_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="pair's name"):
        enter(tmp_path, name, networks()[0], D_HOW, networks()[1], G_HOW)
    assert not list(tmp_path.iterdir())


def test_other_networks_and_arguments_are_refused(tmp_path):
    D, G = networks()
    with pytest.raises(TypeError, match="D must be one of"):
        enter(tmp_path, "a", G, G_HOW, G, G_HOW)
    with pytest.raises(ValueError, match="do not build"):
        enter(tmp_path, "a", D, {**D_HOW, "width": 3}, G, G_HOW)


class Harm:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def with_card(path, **new):
    """Write the file of a network again, with another card and right checksums."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    texts = json.loads(content[8:8 + length])["__metadata__"]
    card = json.dumps({**json.loads(texts["card"]), **new})
    texts |= {"card": card, "card_checksum": checkpoints._checksum(card.encode())}
    return safetensors.save(safetensors.load(content), texts)


def test_what_is_broken_is_named_and_left_out_and_nothing_in_it_runs(
        folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = (folder / "Ada and Bo G.safetensors").read_bytes()
    flipped = bytearray(whole)
    flipped[-5] ^= 1
    strange = {"arguments": {"z_dim": 10**9, "size": 16}}
    bad = {"half": whole[:300], "empty": b"", "flipped": bytes(flipped),
           "pickled": pickle.dumps(Harm()), "endless": (2**62).to_bytes(8, "little") + whole[8:],
           "deep": (20_000).to_bytes(8, "little") + b"[" * 20_000,
           "wide": with_card(folder / "Ada and Bo G.safetensors", **strange),
           "other": with_card(folder / "Ada and Bo G.safetensors", network="Classifier"),
           "listed": with_card(folder / "Ada and Bo G.safetensors", arguments=[1, 2]),
           "sized": with_card(folder / "Ada and Bo G.safetensors",
                              arguments={**G_HOW, "size": 1000}),
           "nested": with_card(folder / "Ada and Bo G.safetensors",
                               arguments={**G_HOW, "up": ["x"] * 9})}
    for name, content in bad.items():
        (folder / f"{name} G.safetensors").write_bytes(content)
    (folder / "link G.safetensors").symlink_to(folder / "Ada and Bo G.safetensors")
    (folder / "folder G.safetensors").mkdir()
    os.mkfifo(folder / "pipe G.safetensors")
    with open(folder / "huge G.safetensors", "wb") as file:
        file.truncate(league.MOST_BYTES + 1)
    (folder / "<script> x.safetensors").write_bytes(whole)
    G = models.ConvGenerator(z_dim=4, size=32, width=2)
    checkpoints.save("large G", G, {"z_dim": 4, "size": 32, "width": 2}, folder=folder)
    told = models.ConvGenerator(**G_HOW, classes=3)
    checkpoints.save("told G", told, {**G_HOW, "classes": 3}, folder=folder)

    pairs, left_out = read(folder, 1, 16)
    assert list(pairs) == ["Ada and Bo", "Cem and Dina"]
    assert not (tmp_path / "harm").exists()
    names = {*bad, "link", "folder", "pipe", "huge", "large", "told"}
    assert len(left_out) == len(names) + 1
    for name in names:
        assert any(line.startswith(f"Left out: {name} G") for line in left_out), name
    made = League(folder, data.load("digits", n=60, device="cpu"))
    assert "&lt;script&gt;" in made.words.value and "<script>" not in made.words.value


def test_a_league_has_at_most_so_many_pairs(folder, monkeypatch):
    monkeypatch.setattr(league, "MOST_PAIRS", 1)
    pairs, left_out = read(folder, 1, 16)
    assert list(pairs) == ["Ada and Bo"] and len(left_out) == 2 and "at most 1" in left_out[0]


def test_networks_with_finite_weights_that_give_nan_spoil_nobody_s_table(folder, digits):
    for player, make, how in (("G", models.ConvGenerator, G_HOW),
                              ("D", models.ConvDiscriminator, D_HOW)):
        how = {**how, "batch_norm": True}
        network = make(**how)
        for name, values in network.named_buffers():
            if name.endswith("running_var"):
                values.fill_(-1)  # its root is no number
        checkpoints.save(f"negative {player}", network, how, folder=folder)
    tool = League(folder, digits)
    assert tool.table.D == tool.table.G == ["Ada and Bo", "Cem and Dina"]
    assert [line.partition(".")[0] for line in tool.left_out] == [
        "Left out: negative D", "Left out: negative G"]
    assert all("finite" in line for line in tool.left_out)


def test_of_too_many_files_the_first_are_looked_at(folder, monkeypatch):
    monkeypatch.setattr(league, "MOST_FILES", 6)
    for i in range(20):
        (folder / f"x{i:02} G.safetensors").write_bytes(b"no")
    looked = []
    whose = league._whose
    monkeypatch.setattr(league, "_whose", lambda path: looked.append(path) or whose(path))
    pairs, left_out = read(folder, 1, 16)
    assert len(looked) == 6 and list(pairs) == ["Ada and Bo", "Cem and Dina"]
    assert len(left_out) == 3 and "18 files more, from x02 G.safetensors on" in left_out[-1]


@pytest.mark.parametrize("key", ["x" * 10**4, "\ud800"])
def test_what_stands_on_a_card_gives_a_short_sentence_that_a_page_can_show(folder, digits, key):
    content = with_card(folder / "Ada and Bo G.safetensors", arguments={**G_HOW, key: 1})
    (folder / "long G.safetensors").write_bytes(content)
    tool = League(folder, digits)
    line, = tool.left_out
    assert len(line) < 400 and tool.words.value.encode()
    assert line.startswith("Left out: long G.safetensors: {'z_dim': 4")


def test_a_long_header_is_not_parsed(folder, monkeypatch):
    # 10 MB of lists in lists took six seconds and 900 MB, for each such file.
    long = b"[" + b"[]," * 40_000 + b"[]]"
    (folder / "long G.safetensors").write_bytes(len(long).to_bytes(8, "little") + long)
    seen = []
    card = checkpoints.card
    monkeypatch.setattr(checkpoints, "card", lambda *args: seen.append(args[0]) or card(*args))
    line, = read(folder, 1, 16)[1]
    assert "its header has 120,004 bytes" in line and "long G" not in seen and len(seen) == 4


def test_a_card_has_few_arguments(folder):
    many = {**G_HOW, **{f"a{i}": 1 for i in range(5000)}}
    (folder / "long G.safetensors").write_bytes(
        with_card(folder / "Ada and Bo G.safetensors", arguments=many))
    line, = read(folder, 1, 16)[1]
    assert "the arguments on its card must be" in line and len(line) < 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_name_that_is_no_unicode_is_said_so_that_a_page_can_show_it(folder, digits):
    with open(os.fsencode(folder) + b"/\xff G.safetensors", "wb"):
        tool = League(folder, digits)
    assert tool.table is not None and "udcff G" in tool.words.value and tool.words.value.encode()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        read(tmp_path / "none", 1, 16)


# --- the tool -----------------------------------------------------------------------------------

def test_the_tool_says_each_d_s_hits_at_home_and_away(folder, digits):
    tool = League(folder, digits)
    t = tool.table
    said = f"the D of Ada and Bo finds {t.home('Ada and Bo'):.0%} of the fakes at home"
    assert said in tool.alt()
    written = [text.get_text() for text in tool.picture().axes[0].texts]
    assert f"{t.hits[0, 1]:.0%}" in written and sum("home" in text for text in written) == 2


def test_the_rows_are_ordered_by_what_is_chosen(folder, digits):
    tool = League(folder, digits)
    tool.table = Table(["a", "b", "c"], ["a", "b"], torch.tensor([[0.1, 0.9], [0.2, 0.6],
                                                                  [0.3, 0.3]]), torch.zeros(3))
    wanted = {"Name": ["a", "b", "c"], "Home": ["b", "a", "c"], "Away": ["a", "c", "b"]}
    for order, names in wanted.items():
        tool.order.value = order
        assert tool.rows() == names
        ticks = tool.picture().axes[0].get_yticklabels()
        assert [tick.get_text() for tick in ticks] == [f"D of {name}" for name in names]


def test_every_cell_stands_in_a_table_for_screen_readers(folder, digits):
    tool = League(folder, digits)
    tool.table = Table(["a", "b"], ["a", "b"], torch.tensor([[1.0, 0.25], [0.5, 0.75]]),
                       torch.zeros(2))
    tool.order.value = "Home"
    assert re.findall(r'<th scope="(\w+)">(.*?)</th>', tool.words.value) == [
        ("col", "G of a"), ("col", "G of b"), ("row", "D of a"), ("row", "D of b")]
    assert re.findall("<td>(.+?)</td>", tool.words.value.partition("</th></tr>")[2]) == [
        "100% (home)", "25%", "50%", "75% (home)"]
    tool.order.value = "Away"
    assert re.findall(r'"row">(.*?)</th>', tool.words.value) == ["D of b", "D of a"]


@pytest.mark.parametrize("pairs", [3, 12])
def test_the_table_of_a_class_is_not_much_wider_than_a_page_and_nothing_overlaps(
        folder, digits, pairs):
    tool = League(folder, digits)
    names = [f"Pair {i} and friend" for i in range(pairs)]
    tool.table = Table(names, names, torch.ones(pairs, pairs), torch.ones(pairs))
    figure = tool.picture()
    figure.draw_without_rendering()
    assert figure.get_size_inches()[0] < 15
    axes, = figure.axes
    for texts in (axes.texts, axes.get_xticklabels(), axes.get_yticklabels()):
        boxes = [text.get_window_extent() for text in texts]
        assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_read_again_finds_a_pair_that_came_later(folder, digits):
    tool = League(folder, digits)
    entered(folder, "Eva")
    tool.box.children[0].children[0].click()
    assert tool.table.D == ["Ada and Bo", "Cem and Dina", "Eva"]


def test_an_empty_folder_is_no_error(tmp_path, digits):
    tool = League(tmp_path, digits)
    assert tool.table is None and "at least one D and one G" in tool.message.value
    assert "at least one" in tool.alt() and tool.array().size
    assert "no folder" in League(tmp_path / "none", digits).alt()
