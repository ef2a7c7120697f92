"""Enhance a volume: find the slice axis, resample to the model's grid, run the method, restore geometry and units."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .errors import InputError, ModelError
from .image import grid
from .image.axis import upsample_slices
from .image.brain import FoundBrain, doubts, find_brain, offset_doubt, size_doubt
from .image.noise import ScanNoise
from .image.noise_estimate import measure_noise
from .image.resolution import measure_resolution
from .image.volume import Volume, read
from .io.reading import check_memory
from .methods.any_scan import restored, sharp_already
from .methods.base import LowField, Run, check_finite
from .models.input_checks import misfits
from .models.store import DEFAULT_MODEL, Model, load
from .physics.lesions import caution

OutputGrid = Literal["model", "isotropic"]
MASK_RESAMPLING = "linear"
WIDEST = 40.0  # mm, point spread: wider ones reach over more fine voxels than are computed with
BYTES = 32  # per voxel of the result; measured: 18 to 21 for estimate, interpolation, mask and temporaries


@dataclass(frozen=True, eq=False)
class Enhanced:
    """An enhanced volume, its warnings, the seconds that each stage took, and the noise of the scan.

    `noise` is on the scan's own grid; None if the method does not use it. `resolution` is the width of the scan's point
    spread along each axis (mm) that an any-scan method assumed; None for the other methods. `mask` is the brain on the
    scan's grid; None if the method needs none.
    """

    volume: Volume
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    noise: ScanNoise | None = None
    resolution: tuple[float, float, float] | None = None
    mask: np.ndarray | None = None


def enhance(
    volume: Volume,
    *,
    model: Model | str | Path = DEFAULT_MODEL,
    mask: np.ndarray | None = None,
    slice_axis: int | None = None,
    output_grid: OutputGrid = "model",
    resolution: Sequence[float] | None = None,
    run: Run = Run(),  # noqa: B008 - frozen
    options: Mapping[str, Any] | None = None,
) -> Enhanced:
    """Enhance a low-field `volume`.

    Args:
        model: a loaded model, a model's name, or its folder. options: settings to change (`Descriptor.tunable`).
        mask: the brain on the volume's grid (any number above 0); None finds it automatically.
        slice_axis: 0, 1 or 2; None takes the axis with the largest spacing.
        output_grid: "model" (cubic voxels of slice spacing / factor) or "isotropic" (the in-plane voxel size).
        resolution: width of the point spread along i, j, k (mm), for any-scan methods; None estimates it.
        run: device and reporter.

    Returns:
        The result in the volume's axis order and intensity units; outside the brain the scan is only interpolated.

    Raises:
        InputError: an unusable volume, mask or option. ModelError: an unusable model, or one whose result is empty
            or not finite. CancelledError.
    """
    if output_grid not in ("model", "isotropic"):
        raise InputError(f"output grid {output_grid!r}: choose model or isotropic")
    model = model if isinstance(model, Model) else load(model, options=options)
    clock, warnings = _Clock(), list(volume.caveats)
    if getattr(model.method, "any_scan", False):
        return _restore(volume, mask, model, resolution, output_grid, clock, run)
    if resolution is not None:
        raise InputError(f"model {model.card.name} does not use a resolution: only any-scan methods do, such as wiener")
    axis = grid.slice_axis(volume, slice_axis)
    if grid.is_isotropic(volume, axis):
        warnings.append(f"{_not_thick(volume, axis)}: there is nothing to restore, the volume is returned unchanged")
        return _finish(volume, warnings, clock, run)
    brain = _brain(volume, mask, model, run)
    mask = brain.mask
    warnings += brain.doubts
    noise = measure_noise(volume, mask) if model.method.needs_brain else None
    clock.lap("brain and noise")
    low, low_volume = prepare(volume, mask, model, axis=axis, noise=noise or ScanNoise(0.0))
    misfit = model.card.model_grid.misfit(volume.spacing[axis] / low.profile.factor)
    if model.method.needs_brain:
        card = model.card
        found = misfits(low, contrast=card.contrast, training=card.training, spacing=low_volume.spacing)
        warnings += [told for told in (misfit, _untold(noise), *found, caution(card.lesions)) if told]
    clock.lap("model grid")
    result = (*low.data.shape[:2], low.data.shape[2] * low.profile.factor)
    check_memory(math.prod(result) * BYTES, f"a result of {' x '.join(map(str, result))} voxels")
    estimate = model.method.enhance(low, run)
    if not estimate[low.high_mask].any():
        raise ModelError(f"model {model.card.name} returns an empty brain: its weights do not suit this scan")
    data = low.restore_units(_into_surroundings(estimate, low))
    clock.lap("method")
    step = np.array([1, 1, 1 / low.profile.factor])
    high = Volume(data, grid.sub_affine(low_volume.affine, np.zeros(3), step))
    if output_grid == "isotropic":
        high = grid.isotropic_like(high, grid.slices_last(volume, axis))
    high = grid.slices_back(high, axis)
    clock.lap("output grid")
    check_finite(high.data, f"model {model.card.name}")
    return replace(_finish(high, warnings, clock, run, noise), mask=mask if model.method.needs_brain else None)


def _restore(
    volume: Volume,
    mask: np.ndarray | None,
    model: Model,
    resolution: Sequence[float] | None,
    output_grid: OutputGrid,
    clock: "_Clock",
    run: Run,
) -> Enhanced:
    """Enhance with a method that accepts any scan."""
    brain = _brain(volume, mask, model, run)
    mask, warnings = brain.mask, [*volume.caveats, *brain.doubts]
    if told := size_doubt(mask, volume.spacing):
        warnings.append(told)
    noise = measure_noise(volume, mask)
    width = resolving(volume, mask, resolution)
    if resolution is None and width != volume.spacing:
        told = " x ".join(f"{w:.1f}" for w in width)
        run.report.log(f"the scan seems resampled: it resolves about {told} mm along its axes")
    clock.lap("brain, noise and resolution")
    if told := sharp_already(volume, mask, noise, width):
        return replace(_finish(volume, [*warnings, told], clock, run, noise), resolution=width, mask=mask)
    own_voxels = output_grid == "isotropic"
    result = restored(volume, mask, model.method, noise=noise, width=width, scan_voxels=own_voxels, run=run)
    clock.lap("method")
    check_finite(result.data, f"model {model.card.name}")
    warnings += [told for told in (_untold(noise), caution(model.card.lesions)) if told]
    return replace(_finish(result, warnings, clock, run, noise), resolution=width, mask=mask)


def resolving(volume: Volume, mask: np.ndarray, given: Sequence[float] | None) -> tuple[float, float, float]:
    """Width of the scan's point spread along i, j, k in mm: `given`, else measured (`measure_resolution`).

    Raises:
        InputError: not three positive numbers, or wider than the field of view or `WIDEST`.
    """
    if given is None:
        return measure_resolution(volume, mask)
    extent = np.array(volume.shape) * volume.spacing
    if len(given) != 3 or not all(0 < w <= min(e, WIDEST) for w, e in zip(given, extent, strict=True)):
        told = ", ".join(f"{w:g}" for w in given)
        raise InputError(
            f"resolution {told}: give the width of the point spread along i, j and k in mm, for example 1.6,1.6,5"
        )
    x, y, z = (float(w) for w in given)
    return x, y, z


def prepare(volume: Volume, mask: np.ndarray, model: Model, *, axis: int, noise: ScanNoise) -> tuple[LowField, Volume]:
    """The model's input: `volume`, normalised and resampled to the model's grid; `noise` is given on the scan's
    grid."""
    model_grid = model.card.model_grid
    scan = grid.slices_last(volume, axis)
    low_volume = model_grid.fit(scan)
    brain = model_grid.fit(grid.slices_last(volume.with_data(mask.astype(np.float32)), axis), MASK_RESAMPLING)
    inside = brain.data > 0.5
    low = LowField.normalised(
        low_volume,
        inside,
        noise=carried(noise, volume, model, axis=axis, inside=inside),
        profile=model.card.profile,
        normalisation=model.card.normalisation,
    )
    return low, low_volume


def carried(noise: ScanNoise, volume: Volume, model: Model, *, axis: int, inside: np.ndarray) -> ScanNoise:
    """The `noise` of `volume` on the model's grid (slices last); `inside` is the brain mask there."""
    matrices = model.card.model_grid.matrices(grid.slices_last(volume, axis))
    return noise.turned(grid.slices_last_order(axis)).resampled(matrices, inside)


