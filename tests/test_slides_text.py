"""The lecture as a text: every point in its order, its minutes, its notes, its words."""

import re

import pytest

from deck_text import SECTION, plain, slides
from slides.claims import CLAIMS
from tools.notebook_files import NOTEBOOKS, read, text_cells

DECK = slides()
every_slide = pytest.mark.parametrize("slide", DECK, ids=lambda slide: slide.id)

# The lecture's outline: each point, the slide that makes it, and words that have to be seen there.
OUTLINE = [
    ("finish projects", "schedule", "9 to 11: finish the projects"),
    ("make presentations", "schedule", "11 to 12: make the presentations"),
    ("lunch", "schedule", "12 to 1: lunch"),
    ("presentations", "schedule", "1:10 to 3: your presentations"),
    ("going further", "schedule", "3 to 4: going further"),
    ("goodbye", "schedule", "goodbye"),
    ("8 to 10 minutes", "guidelines", "8 to 10 minutes"),
    ("seven headings", "guidelines",
     "goal, data set, model, training, inference, going forward, learning"),
    ("one master deck", "guidelines", "One master deck"),
    ("invented in 2014", "invented", "Invented in 2014"),
    ("by Ian Goodfellow", "invented", "2014: Ian Goodfellow"),
    ("samples never seen before", "invented", "samples that nobody has ever seen"),
    ("a game between two networks", "invented", "a game between two networks"),
    ("goal of G", "networks", "nobody can tell fakes from real samples"),
    ("goal of D", "networks", "tell real from fake"),
    ("generator: noise, up-convolution, picture", "generator", "Noise → up-convolution"),
    ("learning kernels", "up-convolution", "kernel"),
    ("discriminator: a binary classifier", "discriminator", "binary classifier"),
    ("CNN or MLP", "discriminator", "a CNN or an MLP"),
    ("randomly feed real and generated", "random-feed", "real samples and fakes in random order"),
    ("a balancing act", "balancing-act", "Train D, train G, train D, train G"),
    ("binary cross entropy", "bce", "binary cross entropy"),
    ("for each network", "bce", "Both networks have this cost"),
    ("freeze D, maximise", "freeze-d", "Update the weights of G to maximise the BCE"),
    ("freeze G, minimise", "freeze-g", "Update the weights of D to minimise the BCE"),
    ("frozen means 0", "frozen", "Frozen means exactly 0"),
    ("minimax and non-saturating", "gradients", "non-saturating"),
    ("maximin", "maximin", "maximin"),
    ("noise interpolates", "interpolation", "from one z to another"),
    ("noise carries a class", "class-from-noise", "Noise that carries a class"),
    ("2014: MNIST", "beginning", "MNIST"),
    ("2014: Toronto faces", "beginning", "Toronto faces"),
    ("2014: CIFAR-10, fully connected", "beginning", "CIFAR-10, by a fully connected model"),
    ("2014: CIFAR-10, convolutional", "beginning", "CIFAR-10, by a convolutional model"),
    ("2014: nearest training sample", "beginning", "nearest training sample"),
    ("the figure re-made", "beginning-pictures", "nearest training sample"),
    ("progress 2014", "progress", "2014: GAN, Goodfellow"),
    ("progress 2015", "progress", "2015: DCGAN, Radford"),
    ("progress 2016", "progress", "2016: coupled GANs, Liu & Tuzel"),
    ("progress 2017", "progress", "2017: progressive growing, Karras"),
    ("progress 2018", "progress", "2018: style-based, Karras"),
    ("celebrity faces are hard", "faces-hard", "Why faces are hard"),
    ("occlusion", "occlusion", "Occlusion"),
    ("text to image", "text-to-image", "Text to image"),
    ("video: progressive growing, 2017", "growing-explained", "Karras et al., 2017"),
    ("video: talking heads, 2019", "talking-heads", "Zakharov et al., 2019"),
    ("applications", "useful", "What is it good for?"),
    ("obscure, creative work", "obscure", "Hard to think of"),
    ("takeaway: mathematics", "takeaways", "a lot of mathematics"),
    ("takeaway: a subsection", "takeaways", "supervised learning"),
    ("takeaway: where to look", "takeaways", "You know where to look"),
    ("takeaway: worth knowing", "takeaways", "worth knowing"),
    ("thanks and goodbye", "thanks", "Thank you, and goodbye"),
]
QUESTIONS = {"goal": "features", "data set": "where from", "model": "mlp or cnn",
             "training": "how did it go", "inference": "new data",
             "going forward": "we'd like to continue by", "learning": "what stays"}
# Where the lecture is loose, the course is exact; these may lie off the path of one hour.
EXACT = {"batch-norm": "batch normalisation", "best-d": "-\\log 4", "saddle": "saddle",
         "class-from-noise": "D never sees the label: nothing is enforced",
         "no-photographs": "Licence"}
