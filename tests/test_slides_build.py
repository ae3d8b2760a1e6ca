"""The deck's builder: what it reads, what it writes, what it says about mistakes."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

import deck_tools
from slides import build, making, pdf, reading, words
from slides.figures import Drawing
from slides.live import Live
from tools.notebook_files import ROOT


@pytest.fixture
def small(monkeypatch, tmp_path):
    """The builder knows the small deck's figures, claims and live slide; returns a folder."""
    deck_tools.install(monkeypatch, tmp_path)
    return tmp_path


def built(folder, text: str = deck_tools.DECK) -> str:
    return build.build(deck_tools.write(folder, text), folder / "out").read_text(encoding="utf-8")


def section(page: str, name: str) -> str:
    """Return one slide of the page."""
    return re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)[0]


def attributes(html: str, name: str) -> list[str]:
    return re.findall(rf'{name}="([^"]*)"', html)


# --- reading ----------------------------------------------------------------------------------

def test_the_real_deck_names_only_what_there_is_and_its_minutes_add_up():
    slides = build.read(build.LECTURE, making.known_claim)
    assert build.timeline(slides)[-1] == (60, 90)
    assert len(slides) >= 45


def test_a_slide_has_its_name_its_words_and_its_notes(small):
    start, points, drawn, touch, end = build.read(deck_tools.write(small))
    assert [slide.id for slide in (start, points, drawn, touch, end)] == [
        "start", "one-by-one", "drawn-in-three-steps", "touch", "the-end"]
    assert end.classes == ["part"] and end.title == "The end"
    assert (points.notes.minutes, points.notes.path) == (2.5, False)
    assert points.notes.open == ["notebook 04, section 3: Freeze D, move G", "notebook 01"]
    said, asked, answered, short = points.notes.words
    assert "<strong>Say:</strong> Slowly" in said and "<li>a point</li>" in said
    assert "1/2 &amp; more" in said and "<math" in said and "fragment" not in said
    assert "Who wins?" in asked and "<em>a game</em>" in answered and "Skip it." in short


def test_points_and_pictures_appear_in_the_order_of_the_text(small):
    page = built(small)
    points = section(page, "one-by-one")
    assert attributes(points, "data-fragment-index") == ["0", "1", "2", "3"]
    drawn = section(page, "drawn-in-three-steps")
    # Point; the first picture goes when the second comes; third picture; point.
    assert attributes(drawn, "data-fragment-index") == ["0", "1", "1", "2", "3"]
    assert re.findall(r'class="(fragment[^"]*)"', drawn) == [
        "fragment", "fragment fade-out", "fragment current-visible", "fragment", "fragment"]
    still = built(small, deck_tools.DECK.replace("- The", "* The"))
    assert "fragment" not in section(still, "one-by-one").partition("read on")[0].partition(
        "Try it")[0].partition("<li class")[0]


def test_words_become_html(small):
    page = built(small)
    assert "Words, 1/2 &amp; more of them true." in page
    points = section(page, "one-by-one")
    assert points.count("<math") == 2  # one in the slide, one in the notes
    assert ('Try it <span class="notebook">(notebook 04, section 3: Freeze D, move G)</span>'
            in points)
    assert ('<a href="https://example.org/paper" target="_blank" rel="noopener noreferrer">read on'
            in points)
    assert "<em>line</em>" in section(page, "drawn-in-three-steps")


@pytest.mark.parametrize(("markdown", "html"), [
    ("a $x_1$ b", r"a <math[^$]*</math> b"),
    ("5 $ or 6 $", r"5 \$ or 6 \$"),
    (r"\$x$", r"\$x\$"),
    ("`$x$`", r"<code>\$x\$</code>"),
    ("{{ share }}", "half"),
    ("`{{share}}`", r"<code>\{\{share\}\}</code>"),
    ("{share}", r"\{share\}"),
    (r"$-\log p$", r"log</mi><mspace"),
    ("<script>", "&lt;script&gt;"),
])
def test_formulas_and_claims(markdown, html):
    problems = []
    said = words.Words(lambda name: {"share": "half"}[name], lambda *it: problems.append(it))
    assert re.search(html, said.inline(markdown, 1)) and not problems


def test_all_sections_of_a_notebook_are_known_by_number_and_name():
    assert words.place_in_notebook("04") == "notebook 04"
    assert words.place_in_notebook("02#Move the noise") == \
        "notebook 02, section 6: Move the noise"
    assert words.place_in_notebook("05#What you know now") == "notebook 05, What you know now"
    assert words.place_in_notebook("03#Where to draw the line").startswith("notebook 03, Where")


# --- mistakes ---------------------------------------------------------------------------------

