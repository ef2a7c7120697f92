"""Enhance a volume: find the slice axis, resample to the model's grid, run the method, restore geometry and units."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .device import choose
from .errors import InputError, ModelError
from .image import grid
from .image.axis import upsample_slices
from .image.brain import STAGE, FoundBrain, doubted, doubts, find_brain, size_doubt
from .image.examined import Examined, high_field_contrast
from .image.gauge import gauge_of
from .image.noise import ScanNoise
from .image.volume import Volume, check_voxels
from .io.reading import check_memory
from .methods.any_scan import AnyScanMethod, Restored, bright_snr, restored, sharp_already
from .methods.base import LowField, Run, Spreads, check_finite
from .methods.registry import described
from .models.enhanced import Enhanced
from .models.input_checks import misfits, other_contrast, unused
from .models.intervals import Calibration, calibration_of, group_of, unstated
from .models.motion import motion_for
from .models.store import DEFAULT_MODEL, Model, load
from .physics.lesions import caution
from .sentences import Sentence
from .synthesis import synthesised

OutputGrid = Literal["model", "isotropic"] | float
MASK_RESAMPLING = "linear"
BYTES = 32  # per voxel of the result; measured: 18 to 21 for estimate, interpolation, mask and temporaries


def enhance(
    volume: Volume,
    *,
    model: Model | str | Path = DEFAULT_MODEL,
    mask: np.ndarray | None = None,
    slice_axis: int | None = None,
    output_grid: OutputGrid = "model",
    resolution: Sequence[float] | None = None,
    modality: str | None = None,
    remove_bias: bool = False,
    uncertainty: bool = False,
    run: Run = Run(),  # noqa: B008 - frozen
    options: Mapping[str, Any] | None = None,
) -> Enhanced:
    """Enhance a low-field `volume`.

    Args:
        model: a loaded model, its name or folder. options: settings to change (`Descriptor.tunable`) while loading.
        mask: the brain on the volume's grid (any number above 0); None finds it automatically.
        slice_axis: 0, 1 or 2, for models of thick slices; None takes the axis with the largest spacing.
        output_grid: "model" (cubic voxels of slice spacing / factor), "isotropic" (the in-plane voxel size), or the
            edge of cubic voxels in mm.
        resolution: width of the point spread along i, j, k (mm), for any-scan methods; None estimates it.
        modality: one of `image.modality.MODALITIES`, for methods that give T1w scans the contrast of high field; None
            takes it from the volume's name and voxels.
        remove_bias: take the coil's bias field (N4) out of the result, for methods that find the brain.
        uncertainty: also state a calibrated interval for every voxel of the brain.
        run: device and reporter.

    Returns:
        The result in the volume's axis order and intensity units; outside the brain the scan is only interpolated.

    Raises:
        InputError: an unusable volume, mask or option. ModelError: an unusable model, or one whose result is empty
            or not finite. CancelledError.
    """
    edge = grid.edge_of(output_grid)
    check_voxels(volume.data)
    slice_axis = None if slice_axis is None else grid.slice_axis(volume, slice_axis)
    run = replace(run, device=choose(run.device))
    if isinstance(model, Model) and options:
        raise InputError("model {card} is loaded: give the options to `store.load` instead", card=model.card.name)
    model = model if isinstance(model, Model) else load(model, options=options)
    method = model.method
    transfers = getattr(method, "transfers", False)
    if resolution is not None and not isinstance(method, AnyScanMethod):
        raise InputError(
            "model {card} does not use a resolution: only any-scan methods do, such as wiener", card=model.card.name
        )
    if modality is not None and not transfers:
        raise InputError(
            "model {card} does not use a modality: only models that give another contrast do", card=model.card.name
        )
    if described(method.name).synthesises and (remove_bias or output_grid != "model"):
        raise InputError("model {card} synthesises slices as they are, on its own voxels", card=model.card.name)
    if remove_bias and not method.needs_brain:
        raise InputError("model {card} finds no brain, which a bias field is estimated in", card=model.card.name)
    calibration = calibration_of(model.card.name, model.card.intervals) if uncertainty else None
    clock = _Clock()
    brain = _brain(volume, mask, model, run)
    if described(method.name).synthesises:
        return synthesised(volume, brain, model, run)
    scan = Examined.of(volume, brain.mask, resolution) if method.needs_brain else Examined.whole(volume)
    for told in scan.log:
        run.report.log(told)
    noise, judged = gauge_of(scan, motion_for(method)) if method.needs_brain else (None, None)
    unlike = [judged.warning] if judged is not None and judged.warning else []
    for told in unlike:  # before the work begins
        run.report.warn(told)
    warnings = [*volume.caveats, *unused(model, slice_axis, mask), *brain.doubts, *scan.doubts]
    if unlike and calibration is not None:
        calibration = None
        told = "no interval: the calibration does not hold for a scan that is unlike those it was made from"
        warnings.append(Sentence(told, "outside-calibration"))
    transfer = False
    if transfers:
        transfer, told = high_field_contrast(scan.volume, scan.mask, modality)
        run.report.log(told)
    clock.lap("brain and resolution")
    if isinstance(method, AnyScanMethod):
        result = _restore(
            scan, model, method, warnings, clock, run, noise=noise or ScanNoise(0.0),
            own_voxels=output_grid == "isotropic", edge=edge, transfer=transfer, calibration=calibration,
        )  # fmt: skip
    else:
        result = _thick(
            scan, model, warnings, clock, run, noise=noise, own_voxels=output_grid == "isotropic", edge=edge,
            slice_axis=slice_axis, calibration=calibration,
        )  # fmt: skip
    if result.volume is scan.volume:  # nothing to restore: also a scan that was resampled returns as it came
        result = replace(result, volume=volume, warnings=(*result.warnings, *unstated(calibration)))
    if remove_bias and result.volume is volume:
        told = Sentence("the bias field was taken out of it all the same")
        result = replace(result, warnings=(*result.warnings, told))
    for warning in result.warnings:
        run.report.warn(warning)
    if remove_bias:
        result = result.without_bias(scan.volume.with_data(scan.mask.astype(np.float32)))
        clock.lap("bias field")
    found = brain.mask if method.needs_brain else None
    return replace(result.remarked(volume.remark), warnings=(*unlike, *result.warnings), mask=found, gauge=judged)


def _thick(
    scan: Examined,
    model: Model,
    warnings: list[str],
    clock: "_Clock",
    run: Run,
    *,
    noise: ScanNoise | None,
    own_voxels: bool,
    edge: float | None,
    slice_axis: int | None,
    calibration: Calibration | None,
) -> Enhanced:
    """Enhance thick slices on the model's grid."""
    volume, mask, card = scan.volume, scan.mask, model.card
    axis = grid.slice_axis(volume, slice_axis)
    if grid.is_isotropic(volume, axis):
        return Enhanced(volume, (*warnings, grid.not_thick(volume, axis)), clock.seconds)
    low, low_volume = prepare(volume, mask, model, axis=axis, noise=noise or ScanNoise(0.0))
    misfit = card.model_grid.misfit(volume.spacing[axis] / low.profile.factor)
    if model.method.needs_brain:
        found = misfits(low, contrast=card.contrast, training=card.training, spacing=low_volume.spacing)
        warnings += [told for told in (misfit, noise and noise.warning, *found, caution(card.lesions)) if told]
    clock.lap("model grid")
    result = (*low.data.shape[:2], low.data.shape[2] * low.profile.factor)
    check_memory(math.prod(result) * BYTES, f"a result of {' x '.join(map(str, result))} voxels")
    estimate, spread = _estimate(model, low, run, spread=calibration is not None)
    if not estimate[low.high_mask].any():
        raise ModelError("model {card} returns an empty brain: its weights do not suit this scan", card=card.name)
    clock.lap("method")
    affine = grid.sub_affine(low_volume.affine, np.zeros(3), np.array([1, 1, 1 / low.profile.factor]))

    def placed(data: np.ndarray) -> Volume:
        high = Volume(low.restore_units(data), affine)
        if own_voxels or edge:
            high = grid.isotropic_like(high, grid.slices_last(volume, axis), edge)
        return grid.slices_back(high, axis)

    high = placed(_into_surroundings(estimate, low))
    clock.lap("output grid")
    check_finite(high.data, f"model {card.name}")
    interval = None
    if calibration is not None and spread is not None:
        distance = placed(np.where(low.high_mask, spread, 0))
        distance = distance.with_data(np.maximum(distance.data, 0))
        group = group_of(scan.width, bright_snr(volume, mask, noise or ScanNoise(None)), transfer=True)
        interval = calibration.interval(Restored(high, distance, distance), group, warnings)
    return Enhanced(high, tuple(warnings), clock.seconds, noise, interval=interval)


