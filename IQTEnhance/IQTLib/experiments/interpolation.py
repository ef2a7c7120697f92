"""What interpolation's error depends on: why our InD1 row is, or is not, the paper's (0.257 / 0.698)."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..data.subjects import Brain
from ..evaluation.test_pairs import make_pair
from ..image.axis import upsample_slices
from ..image.metrics import evaluate
from ..physics.acquisition import Acquisition, SliceProfile
from .bias import tissue_ratio
from .estimates import brain_of
from .tasks import Context, PairSpec

POWERS = (0.75, 1.0, 1.5, 2.0, 2.5)  # of intensity: the WM/GM ratio r of the truth becomes r ** power


def check(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Cubic interpolation of one pair: as it is, with the contrast put right, without noise; and against contrast.

    "contrast known": the scan is divided by the simulator's tissue factor first. "and no noise": of the scan before
    noise. "by contrast": the same person with intensities raised to a power, simulated with the same SNR.
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
