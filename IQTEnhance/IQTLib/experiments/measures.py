"""The measures, one function each: scores, bias, lesions, slices, interpolation, the real low-field scan."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..data.subjects import Brain, Scan, contrast_of
from ..errors import InputError, IQTError, ModelError
from ..evaluation.bias import conditional_bias, high_frequency, shrinkage, tissue_ratio
from ..evaluation.heldout_pairs import make_pair, shown_plane
from ..evaluation.lesion_recovery import placed, recovery, with_lesions
from ..evaluation.rarity import Library, by_decile, low_patches, patch_errors
from ..evaluation.real_scan import consistency, sharpness, tissue_contrast
from ..image import grid
from ..image.axis import upsample_slices
from ..image.brain import brain_mask
from ..image.metrics import evaluate
from ..image.modality import T1W
from ..image.noise_estimate import measure_noise
from ..image.plotting import section
from ..image.tissue import TissueMaps, segment
from ..image.volume import Volume, read, read_mask
from ..models.store import Model
from ..physics.acquisition import Acquisition, SliceProfile
from ..pipeline import carried, enhance, prepare
from .estimates import brain_of, estimate_of, maps_of, matched, model_of, on_truth, pair_of, run_of, scan_of_pair
from .tasks import Context, ModelRef, PairSpec, Store

RARITY_PATCHES = 3000


def bias(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """The bias measures of `evaluation.bias`, except the lesions; the estimate scaled to the truth's mean in the
    brain."""
    spec, ref = inputs["pair"], inputs["model"]
    test, maps = pair_of(spec), maps_of(spec)
    truth, mask = test.pair.high.data, test.high_mask
    estimate = matched(spec, estimate_of(spec, ref, context).data)
    mean = float(truth[mask].mean())
    truth, estimate = truth / mean, estimate / mean
    tissues = {"GM": maps.gm > 0.5, "WM": maps.wm > 0.5, "CSF": maps.csf > 0.5}
    shrunk = {name: shrinkage(truth, estimate, tissue & mask) for name, tissue in tissues.items()}
    bends = {name: conditional_bias(truth, estimate, tissue & mask) for name, tissue in tissues.items()}
    curve, line = conditional_bias(truth, estimate, mask)
    last = {"source": spec.slice_axis, "destination": -1}
    profile = SliceProfile.for_factor(spec.factor)
    energy, correlation = high_frequency(
        np.moveaxis(truth, **last), np.moveaxis(estimate, **last), np.moveaxis(mask, **last), profile
    )
    slices = Acquisition(profile, test.pair.low.shape[spec.slice_axis])
    thick_wm, thick_gm = (
        np.moveaxis(slices.forward(np.moveaxis(m, **last)), -1, spec.slice_axis) for m in (maps.wm, maps.gm)
    )
    return {
        "shrinkage": {name: vars(line) for name, line in shrunk.items()},
        "decile bias": curve.tolist(),
        "decile slope": line.slope,
        "decile slope by tissue": {name: bend[1].slope for name, bend in bends.items()},
        "high-frequency energy": energy,
        "high-frequency correlation": correlation,
        "ratio": {
            "truth": tissue_ratio(truth, maps.wm, maps.gm),
            "scan": tissue_ratio(test.pair.low.data, thick_wm, thick_gm),
            "estimate": tissue_ratio(estimate, maps.wm, maps.gm),
        },
        "rarity": _rarity(spec, np.moveaxis(estimate - truth, **last), inputs["library"], context),
    }


def _rarity(spec: PairSpec, error: np.ndarray, library: str, context: Context) -> dict[str, Any]:
    """Error of patches by decile of their distance to the training library."""
    kept = Store(context.store).arrays(library)
    if kept is None:
        raise IQTError("the training library is missing: its task failed")
    scan = scan_of_pair(spec)
    where, patches = low_patches(scan, RARITY_PATCHES, np.random.default_rng(spec.seed))
    distance = Library(kept["projection"], kept["features"]).distance(patches)
    rms, mean = patch_errors(error, where, spec.factor)
    values = {"distance": distance, "rmse": rms, "bias": mean, "absolute bias": np.abs(mean)}
    return {name: by_decile(distance, value).tolist() for name, value in values.items()}


def scores(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """NRMSE and SSIM in both definitions, in the scan's units ("as is") and scaled to the truth's mean."""
    spec, ref = inputs["pair"], inputs["model"]
    test, estimate = pair_of(spec), estimate_of(spec, ref, context)
    truth, mask = test.pair.high.data, test.high_mask
    scaled = matched(spec, estimate.data)
    return {
        "snr": test.pair.snr,
        "seconds": estimate.seconds,
        "warnings": estimate.warnings,
        "gain": float(scaled[mask].mean() / estimate.data[mask].mean()),
        "as is": evaluate(truth, estimate.data, mask).as_dict(),
        "gain matched": evaluate(truth, scaled, mask).as_dict(),
    }


def sections(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """One slice of the truth and of every estimate, and where each is closer to the truth than the references."""
    spec: PairSpec = inputs["pair"]
    models: dict[str, ModelRef] = inputs["models"]
    test = pair_of(spec)
    truth, mask = test.pair.high, test.high_mask
    estimates, missing = {}, {}
    for name, ref in models.items():
        try:
            estimates[name] = matched(spec, estimate_of(spec, ref, context).data)
        except (InputError, ModelError) as error:
            missing[name] = _why(ref, error)
    plane = shown_plane(truth.affine, spec.slice_axis)
    centre = truth.affine @ [*np.argwhere(mask).mean(0), 1]

    def cut(data: np.ndarray) -> np.ndarray:
        return section(truth.with_data(np.where(mask, data, 0).astype(np.float32)), centre, plane)[0]

    errors = {name: np.abs(estimate - truth.data) for name, estimate in estimates.items()}
    closer = {
        f"{name}|{reference}": float((errors[name] < errors[reference])[mask].mean())
        for reference in inputs["references"]
        if reference in errors
        for name in errors
        if name != reference
    }
    pieces = {name: cut(data).astype(np.float16) for name, data in {**estimates, "truth": truth.data}.items()}
    Store(context.store).put_arrays(inputs["key"], **pieces, brain=cut(np.ones(truth.shape)) > 0)
    size = section(truth, centre, plane)[1]
    rmse = {name: float(np.sqrt(np.mean(e[mask] ** 2)) / truth.data[mask].mean()) for name, e in errors.items()}
    return {"size": size, "plane": plane, "closer": closer, "nrmse_mean": rmse, "missing": missing}


def _why(ref: ModelRef, error: Exception) -> str:
    """Raise an error that says that a model of this run was not trained, instead of naming its folder."""
    path = Path(ref.name)
    return "its training failed" if path.is_absolute() and not path.exists() else str(error)


WHITE = 0.9  # least white-matter fraction of a voxel for the centre of a lesion


def lesions(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Recovery coefficient of every lesion inserted into the subject's white matter."""
    spec, ref = inputs["pair"], inputs["model"]
    test = pair_of(spec)
    truth = test.pair.high
    white = maps_of(spec).wm > WHITE
    mean = float(truth.data[white].mean())
    found = placed(white, truth.spacing, np.random.default_rng([*spec.seed, 1]))
    if not found:
        raise IQTError(f"the white matter of {spec.person} has no room for a lesion")
    low, added = with_lesions(
        found,
        test.pair.low.data,
        test.pair.contrast,
        shape=truth.shape,
        spacing=truth.spacing,
        white=mean,
        profile=SliceProfile.for_factor(spec.factor),
        slice_axis=spec.slice_axis,
    )
    model, run = model_of(ref), run_of(context)
    scan = replace(test.pair.low.with_data(low), modality=T1W)
    result = enhance(scan, model=model, mask=test.low_mask, slice_axis=spec.slice_axis, run=run).volume
    after = on_truth(result, truth)
    before = estimate_of(spec, ref, context).data
    gain = truth.data[test.high_mask].mean() / before[test.high_mask].mean()
    change = (after - before) * gain
    rows = []
    for lesion in found:
        box = lesion.window(truth.shape, truth.spacing)
        rows.append(
            {
                "diameter": lesion.diameter,
                "contrast": lesion.contrast,
                "centre": lesion.centre,
                "recovery": recovery(change[box], added[box]),
            }
        )
    return {"lesions": rows, "snr": test.pair.snr}


