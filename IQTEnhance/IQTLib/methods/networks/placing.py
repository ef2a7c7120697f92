"""Networks where there is memory for them: on the device, in smaller pieces when it runs out, else on the CPU."""

import copy
from collections.abc import Callable

import numpy as np
from torch import nn

from ...device import Fallback, free_cached, is_out_of_memory
from ...errors import InputError
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
    """What `work` makes with the network, the size of its pieces, and where to compute.

    The network itself stays on `run.device`: it may be one in training. What goes on with the CPU is a copy.

    Args:
        most: the first size to try on a device; it is halved each time that memory runs out, down to 1.
        piece: what sizes count ("windows"). advice: for those whose CPU has no memory for one.

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
            free_cached(device)  # after the error and its frames are gone: they hold tensors
            size //= 2
            run.report.log(f"memory ran out: going on with {size} {piece} at a time")

    try:
        return Fallback(run.device, run.report)(on, "the network")
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise InputError(f"memory ran out: {advice}", code="memory") from error


def copied_to_cpu(network: nn.Module) -> nn.Module:
    """A copy on the CPU that takes no memory on the network's device."""
    held = {id(tensor): tensor.detach().to("cpu", copy=True) for tensor in network.buffers()}
    held |= {id(tensor): nn.Parameter(tensor.detach().to("cpu", copy=True), False) for tensor in network.parameters()}
    return copy.deepcopy(network, held)
