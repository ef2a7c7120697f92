"""Synthesise a volume of another contrast, slice by slice: the part of `pipeline.enhance` for such models."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .errors import InputError
from .image.axial import axial, finer, in_axial_plane, undarkened
from .image.brain import FoundBrain, is_stripped
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
    """The target's contrast inside the brain, with the scan's mean; 0 outside.

    On the grid of `volume`, or on one that is finer in axial slices for models that enlarge.

    Raises:
        InputError: voxels of an axial slice are not about those of the training.
    """
    started = time.monotonic()
    method: Weenie = model.method  # type: ignore[assignment]  # its descriptor says that it synthesises
    own = method.settings
    sizes = [volume.spacing[n] for n in in_axial_plane(volume)]
    finest, coarsest = (own.scale * edge for edge in (model.card.model_grid.finest, model.card.model_grid.coarsest))
    if not all(finest <= size <= coarsest for size in sizes):
        raise InputError(
            "model {card} is for axial slices with pixels of {finest:g} to {coarsest:g} mm, these have {sizes}: "
            "resample the volume",
            card=model.card.name,
            finest=finest,
            coarsest=coarsest,
            sizes=" x ".join(f"{size:.2f}" for size in sizes),
        )
    notice = Sentence(NOTICE, "synthesised", source=own.source, target=own.target)
    doubt = other_contrast(volume, brain.mask, model.card.contrast)
    mean = float(volume.data[brain.mask].mean(dtype=np.float64))
    if not mean > 0:
        raise InputError("mean intensity inside the brain is {scale:.4g}: it must be positive", scale=mean)
    mask = volume.with_data(brain.mask.astype(np.float32))
    stripped = own.scale > 1 and is_stripped(volume)
    seen = volume.with_data(np.where(brain.mask, volume.data, 0)) if stripped else volume
    fine, inside = (finer(one, own.scale, kind) for one, kind in ((seen, "cubic"), (mask, "nearest")))
    if stripped:
        fine = fine.with_data(undarkened(fine.data, finer(mask, own.scale).data))
    turned, back = axial(fine.with_data(np.where(inside.data > 0, fine.data / np.float32(mean), 0)))
    result = np.zeros_like(turned)
    filled = np.flatnonzero(turned.any(axis=(0, 1)))
    quiet = replace(run, report=replace(run.report, sink=lambda event: None))
    for k in run.report.track(filled, total=len(filled), message=Sentence("slices", "slices")):
        image = turned[..., k]
        result[..., k] = np.where(image > 0, method.synthesise(image, quiet), 0)
    check_finite(result, f"model {model.card.name}")
    seconds = {"method": round(time.monotonic() - started, 3)}
    warnings = tuple(told for told in (*volume.caveats, notice, *brain.doubts, doubt) if told)
    for told in warnings:
        run.report.warn(told)
    made = replace(fine.with_data(back(result * np.float32(mean))), remark=str(notice))
    return Enhanced(made, warnings, seconds, mask=brain.mask)
