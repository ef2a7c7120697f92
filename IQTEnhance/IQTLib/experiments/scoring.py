"""Scores of an estimate against its truth: the cells of the tables."""

from typing import Any

from ..image.metrics import evaluate
from .estimates import estimate_of, matched, pair_of
from .tasks import Context


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
