"""Data sets that torchvision downloads: MNIST, Fashion-MNIST, CIFAR-10 and CelebA.

They are kept in the user's cache folder, one folder for each set. The environment variable
GAN_LIB_CACHE names another folder. CelebA is for non-commercial research only.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from gan_lib import checks
from gan_lib.data import own_pictures

CLASSES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "cifar10": "CIFAR10",
           "celeba": "CelebA"}
INSTEAD = {"mnist": "digits", "fashion_mnist": "digits", "cifar10": "faces", "celeba": "faces"}
SECONDS_WITHOUT_AN_ANSWER = 30
ONE_DAY = 24 * 60 * 60


class DownloadError(RuntimeError):
    """A data set could not be downloaded or read; the message says what to use instead."""


def cache_folder() -> Path:
    """Return the folder that holds the downloads: GAN_LIB_CACHE, else the user's cache."""
    import platformdirs

    chosen = os.environ.get("GAN_LIB_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("gan_lib", appauthor=False)).expanduser()


def fetch(name: str):
    """Return torchvision's data set `name` (its training part), downloaded if it is not there.

    Raises ValueError for another name, and DownloadError if torchvision does not import, the
    download fails, or the files in the cache are damaged.
    """
    checks.one_of("the name of a download", name, CLASSES)
    kind = torchvision_class(name)
    folder = cache_folder() / name
    if not folder.is_dir():
        download(name, kind, folder)
    try:
        return kind(folder)
    except Exception as error:
        raise DownloadError(
            f"The files of {name!r} in {folder} are damaged or not complete ({reason(error)}). "
            f"Delete that folder and load {name!r} again, or use {instead(name)}.") from error


def torchvision_class(name: str):
    """Import torchvision, which takes time and memory, only when it is needed."""
    try:
        from torchvision import datasets
    except Exception as error:         # RuntimeError too: torch and torchvision do not match
        raise DownloadError(
            f"{name!r} needs torchvision, which cannot be imported ({reason(error)}). Install "
            f"torch and torchvision together, or use {instead(name)}.") from error
    return getattr(datasets, CLASSES[name])


def download(name: str, kind, folder: Path) -> None:
    """Download and check one set. `folder` appears only when all of it is there.

    All files go to a temporary folder first, so a stopped download leaves nothing behind that
    a later one could take for the real thing. Raises DownloadError.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder)
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}.partial-", dir=folder.parent,
                                         ignore_cleanup_errors=True) as partial:
            files = Path(partial) / "files"
            with progress_bar(), time_limit(SECONDS_WITHOUT_AN_ANSWER):
                kind(files, download=True)
            remove_archives(files)
            move(files, folder)
    except Exception as error:
        raise DownloadError(
            f"{name!r} could not be downloaded. Tried: {', '.join(addresses(kind))}. Reason: "
            f"{reason(error)} Try again later, or use {instead(name)}.{by_hand(name)}") from error


@contextmanager
def progress_bar():
    """Let torchvision show the notebook's progress bar; its own would print in red on stderr."""
    from torchvision.datasets import utils
    from tqdm.auto import tqdm

    own = utils.tqdm
    utils.tqdm = tqdm
    try:
        yield
    finally:
        utils.tqdm = own


@contextmanager
def time_limit(seconds: float):
    """Give up on a server that does not answer; without a limit, Python waits for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed download left. A newer one may still be running in another notebook."""
    for old in folder.parent.glob(f"{folder.name}.partial-*"):
        if time.time() - old.stat().st_mtime > ONE_DAY:
            shutil.rmtree(old, ignore_errors=True)


def remove_archives(folder: Path) -> None:
    """Remove the packed files: torchvision reads the unpacked ones."""
    for path in [*folder.rglob("*.gz"), *folder.rglob("*.zip")]:
        path.unlink()


def move(files: Path, folder: Path) -> None:
    """Rename `files` to `folder`, unless another notebook has just done the same."""
    try:
        files.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def addresses(kind) -> list[str]:
    """Return where torchvision looks for the files of `kind`."""
    if hasattr(kind, "mirrors"):
        return list(kind.mirrors)
    return [kind.url] if hasattr(kind, "url") else ["Google Drive (with the package gdown)"]


def reason(error: Exception) -> str:
    """Return the error in one line that ends with a full stop."""
    text = " ".join(str(error).split()) or "no more is known"
    return f"{type(error).__name__}: {text.rstrip('.')}."


def instead(name: str) -> str:
    """Return the set that needs no network, as code to type."""
    return f"data.load({INSTEAD[name]!r}), which needs no network"


def by_hand(name: str) -> str:
    """Return how to place CelebA by hand: its server often refuses, so this is the usual way."""
    if name != "celeba":
        return ""
    return (" Or get the files yourself: put img_align_celeba (unpacked) and the five .txt files "
            f"into {cache_folder() / 'celeba' / 'celeba'}.")


def pictures(name: str, dataset, chosen: torch.Tensor, size: int):
    """Return the `chosen` (int64, (n,)) pictures of a fetched set, with labels and class names.

    The pictures are uint8 (n, C, H, W). CelebA's are cut to their middle square and made
    `size` px wide, for all of them would not fit into memory; the others have the set's own size.
    """
    if name == "celeba":
        return celeba_pictures(dataset, chosen, size)
    images = torch.from_numpy(np.asarray(dataset.data))[chosen]       # (n, H, W) or (n, H, W, 3)
    images = images[:, None] if images.ndim == 3 else images.permute(0, 3, 1, 2).contiguous()
    class_names = tuple("0123456789") if name == "mnist" else tuple(dataset.classes)
    return images, torch.as_tensor(dataset.targets)[chosen], class_names


def celeba_pictures(dataset, chosen: torch.Tensor, size: int):
    """Read and shrink one file after the other, with a progress bar."""
    from tqdm.auto import tqdm

    images = torch.empty(len(chosen), 3, size, size, dtype=torch.uint8)
    for i, index in enumerate(tqdm(chosen.tolist(), desc="reading CelebA", unit=" pictures")):
        picture, _ = dataset[index]
        images[i] = torch.from_numpy(own_pictures.squared(picture, size)).permute(2, 0, 1)
    smiling = dataset.attr_names.index("Smiling")
    return images, dataset.attr[chosen, smiling].long(), ("not smiling", "smiling")
