"""The projects' deck without a browser: which notebooks come in, in what order, and as what."""

import base64
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from PIL import Image

import showcase_tools as tools
from showcase_tools import built, code, notebook, picture, png, printed, project, put, shown, text
from slides import pictures, showcase, students
from slides.students import NotebookError
from slides.untrusted import LONGEST, Markdown
from tools.notebook_files import ROOT


def of(tmp_path, nb):
    """Return the group that a notebook becomes."""
    return students.read(put(tmp_path, "one.ipynb", nb), tmp_path, "one")


def words(group) -> str:
    return "\n".join(html for slide in group.slides for html, _ in slide.words)


def names(folder, *order):
    paths, said = showcase.ordered(showcase.find(folder), folder, list(order))
    return [path.relative_to(folder).as_posix() for path in paths], said


# --- all groups come in -----------------------------------------------------------------------

def test_three_groups_of_one_name_each_have_a_title_slide_and_their_slides(tmp_path):
    page = built(tools.three_groups(tmp_path), tmp_path / "out")
    titles = re.findall(r'id="group-(\d)" class="part".*?<bdi>(.*?)</bdi>', page, re.DOTALL)
    assert titles == [("1", "The Cats"), ("2", "The Late"), ("3", "Die Füchse")]
    assert page.count("<section ") == 1 + 3 * (1 + 8) and "Our projects" in page
    assert page.count('href="#/group-') == 3
    assert "secret" not in page and page.count("<aside") == 21
    assert "http" not in re.sub(r'xmlns="http[^"]*"', "", page.partition("<script>")[0]
                                .partition("</style>")[2])


def test_two_builds_are_the_same_bytes(tmp_path):
    folder = tools.three_groups(tmp_path / "from")
    assert built(folder, tmp_path / "a") == built(folder, tmp_path / "b")


def test_the_order_is_by_name_with_numbers_or_by_a_list(tmp_path):
    for name in ("g10.ipynb", "g9.ipynb", "a/12.ipynb", "b/12.ipynb",
                 "b/.ipynb_checkpoints/x.ipynb"):
        put(tmp_path, name, project("x", "y"))
    (tmp_path / "folder.ipynb").mkdir()
    assert names(tmp_path) == (["a/12.ipynb", "b/12.ipynb", "g9.ipynb", "g10.ipynb"], [])
    found, said = names(tmp_path, "g10", "b", "nobody", "g9.ipynb")
    assert found == ["g10.ipynb", "b/12.ipynb", "g9.ipynb", "a/12.ipynb"]
    assert len(said) == 1 and said[0].startswith("nobody: the list names it")


STRANGE = {
    "empty": b"", "no JSON": b"hello", "half": b'{"cells": [', "a list": b"[1, 2]",
    "a number": b"3", "no text": b"\xff\xfe\x00\x01", "of the future": b'{"nbformat": 9}',
    "no cells": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode(),
    "wrong cells": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {},
                               "cells": [{"cell_type": "song", "source": 3}]}).encode(),
    "deep": b"[" * 100_000, "without a cell": json.dumps(notebook()).encode(),
    "only skipped": json.dumps(notebook(text("# x", "skip"), text("x", "skip"))).encode(),
    "many cells": json.dumps(notebook(*(text("x") for _ in range(2001)))).encode(),
    "many slides": json.dumps(notebook(*(text("## x\n\ny", "slide") for _ in range(70)))).encode(),
    "many pictures": json.dumps(notebook(code("x", *[picture()] * 130))).encode(),
    "number of no version": b'{"nbformat": "x", "cells": []}',
    "old": json.dumps({"nbformat": 2, "nbformat_minor": 0, "metadata": {}, "worksheets": []}
                      ).encode(),
}


def test_a_broken_notebook_is_named_and_left_out_and_the_others_come(tmp_path):
    put(tmp_path, "good.ipynb", project("The Good", "Whole"))
    for name, content in STRANGE.items():
        (tmp_path / f"{name}.ipynb").write_bytes(content)
    out, count, said = showcase.write(tmp_path, tmp_path / "out", [], "All")
    assert count == 1 and "The Good" in out.read_text(encoding="utf-8")
    assert sorted(line.partition(".ipynb is left out: ")[0] for line in said) == sorted(STRANGE)
    assert all(line.endswith(".") and "\n" not in line for line in said), said


def test_an_oversized_notebook_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(students, "LARGEST", 0.001)
    with pytest.raises(NotebookError, match="the deck takes at most"):
        of(tmp_path, project("x", "y"))


