"""Installing: the list of packages, the Makefile, the set-up cell and the library's floors."""

import ast
import graphlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tools import prepare_notebooks
from tools.notebook_files import ROOT, project

# A file imports only from floors below its own; the files of a package share its floor.
FLOORS = {
    "checks": 0, "files": 0, "stand_ins": 0,
    "device": 1, "fit": 1, "labels": 1, "losses": 1, "progress": 1,
    "states": 1,
    "data": 2, "figures": 2, "latent": 2, "metrics": 2, "models": 2, "training": 2,
    "augmenting": 3, "bias": 3, "conditioning": 3, "detecting": 3, "drawings": 3, "failures": 3,
    "growing": 3, "heads": 3, "inpainting": 3, "judging": 3, "lesson_codes": 3, "plane": 3,
    "project": 3, "questions": 3, "sentences": 3, "styles": 3, "up_convolution": 3, "variety": 3,
    "wasserstein": 3,
    # Topics on top of others: lesson codes, the plane, the Wasserstein game.
    "choices": 3.2, "live_game": 3.2, "arena": 3.5, "failure_cards": 3.7,
    "words": 3.5,  # a topic on top of others: conditioning, sentences
    "checkpoints": 4,
    # Topics on top of the networks that ship.
    "league": 4.5, "room": 4.5, "recording": 4.6, "recording_files": 4.7, "recorded_runs": 4.8,
    "exercises": 5, "page": 5, "recipes": 5,
    "widgets": 6,
}
LIBRARY = ROOT / "gan_lib"
needs_make = pytest.mark.skipif(shutil.which("make") is None or os.name == "nt",
                                reason="make is not installed, or a shell script is no program")


# --- packages ---------------------------------------------------------------------------------

def test_torchvision_fits_torch():
    # A pair that does not fit fails on import: operator torchvision::nms does not exist.
    import torch
    from torchvision.ops import nms
    same = torch.tensor([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]])
    assert nms(same, scores=torch.tensor([0.1, 0.9]), iou_threshold=0.5).tolist() == [1]


def test_importing_the_library_loads_no_heavy_package():
    script = "import sys, gan_lib; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, text=True,
                            capture_output=True).stdout.split()
    assert "gan_lib" in loaded
    assert not {"torch", "torchvision", "ipywidgets", "matplotlib", "sklearn"} & set(loaded)


def test_no_package_is_listed_twice_and_torch_is_not_pinned():
    described = project()["project"]
    for extra in described["optional-dependencies"].values():  # the tests need some of the slides'
        lines = [*described["dependencies"], *extra]
        names = [Requirement(line).name.lower() for line in lines]
        assert len(names) == len(set(names))
    for requirement in requirements():
        if requirement.name in ("torch", "torchvision"):
            assert not any(part.operator in ("==", "===", "~=", "<", "<=")
                           for part in requirement.specifier)


def test_the_conda_environment_installs_the_project_and_repeats_no_package():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert set(environment["channels"]) <= {"conda-forge", "nodefaults"}
    conda = [line for line in environment["dependencies"] if isinstance(line, str)]
    pip, = [line["pip"] for line in environment["dependencies"] if isinstance(line, dict)]
    assert pip == ["-e ."]
    names = [re.match(r"[\w.-]+", line).group(0) for line in conda]
    assert sorted(names) == ["pip", "python"]
    python = conda[names.index("python")].removeprefix("python")
    assert SpecifierSet(python) == SpecifierSet(project()["project"]["requires-python"])


def test_the_makefile_and_pyproject_agree_on_the_python_versions():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    low, high = re.search(r"\(3, (\d+)\) <= sys.version_info\[:2\] <= \(3, (\d+)\)",
                          makefile).groups()
    allowed = SpecifierSet(project()["project"]["requires-python"])
    fits = [minor for minor in range(40) if f"3.{minor}.0" in allowed]
    assert fits == list(range(int(low), int(high) + 1))


def requirements() -> list[Requirement]:
    """Return all that pyproject.toml names: for the course, its slides, its tests, to build it."""
    described = project()
    extras = described["project"]["optional-dependencies"]
    lines = [*described["build-system"]["requires"], *described["project"]["dependencies"],
             *extras["slides"], *extras["test"]]
    return [Requirement(line) for line in lines]


