"""Synthesise a volume of another contrast, slice by slice: the part of `pipeline.enhance` for such models."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .errors import InputError
from .image.axial import axial
from .image.brain import FoundBrain
from .image.volume import Volume
from .methods.base import Run, check_finite
from .models.enhanced import Enhanced
from .models.input_checks import other_contrast
from .models.store import Model
from .sentences import Sentence

if TYPE_CHECKING:
    from .methods.csc.weenie import Weenie

NOTICE = "synthesised: not measured ({source} to {target})"


def synthesised(volume: Volume, brain: FoundBrain, model: Model, run: Run) -> Enhanced:
    """The target's contrast inside the brain, on the grid of `volume`, with the scan's mean; 0 outside.

    Raises:
        InputError: voxels of an axial slice are not about those of the training.
    """
    started = time.monotonic()
    axes = np.abs(volume.affine[:3, :3])
    in_plane = [n for n, axis in enumerate(axes.argmax(axis=0)) if axis != 2]
    sizes = [volume.spacing[n] for n in in_plane]
    grid = model.card.model_grid
    if not all(grid.finest <= size <= grid.coarsest for size in sizes):
        raise InputError(
            "model {card} is for axial slices with pixels of {finest:g} to {coarsest:g} mm, these have {sizes}: "
            "resample the volume",
            card=model.card.name,
            finest=grid.finest,
            coarsest=grid.coarsest,
            sizes=" x ".join(f"{size:.2f}" for size in sizes),
        )
    method: Weenie = model.method  # type: ignore[assignment]  # its descriptor says that it synthesises
    own = method.settings
    notice = Sentence(NOTICE, "synthesised", source=own.source, target=own.target)
    doubt = other_contrast(volume, brain.mask, model.card.contrast)
    mean = float(volume.data[brain.mask].mean(dtype=np.float64))
    if not mean > 0:
        raise InputError("mean intensity inside the brain is {scale:.4g}: it must be positive", scale=mean)
    turned, back = axial(volume.with_data(np.where(brain.mask, volume.data / mean, 0).astype(np.float32)))
    result = np.zeros_like(turned)
    filled = np.flatnonzero(turned.any(axis=(0, 1)))
    quiet = replace(run, report=replace(run.report, sink=lambda event: None))
    for k in run.report.track(filled, total=len(filled), message=Sentence("slices", "slices")):
        image = turned[..., k]
        result[..., k] = np.where(image > 0, method.synthesise(image, quiet), 0)
    check_finite(result, f"model {model.card.name}")
    seconds = {"method": round(time.monotonic() - started, 3)}
    warnings = tuple(told for told in (notice, *brain.doubts, doubt) if told)
    for told in warnings:
        run.report.warn(told)
    made = replace(volume.with_data(back(result * np.float32(mean))), remark=str(notice))
    return Enhanced(made, warnings, seconds, mask=brain.mask)