def read_mask(path: Path, volume: Volume) -> np.ndarray:
    """Read a mask file; `InputError` if it is empty or not on the volume's grid."""
    mask = read(path, allow_constant=True)
    if mask.shape != volume.shape or not np.allclose(mask.affine, volume.affine, atol=1e-2):
        raise InputError(f"mask {path} is not on the grid of the volume {volume.shape}: resample it first")
    if not (mask.data > 0).any():
        raise InputError(f"mask {path} is empty: brain voxels must be above 0")
    return mask.data > 0


def _brain(volume: Volume, mask: np.ndarray | None, model: Model, run: Run) -> FoundBrain:
    run.report.check()
    if mask is None and not model.method.needs_brain:
        return FoundBrain(np.ones(volume.shape, bool))
    if mask is None:
        stage = run.report.track([volume], total=1, message="finding the brain")
        [found] = [find_brain(head, device=run.device, report=run.report) for head in stage]
        return _doubted(found, volume)
    mask = np.asarray(mask) > 0
    if mask.shape != volume.shape:
        raise InputError(f"mask {mask.shape} and volume {volume.shape} differ in shape: resample one first")
    if not mask.any():
        raise InputError("the brain mask is empty")
    return _doubted(FoundBrain(mask, doubts(volume, mask)), volume)


def _doubted(brain: FoundBrain, volume: Volume) -> FoundBrain:
    told = offset_doubt(volume.data, brain.mask)
    return replace(brain, doubts=(*brain.doubts, told)) if told else brain


def _into_surroundings(high: np.ndarray, low: LowField) -> np.ndarray:
    """`high` inside the brain; outside, where no method is trained, the interpolated scan."""
    if low.mask.all():
        return high
    return np.where(low.high_mask, high, upsample_slices(low.data, low.profile.factor))


def _not_thick(volume: Volume, axis: int) -> str:
    spacing = volume.spacing
    return f"slices along {'ijk'[axis]} are {spacing[axis]:.2f} mm apart, voxels in plane {min(spacing):.2f} mm"


def _untold(noise: ScanNoise | None) -> str | None:
    if noise is None or noise.sigma is not None:
        return None
    return f"the noise of the scan cannot be measured ({noise.reason}): the model assumes little noise"


def _finish(volume: Volume, warnings: list[str], clock: "_Clock", run: Run, noise: ScanNoise | None = None) -> Enhanced:
    for warning in warnings:
        run.report.warn(warning)
    return Enhanced(volume, tuple(warnings), clock.seconds, noise)


class _Clock:
    """Seconds since the last lap, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now
