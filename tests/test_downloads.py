"""The downloads, with small files in the true formats and a server on this computer."""

import errno
import gzip
import hashlib
import http.server
import io
import os
import pickle
import re
import shutil
import socket
import struct
import sys
import tarfile
import threading
import time
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torchvision import datasets

from gan_lib import data
from gan_lib.data import downloads

ATTRIBUTES = ["Bald", "Smiling", "Young"]


class Site:
    """A web server on 127.0.0.1; `broken` names files whose transfer it stops half-way."""

    def __init__(self):
        self.files, self.broken, self.asked = {}, set(), []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.lstrip("/")
                site.asked.append(name)
                if name not in site.files:
                    return self.send_error(404)
                content = site.files[name]
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if name in site.broken:
                    content = content[:len(content) // 2]
                try:
                    self.wfile.write(content)
                except ConnectionError:        # torchvision first asks without reading
                    pass

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_LIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache"


@pytest.fixture
def closed_address():
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))            # bound, but it does not listen
        yield f"http://127.0.0.1:{port.getsockname()[1]}/"


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def random_bytes(*shape) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


# ---- the true formats

def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def mnist_files(site, monkeypatch, kind, n=12):
    images, labels = random_bytes(n, 28, 28), np.arange(n, dtype=np.uint8) % 10
    contents = {}
    for part in ("train", "t10k"):
        contents[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(idx(images))
        contents[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx(labels))
    site.files.update(contents)
    monkeypatch.setattr(kind, "mirrors", [site.address])
    monkeypatch.setattr(kind, "resources", [(name, md5(c)) for name, c in contents.items()])
    return torch.from_numpy(images), torch.from_numpy(labels).long()


def cifar_files(site, monkeypatch, n=3):
    kind, pixels = datasets.CIFAR10, random_bytes(6, n, 3072)
    labels = [[(7 * part + i) % 10 for i in range(n)] for part in range(6)]
    parts = {f"data_batch_{i + 1}": {"batch_label": f"training batch {i + 1} of 5",
                                     "labels": labels[i], "data": pixels[i],
                                     "filenames": [f"{i}_{j}.png" for j in range(n)]}
             for i in range(5)}
    parts["test_batch"] = {"labels": labels[5], "data": pixels[5]}
    parts["batches.meta"] = {"num_cases_per_batch": n, "num_vis": 3072, "label_names": [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, part in parts.items():
            parts[name] = content = pickle.dumps(part, protocol=2)
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    site.files[kind.filename] = packed.getvalue()
    monkeypatch.setattr(kind, "url", site.address + kind.filename)
    monkeypatch.setattr(kind, "tgz_md5", md5(packed.getvalue()))
    sums = [[name, md5(parts[name])] for name in parts]
    monkeypatch.setattr(kind, "train_list", sums[:5])
    monkeypatch.setattr(kind, "test_list", sums[5:6])
    monkeypatch.setattr(kind, "meta", {**kind.meta, "md5": md5(parts["batches.meta"])})
    images = torch.from_numpy(pixels[:5]).reshape(-1, 3, 32, 32)
    return images, torch.tensor(labels[:5]).flatten()


def celeba_picture(i: int) -> bytes:
    """Green bands above and below, which the square cut must remove; the left half is darker."""
    picture = Image.new("RGB", (178, 218), (0, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 20, 88, 197], fill=(20 * i, 0, 0))
    draw.rectangle([89, 20, 177, 197], fill=(20 * i, 0, 200))
    content = io.BytesIO()
    picture.save(content, "jpeg", quality=95, subsampling=0)
    return content.getvalue()


def celeba_files(monkeypatch, n=8) -> dict[str, bytes]:
    names = [f"{i + 1:06d}.jpg" for i in range(n)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for i, name in enumerate(names):
            archive.writestr(f"img_align_celeba/{name}", celeba_picture(i))

    def table(rows, *header):
        lines = [*header, *(f"{name} {row}" for name, row in zip(names, rows))]
        return ("\n".join(lines) + "\n").encode()

    signs = ["-1  1 -1", " 1 -1  1"] * n             # Smiling: every other one, from the first
    files = {
        "img_align_celeba.zip": packed.getvalue(),
        "list_attr_celeba.txt": table(signs, str(n), " ".join(ATTRIBUTES) + " "),
        "identity_CelebA.txt": table([str(100 + i) for i in range(n)]),
        "list_bbox_celeba.txt": table(["95  71 226 313"] * n, str(n),
                                      "image_id x_1 y_1 width height"),
        "list_landmarks_align_celeba.txt": table(
            ["69  109  106  113   77  142   73  152  108  154"] * n, str(n),
            "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y "
            "leftmouth_x leftmouth_y rightmouth_x rightmouth_y"),
        "list_eval_partition.txt": table(["0"] * (n - 2) + ["1", "2"]),
    }
    monkeypatch.setattr(datasets.CelebA, "file_list", [
        (f"id of {name}", md5(content), name) for name, content in files.items()])
    return files


def pretend_gdown(monkeypatch, download):
    monkeypatch.setitem(sys.modules, "gdown", types.SimpleNamespace(download=download))


# ---- what is loaded is what was served

@pytest.mark.parametrize("name, kind, first_class", [
    ("mnist", datasets.MNIST, "0"), ("fashion_mnist", datasets.FashionMNIST, "T-shirt/top")])
def test_mnist_is_downloaded_once_and_read(name, kind, first_class, site, monkeypatch, cache):
    images, labels = mnist_files(site, monkeypatch, kind)
    samples = data.load(name, 28, device="cpu")
    assert torch.equal(samples.images, images[:, None]) and torch.equal(samples.labels, labels)
    assert samples.class_names[0] == first_class and len(samples.class_names) == 10
    asked = len(site.asked)
    samples = data.load(name, device="cpu")
    assert len(site.asked) == asked > 0
    assert repr(samples) == (f"{name}: 12 grey images of 32x32 px, 10 classes, "
                             "12.3 kB in memory, on cpu")
    for mine, original in zip(samples.images[:, 0], images):
        # As floats: with bytes, Pillow also clamps half-way, between rows and columns.
        expected = np.asarray(Image.fromarray(original.numpy().astype(np.float32)).resize(
            (32, 32), Image.Resampling.BICUBIC))
        assert np.abs(mine.numpy() - expected.clip(0, 255)).max() < 0.51
    left = [path.name for path in cache.rglob("*") if path.is_file()]
    assert len(left) == 4 and not any(name.endswith(".gz") for name in left)
    assert [path.name for path in cache.iterdir()] == [name]


def test_cifar10_is_downloaded_and_read(site, monkeypatch, cache):
    images, labels = cifar_files(site, monkeypatch)
    samples = data.load("cifar10", device="cpu")
    assert torch.equal(samples.images, images) and torch.equal(samples.labels, labels)
    assert samples.class_names[3] == "cat"
    assert "15 colour images of 32x32 px" in repr(samples)
    few = data.load("cifar10", 16, n=5, seed=1, device="cpu")
    assert few.images.shape == (5, 3, 16, 16)
    means = images.float().mean(dim=(2, 3))
    match = torch.cdist(few.images.float().mean(dim=(2, 3)), means).argmin(dim=1)
    assert len(match.unique()) == 5 and torch.equal(few.labels, labels[match])
    with pytest.raises(ValueError, match="from 1 to 15, but it is 16"):
        data.load("cifar10", n=16)
    assert not list(cache.rglob("*.gz"))


@pytest.mark.parametrize("size", [64, 32])
def test_celeba_is_downloaded_cut_and_read(size, monkeypatch, cache):
    files = celeba_files(monkeypatch)

    def download(id, output, **options):
        Path(output).write_bytes(files[id.removeprefix("id of ")])

    pretend_gdown(monkeypatch, download)
    samples = data.load("celeba", size, device="cpu")
    assert samples.images.shape == (6, 3, size, size)              # 2 of 8 are not for training
    assert samples.labels.tolist() == [1, 0, 1, 0, 1, 0]
    assert samples.class_names == ("not smiling", "smiling")
    for i, picture in enumerate(samples.images.float()):
        assert picture[1].mean() < 3                               # the green bands are cut away
        assert (picture[0] - 20 * i).abs().mean() < 3
        assert picture[2, :, :size // 2 - 2].mean() < 3
        assert (picture[2, :, size // 2 + 2:] - 200).abs().mean() < 3
    assert not list(cache.rglob("*.zip"))
    monkeypatch.setattr(data, "CELEBA_PICTURES", 4)
    assert len(data.load("celeba", size, device="cpu")) == 4
    assert len(data.load("celeba", size, n=5, device="cpu")) == 5


@pytest.fixture
def celeba_by_hand(monkeypatch, cache):
    """CelebA's folder as someone fills it by hand: all six files are there, the zip unpacked."""
    folder = cache / "celeba" / "celeba"
    folder.mkdir(parents=True)
    for name, content in celeba_files(monkeypatch).items():
        (folder / name).write_bytes(content)
    zipfile.ZipFile(folder / "img_align_celeba.zip").extractall(folder)
    return folder


def test_celeba_files_may_be_put_there_by_hand(celeba_by_hand):
    assert len(data.load("celeba", 32, n=3, device="cpu")) == 3
    (celeba_by_hand / "img_align_celeba.zip").unlink()
    assert len(data.load("celeba", 32, n=3, device="cpu")) == 3


PICTURES, IDENTITIES, BOXES = "img_align_celeba", "identity_CelebA.txt", "list_bbox_celeba.txt"


@pytest.mark.parametrize("missing, damaged, said", [
    ([PICTURES], [], "img_align_celeba.zip is not unpacked."),
    ([PICTURES, f"{PICTURES}.zip"], [], "img_align_celeba is missing."),
    ([IDENTITIES, BOXES], [], f"{IDENTITIES} is missing, {BOXES} is missing."),
    ([PICTURES, IDENTITIES], [BOXES], "img_align_celeba.zip is not unpacked, "
                                      f"{IDENTITIES} is missing, {BOXES} is damaged."),
])
def test_what_celeba_by_hand_lacks_is_named(missing, damaged, said, celeba_by_hand):
    for name in missing:
        path = celeba_by_hand / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in damaged:
        (celeba_by_hand / name).write_text("half")
    with pytest.raises(data.DownloadError) as caught:
        data.load("celeba")
    message = str(caught.value)
    assert f"cannot be read: {said} By hand: " in message and downloads.CELEBA_PAGE in message
    assert f"belong into {celeba_by_hand}." in message and "download=True" not in message
    assert_nothing_is_to_be_deleted(message)


def test_a_file_of_celeba_that_may_not_be_read_is_named(monkeypatch, celeba_by_hand):
    def refuse(path, md5):                     # permissions would not stop a test run by root
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for module in (datasets.celeba, datasets.utils):
        monkeypatch.setattr(module, "check_integrity", refuse)
    with pytest.raises(data.DownloadError, match="Permission denied: .*list_attr_celeba.txt"):
        data.load("celeba")


@pytest.mark.parametrize("how", ["lies deeper", "half", "not a picture"])
def test_a_picture_of_celeba_that_cannot_be_read_is_named(how, celeba_by_hand):
    picture = celeba_by_hand / PICTURES / "000003.jpg"
    if how == "lies deeper":                   # "Extract all" makes a folder of the zip's name
        picture.parent.rename(celeba_by_hand / "zip")
        picture.parent.mkdir()
        (celeba_by_hand / "zip").rename(picture.parent / PICTURES)
    else:
        picture.write_bytes(picture.read_bytes()[:1500] if how == "half" else b"<html>")
    with pytest.raises(data.DownloadError, match="img_align_celeba, with the pictures right in it"
                       ) as caught:
        data.load("celeba")
    named = "000001.jpg" if how == "lies deeper" else "000003.jpg"
    assert f"CelebA's picture {named} cannot be read" in str(caught.value)
    assert_nothing_is_to_be_deleted(str(caught.value))


def assert_nothing_is_to_be_deleted(message):
    assert not re.search("delete|remove|erase|throw", message, re.IGNORECASE), message


def test_downloads_are_made_well_whatever_the_default_device_is(site, monkeypatch):
    images, labels = cifar_files(site, monkeypatch)
    with torch.device("meta"):
        samples = data.load("cifar10", device="cpu")
    assert torch.equal(samples.images, images) and torch.equal(samples.labels, labels)


# ---- no network, and half a file

@pytest.mark.parametrize("name, kind, attribute, instead", [
    ("mnist", datasets.MNIST, "mirrors", "digits"),
    ("fashion_mnist", datasets.FashionMNIST, "mirrors", "digits"),
    ("cifar10", datasets.CIFAR10, "url", "faces")])
def test_without_a_network_the_error_says_what_to_use(name, kind, attribute, instead,
                                                      closed_address, monkeypatch, cache):
    both = [closed_address + "a/", closed_address + "b/"]
    monkeypatch.setattr(kind, attribute, both if attribute == "mirrors" else closed_address)
    with pytest.raises(data.DownloadError) as caught:
        data.load(name)
    said = str(caught.value)
    assert f"'{name}' could not be downloaded" in said
    assert f"data.load('{instead}')" in said and "refused" in said
    assert all(address in said for address in (both if attribute == "mirrors" else both[0][:-2]))
    assert isinstance(caught.value, RuntimeError) and caught.value.__cause__ is not None
    assert "\n" not in said and list(cache.iterdir()) == []


@pytest.mark.parametrize("how", ["no gdown", "quota", "wrong file"])
def test_celeba_that_google_refuses_says_what_to_use(how, monkeypatch, cache):
    celeba_files(monkeypatch)

    def download(id, output, **options):
        if how == "quota":
            raise Exception("Too many users have viewed or downloaded this file recently.")
        Path(output).write_text("<html>a page that asks to log in</html>")

    pretend_gdown(monkeypatch, download)
    if how == "no gdown":
        monkeypatch.setitem(sys.modules, "gdown", None)
    with pytest.raises(data.DownloadError) as caught:
        data.load("celeba")
    said = str(caught.value)
    reason = {"no gdown": "pip install gdown", "quota": "Too many users", "wrong file": "corrupted"}
    assert "Google Drive" in said and reason[how] in said and "data.load('faces')" in said
    assert str(cache / "celeba" / "celeba") in said and list(cache.iterdir()) == []


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_after_half_a_file_the_next_try_succeeds(name, site, monkeypatch, cache):
    if name == "mnist":
        images, _ = mnist_files(site, monkeypatch, datasets.MNIST)
        images, site.broken = images[:, None], {"t10k-images-idx3-ubyte.gz"}
    else:
        images, _ = cifar_files(site, monkeypatch)
        site.broken = {datasets.CIFAR10.filename}
    with pytest.raises(data.DownloadError, match="Try again later"):
        data.load(name)
    assert list(cache.iterdir()) == []
    site.broken = set()
    assert torch.equal(data.load(name, images.shape[-1], device="cpu").images, images)


def test_a_second_mirror_is_tried(site, closed_address, monkeypatch):
    images, _ = mnist_files(site, monkeypatch, datasets.MNIST)
    monkeypatch.setattr(datasets.MNIST, "mirrors", [closed_address, site.address])
    assert len(data.load("mnist", device="cpu")) == len(images)


def test_the_stop_button_leaves_nothing_and_undoes_what_was_set(site, monkeypatch, cache):
    images, _ = mnist_files(site, monkeypatch, datasets.MNIST)
    from torchvision.datasets import utils
    own, limit = utils.tqdm, socket.getdefaulttimeout()

    class StoppedBar:
        def __init__(self, *arguments, **options):
            if len(site.asked) > 4:                     # in the middle of the third file
                raise KeyboardInterrupt
            self.update = lambda amount: None

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

    with monkeypatch.context() as patch:
        patch.setattr("tqdm.auto.tqdm", StoppedBar)
        with pytest.raises(KeyboardInterrupt):
            data.load("mnist")
    assert len(site.asked) > 4
    assert list(cache.iterdir()) == []
    assert utils.tqdm is own and socket.getdefaulttimeout() == limit
    assert len(data.load("mnist", device="cpu")) == len(images)


def test_what_a_killed_download_left_does_not_count_and_goes_after_a_day(
        site, monkeypatch, cache):
    images, _ = mnist_files(site, monkeypatch, datasets.MNIST)
    for name in ("mnist.partial-old", "mnist.partial-new"):
        half = cache / name / "files" / "MNIST" / "raw" / "train-images-idx3-ubyte"
        half.parent.mkdir(parents=True)
        half.write_bytes(b"\x00\x00\x08")
    two_days_ago = time.time() - 2 * downloads.ONE_DAY
    os.utime(cache / "mnist.partial-old", (two_days_ago, two_days_ago))
    assert len(data.load("mnist", device="cpu")) == len(images)
    assert sorted(path.name for path in cache.iterdir()) == ["mnist", "mnist.partial-new"]


def test_another_notebook_may_finish_first(site, monkeypatch, cache):
    images, _ = mnist_files(site, monkeypatch, datasets.MNIST)
    data.load("mnist")
    downloads.download("mnist", datasets.MNIST, cache / "mnist")
    assert [path.name for path in cache.iterdir()] == ["mnist"]
    assert len(data.load("mnist", device="cpu")) == len(images)


@pytest.mark.parametrize("name, how", [("mnist", "half"), ("mnist", "gone"), ("cifar10", "half")])
def test_a_damaged_set_stays_and_is_downloaded_beside_it(name, how, site, monkeypatch, cache):
    if name == "mnist":
        mnist_files(site, monkeypatch, datasets.MNIST)
        file = cache / "mnist" / "MNIST" / "raw" / "train-images-idx3-ubyte"
    else:
        cifar_files(site, monkeypatch)
        file = cache / "cifar10" / "cifar-10-batches-py" / "data_batch_3"
    whole = data.load(name, device="cpu")
    file.write_bytes(file.read_bytes()[:500]) if how == "half" else file.unlink()
    with pytest.raises(data.DownloadError) as caught:
        data.load(name)
    said = str(caught.value)
    assert f"{name!r} in {cache / name} cannot be read: RuntimeError: " in said
    assert f"give the folder {cache / name} another name first" in said
    assert "download=True" not in said and "\n" not in said
    assert_nothing_is_to_be_deleted(said)
    (cache / name).rename(cache / "old")
    assert torch.equal(data.load(name, device="cpu").images, whole.images)
    assert len(list((cache / "old").rglob("*"))) >= 4


def test_a_silent_server_is_given_up(monkeypatch):
    monkeypatch.setattr(downloads, "SECONDS_WITHOUT_AN_ANSWER", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(datasets.CIFAR10, "url", f"http://127.0.0.1:{port}/cifar.tar.gz")
        hang_up = threading.Timer(5, silent.close)       # so that the test fails and does not hang
        hang_up.start()
        with pytest.raises(data.DownloadError, match="timed out"):
            data.load("cifar10")
        hang_up.cancel()


# ---- no place to write

def test_a_file_in_the_way_of_the_cache_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("GAN_LIB_CACHE", str(tmp_path / "file"))
    with pytest.raises(data.DownloadError) as caught:
        data.load("mnist")
    assert f"into {tmp_path / 'file'} (" in str(caught.value)
    assert "%env GAN_LIB_CACHE=" in str(caught.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("when", ["making the folder", "filling it"])
def test_a_cache_that_cannot_be_written_is_named(number, when, monkeypatch, cache):
    def refuse(*arguments, **options):
        raise OSError(number, os.strerror(number))

    if when == "making the folder":            # permissions would not stop a test run by root
        monkeypatch.setattr(Path, "mkdir", refuse)
    else:
        monkeypatch.setattr(datasets.MNIST, "download", refuse)
    with pytest.raises(data.DownloadError) as caught:
        data.load("mnist")
    said = str(caught.value)
    assert f"'mnist' could not be written into {cache} (" in said and os.strerror(number) in said
    assert "%env GAN_LIB_CACHE=" in said and "Try again later" not in said


def test_a_user_without_a_home_is_told_to_name_a_folder(monkeypatch, tmp_path):
    def nobody(user):
        raise KeyError(user)

    monkeypatch.setattr(pytest.importorskip("pwd"), "getpwuid", nobody)
    for name in ("HOME", "GAN_LIB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(data.DownloadError, match="no home folder.*%env GAN_LIB_CACHE="):
        data.load("mnist")
    monkeypatch.setenv("GAN_LIB_CACHE", str(tmp_path))
    assert downloads.cache_folder() == tmp_path


def test_torchvision_that_does_not_import_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(data.DownloadError, match="needs torchvision.*data.load\\('digits'\\)"):
        data.load("mnist")


def test_the_cache_is_the_users_unless_the_variable_says_otherwise(monkeypatch, cache):
    import platformdirs
    assert downloads.cache_folder() == cache
    monkeypatch.setenv("GAN_LIB_CACHE", "~/sets")
    assert downloads.cache_folder() == Path.home() / "sets"
    monkeypatch.delenv("GAN_LIB_CACHE")
    assert downloads.cache_folder() == Path(platformdirs.user_cache_dir("gan_lib", False))


def test_the_names_are_those_of_data():
    assert set(downloads.CLASSES) == set(downloads.INSTEAD) == set(data.SIZES) - {"digits", "faces"}
    assert all(hasattr(datasets, kind) for kind in downloads.CLASSES.values())
    with pytest.raises(ValueError, match="must be one of"):
        downloads.fetch("imagenet")