# What stands in the deck, what stands there instead, words of the line of the mistake (the first
# that has them), words of the message.
MISTAKES = [
    ("# Small deck {#start}", "Small deck", "Small deck", "begins with a line '# Title'"),
    ("# Small deck {#start}", "# {#start}", "{#start}", "no title"),
    ("{#start}", "{#touch}", "slide to touch", "the slide in line 1 is called 'touch', too"),
    ("# One by one", "# The end", "The end {", "is called 'the-end', too"),
    ("{.part}", "{.huge}", "{.huge}", "not .huge"),
    ("{{share}} of", "{{shares}} of", "{{shares}}", "no claim 'shares' in slides/claims.py"),
    ("and {{share}}.", "and {{shares}}.", "{{shares}}", "no claim 'shares'"),
    ("$G(z)$", r"$\frac{$", "generator", r"the formula $\frac{$ is not understood"),
    ("$G(z)$", r"$\nosuch z$", "generator", r"is not understood: \nosuch is unknown"),
    ("#Freeze D, move G)", "#Freeze D)", "[Try it]",
     "no section 'Freeze D'; it has The slide; Freeze G"),
    ("notebook:04#Freeze D, move G)", "notebook:99)", "[Try it]",
     "no notebook '99'; there are 01, 02"),
    ("https://example.org/paper", "http://example.org", "[read on]", "a link goes to https://"),
    ("https://example.org/paper", "paper.pdf", "[read on]", "this one goes to 'paper.pdf'"),
    ("figure wide squares", "figure wide circles", "circles", "no figure 'circles' in slides/"),
    ("figure wide squares lines", "figure", "```figure", "a figure needs a name"),
    ("live counting", "live county", "county", "no live slide 'county' in slides/live"),
    ("live counting", "live", "```live", "no live slide ''"),
    ("ask: Who wins?\n", "", "minutes: 2.5", "'ask:' and 'answer:' come together"),
    ("minutes: 2.5", "minutes: many", "many", "a number above 0, at most 30, but here it is"),
    ("minutes: 2.5", "minutes: 0", "minutes: 0", "a number above 0"),
    ("minutes: 2.5", "minutes: yes", "minutes: yes", "but here it is True"),
    ("minutes: 2.5\n", "", "path: false", "the notes lack 'minutes:'"),
    ("path: false\nsay: |", "path: maybe\nsay: |", "maybe", "'path:' is true or false"),
    ("short: Skip it.", "shrt: Skip it.", "shrt", "notes have no 'shrt:', but minutes, path, say"),
    ("short: Skip it.", "short: Skip: it.", "short", "the notes are no YAML"),
    ("  - notebook:01\n", "  - notebook:1\n", "open:", "no notebook '1'"),
    ("  - notebook:01\n", "  - 01\n", "open:", "'open:' is notebook:04#Section"),
    ("minutes: 1\npath: true\nsay: Draw.", "Draw.", "Draw.", "the notes are lines such as"),
    ("```notes\nminutes: 1\npath: true\nsay: Thanks.\n```\n", "", "# The end",
     "the slide has no notes"),
    ("# The end {.part}\n", "", "THE LAST NOTES", "the slide has notes already"),
]


def line_of(words: str, text: str) -> int:
    place = text.rindex("```notes") if words == "THE LAST NOTES" else text.index(words)
    return text.count("\n", 0, place) + 1


@pytest.mark.parametrize(("there", "instead", "place", "words"), MISTAKES,
                         ids=[f"{mistake[1][:30]!r}" for mistake in MISTAKES])
def test_a_mistake_is_named_with_its_line(small, there, instead, place, words):
    assert there in deck_tools.DECK
    text = deck_tools.DECK.replace(there, instead, 1)
    with pytest.raises(reading.DeckError) as error:
        built(small, text)
    named = str(error.value).splitlines()
    assert any(problem.startswith(f"small.md, line {line_of(place, text)}: ") and words in problem
               for problem in named), named
    assert not (small / "out").exists() and not (small / "cache").exists()


def test_all_mistakes_are_named_at_once_in_the_order_of_the_lines(small):
    text = deck_tools.DECK.replace("{{share}} of", "{{no}} of").replace("live counting", "live no")
    text = text.replace("figure wide", "figure no")
    with pytest.raises(reading.DeckError) as error:
        built(small, text)
    lines = [line_of(words, text) for words in ("{{no}}", "figure no", "live no")]
    assert [problem.partition(":")[0] for problem in str(error.value).splitlines()] == [
        f"small.md, line {line}" for line in lines]


