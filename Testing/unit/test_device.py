"""Devices: which there are, what they can do, and where work goes that one cannot do; without any GPU."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from IQTLib import device
from IQTLib.device import (
    Fallback,
    autocast,
    available,
    choose,
    computes_bfloat16,
    is_out_of_memory,
    memory,
    network_precision,
)
from IQTLib.errors import InputError
from IQTLib.events import Event, Reporter
from test_cli import LIBRARY


def old_mem_get_info(name):
    """As torch before 2.5: a device without a number is not known."""
    if torch.device(name).index is None:
        raise ValueError(f"Expected a torch.device with a specified index or an integer, but got: {name}")
    return 2**30, 2**34


@pytest.fixture
def gpus(monkeypatch):
    """Two GPUs of a Turing and an Ampere chip under a torch that counts emulated bfloat16 as supported."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda name: f"GPU {torch.device(name).index}")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda name: ((7, 5), (8, 0))[torch.device(name).index])
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda *_: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", old_mem_get_info)


@pytest.fixture
def apple(monkeypatch):
    """An Apple GPU of a torch with all operations; its memory is that of a torch before 2.3."""
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(device, "missing_on_mps", lambda: None)
    monkeypatch.delattr(torch.mps, "recommended_max_memory", raising=False)


# Which there are


@pytest.mark.usefixtures("gpus")
def test_every_name_becomes_a_device_with_its_number():
    assert [choose(name) for name in ("auto", "cuda", "cuda:0", "cuda:1", "cpu")] == [
        "cuda:0", "cuda:0", "cuda:0", "cuda:1", "cpu",
    ]  # fmt: skip
    assert memory(choose("auto")) == (2**30, 2**34)
    assert [(found.name, found.title, found.free) for found in available()[1:]] == [
        ("cuda:0", "GPU 0", 2**30), ("cuda:1", "GPU 1", 2**30),
    ]  # fmt: skip


def test_without_a_gpu_auto_is_the_cpu_and_others_are_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose("auto") == "cpu"
    for name, says in (("cuda", "no CUDA device"), ("cuda:1", "no CUDA device"), ("mps", "no Apple GPU")):
        with pytest.raises(InputError, match=says):
            choose(name)


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:0", "mps:0", "", "cuda:٣", "cuda:0\n"])
@pytest.mark.usefixtures("gpus")
def test_an_unknown_device_is_reported(name):
    with pytest.raises(InputError, match="choose auto, cpu, cuda, cuda:NUMBER or mps"):
        choose(name)


@pytest.mark.usefixtures("gpus")
def test_a_gpu_that_is_not_there_is_said():
    with pytest.raises(InputError, match="cuda:2 does not exist: this machine has 2 CUDA devices"):
        choose("cuda:2")


@pytest.mark.usefixtures("gpus")
def test_processes_get_a_gpu_each_or_a_word_why_not():
    assert choose("cuda", processes=2) == choose("auto", processes=2) == "cuda:0"
    assert choose("cpu", processes=4) == "cpu"
    with pytest.raises(InputError, match="--device cuda:1 is one GPU, but --processes 2 needs 2 GPUs"):
        choose("cuda:1", processes=2)
    with pytest.raises(InputError, match="--processes 4 needs one GPU per process, but this machine has 2"):
        choose("cuda", processes=4)


@pytest.mark.usefixtures("apple")
def test_an_apple_gpu_is_offered_only_when_it_has_the_networks_operations(monkeypatch):
    assert available()[-1] == device.Device("mps", "Apple GPU")
    assert choose("mps") == "mps"
    with pytest.raises(InputError, match="can serve only one process, not 2"):
        choose("mps", processes=2)
    monkeypatch.setattr(device, "missing_on_mps", lambda: "max_pool3d")
    assert "mps" not in [found.name for found in available()]
    with pytest.raises(InputError, match="has no max_pool3d for Apple GPUs: use --device cpu"):
        choose("mps")


def test_operations_are_tried_on_the_apple_gpu_itself():
    """There is none here, so the first one is missing."""
    if torch.backends.mps.is_available():
        pytest.skip("needs a machine without an Apple GPU")
    device.missing_on_mps.cache_clear()
    assert device.missing_on_mps() == "conv3d"
    device.missing_on_mps.cache_clear()


# What they can do


def test_memory_of_the_cpu_is_what_programs_can_have():
    """Free pages are a fraction of it: the system fills the others with files."""
    free, total = memory("cpu")
    assert total == psutil.virtual_memory().total
    assert free == pytest.approx(psutil.virtual_memory().available, rel=0.2)


@pytest.mark.usefixtures("gpus")
def test_bfloat16_counts_where_the_hardware_has_it_and_not_where_it_is_emulated():
    assert not computes_bfloat16("cuda:0")
    assert computes_bfloat16("cuda:1")
    assert not computes_bfloat16("mps")


@pytest.mark.parametrize("has", [True, False])
def test_bfloat16_of_a_cpu_is_asked_of_torch(monkeypatch, has):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False, raising=False)
    assert computes_bfloat16("cpu") == has
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported")  # as older torch
    assert not computes_bfloat16("cpu")


