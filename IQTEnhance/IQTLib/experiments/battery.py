"""The measures of regression to the mean, together, on one estimate."""

from typing import Any

import numpy as np

from ..errors import IQTError
from ..physics.acquisition import Acquisition, SliceProfile
from .bias import conditional_bias, high_frequency, shrinkage, tissue_ratio
from .estimates import estimate_of, maps_of, matched, pair_of, scan_of_pair
from .rarity import Library, by_decile, low_patches, patch_errors
from .store import Store
from .tasks import Context, PairSpec

RARITY_PATCHES = 3000


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
