"""Files from others: damaged, crafted, or not files at all. Each gets one sentence."""

import hashlib
import json
import os
import pickle
import struct

import pytest
import torch
from safetensors import torch as safetensors

from gan_lib import checkpoints, models

ARGUMENTS = {"questions": {"digit": 2}, "size": 16, "width": 1}
CARD = {"network": "Classifier", "arguments": ARGUMENTS, "seed": 7}


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(checkpoints.device, "best", lambda: torch.device("cpu"))


def weights():
    torch.manual_seed(0)
    return {key: value.half() if value.is_floating_point() else value
            for key, value in models.Classifier(**ARGUMENTS).state_dict().items()}


def craft(folder, card=CARD, tensors=None, text=None, **metadata):
    """Write a file as somebody could who knows the format, checksums included."""
    tensors = weights() if tensors is None else tensors
    text = json.dumps(card) if text is None else text
    bare = safetensors.save(tensors)
    body = bare[8 + struct.unpack("<Q", bare[:8])[0]:]
    path = folder / "net.safetensors"
    path.write_bytes(safetensors.save(tensors, {
        "card": text, "card_checksum": hashlib.sha256(text.encode()).hexdigest(),
        "checksum": hashlib.sha256(body).hexdigest(), **metadata}))
    return path


def refused(folder, sentence, error=ValueError, load=checkpoints.load, name="net"):
    with pytest.raises(error) as caught:
        load(name, folder)
    text = str(caught.value)
    assert sentence in text and text.endswith(".") and "Errno" not in text, text
    assert "weights_only" not in text and caught.value.__cause__ is None


def test_a_file_made_by_hand_is_loaded(tmp_path):
    craft(tmp_path)
    found = checkpoints.load("net", tmp_path).state_dict()
    assert all(torch.equal(found[key], value.to(found[key].dtype))
               for key, value in weights().items())


# ---- cards

@pytest.mark.parametrize("card", [[], [1, 2], "text", 3, None, True])
def test_a_card_that_is_no_dict_is_refused(tmp_path, card):
    craft(tmp_path, card)
    refused(tmp_path, "is not a whole file of this course")
    refused(tmp_path, "is not a whole file of this course", load=checkpoints.card)


@pytest.mark.parametrize("key", ["network", "arguments"])
def test_a_card_without_a_key_is_refused(tmp_path, key):
    craft(tmp_path, {name: value for name, value in CARD.items() if name != key})
    refused(tmp_path, "must hold 'network' and 'arguments'")


@pytest.mark.parametrize("network", ["os.system", "", None, 3, ["Classifier"], {"a": 1}])
def test_a_card_of_an_unknown_network_is_refused(tmp_path, network):
    craft(tmp_path, {**CARD, "network": network})
    refused(tmp_path, f"must be one of {', '.join(map(repr, checkpoints.BUILDERS))}, but it is")


@pytest.mark.parametrize("arguments", [
    None, [], [1], "size", {"depth": 3}, {}, {**ARGUMENTS, "size": 17}, {**ARGUMENTS, "width": -1},
    {**ARGUMENTS, "width": 2.5}, {**ARGUMENTS, "questions": []}, {**ARGUMENTS, "questions": 3},
    {**ARGUMENTS, "questions": {"a.b": 2}}, {**ARGUMENTS, "width": 10**40}])
def test_a_card_that_builds_no_network_is_refused(tmp_path, arguments):
    craft(tmp_path, {**CARD, "arguments": arguments})
    refused(tmp_path, "do not build a Classifier")


@pytest.mark.parametrize("network, arguments", [
    ("Classifier", {**ARGUMENTS, "width": 2}), ("Classifier", {**ARGUMENTS, "width": 10**6}),
    ("ConvGenerator", {"z_dim": 10**12}), ("FullyConnectedGenerator", {"width": 10**6}),
    ("ConvDiscriminator", {"width": 10**5, "spectral_norm": True})])
def test_a_card_that_asks_for_another_network_is_refused_before_it_is_built(
        tmp_path, monkeypatch, network, arguments):
    path = craft(tmp_path, {**CARD, "network": network, "arguments": arguments})

    def build(**arguments):
        assert torch.zeros(()).device.type == "meta", "a network is being built"
        return getattr(models, network)(**arguments)
    monkeypatch.setitem(checkpoints.BUILDERS, network, build)
    refused(tmp_path, f"The weights in {path} are not those of the network on its card")


