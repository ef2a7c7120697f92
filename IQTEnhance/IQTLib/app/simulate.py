"""`iqt simulate`: write a low-field scan of each high-field scan, its truth, and JSON sidecars."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..data.seeds import generator
from ..data.subjects import Brain, Scan, find_scans, load_brain, scan_of
from ..errors import InputError, IQTError, OutputError
from ..events import SILENT, Reporter, strict_json
from ..image.noise_estimate import SNR, measure_snr
from ..image.volume import write
from ..io.files import check_output, refuse_sources, write_json
from ..io.folders import real
from ..io.formats import stem
from ..io.reading import read_json
from ..jobs.clusters import Cluster, Here
from ..jobs.engine import original, run_tasks
from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.simulation import LowFieldPair, Noise, SNRPreset, Tissue, preset, simulate
from ..sentences import Sentence
from .enhance import Failures

Job = tuple[Scan, Sequence[Path]]
"""A scan, and the files of its pair or of the low-field scan alone."""


@dataclass(frozen=True)
class SimulationRecipe:
    """How pairs are simulated. None means the value of the preset or the published one."""

    preset: str = "in-distribution"
    snr: tuple[float, float] | None = None
    fixed: Tissue | None = None
    factor: int = 4
    gap: int | None = None
    slice_axis: int | None = None
    noise: Noise = "gaussian"
    seed: int = 0

    @property
    def profile(self) -> SliceProfile:
        return (
            SliceProfile.for_factor(self.factor) if self.gap is None else SliceProfile(self.factor - self.gap, self.gap)
        )

    @property
    def distribution(self) -> SNRPreset:
        return preset(self.preset)


def simulate_folder(
    source: Path,
    target: Path,
    recipe: SimulationRecipe,
    *,
    place: Cluster = Here(),  # noqa: B008 - frozen
    suffix: str = "T1w",
    truth: bool = True,
    plain: bool = False,
    resume: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> list[Path]:
    """Simulate a pair for every scan in a folder (or for one file); returns the low-field files.

    `sub-01_T1w` becomes `sub-01/anat/sub-01_acq-lowfield_T1w.nii.gz` with its truth `sub-01_acq-highfield_T1w.nii.gz`
    (skull-stripped, cropped to whole slices; not written without `truth`) and a JSON sidecar each; `plain` leaves the
    volumes uncompressed (.nii). A pair depends only on the seed, the subject and the scan. `resume` keeps complete
    pairs, with `overwrite` only those of the same recipe. Among several scans, a bad one triggers a warning and the
    others continue.

    Raises:
        InputError: the only scan is unusable, or (at the end) some of several were. OutputError: a pair is there
            already or, with `resume`, was simulated with another recipe.
    """
    _ = recipe.distribution, recipe.profile
    scans = _sources(source, target, suffix)
    planned: list[Sequence[Path]] = [_pair_paths(target, scan, ".nii" if plain else ".nii.gz") for scan in scans]
    if len({str(paths[0]).lower() for paths in planned}) < len(planned):
        raise OutputError("several scans have the same name: simulate them into different folders")
    planned = planned if truth else [paths[:1] for paths in planned]
    jobs: list[Job] = list(zip(scans, planned, strict=True))
    for path in (path for _, paths in jobs for path in paths):  # also beside complete pairs a kill may have left parts
        check_output(path, overwrite=overwrite or resume)
        check_output(_sidecar(path), overwrite=overwrite or resume)
    if resume:
        jobs = [(scan, paths) for scan, paths in jobs if not _is_complete(scan, paths, recipe, overwrite=overwrite)]
    refuse_sources((path for paths in planned for path in paths), (path for scan in scans for path in scan.files))
    failures = Failures(len(scans), report)

    def finished(job: Job, made: dict[str, Any], error: IQTError | None) -> None:
        with failures.of(job[0].path):
            if error is not None:
                raise original(error)
            report.result(made["low"], **made)

    do = partial(_simulate_scan, recipe=recipe, overwrite=overwrite or resume)
    run_tasks(jobs, do, place, report=report, message=Sentence("simulating", "simulating"), finished=finished)
    failures.raise_if_any()
    return [paths[0] for paths in planned]


def _sources(source: Path, target: Path, suffix: str) -> list[Scan]:
    """The scans of `source` except those below `target`, which earlier runs have made from them."""
    if not source.is_dir():
        return [scan_of(source, suffix=suffix)]
    folder, made = real(source), real(target)
    if folder == made:
        raise OutputError("{target} holds the scans to simulate from: choose a new folder", target=target)
    scans = find_scans(source, suffix=suffix)
    if made.is_relative_to(folder):
        scans = [scan for scan in scans if not real(scan.path.parent).is_relative_to(made)]
    if not scans:
        raise InputError(
            "{source} holds no scans but those below {target}, which earlier runs have made",
            source=source,
            target=target,
        )
    return scans


def _is_complete(scan: Scan, paths: Sequence[Path], recipe: SimulationRecipe, *, overwrite: bool) -> bool:
    """Whether all files of a pair are there, whole, and of `scan` as it is now.

    Without `overwrite`, `OutputError` if another recipe made them.
    """
    wanted = json.loads(strict_json(asdict(recipe)))
    for path in paths:
        try:
            told = read_json(_sidecar(path))
            whole = path.stat().st_size == told.get("Bytes", path.stat().st_size)
            whole = whole and _is_of(scan, told)
            made = told.get("Recipe", wanted)
        except (OSError, ValueError, AttributeError, InputError):
            return False
        if made != wanted and not overwrite:
            raise OutputError(
                "{path} was simulated with other options ({wanted}): give the same ones, choose a new folder, or"
                " pass --overwrite",
                path=path,
                wanted=_difference(made, wanted),
                code="exists",
            )
        if made != wanted or not whole:
            return False
    return True


def _is_of(scan: Scan, told: Mapping[str, Any]) -> bool:
    """Whether a pair was made from these files; nothing tells otherwise of files that git-annex has dropped."""
    return "Content" not in told or not scan.path.exists() or told["Content"] == scan.content


def _difference(made: Any, wanted: Mapping[str, Any]) -> str:
    made = made if isinstance(made, dict) else {}
    return ", ".join(f"{name} {made.get(name)}, now {now}" for name, now in wanted.items() if made.get(name) != now)


def _simulate_scan(job: Job, report: Reporter, *, recipe: SimulationRecipe, overwrite: bool) -> dict[str, Any]:
    """Write the pair of one scan; returns the data of its result event."""
    scan, paths = job
    rng = generator(recipe.seed, "simulate", scan.key)
    brain = load_brain(scan, rng=np.random.default_rng(0), report=report)
    report.check()
    snr = recipe.snr or tuple(recipe.distribution.draw(1, rng)[0])
    fixed = recipe.fixed or recipe.distribution.fixed
    axis = 2 if recipe.slice_axis is None else recipe.slice_axis
    pair = simulate(
        brain.volume,
        brain.maps,
        snr=snr,
        rng=rng,
        profile=recipe.profile,
        slice_axis=axis,
        fixed=fixed,
        noise=recipe.noise,
    )
    made = {
        "Description": "simulated by Image Quality Transfer",
        "Version": __version__,
        "Source": scan.shareable,
        "Content": scan.content,
        "SNR_WM": pair.snr[0],
        "SNR_GM": pair.snr[1],
        "FixedTissue": fixed,
        "NoiseSD": pair.sigma,
        "SliceAxis": "ijk"[axis],
        "Thickness": recipe.profile.thickness,
        "Gap": recipe.profile.gap,
        "PresetNote": recipe.distribution.note if recipe.snr is None else "SNR given",
        "Recipe": asdict(recipe),
    }
    if (measured := _measured_snr(pair, brain, recipe.profile, axis)) is not None:
        made |= {"MeasuredSNR_WM": measured.wm, "MeasuredSNR_GM": measured.gm}
    for volume, path, role in zip((pair.low, pair.high), paths, ("low field", "high field"), strict=False):
        write(replace(volume, remark=brain.volume.remark), path, overwrite=overwrite)
        partners = [{"Partner": other.name} for other in paths if other != path]
        own = {"Role": role, "Bytes": path.stat().st_size} | (partners[0] if partners else {})
        write_json(made | own, _sidecar(path), overwrite=overwrite)
    return {
        "low": str(paths[0]),
        "high": str(paths[-1]),
        "person": scan.person,
        "snr": pair.snr,
        "sigma": pair.sigma,
        "measured": None if measured is None else (measured.wm, measured.gm),
        "affine": pair.low.affine,
    }


def _measured_snr(pair: LowFieldPair, brain: Brain, profile: SliceProfile, axis: int) -> SNR | None:
    """The SNR that could be measured in the scan with known tissues but unknown noise; None if impossible."""
    mask = np.moveaxis(brain.mask, axis, -1)[..., : pair.low.shape[axis] * profile.factor].astype(np.float32)
    inside = Acquisition(profile, pair.low.shape[axis]).forward(mask) > 0.5
    try:
        return measure_snr(pair.low, pair.maps, np.moveaxis(inside, -1, axis))
    except InputError:
        return None


def _pair_paths(target: Path, scan: Scan, ending: str) -> tuple[Path, Path]:
    prefix = stem(scan.shareable).removesuffix(f"_{scan.suffix}")
    folder = target / prefix.split("_")[0] / "anat"
    low, high = (folder / f"{prefix}_acq-{role}_{scan.suffix}{ending}" for role in ("lowfield", "highfield"))
    return low, high


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{stem(path)}.json")
