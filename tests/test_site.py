"""The site without a browser: its pages, its links, and what it says about mistakes."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import showcase_tools as tools
from showcase_tools import code, notebook, picture, png, printed, shown, text
from tools import prepare_notebooks
from tools.notebook_files import NOTEBOOKS, read, title
from tools.site import build, pages
from tools.site.pages import SiteError

OPENING = "# 01 · First\n\n[![Open in Colab](badge.png)](https://colab.example/x)\n\n" \
          "About 60 minutes in class."


class Links(HTMLParser):
    """Collects where a page leads, what it loads, and its ids."""

    def __init__(self, html: str):
        super().__init__()
        self.leads, self.loads, self.ids, self.tags = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.tags.append((tag, told))
        self.ids += [told["id"]] if "id" in told else []
        if tag == "a" and "href" in told:
            self.leads.append(told["href"])
        elif tag in ("img", "script", "link", "iframe", "source"):
            self.loads.append(told.get("src") or told.get("href") or "")


@pytest.fixture
def folder(tmp_path):
    """A folder of two small notebooks."""
    tools.put(tmp_path, "01_first.ipynb", notebook(
        text(OPENING + "\n\nNext: [two](02_second.ipynb#there), [none](build/my.html), "
             "[guide](GUIDE.md), [far](https://ok.example)"),
        text("## 1. Words (5 minutes)\n\n$x_1$ and\n\n$$a + b$$\n\n"
             "| | what |\n|---|---|\n| 1 | 2 |"),
        text("## 1. Words (5 minutes)\n\n<details><summary>Solution</summary>\n\n```python\nx = 1\n"
             "```\n\n</details>"),
        code("draw()", picture('A "board".'), printed("a < b\n"),
             shown({"text/markdown": "[Open](build/my.html)"}), printed("w" * 9000))))
    tools.put(tmp_path, "02_second.ipynb", notebook(
        text(OPENING.replace("01", "02")), text("![A green board](here.png)\n\n## There")))
    (tmp_path / "here.png").write_bytes(png())
    (tmp_path / "badge.png").write_bytes(png())
    (tmp_path / "GUIDE.md").write_text("# For teachers\n\n[first](01_first.ipynb)", "utf-8")
    return tmp_path


def written(folder, out, **options):
    build.write(out, sorted(folder.glob("*.ipynb")), **{"deck": False, "at_home": {}, **options})
    return out


def content(path) -> str:
    return path.read_text(encoding="utf-8")


def problems(site) -> list[str]:
    """Return the links that lead nowhere, and what a page would load from elsewhere."""
    found, ids = [], {}
    for path in site.rglob("*.html"):
        ids[path.resolve()] = Links(content(path))
    for path, links in ids.items():
        for address in links.leads + links.loads:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https", "mailto") and address in links.leads \
                    or address.startswith(("data:image/", "data:,")):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.scheme or parts.netloc or address.startswith("/") or not target.is_file():
                found.append(f"{path.name}: {address}")
            elif parts.fragment and target in ids and path.name != build.DECK \
                    and parts.fragment not in ids[target].ids:
                found.append(f"{path.name}: {address} (no such place)")
    return found


# --- the whole site -----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The real site; another file stands in the place of the lecture, which has its own tests."""
    def deck(source, out, processes):
        (out / build.DECK).write_text("<h1>The lecture</h1>", encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(build.slides_build, "build", deck)
        return build.write(tmp_path_factory.mktemp("whole") / "site").parent


def test_every_link_of_the_real_site_leads_somewhere_and_nothing_is_loaded_from_elsewhere(whole):
    assert not problems(whole)
    assert {path.stem for path in NOTEBOOKS} <= {path.stem for path in whole.glob("*.html")}
    front = Links(content(whole / build.FIRST))
    assert {f"{path.stem}.html" for path in NOTEBOOKS} <= set(front.leads)
    assert {build.DECK, *(f"take-home/{name}.html" for name in build.AT_HOME)} <= set(front.leads)
    assert front.leads.count("#content") == 1 and "60 min" in content(whole / build.FIRST)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebooks_page_has_its_title_its_pictures_its_solutions_and_no_script(whole, path):
    nb, page = read(path), content(whole / f"{path.stem}.html")
    links = Links(page)
    assert f"<title>{title(nb)} – GAN course</title>" in page
    source = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert page.count("<details") == page.count("</details>") == source.count("<details>")
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    alts = [output.metadata["image/png"]["alt"] for output in outputs
            if "image/png" in output.get("data", {})]
    assert [told["alt"] for tag, told in links.tags if tag == "img"][-len(alts):] == alts
    assert not {"script", "iframe", "style"} & {tag for tag, _ in links.tags}
    assert "<math" in page and "$$" not in page and "OWNER" not in page
    assert len(links.ids) == len(set(links.ids)) and "open=" not in page


# --- pages --------------------------------------------------------------------------------------

def test_links_pictures_formulas_and_headings_of_a_notebook(folder, tmp_path):
    site = written(folder, tmp_path / "site")
    first = content(site / "01_first.html")
    assert not problems(site)
    assert '<a href="02_second.html#there">two</a>' in first and "<a>none</a>" in first
    assert '<a href="GUIDE.html">guide</a>' in first and "<a>Open</a>" in first
    assert first.count("<math") == 2 and 'display="block"' in first
    assert 'id="1-words-5-minutes"' in first and 'id="1-words-5-minutes-1"' in first
    assert '<a href="#1-words-5-minutes">1. Words</a>' in first
    assert '<th scope="col">what</th>' in first and "<td></td>" in first
    assert "a &lt; b" in first and "the rest is in the notebook" in first
    assert "<details><summary>Solution</summary>" in first and 'class="mi">1' in first
    assert (site / "01_first" / "1.png").is_file() and (site / "02_second/here.png").is_file()
    assert 'alt="A &quot;board&quot;."' in first
    assert "badge" not in first and "For teachers" in content(site / build.FIRST)


def test_with_an_address_of_the_repository_the_badges_stay(folder, tmp_path, monkeypatch):
    for place in (pages, build):
        monkeypatch.setattr(place, "address", lambda: "https://github.com/someone/somewhere")
    site = written(folder, tmp_path / "site")
    assert 'href="https://colab.example/x"><img alt="Open in Colab"' in content(
        site / "01_first.html")
    assert 'href="https://github.com/someone/somewhere"' in content(site / build.FIRST)
    assert not problems(site)
    assert prepare_notebooks.address().startswith("https://")


def test_a_second_build_is_the_same_and_of_an_older_site_nothing_stays(folder, tmp_path):
    at_home = {"digits": "Digits"}
    once = written(folder, tmp_path / "a", at_home=at_home)
    twice = written(folder, tmp_path / "b", at_home=at_home)
    (twice / "old.html").write_text("old")
    written(folder, tmp_path / "b", at_home=at_home)
    files = [sorted(path.relative_to(site) for path in site.rglob("*")) for site in (once, twice)]
    assert files[0] == files[1] and len(files[0]) >= 9
    assert all((once / name).read_bytes() == (twice / name).read_bytes() for name in files[0]
               if (once / name).is_file())


BROKEN = {
    "a formula": (text("## x\n\n$\\nosuch{x}$"), r"\$\\nosuch\{x\}\$ is not understood"),
    "no alt text": (code("x", shown({"image/png": tools.packed(png())})), "no alt text"),
    "no alt text in words": (text("![](here.png)"), "no alt text"),
    "no picture": (text("![x](nowhere.png)"), "there is no picture nowhere.png"),
    "an error": (code("x", tools.new.new_output("error", ename="NameError", evalue="x",
                                                traceback=[])), "an error, NameError"),
}


@pytest.mark.parametrize("cell, expected", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_named_with_its_notebook_and_cell_and_the_older_site_stays(
        folder, tmp_path, cell, expected):
    site = written(folder, tmp_path / "site")
    before = content(site / build.FIRST)
    tools.put(folder, "03_third.ipynb", notebook(text(OPENING.replace("01", "03")), cell))
    with pytest.raises(SiteError, match=f"03_third.ipynb, cell 1: .*{expected}"):
        written(folder, tmp_path / "site")
    assert content(site / build.FIRST) == before
    assert not list(tmp_path.glob(".site*"))


def test_a_folder_with_other_things_is_not_written_over(folder, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(SiteError, match="holds other things than a site"):
        written(folder, tmp_path / "mine")
    assert re.search("precious", content(tmp_path / "mine" / "thesis.txt"))
