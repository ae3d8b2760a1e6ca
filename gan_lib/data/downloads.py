"""Data sets that torchvision downloads: MNIST, Fashion-MNIST, CIFAR-10 and CelebA.

They are kept in the user's cache folder, one folder for each set. The environment variable
GAN_LIB_CACHE names another folder. CelebA is for non-commercial research only.
"""

from __future__ import annotations

import errno
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
CELEBA_PAGE = "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"
# What the system says of a folder that cannot be made or filled; a network's errors differ.
NOT_WRITABLE = {getattr(errno, name, None) for name in (
    "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "EEXIST", "ENOENT")} - {None}
ANOTHER_FOLDER = ("Choose a folder that you can write to: run %env GAN_LIB_CACHE=/that/folder in "
                  "a cell, then load again.")


class DownloadError(RuntimeError):
    """A data set could not be downloaded or read; the message says what to use instead."""


def cache_folder() -> Path:
    """Return the folder that holds the downloads: GAN_LIB_CACHE, else the user's cache.

    Raises DownloadError where the user has no home folder and GAN_LIB_CACHE is not set.
    """
    import platformdirs

    chosen = os.environ.get("GAN_LIB_CACHE")
    try:
        return Path(chosen or platformdirs.user_cache_dir("gan_lib", appauthor=False)).expanduser()
    except RuntimeError as error:
        raise DownloadError(f"There is no home folder to keep downloads in. {ANOTHER_FOLDER}"
                            ) from error


def fetch(name: str):
    """Return torchvision's data set `name` (its training part), downloaded if it is not there.

    Raises ValueError for another name, and DownloadError if torchvision does not import, the
    download fails, or files in the cache are missing or damaged. Nothing there is ever removed.
    """
    checks.one_of("the name of a download", name, CLASSES)
    kind = torchvision_class(name)
    folder = cache_folder() / name
    if not os.path.isdir(folder):      # False also for a folder that may not be looked into
        download(name, kind, folder)
    try:
        return kind(folder)
    except Exception as error:         # RuntimeError: a file that torchvision reads is not right
        what = isinstance(error, RuntimeError) and lacking(kind, folder) or reason(error)
        raise DownloadError(
            f"{name!r} in {folder} cannot be read: {what}.{by_hand(name)} To download all of it "
            f"again, give the folder {folder} another name first. Or use {instead(name)}."
        ) from error


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
            with lesson_manners():
                kind(files, download=True)
            remove_archives(files)
            move(files, folder)
    except Exception as error:
        if getattr(error, "errno", None) in NOT_WRITABLE:
            raise DownloadError(f"{name!r} could not be written into {folder.parent} "
                                f"({reason(error)}). {ANOTHER_FOLDER}") from error
        raise DownloadError(
            f"{name!r} could not be downloaded. Tried: {', '.join(addresses(kind))}. Reason: "
            f"{reason(error)}. Try again later, or use {instead(name)}.{by_hand(name)}") from error


@contextmanager
def lesson_manners():
    """Show the notebook's progress bar, and give up on a server that does not answer.

    torchvision's own bar is printed in red on stderr, and without a limit Python waits for ever.
    """
    from torchvision.datasets import utils
    from tqdm.auto import tqdm

    bar, limit = utils.tqdm, socket.getdefaulttimeout()
    try:
        utils.tqdm = tqdm
        socket.setdefaulttimeout(SECONDS_WITHOUT_AN_ANSWER)
        yield
    finally:
        utils.tqdm = bar
        socket.setdefaulttimeout(limit)


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


def lacking(kind, folder: Path) -> str:
    """Return which of CelebA's files are missing or damaged; "" if none is, or for another set."""
    from torchvision.datasets.utils import check_integrity

    wrong = []
    for _, md5, name in getattr(kind, "file_list", ()):
        path = folder / kind.base_folder / name
        there = os.path.exists(path)
        if path.suffix == ".zip" and not os.path.isdir(path.with_suffix("")):
            wrong.append(f"{name} is not unpacked" if there else f"{path.stem} is missing")
        elif path.suffix != ".zip" and not check_integrity(path, md5):
            wrong.append(f"{name} is {'damaged' if there else 'missing'}")
    return ", ".join(wrong)


def reason(error: Exception) -> str:
    """Return the error in one line, without a full stop and torchvision's advice on its options."""
    text = " ".join(str(error).split()).partition(" You can use download=True")[0]
    return f"{type(error).__name__}: {text.rstrip('.') or 'no more is known'}"


def instead(name: str) -> str:
    """Return the set that needs no network, as code to type."""
    return f"data.load({INSTEAD[name]!r}), which needs no network"


def by_hand(name: str) -> str:
    """Return how to place CelebA by hand: its server often refuses, so this is the usual way."""
    if name != "celeba":
        return ""
    return (" By hand: the folder img_align_celeba, with the pictures right in it, and the five "
            f".txt files from {CELEBA_PAGE} belong into {cache_folder() / 'celeba' / 'celeba'}.")


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
        try:
            picture = own_pictures.squared(dataset[index][0], size)
        except OSError as error:
            raise DownloadError(
                f"CelebA's picture {dataset.filename[index]} cannot be read ({reason(error)}). "
                f"Unpack img_align_celeba.zip again.{by_hand('celeba')}") from error
        images[i] = torch.from_numpy(picture).permute(2, 0, 1)
    smiling = dataset.attr_names.index("Smiling")
    return images, dataset.attr[chosen, smiling].long(), ("not smiling", "smiling")
