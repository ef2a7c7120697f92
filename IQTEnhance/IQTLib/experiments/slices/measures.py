"""The 2-D protocol on mid-slices, for each method."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ModelError
from ...evaluation import planar
from ...events import SILENT
from ...methods.base import Run
from ...methods.lrtv.observed import Observed
from ...methods.lrtv.solver import Penalty, Problem, solve
from ...methods.lrtv_extended.method import restored
from ...methods.lrtv_extended.parameters import PARAMETERS
from ...physics.sampling import Sampling
from ..estimates import model_of, run_of
from ..tasks import Context, ModelRef, Store
from .convolutional import CONVOLUTIONAL, coded
from .regressors import LEARNED, regressed

PICTURED = "IXI160-HH-1637"  # the slice whose single scores the study's repository shows
PENALTIES = {2: (3e-5, 1e-3), 4: (1e-3, 3e-3)}
"""LRTV's weights of total variation and rank by scale, intensities 0 to 1: the best of a few on six training slices."""
SCORES = ("psnr", "ssim", "ssim_gaussian")
ITERATIONS, TOLERANCE = 60, 1e-3

Planar = Callable[[Observed, int, Run], np.ndarray]


def measured(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Scores and processor seconds of one method on every slice; the pictured slice is kept."""
    slices = planar.read_slices(Path(inputs["folder"]))
    factor, coarse = _set(inputs["test_set"])
    run, name, folder = run_of(context), inputs["method"], Path(inputs["folder"])
    if name in LEARNED:
        method = regressed(name, folder, factor, inputs["atoms"], run)
    elif name in CONVOLUTIONAL:
        method = coded(name, folder, factor, inputs["atoms"], run)
    else:
        method = _of_model(inputs["model"]) if "model" in inputs else PLANAR[name]
    subjects = slices.subjects[: inputs["count"] or None]
    shown = subjects.index(PICTURED) if PICTURED in subjects else 0
    sampling = planar.degradation(slices.images.shape[1:], factor)
    enlarging = planar.bicubic(factor, tuple(n // factor for n in slices.images.shape[1:]))
    rows = []
    for index, truth in enumerate(slices.images[: len(subjects)]):
        run.report.check()
        low = sampling.forward(truth[..., None].astype(np.float64))
        low = np.floor(low) if coarse else low
        start = time.process_time()
        estimate = planar.WHITE * method(Observed(low / planar.WHITE, sampling, enlarging), factor, run)[..., 0]
        rows.append(planar.scores(truth, estimate) | {"seconds": time.process_time() - start})
        if index == shown:
            pictured = np.clip(estimate, 0, planar.WHITE).astype(np.float32)
            Store(context.store).put_arrays(inputs["key"], estimate=pictured, truth=truth)
    return {"subjects": list(subjects), **{name: [row[name] for row in rows] for name in (*SCORES, "seconds")}}


def _set(name: str) -> tuple[int, bool]:
    """Scale of a set like "x4-8bit", and whether its slices are rounded down to 8 bits."""
    return int(name[1]), name.endswith("8bit")


def _bicubic(observed: Observed, factor: int, run: Run) -> np.ndarray:
    return observed.enlarging.forward(observed.scan)


def _landweber(observed: Observed, factor: int, run: Run) -> np.ndarray:
    return planar.landweber(observed.sampling, observed.scan, observed.enlarging.forward(observed.scan))


def _lrtv(observed: Observed, factor: int, run: Run, *, tv: bool = True, rank: bool = True) -> np.ndarray:
    single = _single(observed)
    weights = PENALTIES[factor]
    problem = Problem(single.sampling, single.scan, Penalty(tv * weights[0], rank * weights[1]), single.density)
    report = replace(SILENT, cancelled=run.report.cancelled)
    kwargs: dict[str, Any] = {"iterations": ITERATIONS, "tolerance": TOLERANCE}
    return np.minimum(solve(problem, single.enlarged(), **kwargs, report=report, message="LRTV").image, 1)


def _elrtv(observed: Observed, factor: int, run: Run, *, study: bool = False, **changed: Any) -> np.ndarray:
    using = replace(PARAMETERS[f"study-x{factor}" if study else "ours"], **changed)
    return np.minimum(restored(_single(observed), using, 0.0, run), 1)


def _of_model(ref: ModelRef) -> Planar:
    """What a trained model for slices makes of them.

    Raises:
        ModelError: it is one for volumes.
    """
    method: Any = model_of(ref).method
    if not hasattr(method, "enlarge"):
        raise ModelError(f"model {ref.name} is not one for slices: train one with `iqt train liif`")

    def enlarged(observed: Observed, factor: int, run: Run) -> np.ndarray:
        x, y = (matrix.shape[0] for matrix in observed.enlarging.matrices[:2])
        return method.enlarge(observed.scan[..., 0], (x, y), run)[..., None]

    return enlarged


def _single(observed: Observed) -> Observed:
    """Single precision, as in the methods for volumes."""

    def less(sampling: Sampling) -> Sampling:
        return Sampling(tuple(matrix.astype(np.float32) for matrix in sampling.matrices))

    return Observed(observed.scan.astype(np.float32), less(observed.sampling), less(observed.enlarging))


PLANAR: dict[str, Planar] = {
    "ixi-bicubic": _bicubic,
    "ixi-landweber": _landweber,
    "ixi-lrtv": _lrtv,
    "ixi-lrtv-tv": partial(_lrtv, rank=False),
    "ixi-lrtv-rank": partial(_lrtv, tv=False),
    "ixi-elrtv-study": partial(_elrtv, study=True),
    "ixi-elrtv": _elrtv,
    "ixi-elrtv-projection": partial(_elrtv, sharpen=0.0, nlm=0.0, passes=0),
    "ixi-elrtv-sharp": partial(_elrtv, nlm=0.0),
    "ixi-elrtv-nlm": partial(_elrtv, sharpen=0.0),
    "ixi-elrtv-once": partial(_elrtv, passes=1),
    "ixi-elrtv-no-projection": partial(_elrtv, projections=0),
}
