"""Fit network inference into memory: smaller pieces on the device if memory runs out, else the CPU."""

import copy
from collections.abc import Callable

import numpy as np
from torch import nn

from ...device import Fallback, free_cached, is_out_of_memory
from ...errors import InputError
from ...sentences import Sentence
from ..base import Run


def computed(
    network: nn.Module,
    work: Callable[[nn.Module, int, Run], np.ndarray],
    *,
    most: Callable[[str], int],
    run: Run,
    piece: str,
    advice: str,
) -> np.ndarray:
    """Return `work(network, size of its pieces, device)`, retrying with smaller pieces and then on the CPU.

    The network itself stays on `run.device` because it may be in training; the CPU uses a copy.

    Args:
        most: the first size to try on a device, halved down to 1 whenever memory runs out.
        piece: the unit of sizes ("windows"). advice: shown if the CPU has no memory for a single piece.

    Raises:
        InputError: the CPU has no memory for a single piece.
    """

    def on(device: str) -> np.ndarray:
        own, size = network.to(device) if device == run.device else copied_to_cpu(network), most(device)
        while True:
            try:
                return work(own, size, Run(device, run.report))
            except (RuntimeError, MemoryError) as error:
                if size == 1 or not is_out_of_memory(error):
                    raise
            free_cached(device)  # only now: the error's frames held tensors
            size //= 2
            told = "out of memory: continuing with {size} {piece} at a time"
            run.report.log(Sentence(told, "smaller-pieces", size=size, piece=piece))

    try:
        return Fallback(run.device, run.report)(on, Sentence("the network", "network-work"))
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise InputError("out of memory: {advice}", advice=advice, code="memory") from error


def copied_to_cpu(network: nn.Module) -> nn.Module:
    """A copy on the CPU, made without extra memory on the network's device."""
    held = {id(tensor): tensor.detach().to("cpu", copy=True) for tensor in network.buffers()}
    held |= {id(tensor): nn.Parameter(tensor.detach().to("cpu", copy=True), False) for tensor in network.parameters()}
    return copy.deepcopy(network, held)