def constraints(kind: str) -> dict[str, str]:
    """Return the versions in tests/constraints-<kind>.txt by name, "" where it gives none."""
    text = (ROOT / "tests" / f"constraints-{kind}.txt").read_text(encoding="utf-8")
    assert re.match(r"# .* as of (\d+ )?[A-Z][a-z]+ 20\d\d", text)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: version for name, _, version in (line.partition("==") for line in lines)}


def test_make_test_oldest_tests_exactly_the_lower_bounds():
    tested = constraints("oldest")
    for requirement in requirements():
        bound, = requirement.specifier
        assert bound.operator == ">=", f"{requirement} needs one lower bound"
        assert Version(bound.version) == Version(tested[requirement.name]), requirement


def test_the_course_admits_colabs_versions():
    tested = constraints("colab")
    for requirement in requirements():
        if requirement.marker is None or requirement.marker.evaluate({"python_version": "3.13"}):
            version = tested[requirement.name]
            # Colab's page shows ipywidgets 7; JupyterLab does not.
            assert not version or requirement.name == "ipywidgets" or version in \
                requirement.specifier


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The project's wheel, built in a copy: setuptools leaves its own files beside the source."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, copy)
    for folder in ("gan_lib", "slides", "tools"):
        shutil.copytree(ROOT / folder, copy / folder,
                        ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
                    "--no-build-isolation", "--wheel-dir", copy / "wheels", copy], check=True)
    built, = (copy / "wheels").glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_library_and_no_other(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    there = {path.relative_to(ROOT).as_posix() for path in LIBRARY.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts}
    assert packed == there


# --- the set-up cell --------------------------------------------------------------------------

ADDRESS = {"project": {"urls": {"Repository": "https://github.com/someone/somewhere"}}}
RUN_SETUP = """
import sys, nbformat
from nbclient.exceptions import CellExecutionError
from tools import notebook_files
from pathlib import Path
cells = [*sys.argv[1:], "import gan_lib; print(gan_lib.__file__)"]
nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
try:
    notebook_files.run(nb, Path.cwd())
except CellExecutionError:
    pass
for output in (output for cell in nb.cells for output in cell.outputs):
    print(output.get("text", ""), *output.get("traceback", []))
"""
IN_COLAB = "import sys; sys.modules['google.colab'] = sys"


def environment_without_the_course(folder):
    """Make an environment with all packages of this one, linked, except the course."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    for kind in ("purelib", "platlib"):
        for entry in os.scandir(sysconfig.get_path(kind)):
            link = os.path.join(paths[kind], entry.name)
            if not re.search("gan_(lib|course)", entry.name) and not os.path.lexists(link):
                os.symlink(entry.path, link)
    return os.path.join(paths["scripts"], "python")


@pytest.fixture(scope="module")
def foreign_kernel(tmp_path_factory):
    """Run cells in a kernel that has all packages but the course; return all that they say."""
    folder = tmp_path_factory.mktemp("foreign")
    python = environment_without_the_course(folder / "environment")
    shutil.copytree(ROOT / "tools", folder / "path" / "tools")  # without gan_lib beside it
    environment = dict(os.environ, PYTHONPATH=str(folder / "path"), PIP_NO_INDEX="1")

    def run(*cells):
        ran = subprocess.run([python, "-c", RUN_SETUP, *cells], cwd=folder, env=environment,
                             capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
    return run


@pytest.mark.parametrize("address", ["https://github.com/OWNER/gan-course",
                                     "https://github.com/someone/somewhere"])
def test_in_a_kernel_that_is_not_the_courses_one_sentence_says_what_to_do(
        foreign_kernel, monkeypatch, address):
    monkeypatch.setattr(prepare_notebooks, "address", lambda: address)
    said = foreign_kernel(prepare_notebooks.setup_source())
    assert said.count(prepare_notebooks.NOT_THE_COURSES) == 1
    assert "pip" not in said and len(said.strip().splitlines()) <= 6


def test_where_torch_is_missing_the_same_sentence_comes(tmp_path):
    # `make lab` puts the course on the path of every kernel, whatever else that kernel lacks.
    (tmp_path / "torch.py").write_text("raise ImportError('No module named torch')")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    ran = subprocess.run([sys.executable, "-c", prepare_notebooks.setup_source()], text=True,
                         env=dict(os.environ, PYTHONPATH=path), capture_output=True)
    assert ran.returncode == 1
    assert ran.stderr.strip() == prepare_notebooks.NOT_THE_COURSES


def test_in_colab_the_setup_cell_installs_the_course_in_the_running_kernel(
        foreign_kernel, wheel, monkeypatch):
    monkeypatch.setattr(prepare_notebooks, "project", lambda: ADDRESS)
    address = f"git+{prepare_notebooks.address()}"
    source = prepare_notebooks.setup_source()
    assert source.count(address) == 1
    said = foreign_kernel(IN_COLAB, source.replace(address, str(wheel)))
    assert "CPU" in said or "GPU" in said
    assert said.strip().endswith("__init__.py") and "environment" in said.splitlines()[-2]


def test_badge_and_setup_cell_carry_the_address_of_pyproject(monkeypatch):
    monkeypatch.setattr(prepare_notebooks, "project", lambda: ADDRESS)
    assert "github/someone/somewhere/blob/main/notebooks/01_x.ipynb)" in \
        prepare_notebooks.badge("01_x.ipynb")
    assert '"git+https://github.com/someone/somewhere"' in prepare_notebooks.setup_source()


# --- the Makefile -----------------------------------------------------------------------------

@pytest.fixture
def installed(tmp_path):
    """A copy of the Makefile in which everything is installed already."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "installed").touch()
    return tmp_path


def make(folder, *words):
    # Under `make test` the outer make's options would reach this one.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(["make", "-C", str(folder), *words], env=environment,
                          capture_output=True, text=True)