@pytest.mark.parametrize(("path", "minutes", "words"), [
    (3, 6.5, None), (3, 7, "the minutes of all slides add up to 6.5, but they have to add up to 7"),
    (4, 6.5, "the minutes of the slides with path: true add up to 3, but they have to add up to 4"),
])
def test_the_minutes_add_up(small, path, minutes, words):
    names = reading.Names(making.FIGURES, {"counting": "squares"}, making.known_claim)
    if words is None:
        assert len(reading.read(deck_tools.DECK, "a.md", names, path, minutes)) == 5
    else:
        with pytest.raises(reading.DeckError, match=words):
            reading.read(deck_tools.DECK, "a.md", names, path, minutes)


def fail():
    raise ZeroDivisionError("nothing to divide")


@pytest.mark.parametrize(("kind", "place", "words"), [
    ("figure", "```figure", "the figure 'wide' was not made. ZeroDivisionError: nothing to divide"),
    ("claim", "{{share}}", "the claim 'share' was not made. ZeroDivisionError"),
    ("data", "```live", "the data 'counting' was not made. ZeroDivisionError"),
    ("alt", "```figure", "the figure 'wide' was not made. ValueError: a figure needs an alt text"),
    ("still", "```live", "there is no figure 'missing' in slides/figures"),
    ("network", "```live", "the network 'digit' was not made. FileNotFoundError"),
])
def test_what_cannot_be_made_is_named_with_its_line(small, monkeypatch, kind, place, words):
    if kind == "claim":
        monkeypatch.setitem(making.CLAIMS, "share", fail)
    elif kind in ("figure", "alt"):
        broken = fail if kind == "figure" else lambda: Drawing(np.zeros((4, 4), np.uint8), " ")
        monkeypatch.setitem(making.FIGURES, "wide", broken)
    else:
        live = Live(("digit",) if kind == "network" else (), fail if kind == "data" else dict,
                    "missing" if kind == "still" else "squares")
        monkeypatch.setitem(making.LIVE, "counting", live)
    with pytest.raises(reading.DeckError) as error:
        built(small)
    assert str(error.value).startswith(
        f"small.md, line {line_of(place, deck_tools.DECK)}: {words}")
    assert not (small / "out" / "small.html").exists()


