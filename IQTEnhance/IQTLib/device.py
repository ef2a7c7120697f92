"""Which torch device to compute on."""

from .errors import InputError

DEVICES = ("auto", "cpu", "cuda", "mps")


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
    if name == "mps" and not torch.backends.mps.is_available():
        raise InputError("no Apple GPU was found: use --device cpu")
    return name
