"""Slices of a pair's estimates for the pictures, and how often each method is closer to the truth than another."""

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, ModelError
from ..evaluation.test_pairs import shown_plane
from ..image.plotting import section
from .estimates import estimate_of, matched, pair_of
from .store import Store
from .tasks import Context, ModelRef, PairSpec


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
    return {"size": size, "plane": plane, "closer": closer, "nrmse_mean": rmse, "missing": missing}


def _why(ref: ModelRef, error: Exception) -> str:
    """A missing model of this run was not trained: the name of its folder would say nothing."""
    path = Path(ref.name)
    return "its training failed" if path.is_absolute() and not path.exists() else str(error)
