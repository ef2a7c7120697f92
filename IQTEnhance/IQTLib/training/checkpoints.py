"""Checkpoints of a run: `last.ckpt` to resume from, `best.ckpt` with the best weights."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import InputError, ModelError
from ..methods.networks.method import DeepMethod

BEST = "best.ckpt"
SAFE = (2, 6)  # before, a forged checkpoint could run code although torch read weights only (CVE-2025-32434)


def check_safe_to_resume(version: str = torch.__version__) -> None:
    """Raise `InputError` when this version of torch cannot safely read a checkpoint of unknown origin."""
    if tuple(int(part) for part in version.split(".")[:2]) < SAFE:
        raise InputError(
            "--resume needs torch 2.6 or later, this is {version}: a forged checkpoint could run any code in"
            " it (pip install --upgrade torch)",
            version=version,
            code="old-torch",
        )


def read_checkpoint(path: Path, module: nn.Module) -> dict[str, Any]:
    """A checkpoint of this network; only numbers and tensors are read from it."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        weights = content["state_dict"]
    except FileNotFoundError:
        raise InputError("{path} is not there: nothing to resume", path=path) from None
    except Exception as error:  # torch raises many kinds of errors for damaged files
        raise ModelError(
            "{path} is not a complete checkpoint: {why}", path=path, why=" ".join(str(error).split())[:120]
        ) from None
    own = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    if own != {name: tuple(tensor.shape) for name, tensor in weights.items()}:
        raise ModelError("{path} is a checkpoint of another network: use the recipe that it was made with", path=path)
    return content


def take_best(method: DeepMethod, folder: Path) -> int:
    """Load the weights of `best.ckpt`, which this run wrote, into the method's network; returns their step."""
    module = nn.ModuleDict({"network": method.network})
    content = read_checkpoint(folder / BEST, module)
    module.load_state_dict(content["state_dict"])
    return content["global_step"]
