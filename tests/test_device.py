import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from gan_lib import device


@pytest.fixture(autouse=True)
def torch_as_before():
    threads, random = torch.get_num_threads(), torch.get_rng_state()
    yield
    torch.set_default_device(None)
    torch.set_num_threads(threads)
    torch.set_rng_state(random)


def test_start_prints_one_line_about_the_device(capsys):
    device.start()
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith(("CPU:", "GPU:"))
    assert said.strip() == device.describe(device.best())


def test_start_fixes_the_seed():
    drawn = []
    for seed in (3, 3, 4):
        device.start(seed)
        drawn.append(torch.rand(5))
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_start_makes_new_tensors_on_its_device():
    device.start()
    assert torch.zeros(1).device.type == device.best().type
    assert torch.zeros(1).dtype == torch.float32 and torch.is_grad_enabled()


@pytest.mark.parametrize("processors, threads", [(None, 1), (1, 1), (2, 1), (8, 4)])
def test_start_computes_on_half_of_the_processors(monkeypatch, processors, threads):
    monkeypatch.setattr(device.os, "cpu_count", lambda: processors)
    device.start()
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("seed, error", [(-1, ValueError), (1.5, TypeError), ("a", TypeError)])
def test_start_refuses_another_seed(seed, error):
    with pytest.raises(error, match="seed must be"):
        device.start(seed)


def test_best_follows_what_torch_finds(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device.best() == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device.best() == torch.device("cuda", 0)


def test_a_gpu_is_called_by_its_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Fast 1")
    assert device.describe(torch.device("cuda", 0)).startswith("GPU: Fast 1.")
    assert device.describe(torch.device("cpu")).startswith("CPU:")


CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)


@pytest.mark.parametrize("capability, supported, expected", [
    ((7, 5), True, False),  # torch emulates bfloat16 here, and says that it is supported
    ((8, 0), True, True), ((9, 0), True, True), ((8, 0), False, False)])
def test_a_gpu_has_bfloat16_from_capability_8_on(monkeypatch, capability, supported, expected):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: supported)
    assert device.has_bfloat16(GPU) is expected


@pytest.mark.parametrize("capabilities, expected", [
    ({"avx2": True, "avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, False),
    ({"avx2": True, "avx512_bf16": True}, True),
    ({"amx_bf16": True}, True),
    ({"architecture": "aarch64", "neon": True, "bf16": True}, True),
    ({}, False)])
def test_a_cpu_has_bfloat16_if_torch_names_its_instructions(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    assert device.has_bfloat16(CPU) is expected


def test_without_onednn_the_instructions_are_of_no_use(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True},
                        raising=False)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not device.has_bfloat16(CPU)


@pytest.mark.parametrize("text, expected", [
    ("processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\n", True),
    ("Features\t: fp asimd bf16\n", True),
    ("flags\t\t: fpu avx2\n", False),
    ("an unknown kind of processor\n", False),
    (None, False)])
def test_an_older_torch_reads_the_system_s_list(monkeypatch, tmp_path, text, expected):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    monkeypatch.setattr(device, "CPUINFO", tmp_path / "cpuinfo")
    if text is not None:
        (tmp_path / "cpuinfo").write_text(text)
    assert device.has_bfloat16(CPU) is expected


def test_no_other_device_is_taken_to_have_bfloat16():
    assert not device.has_bfloat16(torch.device("mps"))


def test_threads_hold_inside_and_are_restored():
    torch.set_num_threads(2)
    with device.threads(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


def test_threads_are_restored_after_an_exception():
    torch.set_num_threads(2)
    with pytest.raises(RuntimeError, match="inside"), device.threads(1):
        raise RuntimeError("inside")
    assert torch.get_num_threads() == 2


def test_an_interrupted_cell_leaves_gradients_on():
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("from gan_lib import device; device.start(); device.start()")
        shell.run_cell("import torch; torch.set_grad_enabled(False); raise KeyboardInterrupt")
        assert torch.is_grad_enabled()
        shell.run_cell("torch.set_grad_enabled(False)")
        assert not torch.is_grad_enabled()  # whoever asks for it gets it
        assert shell.events.callbacks["post_run_cell"].count(
            device.gradients_on_after_interrupt) == 1
    finally:
        torch.set_grad_enabled(True)
        InteractiveShell.clear_instance()