def test_the_command_ends_with_the_mistakes_and_no_file(tmp_path):
    deck = tmp_path / "broken.md"
    deck.write_text("# Title\n\n```figure nobody\n```\n", encoding="utf-8")
    ran = subprocess.run([sys.executable, "-m", "slides.build", deck, "--out", tmp_path / "out"],
                         cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 1 and not ran.stdout
    assert ran.stderr.splitlines() == [
        "broken.md, line 1: the slide has no notes. Write a block ```notes.",
        "broken.md, line 3: there is no figure 'nobody' in slides/figures."]
    assert not (tmp_path / "out").exists()


# --- the page ---------------------------------------------------------------------------------

class Parser(HTMLParser):
    """Gathers the tags of a page, and what stands in its scripts."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_names_no_other_file_and_holds_what_the_live_slides_need(small, monkeypatch):
    def packed(name):
        return json.dumps({"name": name, "w": "</script"})

    monkeypatch.setattr(making, "network", packed)
    monkeypatch.setitem(making.MAKERS, "network", packed)
    live = making.LIVE["counting"]
    monkeypatch.setitem(making.LIVE, "counting", Live(("digits", "faces"), live.data, live.still))
    page = Parser(built(small))
    assert not page.all("link")[1:] and page.all("link")[0]["href"] == "data:,"
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.all("img"))
    assert not any("src" in script for script in page.all("script"))
    held = {(attrs.get("data-network") or attrs.get("data-live") or attrs.get("type")): text
            for attrs, text in page.scripts}
    assert json.loads(held["counting"]) == {"first": 4, "words": "</script><b>many</b>"}
    assert json.loads(held["digits"]) == {"name": "digits", "w": "</script"}
    assert held["module"].rstrip().endswith("start(live);")
    assert not re.search(r"^\s*(import|export)\b", held["module"], re.MULTILINE)


def test_every_picture_has_its_alt_text_and_every_slide_its_title(small):
    page = Parser(built(small))
    assert [image["alt"] for image in page.all("img")] == [
        "A line from 0 to 1.", "Stripes of <black> & grey.", "A line from 0 to 1.",
        "Stripes of <black> & grey."]
    assert page.all("html") == [{"lang": "en"}]
    titles = {attrs.get("id") for tag, attrs in page.tags if tag in ("h1", "h2")}
    assert {slide["aria-labelledby"] for slide in page.all("section")} == titles
    assert len(page.all("h1")) == 1


def test_notes_say_when_a_slide_begins_and_the_speaker_view_gets_its_seconds(small):
    page = built(small)
    slides = Parser(page).all("section")
    assert [slide["data-timing"] for slide in slides] == ["60", "150", "60", "60", "60"]
    assert [slide["data-path"] for slide in slides] == ["yes", "no", "yes", "no", "yes"]
    notes = re.sub(r"\s+", " ", section(page, "drawn-in-three-steps"))
    assert "On the path: it begins at minute 1 of 3 (at minute 3.5 of 6.5)" in notes
    assert "Not on the path." in section(page, "touch")


@pytest.mark.parametrize(("marks", "shape", "layout"), [
    ("", (100, 400), "below"), ("", (100, 100), "beside"),
    (" {.beside}", (100, 400), "beside"), (" {.below}", (100, 100), "below")])
def test_a_wide_picture_stands_below_the_words_a_high_one_beside(
        small, monkeypatch, marks, shape, layout):
    monkeypatch.setitem(making.FIGURES, "wide",
                        lambda: Drawing(np.zeros((*shape, 3), np.uint8), "Black."))
    text = deck_tools.DECK.replace("three steps", f"three steps{marks}")
    assert f'class="slide {layout}"' in section(built(small, text), "drawn-in-three-steps")
    assert 'class="slide only-pictures"' in section(built(small, text), "touch")
    assert 'class="slide only-words"' in section(built(small, text), "one-by-one")


# --- twice ------------------------------------------------------------------------------------

def test_what_was_made_is_kept_until_a_source_changes(small, monkeypatch, capsys):
    first = built(small)
    assert "figure wide: " in capsys.readouterr().out
    assert built(small) == first and capsys.readouterr().out == ""
    monkeypatch.setattr(making, "_checksum", lambda patterns: "0" * 16)
    assert built(small) == first
    assert "figure wide: " in capsys.readouterr().out
    assert len(list((small / "cache").glob("figure-wide-*"))) == 1  # the old one is gone


def test_several_processes_make_what_one_makes(tmp_path, monkeypatch):
    boards = [name for name in making.FIGURES if name.startswith("board")]
    things = [*(("figure", name) for name in boards), ("claim", "digits_z")]
    assert len(boards) >= 4
    for folder, processes in (("one", 1), ("two", 2)):
        monkeypatch.setattr(making, "CACHE", tmp_path / folder)
        making.make_all(things, processes)
        for kind, name in things:
            making.MAKERS[kind](name)
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


@pytest.mark.parametrize(("changed", "made_anew"), [
    ("slides/figures/new.py", ["figure", "claim", "data"]),
    ("gan_lib/models.py", ["figure", "network", "claim", "data"]),
    ("gan_lib/trained/faces.safetensors", ["figure", "network", "claim", "data"]),
    ("slides/claims.py", ["claim"]), ("slides/live/new.py", ["data"]), ("slides/lecture.md", [])])
def test_a_change_of_a_source_makes_anew_what_came_from_it(
        tmp_path, monkeypatch, changed, made_anew):
    monkeypatch.setattr(making, "ROOT", tmp_path)
    monkeypatch.setattr(making, "_checksum", making._checksum.__wrapped__)
    (tmp_path / changed).parent.mkdir(parents=True)
    (tmp_path / changed).write_text("before")
    before = {kind: making._checksum(sources) for kind, sources in making.SOURCES.items()}
    (tmp_path / changed).write_text("after")
    assert [kind for kind, sources in making.SOURCES.items()
            if making._checksum(sources) != before[kind]] == made_anew


def test_twice_built_from_nothing_the_same_bytes(small, monkeypatch, tmp_path):
    first = built(small)
    monkeypatch.setattr(making, "CACHE", tmp_path / "another cache")
    assert built(small) == first


# --- the PDF ----------------------------------------------------------------------------------

def test_without_a_browser_one_sentence_says_how_to_print(small, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "find_printer", lambda: None)
    build.print_pdf(small / "small.html")
    said = capsys.readouterr().out
    assert said.startswith("No PDF: ") and "small.html?print-pdf" in said
    assert said.count("\n") == 1 and not list(small.glob("*.pdf"))


def test_a_browser_that_prints_nothing_is_an_error_with_its_words(tmp_path):
    with pytest.raises(pdf.PrintingError, match="printed nothing. It said:\n.*headless"):
        pdf.write(tmp_path / "small.html", tmp_path / "small.pdf", sys.executable)


def test_a_browser_that_hangs_is_given_up_with_a_sentence_about_what_to_do(small, monkeypatch):
    hangs = small / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    monkeypatch.setattr(pdf, "SECONDS", 0.2)
    monkeypatch.setattr(pdf, "find_printer", lambda: str(hangs))
    with pytest.raises(SystemExit, match=r"its PDF is not: .* within 0.2 s(.|\n)*print-pdf in a"):
        build.print_pdf(small / "small.html")