@pytest.mark.parametrize("prepare, expected", [
    (lambda folder: None, "There is no folder"),
    (lambda folder: folder.mkdir(), "No notebook to show"),
    (lambda folder: put(folder, "a.ipynb", notebook()), "a.ipynb is left out"),
])
def test_a_folder_without_a_notebook_gets_a_sentence(tmp_path, prepare, expected):
    prepare(tmp_path / "from")
    with pytest.raises(NotebookError, match=expected):
        showcase.write(tmp_path / "from", tmp_path / "out", [], "All")
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_it_did_and_what_it_left_out(tmp_path):
    put(tmp_path, "good.ipynb", project("The Good", "Whole"))
    (tmp_path / "bad.ipynb").write_text("no")
    command = [sys.executable, "-m", "slides.showcase", str(tmp_path), "--out",
               str(tmp_path / "out")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    left_out, done = ran.stdout.splitlines()
    assert left_out.startswith("bad.ipynb is left out: ") and "showcase.html: 1 group," in done


def test_a_list_that_cannot_be_read_gets_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "list").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "list", tmp_path / "none.txt"):
        with pytest.raises(NotebookError, match="The list .* cannot be read"):
            showcase.lines(path)
    monkeypatch.setattr(sys, "argv", ["showcase", str(tmp_path), "--order", str(tmp_path / "none")])
    with pytest.raises(SystemExit, match="The list"):
        showcase.main()
    (tmp_path / "list").write_text("\ufeffa\n\n  b b \n", encoding="utf-8")
    assert showcase.lines(tmp_path / "list") == ["a", "b b"]


# --- a notebook as slides ---------------------------------------------------------------------

def test_the_metadata_says_what_a_slide_is(tmp_path):
    group = of(tmp_path, notebook(
        text("# 12 · Cats\n\n**Group:** *Ada* and `Bo`\n\nmore", "slide"),
        text("## 1. Goal (5 minutes)\n\nwords", "slide"), text("later", "fragment"),
        text("goes on"), text("to say", "notes"), text("not this", "skip"),
        code("x", printed("printed\n"), printed("warning", "stderr"), slide="subslide")))
    assert (group.name, group.title) == ("Ada and Bo", "Cats")
    goal, below = group.slides
    assert goal.title == below.title == "1. Goal"
    assert [late for _, late in goal.words] == [False, True, False]
    assert "to say" in goal.notes[0] and "to say" not in words(group)
    assert "printed" in words(group) and "warning" not in words(group)
    assert "not this" not in words(group)


def test_without_metadata_each_heading_begins_a_slide(tmp_path):
    group = of(tmp_path, notebook(
        text("# Cats\n\n**Group:** your names"), text("## Goal"), code("x = 1"),
        text("### small\n\nwords"), text("## Model\n\nD and G")))
    assert (group.name, group.title) == ("one", "Cats")
    assert [slide.title for slide in group.slides] == ["Goal", "Model"]
    assert "<h3>small</h3>" in words(group)


def test_pictures_come_from_outputs_attachments_and_files_with_their_alt_texts(tmp_path):
    (tmp_path / "cat.jpg").write_bytes(png(form="JPEG"))
    group = of(tmp_path, notebook(
        text("# x"), text("## y"), code("draw()", picture('A "cat" & more.')),
        text("![one](attachment:my%20cat.png)\n![two](cat.jpg)", attachments={
            "my cat.png": {"image/png": tools.packed(png())}}),
        text("in a line ![three](cat.jpg) of words")))
    shown, = [slide.pictures for slide in group.slides]
    assert [picture.alt for picture, _ in shown] == ['A "cat" & more.', "one", "two"]
    assert [picture.address[:22] for picture, _ in shown] == [
        "data:image/png;base64,", "data:image/png;base64,", "data:image/jpeg;base64"]
    assert 'alt="three"' in words(group)
    page = built(tmp_path, tmp_path / "out")
    assert 'alt="A &#34;cat&#34; &amp; more."' in page or "A &quot;cat&quot; &amp; more." in page