@needs_make
def test_a_second_make_lab_installs_nothing_until_pyproject_changes(installed):
    os.utime(installed / "pyproject.toml", (1, 1))
    shown = make(installed, "-n", "lab", "ARGS=--no-browser --port 8899").stdout
    assert "pip install" not in shown
    assert "--ServerApp.ip=127.0.0.1" in shown and "--no-browser --port 8899" in shown
    os.utime(installed / ".venv" / "installed", (0, 0))
    assert "pip install" in make(installed, "-n", "lab").stdout


@needs_make
def test_make_slides_installs_what_it_needs_and_no_more(installed):
    shown = make(installed, "-n", "slides", "ARGS=--only-html").stdout
    assert "'.[slides]'" in shown and "test]" not in shown
    assert "-m slides.build --only-html" in shown
    (installed / ".venv" / "installed-slides").touch()
    assert "pip install" not in make(installed, "-n", "slides").stdout


@needs_make
def test_make_showcase_asks_for_a_folder_and_hands_on_its_list(installed):
    (installed / ".venv" / "installed-slides").touch()
    refused = make(installed, "showcase")
    assert refused.returncode != 0 and "make showcase FROM=folder" in refused.stderr
    shown = make(installed, "-n", "showcase", "FROM=our projects", "ORDER=list.txt").stdout
    assert '-m slides.showcase "our projects" --order "list.txt"' in shown


@needs_make
def test_a_failed_installation_leaves_no_stamp(installed):
    (installed / ".venv" / "installed").unlink()
    fake = installed / ".venv" / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\n[ "$3" != install ]\n')
    fake.chmod(0o755)
    ran = make(installed, "lab", f"PYTHON={sys.executable}")
    assert ran.returncode != 0
    assert "pip install" in ran.stdout
    assert not (installed / ".venv" / "installed").exists()


@needs_make
def test_a_python_that_does_not_fit_is_named_in_one_sentence(installed):
    (installed / ".venv" / "installed").unlink()
    makefile = installed / "Makefile"
    makefile.write_text(makefile.read_text().replace("(3, 10) <=", "(3, 99) <="))
    ran = make(installed, "lab", f"PYTHON={sys.executable}")
    assert ran.returncode != 0
    assert "The course needs Python 3.10 to 3.13, but this is Python" in ran.stderr


