"""Where torch computes: which devices there are, what they can do, and what happens when one cannot.

The only place that asks torch about devices. A device's name is "cpu", "cuda:0" (always with its number, for torch
before 2.5 tells no memory without one) or "mps". torch is loaded when a device is asked about, not before.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import DeviceError, InputError
from .events import SILENT, Reporter

if TYPE_CHECKING:
    import torch

NAME = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,3})?")
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "_alloc_failed")  # cuDNN, cuBLAS
AMPERE = 8  # the first compute capability with bfloat16 in hardware; torch counts emulation as support
T = TypeVar("T")


@dataclass(frozen=True)
class Device:
    """Where torch can compute. `free` and `total` are bytes of memory, None where that cannot be told."""

    name: str
    title: str
    free: int | None = None
    total: int | None = None


def available() -> list[Device]:
    """The processor and every GPU that torch can use and that has the operations of the networks."""
    import torch

    found = [Device("cpu", "Processor (CPU)", *memory("cpu"))]
    for number in range(torch.cuda.device_count()):
        name = f"cuda:{number}"
        found.append(Device(name, torch.cuda.get_device_name(name), *memory(name)))
    if torch.backends.mps.is_available() and not missing_on_mps():
        found.append(Device("mps", "Apple GPU", *memory("mps")))
    return found


def choose(name: str, *, processes: int = 1) -> str:
    """The device of that name, with its number: `auto` is the first CUDA GPU, else the CPU.

    Several `processes` want a GPU each, from the first one on, or share the CPU. Apple's mps is used only when asked
    for: it is not always faster.

    Raises:
        InputError: a device that is not there, or that cannot serve so many processes.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"device {name!r}: choose auto, cpu, cuda, cuda:NUMBER or mps")
    number = name.partition(":")[2]
    if name == "cpu":
        return name
    import torch

    if name == "auto" and not torch.cuda.is_available():
        return "cpu"
    if name == "mps":
        return _mps(processes)
    if not torch.cuda.is_available():
        raise DeviceError("no CUDA device was found: use --device cpu")
    count = torch.cuda.device_count()
    if number and processes > 1:
        raise DeviceError(f"--device {name} is one GPU, and --processes {processes} wants as many: use --device cuda")
    if int(number or 0) >= count:
        raise DeviceError(f"{name} does not exist: this machine has {count} CUDA devices: see `iqt devices`")
    if processes > count:
        raise DeviceError(f"--processes {processes} wants a GPU for each, and there are {count}: use fewer processes")
    return f"cuda:{int(number or 0)}"


def memory(device: str) -> tuple[int | None, int | None]:
    """Free and total bytes of a device's memory; None where that cannot be told."""
    if device == "cpu":
        import psutil

        told = psutil.virtual_memory()
        return told.available, told.total  # free pages alone would leave out what the system gives up when asked
    import torch

    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)
    with suppress(AttributeError, RuntimeError):  # torch before 2.3 does not tell
        total = torch.mps.recommended_max_memory()
        return max(total - torch.mps.driver_allocated_memory(), 0), total
    return None, None


def computes_bfloat16(device: str) -> bool:
    """Whether the device computes in bfloat16 itself; emulation is slower than full precision."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_capability(device)[0] >= AMPERE
    tests = [getattr(torch.cpu, f"_is_{what}_supported", lambda: False) for what in ("avx512_bf16", "amx_tile")]
    return device == "cpu" and any(test() for test in tests)


def autocast(device: str, dtype: "torch.dtype | None") -> AbstractContextManager[Any]:
    """Computing in `dtype`; for None in full precision, also inside of another autocast."""
    import torch

    kind = device.partition(":")[0]
    if dtype is None and kind not in ("cpu", "cuda"):  # no autocast there; older torch does not support it
        return nullcontext()
    return torch.autocast(kind, dtype=dtype, enabled=dtype is not None)


@contextmanager
def deterministic(device: str) -> Iterator[None]:
    """On the CPU only algorithms that give the same bytes every time; an operation without one raises `RuntimeError`.

    Nothing changes for GPUs: CUDA has no deterministic gradients of 3-D pooling and interpolation.
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
    """Whether memory ran out, by any of the errors that torch, Python and MONAI tell it with."""
    if error.__cause__ is not None and is_out_of_memory(error.__cause__):  # MONAI wraps some
        return True
    return isinstance(error, MemoryError) or any(phrase in str(error).lower() for phrase in OUT_OF_MEMORY)


class Fallback:
    """Does pieces of work on a device, and on the CPU from the first one on for which it has not enough.

    That is memory, or an operation, which happens on Apple's GPUs. `device` is the one in use.
    """

    def __init__(self, device: str, report: Reporter = SILENT) -> None:
        self.device, self._report = device, report

    def __call__(self, work: Callable[[str], T], what: str = "this") -> T:
        """`work(device)`, of which nothing may be left behind when it fails; `what` it is, for the warning."""
        try:
            return work(self.device)
        except (RuntimeError, MemoryError) as error:
            lacks = isinstance(error, NotImplementedError)
            if self.device == "cpu" or not (lacks or is_out_of_memory(error)):
                raise
        free_cached(self.device)  # after the error and its frames are gone: they hold tensors
        lack = "lacks an operation" if lacks else "has too little memory"
        self._report.warn(f"{self.device} {lack} for {what}: going on with the CPU")
        self.device = "cpu"
        return work(self.device)


def free_cached(device: str) -> None:
    """Give back what torch keeps for later on a GPU."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


@cache
def missing_on_mps() -> str | None:
    """An operation of the networks that this torch has not got for Apple's GPU, None when all are there."""
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
        raise DeviceError(f"torch {torch.__version__} has no {missing} for Apple GPUs: use --device cpu")
    if processes > 1:
        raise DeviceError(f"an Apple GPU serves one process, not {processes}: leave --processes out")
    return "mps"
