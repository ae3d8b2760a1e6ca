"""Notebooks with real photographs: one line is changed, as their text says, and the cells run.

The photographs are files as a camera writes them, some of them turned by their EXIF mark. ■ is
pressed early in every loop, so that training takes no time.
"""

import io

import pytest
from PIL import Image

from gan_lib import data
from notebook_shell import Names, Shell, stop_pressed_at
from tools.notebook_files import NOTEBOOKS, code_cells, read

ORIENTATION = 0x0112  # of EXIF; 6: the camera was turned by a quarter


@pytest.fixture
def photographs(tmp_path):
    """A folder of 42 JPEGs in two subfolders, faces of the course as a camera would store them."""
    faces = data.load("faces", n=42).images.permute(0, 2, 3, 1).cpu().numpy()
    for number, pixels in enumerate(faces):
        folder = tmp_path / "my_folder" / ("glad", "sad")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        picture, exif = Image.fromarray(pixels).resize((90, 120)), Image.Exif()
        if number % 3 == 0:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
            exif[ORIENTATION] = 6
        content = io.BytesIO()
        picture.save(content, "jpeg", exif=exif)
        (folder / f"{number}.jpg").write_bytes(content.getvalue())
    return tmp_path / "my_folder"


def needed(cells, wanted: str) -> list:
    """Return the cells that read what the cell with `wanted` binds, and all that these need."""
    names = [Names(cell.source) for cell in cells]
    changed, = (number for number, cell in enumerate(cells) if wanted in cell.source)
    tainted, after = set(names[changed].bound), {changed}
    for number in range(changed + 1, len(cells)):
        if names[number].outside & tainted:
            tainted |= names[number].bound
            after.add(number)
    asked = set().union(*(names[number].outside for number in after))
    for number in reversed(range(changed)):
        if names[number].bound & asked:
            after.add(number)
            asked |= names[number].outside
    return [cells[number] for number in sorted(after)]


@pytest.mark.parametrize("notebook, line", [("08", 'data.load("faces", n=1000)'),
                                            ("11", 'data.load("faces", n=3500, seed=7)')])
def test_a_notebook_runs_on_a_folder_of_photographs(notebook, line, photographs, monkeypatch):
    path, = (path for path in NOTEBOOKS if path.name.startswith(notebook))
    assert 'data.pictures("my_folder", size=32)' in path.read_text().replace('\\"', '"')
    monkeypatch.chdir(photographs.parent)
    shell, ran = Shell(), 0
    shell.forget()
    with stop_pressed_at(5):
        for cell in needed(code_cells(read(path)), line):
            ran += line in cell.source
            cell.source = cell.source.replace(line, 'data.pictures("my_folder", size=32)')
            result = shell.run(cell)
            assert result.error is None, f"{cell.source}\n\n{result.error!r}"
    assert ran == 1
    mine = shell.names.get("mine", shell.names.get("known"))
    assert len(mine) == 42 and mine.class_names == ("glad", "sad")