@needs_make
def test_on_windows_make_uses_the_python_and_the_path_of_windows(installed, monkeypatch):
    (installed / ".venv" / "installed-test").touch()
    shown = make(installed, "-n", "test", "OS=Windows_NT").stdout
    assert ".venv/Scripts/python.exe -m pytest" in shown and "bin/python" not in shown
    monkeypatch.setenv("PYTHONPATH", "before")
    for system, separator in (("Windows_NT", ";"), ("", ":")):
        said = make(installed, "--eval=path: ; @printenv PYTHONPATH", "path", f"OS={system}").stdout
        assert f"{installed.resolve()}{separator}before" in said.splitlines()


@needs_make
def test_make_help_names_every_command(installed):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(" ".join(re.findall(r"^\.PHONY: (.*)", makefile, flags=re.MULTILINE)).split())
    named = set(re.findall(r"^make ([\w-]+)", make(installed, "help").stdout, flags=re.MULTILINE))
    assert named == commands - {"help"}


# --- the workflow of the public forge ---------------------------------------------------------

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_the_workflow_is_one(file):
    command = [sys.executable, "-m", "check_jsonschema",
               "--builtin-schema", "vendor.github-workflows", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_workflow_tests_the_oldest_and_the_newest_python_on_three_systems():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    allowed = SpecifierSet(project()["project"]["requires-python"])
    fits = [f"3.{minor}" for minor in range(40) if f"3.{minor}.0" in allowed]
    assert matrix["python"] == [fits[0], fits[-1]]


@needs_make
@pytest.mark.parametrize("kind", ["oldest", "colab"])
def test_without_the_python_for_other_versions_make_says_how_to_name_one(kind, installed):
    (installed / "tests").mkdir()
    (installed / "tests" / f"constraints-{kind}.txt").touch()
    ran = make(installed, f"test-{kind}", f"PYTHON_{kind}=")
    assert ran.returncode != 0 and f"make test-{kind} PYTHON_{kind}=/path" in ran.stderr
    shown = make(installed, "-n", f"test-{kind}", "PYTHON_" + kind + "=python4").stdout
    assert f'"python4" -m venv --clear build/venv-{kind}' in shown
    assert f"pip install --quiet --disable-pip-version-check -r tests/constraints-{kind}.txt" \
        in shown


# --- the floors -------------------------------------------------------------------------------

def imported(path) -> set[str]:
    """Return the files of the library that the file imports, as dotted names below gan_lib."""
    package = path.relative_to(LIBRARY).parts[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = ["gan_lib", *package][:len(package) + 2 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    files = {library_file(name) for name in names if name.startswith("gan_lib.")}
    return files - {""}


def library_file(name: str) -> str:
    """Return the file, as a dotted name below gan_lib, that holds the imported name."""
    parts = name.split(".")[1:]
    while parts and not ((LIBRARY / "/".join(parts)).is_dir()
                         or (LIBRARY / "/".join(parts)).with_suffix(".py").is_file()):
        parts.pop()
    return ".".join(parts)


FILES = {".".join(path.relative_to(LIBRARY).with_suffix("").parts).removesuffix(".__init__"): path
         for path in sorted(LIBRARY.rglob("*.py")) if path != LIBRARY / "__init__.py"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_only_from_floors_below(name):
    own = name.partition(".")[0]
    assert own in FLOORS, f"give gan_lib/{own} a floor in this test"
    for other in imported(FILES[name]):
        below = other.partition(".")[0]
        assert below in FLOORS, f"gan_lib/{name} imports {other}, which has no floor"
        assert below == own or FLOORS[below] < FLOORS[own], (
            f"gan_lib/{name} (floor {FLOORS[own]}) imports {other} (floor {FLOORS[below]})")


TOPICS = {name for name, floor in FLOORS.items() if 3 <= floor < 5 and floor != 4}
# One room a topic.


def lines(path) -> int:
    """Count the lines that a reader reads: those that are not empty."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", FILES)
def test_a_room_holds_one_idea(name):
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) <= 300
    assert name not in TOPICS or lines(FILES[name]) <= 250


def test_the_core_can_be_read_in_one_sitting():
    beside = TOPICS | {"exercises", "page", "recipes", "widgets"}
    core = {name: lines(path) for name, path in FILES.items()
            if name.partition(".")[0] not in beside}
    assert sum(core.values()) <= 2800, core


def test_no_files_import_each_other_in_a_circle():
    graph = {name: {other for other in imported(path) if other != name}
             for name, path in FILES.items()}
    graphlib.TopologicalSorter(graph).prepare()
