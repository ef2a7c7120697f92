"""Tests a new model on held-out subjects: simulates scans, scores the results, and writes the scores into its card."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..data.seeds import generator, words
from ..data.subjects import find_scans, isotropic, load_brain
from ..errors import InputError
from ..evaluation.heldout import BASELINE, estimates, into_card, refuse_training_people, score, summary
from ..evaluation.heldout_pairs import make_pair
from ..events import SILENT, Reporter
from ..models.store import check, load
from ..physics.acquisition import SliceProfile
from ..physics.simulation import Noise
from ..sentences import Sentence

TOLD = ("nrmse_mean", "ssim")


@dataclass(frozen=True)
class TrialPlan:
    """The test subjects and the simulated scans of a test: one scan of each subject for each of `sets`."""

    people: tuple[str, ...]
    sets: tuple[str, ...]
    profile: SliceProfile
    slice_axes: tuple[int, ...]
    noise: Noise = "gaussian"
    suffix: str = "T1w"
    seed: int = 305


def check_and_tell(folder: Path, report: Reporter) -> None:
    """Reload a new model and run it on a small volume; `ModelError` if anything is wrong."""
    for line in check(folder):
        report.log(line)


def try_and_tell(folder: Path, source: Path, plan: TrialPlan, *, device: str, report: Reporter) -> None:
    """`try_model`, with its rows as a result event; if the test fails the model is kept and a warning says why."""
    try:
        table = try_model(folder, source, plan, device=device, report=report)
    except InputError as error:
        report.warn(Sentence("the model was not tested: {why}", why=error))
    else:
        count = table[0]["people"]
        report.result(Sentence("tested; subjects: {count}", count=count), test=table)


def try_model(
    folder: Path, source: Path, plan: TrialPlan, *, device: str = "cpu", report: Reporter = SILENT
) -> list[dict[str, Any]]:
    """Score the model in `folder` against interpolation, write the scores into its card and return them as rows.

    Raises:
        InputError: no subject of the plan has a usable scan below `source`, or one of them was trained on.
    """
    models = [load(BASELINE), load(folder)]
    refuse_training_people(models, plan.people)
    scans = [scan for scan in find_scans(source, suffix=plan.suffix) if scan.person in plan.people]
    rows: list[dict[str, Any]] = []
    for scan in report.track(scans, total=len(scans), message=Sentence("testing", "testing")):
        try:
            brain = isotropic(load_brain(scan, rng=np.random.default_rng(0), report=report))
        except InputError as error:
            report.warn(Sentence("{path} is left out of the test: {why}", path=scan.path.name, why=error))
            continue
        axis = plan.slice_axes[generator(plan.seed, "axis", brain.key).integers(len(plan.slice_axes))]
        for name in plan.sets:
            seed = words(plan.seed, name, brain.key)
            test = make_pair(brain, name, seed=seed, slice_axis=axis, profile=plan.profile, noise=plan.noise)
            rows += score(test, estimates(test, models, slice_axis=axis, device=device))
    if not rows:
        raise InputError("none of {plan} has a usable scan below {source}", plan=", ".join(plan.people), source=source)
    table = [row for row in summary(rows) if row["metric"] in TOLD]
    into_card(folder, table)
    return table
