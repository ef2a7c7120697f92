"""Compute devices: which ones exist, what they support, and the fallback to the CPU when one cannot do the work.

Only this module queries torch about devices. A device name is "cpu", "cuda:0" (always with its number, because torch
before 2.5 reports no memory without one) or "mps". torch is imported on the first query, not before.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import DeviceError, InputError
from .events import SILENT, Reporter
from .sentences import Sentence

if TYPE_CHECKING:
    import torch

NAME = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,3})?")
OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "_alloc_failed",  # cuDNN, cuBLAS
    "failed to map segment",  # of a library that is loaded
)
AMPERE = 8  # first compute capability with bfloat16 in hardware; torch also reports emulated support
T = TypeVar("T")


@dataclass(frozen=True)
class Device:
    """A compute device. `free` and `total` are bytes of memory, None if unknown.

    `remark` is a sentence for the user: why a GPU cannot serve; with the CPU, why there is no GPU.
    """

    name: str
    title: str
    free: int | None = None
    total: int | None = None
    remark: str = ""


def available() -> list[Device]:
    """The CPU and every GPU that torch can use and that supports all operations of the networks."""
    import torch

    found = [Device("cpu", "Processor (CPU)", *memory("cpu"), remark=_why_no_gpu())]
    for number in range(torch.cuda.device_count()):
        name = f"cuda:{number}"
        found.append(Device(name, torch.cuda.get_device_name(name), *memory(name), remark=_why_unfit(name)))
    if torch.backends.mps.is_available() and not missing_on_mps():
        found.append(Device("mps", "Apple GPU", *memory("mps")))
    return found


def _why_no_gpu() -> str:
    """What keeps torch from the NVIDIA GPU of this computer; "" when nothing does, or there is none."""
    import torch

    if torch.cuda.device_count() or torch.version.hip or shutil.which("nvidia-smi") is None:
        return ""
    if not torch.backends.cuda.is_built():
        return "There is an NVIDIA GPU, but this PyTorch is built for the CPU only: install PyTorch with CUDA."
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        if "too old" in str(error):
            built = torch.version.cuda
            return f"The driver of the NVIDIA GPU is too old for this PyTorch (CUDA {built}): install a newer driver."
    return "There is an NVIDIA GPU that PyTorch cannot use: check that its driver is installed and running."


def _why_unfit(name: str) -> str:
    """Whether this build of torch has no code for a GPU's chip, which may be too old or too new for it."""
    import torch

    capability = torch.cuda.get_device_capability(name)
    built = [architecture.rpartition("_")[2] for architecture in torch.cuda.get_arch_list()]
    majors = {int(number[:-1]) for number in built if number.isdigit()}
    if not majors or capability[0] in majors:
        return ""
    age = "old" if capability[0] < min(majors) else "new"
    chip = ".".join(map(str, capability))
    return f"This GPU (compute capability {chip}) is too {age} for this PyTorch: choose the CPU or another PyTorch."


def choose(name: str, *, processes: int = 1) -> str:
    """Resolve a device name to one with its number; `auto` is the first CUDA GPU, else the CPU.

    Several `processes` use one GPU each, starting with the first, or share the CPU. Apple's mps must be requested
    explicitly because it is not always faster.

    Raises:
        InputError: the device does not exist, or it cannot serve that many processes.
    """
    if not NAME.fullmatch(name):
        raise InputError("device {name!r}: choose auto, cpu, cuda, cuda:NUMBER or mps", name=name)
    number = name.partition(":")[2]
    if name == "cpu" or (name == "auto" and "torch" not in sys.modules and not _may_have_gpu()):
        return "cpu"
    import torch

    if name == "auto" and not torch.cuda.is_available():
        return "cpu"
    if name == "mps":
        return _mps(processes)
    if not torch.cuda.is_available():
        raise DeviceError("no CUDA device was found: use --device cpu")
    count = torch.cuda.device_count()
    if number and processes > 1:
        raise DeviceError(
            "--device {name} is one GPU, but --processes {processes} needs {processes} GPUs: use --device cuda",
            name=name,
            processes=processes,
        )
    if int(number or 0) >= count:
        raise DeviceError(
            "{name} does not exist: this machine has {count} CUDA devices: see `iqt devices`", name=name, count=count
        )
    if processes > count:
        raise DeviceError(
            "--processes {processes} needs one GPU per process, but this machine has {count}: use fewer processes",
            processes=processes,
            count=count,
        )
    return f"cuda:{int(number or 0)}"


def _may_have_gpu() -> bool:
    """Whether torch may find a GPU: on Linux there is a device file then, also within Windows and for AMD."""
    files = "/dev/nvidiactl", "/dev/kfd", "/dev/dxg", "/dev/nvhost-ctrl-gpu", "/dev/nvmap"
    return not sys.platform.startswith("linux") or any(map(os.path.exists, files))


