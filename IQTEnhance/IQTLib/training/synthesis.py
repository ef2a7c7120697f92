"""Train WEENIE on subjects with two registered contrasts and on others with one: `iqt train weenie`."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from ..data.subjects import Scan, find_scans
from ..errors import InputError
from ..evaluation.planar import WHITE, read_slices
from ..events import SILENT, Reporter
from ..image.axial import axial, fine_axial
from ..image.brain import find_brain
from ..image.volume import Volume, read
from ..io.typed import Between, Length, built, check
from ..methods.base import Run
from ..methods.csc.weenie import Slices, Weenie, WeenieSettings
from ..models.store import ModelCard, check_target, save
from ..sentences import Sentence
from .provenance import provenance
from .recipe import read_recipe

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
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> ModelCard:
    """Learn from the volumes below `source` and write the model folder `target`.

    Args:
        slices: folder of mid-slices (`evaluation.planar`), of the target's contrast, without partner.

    Raises:
        InputError: no subject has both contrasts on one grid. CancelledError.
    """
    check_target(target, overwrite=overwrite)
    started, run = time.monotonic(), Run(report=report)
    known, partners = ({s.person: s for s in find_scans(source, suffix=c)} for c in (recipe.source, recipe.target))
    known = {person: scan for person, scan in known.items() if person not in recipe.exclude}
    registered: list[Any] = []
    left_out: list[Any] = []
    paired: list[str] = []
    for person in sorted(set(known) & set(partners)):
        both = _pair(known[person], partners[person], report)
        if both is not None:
            kept, tested = _split(*both, recipe)
            registered, left_out, paired = registered + kept, left_out + tested, [*paired, person]
    others = [known[person] for person in sorted(set(known) - set(paired))]
    sources = []
    for scan in report.track(others, total=len(others), message=Sentence("reading volumes", "reading")):
        sources += _some(_axial_brain(scan, report), recipe.other_slices)
    targets = [] if slices is None else _mid_slices(slices, recipe.mid_slices)
    method = Weenie(recipe.weenie)
    method.learn(Slices(registered, sources, targets), np.random.default_rng(recipe.seed), run)
    scores = scored(method, left_out, run)
    card = ModelCard(
        name=target.name,
        method=method.name,
        settings=asdict(method.settings),
        grid={"factor": 4, "finest": 0.7, "coarsest": 1.4},
        contrast=recipe.source,
        normalisation="brain-mean",
        description=f"WEENIE, {recipe.source} to {recipe.target} in 2-D: synthesised, not measured",
        training={
            "people": [*paired, *(scan.person for scan in others)],
            "pairs": paired,
            "data": recipe.data,
            "recipe": asdict(recipe),
            "left out": scores,
            "objective": method.objective,
            "seconds": round(time.monotonic() - started, 1),
        }
        | provenance("numpy", "scipy", "sporco"),
    )
    card = save(card, method, target, overwrite=overwrite)
    report.result(str(target), model=str(target), people=len(paired), seconds=card.training["seconds"], **scores)
    return card


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


def _pair(one: Scan, other: Scan, report: Reporter) -> tuple[np.ndarray, np.ndarray] | None:
    """Both volumes, axial and normalised; None if they are not on one grid."""
    x, y = read(one.path), read(other.path)
    if x.shape != y.shape or not np.allclose(x.affine, y.affine, atol=1e-3):
        return None
    mask = _mask(one, x, report) & (y.data > 0)
    return _normalised(x, mask), _normalised(y, mask)


def _normalised(volume: Volume, mask: np.ndarray) -> np.ndarray:
    data = np.where(mask, volume.data / volume.data[mask].mean(), 0).astype(np.float32)
    return axial(volume.with_data(data))[0]


def _axial_brain(scan: Scan, report: Reporter) -> np.ndarray:
    volume = read(scan.path)
    mask = _mask(scan, volume, report)
    data = np.where(mask, volume.data / volume.data[mask].mean(), 0).astype(np.float32)
    return fine_axial(volume.with_data(data))


def _mask(scan: Scan, volume: Volume, report: Reporter) -> np.ndarray:
    if scan.mask is not None:
        return read(scan.mask).data > 0.5
    stripped = volume.data == 0
    return ~stripped if stripped.mean() > 0.5 else find_brain(volume, report=report).mask


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


def _mid_slices(folder: Path, count: int) -> list[np.ndarray]:
    """Slices of the training split, turned like axial slices, with mean 1 where they are not air."""
    images = read_slices(folder, "train").images
    found = []
    for image in images[:: max(len(images) // max(count, 1), 1)][:count]:
        slice_ = np.ascontiguousarray(image[::-1].T, np.float32) / WHITE
        inside = slice_ > 0.05
        found.append(np.where(inside, slice_ / slice_[inside].mean(), 0).astype(np.float32))
    return found
