"""Train WEENIE on subjects with two registered contrasts and on others with one: `iqt train weenie`."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from ..data.candidates import learnable
from ..data.subjects import Scan, find_scans, mask_of
from ..errors import InputError
from ..evaluation.planar import WHITE, read_slices
from ..events import SILENT, Reporter
from ..image.axial import axial, fine_axial, finer, undarkened
from ..image.brain import is_stripped
from ..image.volume import Volume, read
from ..io.files import alone
from ..io.typed import Between, Length, built, check
from ..methods.base import Run
from ..methods.csc.weenie import Slices, Weenie, WeenieSettings
from ..models.store import ModelCard, check_target, save
from ..sentences import Sentence
from .provenance import provenance
from .recipe import read_recipe
from .run_folder import LAST, begun, check_run, run_of
from .slice_pairs import coarse

FULL = 0.25  # of the largest slice's brain, below which a slice is left out
GAP = 4  # slices between those that are learned from and those left out
TESTED = 6  # slices that are scored


@dataclass(frozen=True)
class SynthesisRecipe:
    """Everything that determines a training of WEENIE.

    Args:
        source, target: BIDS suffixes of both contrasts. settings: of the method.
        first, last: the part of the slices of each pair, from below, that is left out and scored.
        pair_slices, other_slices: slices of each pair and of each volume without partner.
        mid_slices: slices of IXI without partner, where a folder is given.
        exclude: subjects that are not used.
    """

    method: str = "weenie"
    source: Annotated[str, Length(20)] = "T1w"
    target: Annotated[str, Length(20)] = "T2w"
    settings: dict[str, Any] = field(default_factory=dict)
    first: Annotated[float, Between(0, 1)] = 0.45
    last: Annotated[float, Between(0, 1)] = 0.6
    pair_slices: Annotated[int, Between(1, 1000)] = 40
    other_slices: Annotated[int, Between(0, 1000)] = 3
    mid_slices: Annotated[int, Between(0, 1000)] = 12
    exclude: tuple[str, ...] = ()
    data: str = "not stated"
    seed: Annotated[int, Between(0, 2**63 - 1)] = 300

    def __post_init__(self) -> None:
        check(self)
        if self.source == self.target:
            raise InputError("source and target are both {contrast}: name two contrasts", contrast=self.source)

    @property
    def weenie(self) -> WeenieSettings:
        return built(WeenieSettings, {"source": self.source, "target": self.target} | self.settings, "settings.")


def synthesis_recipe(name: str | Path, changes: dict[str, Any]) -> SynthesisRecipe:
    """The recipe of that name or in that file; `changes` replace its values, those of "settings." the method's."""
    content = read_recipe(name)
    for key, value in changes.items():
        section, _, entry = key.partition(".")
        content[section] = content.get(section, {}) | {entry: value} if entry else value
    recipe = built(SynthesisRecipe, content)
    recipe.weenie  # noqa: B018 - refuses what is wrong
    return recipe