CITED = {  # the papers: address, first author, year
    "arxiv.org/abs/1406.2661": ("Goodfellow", 2014), "arxiv.org/abs/1511.06434": ("Radford", 2015),
    "arxiv.org/abs/1606.07536": ("Liu", 2016), "arxiv.org/abs/1710.10196": ("Karras", 2017),
    "arxiv.org/abs/1812.04948": ("Karras", 2018), "arxiv.org/abs/1605.05396": ("Reed", 2016),
    "arxiv.org/abs/1905.08233": ("Zakharov", 2019), "arxiv.org/abs/1607.07539": ("Yeh", 2017),
    "arxiv.org/abs/1804.00064": ("Hwang", 2018), "arxiv.org/abs/1803.01229": ("Frid-Adar", 2018),
    "arxiv.org/abs/1609.04802": ("Ledig", 2016), "arxiv.org/abs/1906.02839":
    ("Papadopoulos", 2019), "arxiv.org/abs/1705.07386": ("Bontrager", 2018),
    "doi.org/10.1145/3205455.3205517": ("Volz", 2018),
    "doi.org/10.1073/pnas.2120481119": ("Nightingale", 2022)}


def seen(slide) -> str:
    return " ".join(plain(f"{slide.title}\n{slide.seen}").split())


def named(name: str):
    slide, = [slide for slide in DECK if slide.id == name]
    return slide


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence."""
    parts = re.split(r"[.?!:]\s+|[.?!:]?$", re.sub(r"\{\{\w+\}\}", "1", text))
    return [words for part in parts if (words := re.findall(r"[\w'’-]+", part))]


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade; syllables are counted as groups of vowels."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))
                    for word in words)
    return 0.39 * len(words) / len(parts) + 11.8 * syllables / len(words) - 15.59


def test_the_minutes_add_up_to_an_hour_on_the_path_and_to_90_in_all():
    assert sum(slide.notes["minutes"] for slide in DECK if slide.notes["path"]) == 60
    assert sum(slide.notes["minutes"] for slide in DECK) == 90


@pytest.mark.parametrize("point, name, words", OUTLINE, ids=[point for point, _, _ in OUTLINE])
def test_every_point_of_the_outline_is_seen_and_is_on_the_path(point, name, words):
    assert words.lower() in seen(named(name)).lower()
    assert named(name).notes["path"]


def test_the_points_come_in_the_lectures_order():
    order = [slide.id for slide in DECK]
    places = [order.index(name) for _, name, _ in OUTLINE]
    assert places == sorted(places)


@pytest.mark.parametrize("heading", QUESTIONS)
def test_each_of_the_seven_headings_has_its_question(heading):
    line, = [line for line in named("guidelines-questions").seen.lower().splitlines()
             if line.startswith(f"- **{heading}**")]
    assert QUESTIONS[heading] in line


@pytest.mark.parametrize("name", EXACT)
def test_the_lecture_is_exact_where_the_outline_is_loose(name):
    assert EXACT[name].lower() in seen(named(name)).lower()


@every_slide
def test_a_slide_has_about_40_words_at_most(slide):
    assert len(re.findall(r"[\w{}'’-]+", seen(slide))) <= 43


@every_slide
def test_the_notes_are_complete_and_short(slide):
    assert set(slide.notes) == {"minutes", "path", "say", "ask", "answer", "open", "short"}
    assert 0.5 <= slide.notes["minutes"] <= 4
    assert 2 <= len(sentences(slide.notes["say"])) <= 9
    assert "?" in slide.notes["ask"] and slide.notes["answer"] and slide.notes["short"]


def test_the_notes_are_easy_to_read():
    said = [slide.notes[key] for slide in DECK for key in ("say", "ask", "answer", "short")]
    assert grade(" ".join(said)) < 6
    lengths = [len(words) for text in said for words in sentences(text)]
    assert sum(lengths) / len(lengths) < 11 and max(lengths) <= 32


@every_slide
def test_the_section_to_open_exists(slide):
    for number, section in slide.opens:
        path, = [path for path in NOTEBOOKS if path.name.startswith(number)]
        assert section in [found for cell in text_cells(read(path))
                           for found in SECTION.findall(cell.source)]


@every_slide
def test_what_a_slide_claims_is_computed(slide):
    text = slide.seen + " ".join(map(str, slide.notes.values()))
    assert set(re.findall(r"\{\{(\w+)\}\}", text)) <= set(CLAIMS)


def test_no_claim_is_computed_in_vain():
    whole = " ".join(slide.seen + str(slide.notes) for slide in DECK)
    assert {name for name in CLAIMS if f"{{{{{name}}}}}" not in whole} == set()


@every_slide
def test_a_link_names_its_paper_by_author_and_year(slide):
    for address in re.findall(r"\]\(https://([^)]+)\)", slide.seen):
        author, year = CITED[address]
        line, = {line for line in slide.seen.replace("\n  [", " [").replace("\n([", " ([")
                 .splitlines() if address in line}
        line = line.replace("\N{NON-BREAKING HYPHEN}", "-")
        assert author in line and str(year) in line


def test_nothing_but_a_paper_is_linked_and_every_listed_paper_is():
    addresses = re.findall(r"https?://([^)\s]+)\)", " ".join(slide.seen for slide in DECK))
    assert set(addresses) == set(CITED)
    assert "http://" not in " ".join(slide.seen for slide in DECK)


def test_no_picture_and_no_live_slide_is_shown_twice():
    shown = [name for slide in DECK for name in [*slide.figures, *slide.live]]
    assert len(shown) == len(set(shown))
