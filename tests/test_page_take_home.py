"""A generator as one web page to carry home: the file. What it does: the file beside this one."""

import base64
import hashlib
import html
import re

import numpy as np
import pytest
import torch
from torch import nn

from gan_lib import checkpoints, figures, models, page
from home_tools import GENERATORS, NASTY, content, generator, samples

TEXT, TABLE = "<h1>(.*?)</h1>", "<table>(.*?)</table>"


# --- the file -----------------------------------------------------------------------------------

def test_the_same_arguments_give_the_same_bytes_and_G_stays_as_it_was(tmp_path):
    G = generator(batch_norm=True)
    before = {name: value.clone() for name, value in G.state_dict().items()}
    first = page.save(tmp_path / "a.html", G, {"made_by": "Ada"})
    torch.manual_seed(5)
    second = page.save(str(tmp_path / "b.html"), G, {"made_by": "Ada"})
    assert first == tmp_path / "a.html" and first.read_bytes() == second.read_bytes()
    assert G.training and all(torch.equal(before[name], value)
                              for name, value in G.state_dict().items())


def test_the_still_picture_is_pytorchs_of_the_same_16_noise_vectors(tmp_path):
    G = GENERATORS["batch norm"]()
    text = content(page.save(tmp_path / "a.html", G))
    png = base64.b64decode(re.search('<img src="data:image/png;base64,([^"]*)"', text)[1])
    with torch.no_grad():
        right = figures.tile(G.eval()(samples(text)), columns=4, frame=figures.FAKE)
    assert np.array_equal(figures.array_of_png(png), right)


@pytest.mark.parametrize("name", ["digits", "faces", "faces64"])
def test_a_page_of_the_courses_networks_is_smaller_than_4_MB(name, tmp_path):
    assert page.save(tmp_path / "a.html", checkpoints.load(name)).stat().st_size < 4_000_000


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(tmp_path):
    text = content(page.save(tmp_path / "a.html", generator()))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    hashes = {kind: "'sha256-" + base64.b64encode(hashlib.sha256(
        found.encode()).digest()).decode() + "'" for kind, found in (
            ("style-src", re.search("<style>(.*?)</style>", text, re.DOTALL)[1]),
            ("script-src", re.search('<script type="module">(.*?)</script>', text, re.DOTALL)[1]))}
    assert rules == {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'",
                     "form-action": "'none'", **hashes}
    assert text.count("</script>") == 2 and "<!--" not in text


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_what_the_student_writes_is_text_wherever_it_stands(nasty, tmp_path):
    plain = content(page.save(tmp_path / "a.html", generator(), {"title": "x", "made_by": "x",
                                                                 "x": "x"}))
    text = content(page.save(tmp_path / "b.html", generator(), {"title": nasty, "made_by": nasty,
                                                                nasty: nasty}))
    assert html.unescape(re.search(TEXT, text, re.DOTALL)[1]) == nasty
    cells = re.findall("<t[hd][^>]*>(.*?)</t[hd]>", re.search(TABLE, text, re.DOTALL)[1], re.DOTALL)
    assert [html.unescape(cell) for cell in cells[:4]] == [
        "Made by", nasty, nasty[0].upper() + nasty[1:].replace("_", " "), nasty]
    # No element more, no attribute more: all that differs are the texts between the elements.
    assert [re.sub(r'alt=".*?"', "", tag) for tag in re.findall("<[^>]*>", plain)] == \
        [re.sub(r'alt=".*?"', "", tag) for tag in re.findall("<[^>]*>", text)]


def test_the_table_holds_what_is_known_of_the_generator(tmp_path):
    about = {"made_by": "Ada", "data": "1,797 digits", "seconds": 40.25, "steps": 12345,
             "r1": 1e-5, "batch_norm": True, "scores": np.float32(0.5)}
    G = generator(channels=3)
    text = content(page.save(tmp_path / "a.html", G, about))
    rows = re.findall('<th scope="row">(.*?)</th><td>(.*?)</td>', text)
    assert rows == [("Made by", "Ada"), ("Trained on", "1,797 digits"),
                    ("Seconds of training", "40.25"), ("Steps of training", "12,345"),
                    ("R1", "1e-05"), ("Batch norm", "True"), ("Scores", "0.5"),
                    ("Numbers in z", "8"), ("What G makes", "16 × 16 pixels, in colour"),
                    ("Weights of G", f"{models.parameters(G):,}")]
    assert '<html lang="en">' in text and "<title>My GAN</title>" in text


class Strange(nn.Module):
    """Layers that give what no page shows, or that no page can run."""

    z_dim = 4

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, z):
        return self.layers(z)


def broken():
    G = generator()
    with torch.no_grad():
        G.layers[0].bias[0] = float("nan")
    return G


@pytest.mark.parametrize("path, make, about, error, words", [
    ("a.html", lambda: "G", None, TypeError, "G must be a generator"),
    ("a.html", models.PointDiscriminator, None, TypeError, "G must be a generator"),
    ("a.html", lambda: generator(classes=10), None, ValueError, "without labels"),
    ("a.html", lambda: Strange(nn.Linear(4, 2), nn.GELU()), None, TypeError, "cannot run this"),
    ("a.html", lambda: Strange(nn.Linear(4, 3)), None, TypeError, "or points in the plane"),
    ("a.html", broken, None, ValueError, "NaN"),
    ("a.txt", generator, None, ValueError, "ends in .html"),
    ("a", generator, None, ValueError, "ends in .html"),
    ("no/a.html", generator, None, FileNotFoundError, "no such folder. Make it first"),
    ("a.html", generator, "me", TypeError, "about must be a dict"),
    ("a.html", generator, {3: "x"}, ValueError, "Each name in about"),
    ("a.html", generator, {" ": "x"}, ValueError, "Each name in about"),
    ("a.html", generator, {"x": ["y"]}, TypeError, r"about\['x'\] must be a text or a number"),
    ("a.html", generator, {"x": torch.tensor(1)}, TypeError, "make a text of it"),
    ("a.html", generator, {"x": float("nan")}, ValueError, "finite number"),
    ("a.html", generator, {"x": "y" * 2001}, ValueError, "shorten it"),
    ("a.html", generator, {"x": "\ud800"}, ValueError, "type it again"),
])
def test_what_cannot_be_saved_is_said_and_nothing_is_written(path, make, about, error, words,
                                                             tmp_path):
    with pytest.raises(error, match=words):
        page.save(tmp_path / path, make(), about)
    assert list(tmp_path.iterdir()) == []