def train(
    source: Path,
    target: Path,
    recipe: SynthesisRecipe,
    *,
    slices: Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> ModelCard:
    """Learn from the volumes below `source` and write the model folder `target`.

    Args:
        slices: folder of mid-slices (`evaluation.planar`), of the target's contrast, without partner.
        resume: continue a training that was stopped, from the same scans and slices.

    Raises:
        InputError: no subject has both contrasts on one grid. CancelledError.
    """
    check_target(target, overwrite=overwrite)
    folder = run_of(target)
    check_run(folder, recipe, resume=resume, overwrite=overwrite)
    started, run = time.monotonic(), Run(report=report)
    material = _read(source, slices, recipe, report)
    method = Weenie(recipe.weenie)
    method.checkpoint = folder / LAST
    run_folder = begun(folder, recipe, subjects=material.keys, resume=resume, overwrite=overwrite, report=report)
    with alone(folder), run_folder:
        method.learn(material.slices, np.random.default_rng(recipe.seed), run)
        scores = scored(method, material.left_out, run)
        card = _card(target.name, method, recipe, material)
        card.training.update({"left out": scores, "seconds": round(time.monotonic() - started, 1)})
        card = save(card, method, target, overwrite=overwrite)
    told = {"people": len(material.paired), "seconds": card.training["seconds"]}
    report.result(str(target), model=str(target), **told, **scores)
    return card


@dataclass(frozen=True, eq=False)
class _Material:
    """What is learned from, pairs of slices left out, subjects with both contrasts and with one; keys by role."""

    slices: Slices
    left_out: list[Any]
    paired: list[str]
    others: list[str]
    keys: dict[str, list[str]]


def _read(source: Path, slices: Path | None, recipe: SynthesisRecipe, report: Reporter) -> _Material:
    known, partners = ({s.person: s for s in find_scans(source, suffix=c)} for c in (recipe.source, recipe.target))
    known = {person: scan for person, scan in known.items() if person not in recipe.exclude}
    registered: list[Any] = []
    left_out: list[Any] = []
    paired: list[str] = []
    for person in sorted(set(known) & set(partners)):
        both = _pair(known[person], partners[person], recipe, report)
        if both is not None:
            kept, tested = _split(*both, recipe)
            registered, left_out, paired = registered + kept, left_out + tested, [*paired, person]
    others = [known[person] for person in sorted(set(known) - set(paired))]
    sources: list[np.ndarray] = []
    used: list[Scan] = []
    for scan in report.track(others, total=len(others), message=Sentence("reading volumes", "reading")):
        if (brain := _axial_brain(scan, recipe, report)) is not None:
            sources, used = sources + _some(brain, recipe.other_slices), [*used, scan]
    targets = {} if slices is None else _mid_slices(slices, recipe.mid_slices)
    keys = {
        "pairs": [scans[person].key for person in paired for scans in (known, partners)],
        "sources": [scan.key for scan in used],
        "targets": [*targets],
    }
    learned = Slices(registered, sources, [*targets.values()])
    return _Material(learned, left_out, paired, [scan.person for scan in used], keys)


def _card(name: str, method: Weenie, recipe: SynthesisRecipe, material: _Material) -> ModelCard:
    finer = f", {method.settings.scale} times finer" if method.settings.scale > 1 else ""
    return ModelCard(
        name=name,
        method=method.name,
        settings=asdict(method.settings),
        grid={"factor": 4, "finest": 0.7, "coarsest": 1.4},
        contrast=recipe.source,
        normalisation="brain-mean",
        description=f"WEENIE, {recipe.source} to {recipe.target} in 2-D{finer}: synthesised, not measured",
        training={
            "people": [*material.paired, *material.others],
            "pairs": material.paired,
            "data": recipe.data,
            "recipe": asdict(recipe),
            "objective": method.objective,
        }
        | provenance("numpy", "scipy", "sporco"),
    )


def scored(method: Weenie, pairs: Sequence[tuple[np.ndarray, np.ndarray]], run: Run) -> dict[str, float]:
    """Mean PSNR (dB, of the 99.9th percentile) and SSIM inside the brain: of WEENIE and of the intensity map alone."""
    from skimage.metrics import structural_similarity

    rows = []
    for x, y in pairs[:: max(len(pairs) // TESTED, 1)]:
        inside, top = x > 0, float(np.quantile(y[x > 0], 0.999))
        row = []
        for estimate in (method.synthesise(x, run), method.mapped(x)):
            shown = np.where(inside, estimate, 0)
            error = float(np.mean((shown - y)[inside] ** 2))
            local = structural_similarity(y, shown, data_range=top, full=True)[1]
            row += [10 * np.log10(top**2 / error), float(local[inside].mean())]
        rows.append(row)
    names = ("psnr", "ssim", "map_psnr", "map_ssim")
    return dict(zip(names, map(float, np.mean(rows, axis=0)), strict=True)) if rows else {}


def _pair(one: Scan, other: Scan, recipe: SynthesisRecipe, report: Reporter) -> tuple[np.ndarray, np.ndarray] | None:
    """Both volumes, axial and normalised; None if they are not on one grid, or unusable, which is said."""
    try:
        x, y = read(one.path), read(other.path)
        if x.shape != y.shape or not np.allclose(x.affine, y.affine, atol=1e-3):
            return None
        mask = _mask(one, x, report) & (y.data > 0)
        for volume in (x, y):
            learnable(volume, mask)
    except InputError as error:
        report.warn(Sentence("{path} is skipped: {why}", path=one.path.name, why=error))
        return None
    inside = _axial_voxels(x.with_data(mask.astype(np.float32))) > 0
    return seen_brain(x, mask, recipe.weenie.scale, _axial_voxels), _normalised(_axial_voxels(y), inside)


def _axial_voxels(volume: Volume) -> np.ndarray:
    return axial(volume)[0]


def seen_brain(volume: Volume, mask: np.ndarray, scale: int, axial: Callable[[Volume], np.ndarray]) -> np.ndarray:
    """Slices as pixels `scale` times as large show them, on the grid of `axial`: mean 1 in the brain, 0 elsewhere.

    The blur sees what is around the brain, as a scanner does: masked before it, the brain would get a dark rim. Of a
    stripped volume nothing around is known.
    """
    share = axial(volume.with_data(mask.astype(np.float32)))
    if is_stripped(volume):
        masked = axial(volume.with_data(np.where(mask, volume.data, 0)))
        seen = undarkened(as_scanned(masked, scale), as_scanned(share, scale))
    else:
        seen = as_scanned(axial(volume), scale)
    return _normalised(seen, share > 0.5)


def as_scanned(volume: np.ndarray, scale: int) -> np.ndarray:
    """Axial slices (h, w, n) as pixels `scale` times as large show them, interpolated back to the grid."""
    if scale == 1:
        return volume
    low = np.stack([coarse(volume[..., k], (scale, scale)) for k in range(volume.shape[-1])], -1)
    fine = finer(Volume(low, np.eye(4)), scale).data
    return np.pad(fine, [(0, n - m) for n, m in zip(volume.shape, fine.shape, strict=True)], "edge")


def _normalised(data: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.where(mask, data / data[mask].mean(), 0).astype(np.float32)


def _axial_brain(scan: Scan, recipe: SynthesisRecipe, report: Reporter) -> np.ndarray | None:
    """The brain in axial slices of fine pixels; None if the scan is unusable, which is said."""
    try:
        volume = read(scan.path)
        mask = _mask(scan, volume, report)
        learnable(volume, mask)
    except InputError as error:
        report.warn(Sentence("{path} is skipped: {why}", path=scan.path.name, why=error))
        return None
    return seen_brain(volume, mask, recipe.weenie.scale, fine_axial)


def _mask(scan: Scan, volume: Volume, report: Reporter) -> np.ndarray:
    return volume.data != 0 if scan.mask is None and is_stripped(volume) else mask_of(scan, volume, "cpu", report)[0]


def _full(volume: np.ndarray) -> np.ndarray:
    area = (volume > 0).sum(axis=(0, 1))
    return np.flatnonzero(area > FULL * area.max())


def _some(volume: np.ndarray, count: int) -> list[np.ndarray]:
    full = _full(volume)
    chosen = full[np.linspace(0, len(full) - 1, count + 2)[1:-1].round().astype(int)]
    return [np.ascontiguousarray(volume[..., k]) for k in chosen]


def _split(x: np.ndarray, y: np.ndarray, recipe: SynthesisRecipe) -> tuple[list[Any], list[Any]]:
    """Slices to learn from, spread evenly, and those left out; the gap between keeps neighbours apart."""
    full = _full(x)
    a, b = full[0] + recipe.first * len(full), full[0] + recipe.last * len(full)
    tested = [k for k in full if a <= k < b]
    kept = np.array([k for k in full if not a - GAP <= k < b + GAP])
    if len(kept) == 0:
        raise InputError("no slice is left to learn from: leave out fewer")
    chosen = kept[np.unique(np.linspace(0, len(kept) - 1, recipe.pair_slices).round().astype(int))]
    return _both(x, y, chosen), _both(x, y, tested)


def _both(x: np.ndarray, y: np.ndarray, where: Iterable[int]) -> list[Any]:
    return [(np.ascontiguousarray(x[..., k]), np.ascontiguousarray(y[..., k])) for k in where]


def _mid_slices(folder: Path, count: int) -> dict[str, np.ndarray]:
    """Slices of the training split by subject, turned like axial slices, with mean 1 where they are not air."""
    given = read_slices(folder, "train")
    chosen = range(0, len(given.images), max(len(given.images) // max(count, 1), 1))[:count]
    found = {}
    for n in chosen:
        slice_ = np.ascontiguousarray(given.images[n, ::-1].T, np.float32) / WHITE
        inside = slice_ > 0.05
        found[given.subjects[n]] = np.where(inside, slice_ / slice_[inside].mean(), 0).astype(np.float32)
    return found