def test_of_a_picture_only_its_pixels_are_kept(tmp_path):
    from PIL.PngImagePlugin import PngInfo
    notes = PngInfo()
    notes.add_text("Comment", "<script>secret</script>")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    for content in (png(pnginfo=notes, exif=exif), png(form="JPEG", exif=exif, comment=b"secret"),
                    png() + b"secret"):
        picture = pictures.drawn(content, "alt")
        kept = base64.b64decode(picture.address.partition(",")[2])
        image = Image.open(io.BytesIO(kept))
        assert b"secret" not in kept and not image.getexif() and "exif" not in image.info
    assert (pictures.drawn(png(exif=exif), "").width, pictures.drawn(png(), "").width) == (30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_drawn(mode):
    file = io.BytesIO()
    Image.new(mode, (8, 6)).save(file, "PNG")
    assert pictures.drawn(file.getvalue(), "").shape == 8 / 6


def test_a_huge_picture_becomes_small_and_a_bomb_is_left_out():
    assert pictures.drawn(png(4000, 1000), "").width == pictures.LARGEST
    bomb = png(8000, 8000, form="PNG")
    with pytest.raises(ValueError, match="more than 30,000,000 pixels"):
        pictures.drawn(bomb, "")
    with pytest.raises(ValueError, match="pixels"):
        pictures.drawn(_with_size(png(), 60_000, 60_000), "")
    for broken in (b"", png()[:50], b"GIF89a", b"<svg/>"):
        with pytest.raises(ValueError, match="broken, or no PNG"):
            pictures.drawn(broken, "")


def _with_size(content: bytes, width: int, height: int) -> bytes:
    """Return a PNG that says it is larger than it is."""
    import struct
    import zlib
    head = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]


def test_what_cannot_be_shown_gets_words(tmp_path):
    group = of(tmp_path, notebook(text("# x"), text("## y"), code(
        "x", shown({"text/html": "<table>", "text/plain": "a  b\n1  2"}),
        shown({"text/html": "<b>", "text/plain": "<IPython.core.display.HTML object>"}),
        shown({"image/svg+xml": "<svg/>"}), shown({"image/png": "%%%"}),
        shown({"text/plain": "<matplotlib thing>"}),
        shown({"text/latex": "$x^2$"}))))
    said = words(group)
    assert "a  b\n1  2" in said and said.count("Something that only a notebook shows") == 2
    assert "[a picture is" in said and "&lt;matplotlib thing&gt;" in said and "<msup>" in said


def test_a_formula_that_is_not_understood_and_a_text_that_is_too_long_stand_as_text(tmp_path):
    formulas = "$\\nosuch{x}$ and $x_1$\n\n$$\na\n=b$$"
    group = of(tmp_path, notebook(text("# x"), text(f"## y\n\n{formulas}"),
                                  text("w" * 2 * LONGEST), text("$" + "x" * 700 + "$")))
    said = words(group)
    assert "<code>\\nosuch{x}</code>" in said and said.count("<math") == 2
    assert "cut here" in said and "<code>xxx" in said


def test_half_a_letter_ends_no_build(tmp_path):
    put(tmp_path, "a.ipynb", notebook(text("# x"), text("## y")))
    path = tmp_path / "a.ipynb"
    path.write_text(path.read_text().replace("## y", "## y \\ud800"))
    assert "y ?" in built(tmp_path, tmp_path / "out")


# --- what nobody may bring in -----------------------------------------------------------------

class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attributes)}
        self.found |= {f"{name} {value}" for name, value in attributes
                       if name in ("href", "src") and not (value or "").startswith("data:image/")}


def test_of_all_tricks_no_tag_and_no_attribute_is_left(tmp_path):
    plain = Tags(built(tools.three_groups(tmp_path / "plain"), tmp_path / "out"))
    page = built(tools.tricks(tmp_path / "tricks"), tmp_path / "out")
    new = {one for one in Tags(page).found - plain.found if not one.startswith("href #/group-")}
    allowed = {"a target", "a rel", "href https://ok.example", "table", "thead", "tbody", "tr",
               "th", "td", "h3", "math", "mrow", "mi", "mo", "mtext", "mstyle", "math display",
               "math xmlns", "span", "span class", "em", "strong", "br", "ol", "li", "a"}
    assert new <= allowed, new - allowed
    assert len(tools.TEXTS) + len(tools.OUTPUTS) > 60


@pytest.mark.parametrize("text", ["[" * 9000, "![" * 4500, "*a_" * 3000, "<" * 9000, ">" * 9000,
                                  "[a](b" * 1800, "`a" * 4500, "$a" * 4500, "$$a" * 3000,
                                  "<!--" * 2200, "|a" * 4000 + "\n" + "|-" * 4000])
def test_no_text_takes_forever(text):
    def find(address, alt):
        raise ValueError("none")
    markdown = Markdown(find)
    assert isinstance(markdown.html(markdown.tokens(text)), str)