def memory(device: str) -> tuple[int | None, int | None]:
    """Free and total bytes of a device's memory; None if unknown."""
    if device == "cpu":
        import psutil

        told = psutil.virtual_memory()
        return told.available, told.total  # "free" would leave out caches that the system releases on demand
    import torch

    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)
    with suppress(AttributeError, RuntimeError):  # torch before 2.3 does not report it
        total = torch.mps.recommended_max_memory()
        return max(total - torch.mps.driver_allocated_memory(), 0), total
    return None, None


def computes_bfloat16(device: str) -> bool:
    """Whether the device has bfloat16 in hardware; emulation is slower than full precision."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_capability(device)[0] >= AMPERE
    tests = [getattr(torch.cpu, f"_is_{what}_supported", lambda: False) for what in ("avx512_bf16", "amx_tile")]
    return device == "cpu" and any(test() for test in tests)


def wait(device: str) -> None:
    """Until a GPU has done what it was given: progress counts what is done, and a user who stops need not wait long."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def network_precision(device: str) -> "torch.dtype":
    """In which numbers networks compute: half as long ones where the device is made for them."""
    import torch

    if device.startswith("cuda"):
        return torch.float16
    return torch.bfloat16 if computes_bfloat16(device) else torch.float32


def autocast(device: str, dtype: "torch.dtype | None") -> AbstractContextManager[Any]:
    """Autocast to `dtype`; None means full precision, even inside another autocast."""
    import torch

    kind = device.partition(":")[0]
    if dtype is None and kind not in ("cpu", "cuda"):  # older torch has no autocast there
        return nullcontext()
    return torch.autocast(kind, dtype=dtype, enabled=dtype is not None)


@contextmanager
def deterministic(device: str) -> Iterator[None]:
    """Use deterministic algorithms on the CPU; an operation that has none raises `RuntimeError`.

    GPUs are unaffected: CUDA has no deterministic gradients for 3-D pooling and interpolation.
    """
    import torch

    if device != "cpu":
        yield
        return
    before, filling = torch.are_deterministic_algorithms_enabled(), torch.utils.deterministic.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # uninitialised memory is never read
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
        torch.utils.deterministic.fill_uninitialized_memory = filling


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` means out of memory, in any of the forms that torch and Python raise."""
    if error.__cause__ is not None and is_out_of_memory(error.__cause__):  # MONAI wraps some errors
        return True
    return isinstance(error, MemoryError) or any(phrase in str(error).lower() for phrase in OUT_OF_MEMORY)


class Fallback:
    """Runs pieces of work on a device, and falls back to the CPU for good once the device cannot run one.

    A device may lack memory or, on Apple's GPUs, an operation. `device` is the one currently in use.
    """

    def __init__(self, device: str, report: Reporter = SILENT) -> None:
        self.device, self._report = device, report

    def __call__(self, work: Callable[[str], T], what: str = "this") -> T:
        """Return `work(device)`, which must leave nothing behind when it fails; `what` names the work in the
        warning."""
        try:
            return work(self.device)
        except (RuntimeError, MemoryError) as error:
            lacks = isinstance(error, NotImplementedError)
            if self.device == "cpu" or not (lacks or is_out_of_memory(error)):
                raise
        free_cached(self.device)  # only now: the error's frames held tensors
        if lacks:
            told, code = "{device} lacks an operation for {what}: falling back to the CPU", "device-lacks"
        else:
            told, code = "{device} has too little memory for {what}: falling back to the CPU", "device-memory"
        self._report.warn(Sentence(told, code, device=self.device, what=what))
        self.device = "cpu"
        return work(self.device)


def free_cached(device: str) -> None:
    """Release the memory that torch caches on a GPU."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


@cache
def missing_on_mps() -> str | None:
    """An operation of the networks that this torch lacks on Apple's GPU, or None."""
    import torch
    from torch.nn import functional

    operations = {
        "conv3d": lambda x: functional.conv3d(x, x.new_ones(1, 1, 3, 3, 3)),
        "conv_transpose3d": lambda x: functional.conv_transpose3d(x, x.new_ones(1, 1, 2, 2, 2)),
        "max_pool3d": lambda x: functional.max_pool3d(x, 2),
        "interpolate": lambda x: functional.interpolate(x, scale_factor=2, mode="trilinear"),
    }
    for name, operation in operations.items():
        try:
            operation(torch.ones(1, 1, 4, 4, 4, device="mps", requires_grad=True)).sum().backward()
        except (RuntimeError, TypeError):  # NotImplementedError is a RuntimeError
            return name
    return None


def _mps(processes: int) -> str:
    import torch

    if not torch.backends.mps.is_available():
        raise DeviceError("no Apple GPU was found: use --device cpu")
    if missing := missing_on_mps():
        raise DeviceError(
            "torch {version} has no {missing} for Apple GPUs: use --device cpu",
            version=torch.__version__,
            missing=missing,
        )
    if processes > 1:
        raise DeviceError(
            "an Apple GPU can serve only one process, not {processes}: omit --processes", processes=processes
        )
    return "mps"