def _estimate(model: Model, low: LowField, run: Run, *, spread: bool) -> tuple[np.ndarray, np.ndarray | None]:
    if not spread:
        return model.method.enhance(low, run), None
    if isinstance(model.method, Spreads):
        return model.method.enhance_with_spread(low, run)
    raise ModelError(
        "model {card} states no interval: choose a model that does", card=model.card.name, code="no-intervals"
    )


def _restore(
    scan: Examined,
    model: Model,
    method: AnyScanMethod,
    warnings: list[str],
    clock: "_Clock",
    run: Run,
    *,
    noise: ScanNoise,
    own_voxels: bool,
    edge: float | None,
    transfer: bool,
    calibration: Calibration | None,
) -> Enhanced:
    """Enhance with a method that accepts any scan."""
    volume, mask, width = scan.volume, scan.mask, scan.width
    told = size_doubt(mask, volume.spacing), other_contrast(volume, mask, model.card.contrast)
    warnings += [doubt for doubt in told if doubt]
    if edge is None and (unchanged := sharp_already(volume, mask, noise, width)):
        return Enhanced(volume, (*warnings, unchanged), clock.seconds, noise, width)
    result = restored(
        volume, mask, method, noise=noise, width=width, scan_voxels=own_voxels, edge=edge, transfer=transfer, run=run,
        interval=calibration is not None,
    )  # fmt: skip
    clock.lap("method")
    check_finite(result.volume.data, f"model {model.card.name}")
    warnings += [doubt for doubt in (noise.warning, caution(model.card.lesions)) if doubt]
    interval = None
    if calibration is not None:
        group = group_of(width, bright_snr(volume, mask, noise), transfer=transfer)
        interval = calibration.interval(result, group, warnings)
    return Enhanced(result.volume, tuple(warnings), clock.seconds, noise, width, interval=interval)


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


def _brain(volume: Volume, mask: np.ndarray | None, model: Model, run: Run) -> FoundBrain:
    run.report.check()
    if mask is not None:
        mask = np.asarray(mask) > 0
        if mask.shape != volume.shape:
            told = "mask {shape} and volume {other} differ in shape: resample one first"
            raise InputError(told, shape=mask.shape, other=volume.shape)
        if not mask.any():
            raise InputError("the brain mask is empty")
    if not model.method.needs_brain:
        return FoundBrain(np.ones(volume.shape, bool))
    if mask is None:
        stage = run.report.track([volume], total=1, message=STAGE)
        [found] = [find_brain(head, device=run.device, report=run.report) for head in stage]
        return doubted(found, volume)
    return doubted(FoundBrain(mask, doubts(volume, mask)), volume)


def _into_surroundings(high: np.ndarray, low: LowField) -> np.ndarray:
    """`high` inside the brain; outside, where no method is trained, the interpolated scan."""
    if low.mask.all():
        return high
    return np.where(low.high_mask, high, upsample_slices(low.data, low.profile.factor))


class _Clock:
    """Seconds since the last lap, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now
