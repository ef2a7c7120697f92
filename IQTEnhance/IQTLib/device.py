"""Which torch device to compute on."""

from dataclasses import dataclass

from .errors import InputError

DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class Device:
    """Where torch can compute. `free` and `total` are bytes of memory, None where that cannot be told."""

    name: str
    title: str
    free: int | None = None
    total: int | None = None


def available() -> list[Device]:
    """The processor and every GPU that torch can use."""
    import torch

    found = [Device("cpu", "Processor (CPU)", *memory("cpu"))]
    for number in range(torch.cuda.device_count()):
        name = f"cuda:{number}"
        found.append(Device(name, torch.cuda.get_device_name(number), *memory(name)))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU"))
    return found


def memory(device: str) -> tuple[int | None, int | None]:
    """Free and total bytes of a device's memory; None where that cannot be told."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.mem_get_info(device)
    import psutil

    main = psutil.virtual_memory()  # what is available counts, not what is free: caches give way
    return main.available, main.total


def choose(name: str) -> str:
    """`auto` becomes cuda where there is one, else cpu; a device that is not there raises `InputError`.

    Apple's mps is used only when asked for: some operations are missing on it.
    """
    if name.partition(":")[0] not in DEVICES:  # "cuda:1" names one of several
        raise InputError(f"device {name!r}: choose one of {', '.join(DEVICES)}")
    if name == "cpu":
        return name
    import torch

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise InputError("no CUDA device was found: use --device cpu")
    if name.startswith("cuda:") and name not in [device.name for device in available()]:
        raise InputError(f"there is no {name}, only {torch.cuda.device_count()} CUDA devices: see `iqt devices`")
    if name == "mps" and not torch.backends.mps.is_available():
        raise InputError("no Apple GPU was found: use --device cpu")
    return name
