"""Stacks of slices through the network, in pieces that fit the memory."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from ....sentences import Sentence
from ...base import Run
from ..placing import computed

PIECE, PIECE_ON_GPU = 2**15, 2**19  # pixels that are encoded, and places that are asked for, at a time
SLICES = Sentence("slices", "slices")


@dataclass(frozen=True)
class Axis:
    """Where along one axis a slice is asked for: `places`, float32 in [-1, 1], and the `cell` that they stand for."""

    places: np.ndarray
    cell: float

    @classmethod
    def over(cls, count: int, wanted: int) -> "Axis":
        """`wanted` pixels over the field of view of `count`."""
        return cls.at(count, (np.arange(wanted) + 0.5) * count / wanted - 0.5, count / wanted)

    @classmethod
    def same(cls, count: int) -> "Axis":
        """The `count` pixels themselves."""
        return cls.over(count, count)

    @classmethod
    def at(cls, count: int, where: np.ndarray, step: float) -> "Axis":
        """Pixels `step` wide with centres at `where`, in pixels from the centre of the first of `count`."""
        return cls(((2 * where + 1) / count - 1).astype(np.float32), 2 * step / count)


def enlarged(network: nn.Module, slices: np.ndarray, axes: tuple[Axis, ...], run: Run, message: str) -> np.ndarray:
    """Slices (n, h, w) of intensities 0 to 1 at the places of both `axes`: float32 (n, H, W).

    `message` names the work in the progress.

    Raises:
        InputError: the CPU has too little memory for a single slice. CancelledError.
    """
    rows, columns = (torch.from_numpy(axis.places) for axis in axes)
    places = torch.stack(torch.meshgrid(rows, columns, indexing="ij"), -1).reshape(1, -1, 2)
    cell = torch.tensor([axis.cell for axis in axes], dtype=torch.float32)

    def asked(own: nn.Module, count: int, where: Run) -> np.ndarray:
        starts = range(0, len(slices), count)
        told = where.report.track(starts, total=len(starts), message=message)
        return np.concatenate([_answers(own, slices[n : n + count], places, cell, where) for n in told])

    found = computed(
        network, asked, most=lambda device: min(max(_piece(device) // slices[0].size, 1), len(slices)), run=run,
        piece="slices", advice="close other programs",
    )  # fmt: skip
    return found.reshape(len(slices), len(rows), len(columns))


@torch.inference_mode()
def _answers(network: nn.Module, slices: np.ndarray, places: torch.Tensor, cell: torch.Tensor, run: Run) -> np.ndarray:
    """Grey values (n, q) of slices at places."""
    given = torch.from_numpy(np.ascontiguousarray(slices, np.float32))[:, None].to(run.device)
    network.eval()
    features = network.encode(given)
    parts = []
    for part in places.split(max(_piece(run.device) // len(given), 1), 1):
        run.report.check()
        asked = part.to(run.device).expand(len(given), -1, -1)
        found = network.query(features, given, asked, cell.to(run.device).expand_as(asked))
        parts.append(found.mean(-1).cpu())
    return torch.cat(parts, 1).numpy()


def _piece(device: str) -> int:
    return PIECE if device == "cpu" else PIECE_ON_GPU