def test_full_precision_within_half_and_on_devices_without_autocast():
    one = torch.ones(2, 2)
    with autocast("cpu", torch.bfloat16):
        assert (one @ one).dtype == torch.bfloat16
        with autocast("cpu", None):
            assert (one @ one).dtype == torch.float32
    with autocast("mps", None):
        assert (one @ one).dtype == torch.float32


# When one cannot


def listening() -> tuple[Reporter, list[str]]:
    told: list[str] = []
    return Reporter(lambda event: told.append(event.message)), told


def failing_on(name: str, error: Exception):
    asked = []

    def work(where: str) -> str:
        asked.append(where)
        if where == name:
            raise error
        return where

    return work, asked


@pytest.mark.parametrize(
    ("where", "error", "why"),
    [
        ("cuda:0", torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB"), "has too little memory"),
        ("cuda:0", RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "has too little memory"),
        ("mps", RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), "has too little memory"),
        ("mps", NotImplementedError("The operator 'aten::max_pool3d' is not implemented"), "lacks an operation"),
    ],
)
def test_work_continues_with_the_cpu_and_stays_there(monkeypatch, where, error, why):
    freed = []
    monkeypatch.setattr(device, "free_cached", freed.append)
    (report, told), (work, asked) = listening(), failing_on(where, error)
    coded = Fallback(where, report)
    assert [coded(work, "a trial"), coded(work, "a trial")] == ["cpu", "cpu"]
    assert asked == [where, "cpu", "cpu"]
    assert told == [f"{where} {why} for a trial: falling back to the CPU"]
    assert freed == [where]


@pytest.mark.parametrize(
    ("where", "error"), [("cuda:0", RuntimeError("a real fault")), ("cpu", MemoryError()), ("cuda:0", ValueError())]
)
def test_other_errors_and_those_of_the_cpu_are_not_hidden(where, error):
    work, asked = failing_on(where, error)
    with pytest.raises(type(error)):
        Fallback(where)(work)
    assert asked == [where]


def test_memory_that_ran_out_is_recognised_behind_another_error():
    wrapped = RuntimeError("patch size (96, 96, 24): please try a smaller patch size")
    assert not is_out_of_memory(wrapped)
    wrapped.__cause__ = torch.OutOfMemoryError("CUDA out of memory")
    assert is_out_of_memory(wrapped)
    assert is_out_of_memory(ImportError("x.so: failed to map segment from shared object"))


def test_finding_the_brain_continues_with_the_cpu(monkeypatch):
    from IQTLib.image import brain as finder
    from phantom import head_of_average_shape

    head, brain = head_of_average_shape()
    asked, events = [], []

    def deepbet(volume, where, flips):
        asked.append(where)
        if where != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return brain

    monkeypatch.setattr(finder, "_deepbet", deepbet)
    assert np.array_equal(finder.brain_mask(head, device="cuda:0", report=Reporter(events.append)), brain)
    assert asked == ["cuda:0", "cpu"]
    assert events == [Event("warning", "cuda:0 has too little memory for finding the brain: falling back to the CPU")]


def test_every_network_infers_and_trains_on_a_gpu_that_is_not_there():
    """In a process of its own: torch learns of a device for good."""
    script = Path(__file__).parents[1] / "pretend_gpu.py"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(LIBRARY), str(script.parent)])}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[:3000]
    assert {"ddl", "liif", "restore", "unet"} <= set(done.stdout.split())


# What keeps torch from a GPU


@pytest.fixture
def unseen_gpu(monkeypatch):
    """A computer with an NVIDIA GPU that torch does not see."""
    monkeypatch.setattr(device.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "init", lambda: None)


@pytest.mark.usefixtures("unseen_gpu")
def test_an_old_driver_or_a_torch_without_cuda_is_reported_plainly(monkeypatch):
    def refuse():
        raise RuntimeError("The NVIDIA driver on your system is too old (found version 11040).")

    assert "check that its driver" in available()[0].remark
    monkeypatch.setattr(torch.cuda, "init", refuse)
    assert available()[0].remark.startswith("The driver of the NVIDIA GPU is too old for this PyTorch (CUDA 12.8)")
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: False)
    assert "for the CPU only" in available()[0].remark
    monkeypatch.setattr(device.shutil, "which", lambda name: None)
    assert available()[0].remark == ""


@pytest.mark.parametrize(
    ("built", "remark"),
    [
        (["sm_70", "sm_80"], ""),
        (["sm_80", "sm_90", "compute_90"], "too old"),
        (["sm_50", "sm_60"], "too new"),
        ([], ""),
    ],
)
@pytest.mark.usefixtures("gpus")
def test_a_chip_that_torch_has_no_code_for_is_reported(monkeypatch, built, remark):
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: built)
    found = available()[1].remark
    assert remark in found
    assert bool(found) == bool(remark)


@pytest.mark.parametrize(("has", "kind"), [(True, torch.bfloat16), (False, torch.float32)])
def test_networks_compute_in_the_numbers_that_the_device_is_made_for(monkeypatch, has, kind):
    monkeypatch.setattr(device, "computes_bfloat16", lambda name: has and name == "cpu")
    assert network_precision("cpu") == kind
    assert network_precision("mps") == torch.float32
    assert network_precision("cuda:0") == torch.float16
