"""One simulated scan restored by one method: scores that no coil's field decides, and what its interval holds."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from ...data.subjects import Brain
from ...evaluation.anyscan import KINDS, AnyScan, figures, scan
from ...evaluation.intervals import Needed, coverage_by, coverage_by_intensity, sparsification
from ...image.grid import on_grid
from ...pipeline import Enhanced, enhance
from ..estimates import brain_of, model_of, run_of
from ..tasks import Context, PairSpec

TISSUES = ("CSF", "GM", "WM")


def measured(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """NRMSE, SSIM and tissue Dice of the estimate and of cubic interpolation; the coverage of a calibrated interval.

    Nothing but the scan, its brain mask and for some methods its modality is given: resolution, noise and contrast are
    measured, as for a user.
    """
    spec: PairSpec = inputs["pair"]
    model, (brain, low) = model_of(inputs["model"]), _scan(spec)
    labels = _labels(brain)
    uncertainty = model.card.intervals is not None
    told, run = inputs.get("modality"), run_of(context)
    result = enhance(low.volume, mask=low.mask, model=model, modality=told, uncertainty=uncertainty, run=run)
    row = {
        "snr": low.snr,
        "contrast": low.contrast,
        "seconds": sum(result.seconds.values()),
        "warnings": result.warnings,
        "scores": _figures(on_grid(result.volume, brain.volume), brain, labels),
        "interpolation": _figures(on_grid(low.volume, brain.volume), brain, labels),
    }
    return row | ({"interval": _held(result, brain, labels)} if result.interval is not None else {})


def _figures(estimate: np.ndarray, brain: Brain, labels: np.ndarray) -> dict[str, float]:
    return figures(estimate, brain.volume, brain.mask, labels, rng=np.random.default_rng(0))


def _held(result: Enhanced, brain: Brain, labels: np.ndarray) -> dict[str, Any]:
    assert result.interval is not None
    needed = Needed.of(result.volume, result.interval, brain.volume, brain.mask)
    return {
        "group": result.interval.group,
        "coverage": needed.coverage(),
        "by tissue": coverage_by(needed, labels, names=TISSUES),
        "by intensity": coverage_by_intensity(needed),
        "half-width": float(np.median(needed.width) / 2 / brain.volume.data[brain.mask].mean()),
        "sparsification": sparsification(needed.error, needed.width)[2],
    }


def _scan(spec: PairSpec) -> tuple[Brain, AnyScan]:
    return _simulated(spec.scan.content, spec.test_set, replace(spec, simulator=""))


@lru_cache(maxsize=1)
def _simulated(content: str, kind: str, spec: PairSpec) -> tuple[Brain, AnyScan]:
    """The brain and its scan, once for all methods; `content` tells a changed file from the same."""
    brain = brain_of(spec)
    rng = np.random.default_rng(spec.seed)
    return brain, scan(brain.volume, brain.maps, brain.mask, KINDS[kind], slice_axis=spec.slice_axis, rng=rng)


def _labels(brain: Brain) -> np.ndarray:
    """1 CSF, 2 GM, 3 WM by the largest fraction; 0 outside the brain."""
    labels = np.argmax([brain.maps.csf, brain.maps.gm, brain.maps.wm], axis=0) + 1
    return np.where(brain.mask, labels, 0)