# ---- tensors

def test_weights_that_are_not_numbers_are_refused(tmp_path):
    for value in (float("nan"), float("inf")):
        tensors = weights()
        tensors["answers.digit.bias"][1] = value
        craft(tmp_path, tensors=tensors)
        refused(tmp_path, "NaN, infinite")


def changed(change):
    tensors = weights()
    change(tensors)
    return tensors


@pytest.mark.parametrize("change", [
    lambda t: t.pop("answers.digit.bias"),
    lambda t: t.update(extra=torch.zeros(2)),
    lambda t: t.update({"answers.digit.bias": torch.zeros(3).half()}),
    lambda t: t.update({"answers.digit.bias": torch.zeros(2)}),
    lambda t: t.update({"answers.digit.bias": torch.zeros(2, dtype=torch.int16)}),
    lambda t: t.update({"answers.digit.bias": torch.zeros(1, 2).half()}),
    lambda t: t.clear()])
def test_other_names_shapes_and_dtypes_are_refused(tmp_path, change):
    craft(tmp_path, tensors=changed(change))
    refused(tmp_path, "names, shapes or dtypes differ")


# ---- damage

def test_any_changed_byte_is_noticed(tmp_path):
    path = craft(tmp_path)
    whole = path.read_bytes()
    header = 8 + struct.unpack("<Q", whole[:8])[0]
    places = [*range(0, header, 3), *range(header, len(whole), 29), len(whole) - 1]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"is not a whole file|names, shapes or dtypes"):
            checkpoints.load("net", tmp_path)


def test_any_length_but_the_whole_is_noticed(tmp_path):
    path = craft(tmp_path)
    whole = path.read_bytes()
    for length in [*range(12), *range(12, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        refused(tmp_path, "is not a whole file of this course")
    path.write_bytes(whole + b"more")
    refused(tmp_path, "is not a whole file of this course")


def with_length(header, length=None):
    return struct.pack("<Q", len(header) if length is None else length) + header


@pytest.mark.parametrize("content", [
    b"", b"text", b"\0" * 100, b"\xff" * 100, with_length(b"{}", 2**62), with_length(b"{}"),
    with_length(b"[]"), with_length(b"null"), with_length(b'{"__metadata__": null}'),
    with_length(b'{"__metadata__": []}'), with_length(b'{"__metadata__": {"card": 1}}'),
    with_length(b"[" * 100_000), pickle.dumps({"a": 1}), safetensors.save(weights())])
def test_something_else_is_refused(tmp_path, content):
    (tmp_path / "net.safetensors").write_bytes(content)
    refused(tmp_path, "is not a whole file of this course: it is damaged, of an older version, or")
    refused(tmp_path, "is not a whole file of this course", load=checkpoints.card)


@pytest.mark.parametrize("metadata", [
    {"card_checksum": "0"}, {"checksum": "0"}, {"checksum": ""}])
def test_a_wrong_checksum_is_refused(tmp_path, metadata):
    craft(tmp_path, **metadata)
    refused(tmp_path, "is not a whole file of this course")


# ---- no files

@pytest.mark.parametrize("name", [
    "", " ", ".", "..", "../digits", "a/b", "a\\b", "/etc/passwd", ".hidden", "net\n", "a\0b",
    "x" * 101, None, 3, ["net"], b"net"])
def test_a_name_is_a_word(tmp_path, name):
    for load in (checkpoints.load, checkpoints.card):
        refused(tmp_path, "name must be a word or two", load=load, name=name)
    network = models.Classifier(**ARGUMENTS)
    with pytest.raises(ValueError, match="name must be a word or two"):
        checkpoints.save(name, network, ARGUMENTS, folder=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["net", "two words", "v1.2-b", "Zoë_3", "7"])
def test_usual_names_are_taken(tmp_path, name):
    checkpoints.save(name, models.Classifier(**ARGUMENTS), ARGUMENTS, folder=tmp_path)
    assert checkpoints.card(name, tmp_path)["arguments"] == ARGUMENTS


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    (tmp_path / "net.safetensors").mkdir()
    refused(tmp_path, "must be a file, but it is a folder or a device")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "net.safetensors")
    for load in (checkpoints.load, checkpoints.card):
        refused(tmp_path, "must be a file, but it is a folder or a device", load=load)


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = craft(tmp_path)

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr("builtins.open", forbidden)
    refused(tmp_path, f"{path} cannot be read: Permission denied.", PermissionError)
