"""Brains, pairs, models and estimates for the measures, cached per process; estimates are shared by all processes."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..data.subjects import Brain, isotropic, load_brain
from ..evaluation.heldout_pairs import HeldOutPair, make_pair, middle
from ..events import Reporter
from ..image.grid import on_grid
from ..image.modality import T1W
from ..image.noise import ScanNoise
from ..image.tissue import TissueMaps
from ..image.volume import Volume
from ..jobs.stopping import stop_when
from ..methods.base import LowField, Run
from ..models.store import Model, load
from ..physics.acquisition import SliceProfile
from ..pipeline import enhance
from .code import digest
from .tasks import Context, ModelRef, PairSpec, Store


@dataclass(frozen=True, eq=False)
class Estimate:
    """A model's estimate from a scan: `data` on the truth's grid, in the scan's units."""

    data: np.ndarray
    seconds: float
    warnings: tuple[str, ...] = ()


def run_of(context: Context) -> Run:
    """The device, and a reporter that only checks for cancellation."""
    stopped = stop_when(context.stop)
    return Run(context.device, Reporter(cancelled=lambda: context.report.cancelled() or stopped()))


@lru_cache(maxsize=1)
def _brain(key: str, spec: PairSpec) -> Brain:
    return isotropic(load_brain(spec.scan, rng=np.random.default_rng(0)))


def brain_of(spec: PairSpec) -> Brain:
    """The subject on isotropic voxels."""
    return _brain(*_same_scan(spec))


def _same_scan(spec: PairSpec) -> tuple[str, PairSpec]:
    return spec.scan.content, replace(spec, test_set="", seed=(0, 0, 0), slice_axis=2, factor=4, part=1.0)


@lru_cache(maxsize=1)
def pair_of(spec: PairSpec) -> HeldOutPair:
    """The simulated pair."""
    profile = SliceProfile.for_factor(spec.factor)
    test = make_pair(brain_of(spec), spec.test_set, seed=spec.seed, slice_axis=spec.slice_axis, profile=profile)
    return test if spec.part == 1 else middle(test, spec.slice_axis, spec.part)


def maps_of(spec: PairSpec) -> TissueMaps:
    """Tissue maps on the truth's grid."""
    brain, high = brain_of(spec), pair_of(spec).pair.high
    first = np.linalg.solve(brain.volume.affine, high.affine)[:3, 3].round().astype(int)
    box, maps = tuple(slice(start, start + n) for start, n in zip(first, high.shape, strict=True)), brain.maps
    return TissueMaps(maps.csf[box], maps.gm[box], maps.wm[box])


@lru_cache(maxsize=8)
def model_of(ref: ModelRef) -> Model:
    """The loaded model; an interpolation gets slices `ref.factor` apart."""
    model = load(ref.name)
    if model.card.method != "interpolation":
        return model
    profile = SliceProfile.for_factor(ref.factor)
    card = replace(
        model.card, grid=model.card.grid | {"factor": ref.factor}, thickness=profile.thickness, gap=profile.gap
    )
    return Model(card, model.method)


def estimate_of(spec: PairSpec, ref: ModelRef, context: Context) -> Estimate:
    """The estimate from the store, computed first if needed (stored as 16-bit floats, an error of up to 0.05 %)."""
    store, key = Store(context.store), digest("estimate", spec.key, ref.content)
    mean = float(pair_of(spec).pair.high.data[pair_of(spec).high_mask].mean())
    if (kept := store.arrays(key)) is not None:
        return Estimate(
            kept["data"].astype(np.float32) * mean, float(kept["seconds"]), tuple(kept["warnings"].tolist())
        )
    test = pair_of(spec)
    low = replace(test.pair.low, modality=T1W)  # as a file's name would say
    done = enhance(low, model=model_of(ref), mask=test.low_mask, slice_axis=spec.slice_axis, run=run_of(context))
    seconds = sum(done.seconds.values())
    data = (on_truth(done.volume, test.pair.high) / mean).astype(np.float16)
    store.put_arrays(key, data=data, seconds=np.array(seconds), warnings=np.array(done.warnings, dtype=str))
    return Estimate(data.astype(np.float32) * mean, seconds, done.warnings)


def on_truth(result: Volume, truth: Volume) -> np.ndarray:
    """The result on the truth's grid, which any-scan methods do not use."""
    same = result.shape == truth.shape and np.allclose(result.affine, truth.affine, atol=1e-3)
    return result.data if same else on_grid(result, truth)


def matched(spec: PairSpec, estimate: np.ndarray) -> np.ndarray:
    """`estimate` scaled to the truth's mean in the brain."""
    test = pair_of(spec)
    return estimate * np.float32(test.pair.high.data[test.high_mask].mean() / estimate[test.high_mask].mean())


def scan_of_pair(spec: PairSpec) -> LowField:
    """The pair's scan with slices last and mean 1 in the brain, for the measure of rarity."""
    from ..image.grid import slices_last

    test = pair_of(spec)
    low = slices_last(test.pair.low, spec.slice_axis)
    mask = np.moveaxis(test.low_mask, spec.slice_axis, -1)
    profile = SliceProfile.for_factor(spec.factor)
    return LowField.normalised(low, mask, noise=ScanNoise(0.0), profile=profile, normalisation="brain-mean")