POWERS = (0.75, 1.0, 1.5, 2.0, 2.5)  # of intensity: the WM/GM ratio r of the truth becomes r ** power


def check(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Cubic interpolation of one pair: as is, with contrast corrected, without noise; and its dependence on contrast.

    "contrast known": the scan is first divided by the simulator's tissue factor. "and no noise": the scan before noise.
    "by contrast": the same subject with intensities raised to a power, simulated with the same SNR.
    """
    spec: PairSpec = inputs["pair"]
    brain = brain_of(spec)
    test = make_pair(brain, spec.test_set, seed=spec.seed, slice_axis=spec.slice_axis)
    low, contrast = (np.moveaxis(a, spec.slice_axis, -1) for a in (test.pair.low.data, test.pair.contrast))
    truth, mask = (np.moveaxis(a, spec.slice_axis, -1) for a in (test.pair.high.data, test.high_mask))
    clean = Acquisition(SliceProfile(3, 1), low.shape[-1]).forward(truth)
    undone = np.divide(low, contrast, out=np.zeros_like(low), where=contrast > 0.1)
    variants = {"as is": low, "contrast known": undone, "and no noise": clean}
    return {
        "ratio": _ratio(brain),
        "scan ratio": test.pair.snr[0] / test.pair.snr[1],
        "variants": {name: _scored(truth, scan, mask) for name, scan in variants.items()},
        "by contrast": [_at_power(brain, spec, power) for power in POWERS],
    }


def _at_power(brain: Brain, spec: PairSpec, power: float) -> dict[str, float]:
    top = float(np.percentile(brain.volume.data[brain.mask], 99))
    data = top * np.clip(brain.volume.data / top, 0, None) ** np.float32(power)
    changed = replace(brain, volume=brain.volume.with_data(data.astype(np.float32)))
    test = make_pair(changed, spec.test_set, seed=spec.seed, slice_axis=spec.slice_axis)
    low, truth, mask = (
        np.moveaxis(a, spec.slice_axis, -1) for a in (test.pair.low.data, test.pair.high.data, test.high_mask)
    )
    return {"power": power, "ratio": _ratio(changed)} | _scored(truth, low, mask)


def _ratio(brain: Brain) -> float:
    return tissue_ratio(brain.volume.data, brain.maps.wm, brain.maps.gm)


def _scored(truth: np.ndarray, low: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    score = evaluate(truth, upsample_slices(low, 4), mask)
    return {"nrmse_mean": score.nrmse_mean, "nrmse_max": score.nrmse_max, "ssim": score.ssim}


def lowfield(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Measures of one model's result on the scan; tissue maps come from the scan, the same for all models."""
    scan, mask, maps = _known(inputs["scan"], inputs["scan"].content)
    axis, model = grid.slice_axis(scan), model_of(inputs["model"])
    result = enhance(scan, model=model, mask=mask, run=run_of(context))
    noise = measure_noise(scan, mask)
    low, low_volume = prepare(scan, mask, model, axis=axis, noise=noise)
    sigma = carried(noise, scan, model, axis=axis, inside=low.mask).sigma
    high = grid.slices_last(result.volume, axis)
    factor = low.profile.factor
    tissues = TissueMaps(*(_on_result(scan.with_data(m), axis, model, factor) for m in vars(maps).values()))
    slices = Acquisition(low.profile, low.data.shape[-1]).forward(high.data)
    Store(context.store).put_arrays(
        inputs["key"],
        data=result.volume.data.astype(np.float32),
        affine=result.volume.affine,
        scan=scan.data,
        scan_affine=scan.affine,
        brain=grid.slices_back(high.with_data(low.high_mask.astype(np.float32)), axis).data > 0.5,
    )
    return {
        "warnings": result.warnings,
        "seconds": sum(result.seconds.values()),
        **tissue_contrast(high, low.high_mask, tissues),
        "sharpness": sharpness(high, low.high_mask),
        **consistency(slices, low_volume.data, low.mask, sigma),
    }


@lru_cache(maxsize=1)
def _known(scan: Scan, content: str) -> tuple[Volume, np.ndarray, TissueMaps]:
    """The scan, its brain and tissue maps, once for all models; `content` shows whether a file has changed."""
    contrast = contrast_of(scan.path, scan.suffix)
    volume = read(scan.path)
    mask = brain_mask(volume) if scan.mask is None else read_mask(scan.mask, volume)
    return volume, mask, segment(volume, mask, rng=np.random.default_rng(0), contrast=contrast)


def _on_result(tissue: Volume, axis: int, model: Model, factor: int) -> np.ndarray:
    """A tissue map of the scan on the grid of the model's result, slices last."""
    low = model.card.model_grid.fit(grid.slices_last(tissue, axis), "linear")
    return np.clip(upsample_slices(low.data, factor, "linear"), 0, 1)
