"""What is measured on an estimate of a known truth: scores, bias, lesions, sections for the pictures."""

from typing import Any

import numpy as np

from ..acquisition import Acquisition, SliceProfile
from ..errors import IQTError
from ..metrics import evaluate
from ..pictures import section
from ..pipeline import enhance
from .bias import conditional_bias, high_frequency, shrinkage, tissue_ratio
from .estimates import brain_of, estimate_of, maps_of, matched, model_of, pair_of, run_of, scan_of_pair
from .lesions import placed, recovery, with_lesions
from .rarity import Library, by_decile, low_patches, patch_errors
from .store import Store
from .tasks import Context, ModelRef, PairSpec

RARITY_PATCHES = 3000
WHITE = 0.9  # a voxel's white matter fraction for a lesion to lie there


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


def bias(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """The battery of ALGORITHMS 8.2, all but the lesions; the estimate scaled to the truth's mean in the brain."""
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
    thick = [np.moveaxis(slices.forward(np.moveaxis(m, **last)), -1, spec.slice_axis) for m in (maps.wm, maps.gm)]
    return {
        "shrinkage": {name: vars(line) for name, line in shrunk.items()},
        "decile bias": curve.tolist(),
        "decile slope": line.slope,
        "decile slope by tissue": {name: bend[1].slope for name, bend in bends.items()},
        "high-frequency energy": energy,
        "high-frequency correlation": correlation,
        "ratio": {
            "truth": tissue_ratio(truth, maps.wm, maps.gm),
            "scan": tissue_ratio(test.pair.low.data, *thick),
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


def lesions(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Recovery coefficient of every lesion that was put into the person's white matter."""
    spec, ref = inputs["pair"], inputs["model"]
    test, brain = pair_of(spec), brain_of(spec)
    truth = test.pair.high
    white = maps_of(spec).wm > WHITE
    mean = float(truth.data[white].mean())
    found = placed(white, truth.spacing, np.random.default_rng([*spec.seed, 1]))
    if not found:
        raise IQTError(f"the white matter of {brain.person} has no room for a lesion")
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
    scan = test.pair.low.with_data(low)
    after = enhance(scan, model=model, mask=test.low_mask, slice_axis=spec.slice_axis, run=run).volume.data
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
        except IQTError as error:
            missing[name] = str(error)
    plane = _plane(truth.affine, spec.slice_axis)
    centre = truth.affine @ [*np.argwhere(mask).mean(0), 1]

    def cut(data: np.ndarray) -> np.ndarray:
        return section(truth.with_data(np.where(mask, data, 0).astype(np.float32)), centre, plane)[0]

    error = {name: np.abs(estimate - truth.data) for name, estimate in estimates.items()}
    closer = {
        f"{name}|{reference}": float((error[name] < error[reference])[mask].mean())
        for reference in inputs["references"]
        if reference in error
        for name in error
        if name != reference
    }
    pieces = {name: cut(data).astype(np.float16) for name, data in {**estimates, "truth": truth.data}.items()}
    Store(context.store).put_arrays(inputs["key"], **pieces, brain=cut(np.ones(truth.shape)) > 0)
    size = section(truth, centre, plane)[1]
    rmse = {name: float(np.sqrt(np.mean(e[mask] ** 2)) / truth.data[mask].mean()) for name, e in error.items()}
    top = float(np.percentile(truth.data[mask], 99.8))
    return {"size": size, "plane": plane, "top": top, "closer": closer, "nrmse_mean": rmse, "missing": missing}


def _plane(affine: np.ndarray, slice_axis: int) -> int:
    """The plane to show: one that the thick slices cut through; coronal as in the paper where that is one."""
    import nibabel as nib

    world = int(nib.io_orientation(affine)[slice_axis, 0])
    return 1 if world != 1 else 2
