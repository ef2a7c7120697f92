"""What the commands do with files: many inputs, names of outputs, sidecars. Results appear whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__, grid
from .acquisition import SliceProfile
from .device import choose
from .errors import InputError, IQTError, OutputError
from .events import SILENT, Reporter, strict_json
from .files import check_output, whole_file
from .formats import WRITABLE, stem, suffix
from .methods.base import Run
from .metrics import Scores, evaluate
from .noise import measure_snr, noise_level
from .pipeline import OutputGrid, enhance, read_mask
from .pretrained import load
from .simulation import Noise, SNRPreset, preset, simulate
from .tissue import brain_mask, segment
from .training.cohort import Scan, find_scans, load_brain, scan_of
from .volume import Volume, read, write


def enhance_files(
    inputs: Sequence[Path],
    output: Path,
    *,
    model: str | Path,
    device: str = "auto",
    slice_axis: int | None = None,
    output_grid: OutputGrid = "model",
    mask: Path | None = None,
    series: str | None = None,
    options: Mapping[str, Any] | None = None,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> None:
    """Enhance one volume into a file, or several into a folder; a bad one of several is told of and the rest goes on.

    Raises:
        InputError: the only input is bad, or (at the end) some of several were.
    """
    targets = _targets(inputs, output, overwrite=overwrite)
    if mask is not None and len(inputs) > 1:
        raise InputError("--mask fits one volume: enhance the volumes one by one")
    loaded = load(model, options=options)
    run = Run(choose(device), report)
    failures = _Failures(len(inputs), report)
    for source, target in zip(inputs, targets, strict=True):
        with failures.of(source):
            volume = read(source, series=series)
            brain = None if mask is None else read_mask(mask, volume)
            result = enhance(volume, model=loaded, mask=brain, slice_axis=slice_axis, output_grid=output_grid, run=run)
            report.check()
            write(result.volume, target, overwrite=overwrite)
            report.result(
                str(target),
                input=str(source),
                output=str(target),
                model=loaded.card.name,
                sha256=loaded.card.sha256,
                version=__version__,
                warnings=list(result.warnings),
                seconds=result.seconds,
                affine=result.volume.affine,
            )
    failures.raise_if_any()


class _Failures:
    """Bad inputs: a lone one raises its error, one of several is told of, the rest goes on, and an error ends all."""

    def __init__(self, inputs: int, report: Reporter) -> None:
        self._inputs, self._report = inputs, report
        self._failed: list[str] = []

    @contextmanager
    def of(self, path: Path) -> Iterator[None]:
        try:
            yield
        except InputError as error:
            if self._inputs == 1:
                raise
            self._failed.append(str(path))
            self._report.warn(str(error) if str(path) in str(error) else f"{path}: {error}")

    def raise_if_any(self) -> None:
        if self._failed:
            raise InputError(f"{len(self._failed)} of {self._inputs} volumes failed: {', '.join(self._failed)}")


def _targets(inputs: Sequence[Path], output: Path, *, overwrite: bool) -> list[Path]:
    """Where each result goes: `output` itself, or inside it when it is a folder."""
    if suffix(output) and not output.is_dir():
        if len(inputs) > 1:
            raise OutputError(f"{output} is one file for {len(inputs)} volumes: name a folder")
        if suffix(output) not in WRITABLE:
            raise OutputError(f"{output}: results are written as {', '.join(WRITABLE)}")
        return [check_output(output, overwrite=overwrite)]
    if not output.is_dir() and output.suffix:
        raise OutputError(f"{output}: results are written as {', '.join(WRITABLE)}, or into a folder")
    targets = [output / f"{stem(source.absolute())}_iqt.nii.gz" for source in inputs]
    if len(set(targets)) < len(targets):
        raise OutputError("several inputs have the same name: enhance them into different folders")
    return [check_output(target, overwrite=overwrite) for target in targets]


@dataclass(frozen=True)
class Recipe:
    """How pairs are simulated. None takes the preset's or the published value."""

    preset: str = "in-distribution"
    snr: tuple[float, float] | None = None
    fixed: str | None = None
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
    recipe: Recipe,
    *,
    suffix: str = "T1w",
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> list[Path]:
    """Make a pair of every scan of a folder (or of one file); returns the low-field files.

    `sub-01_T1w` becomes `sub-01/anat/sub-01_acq-lowfield_T1w.nii.gz` with its truth `sub-01_acq-highfield_T1w.nii.gz`
    (skull-stripped, cropped to whole slices) and a JSON sidecar each. A pair depends on the seed and the person's
    place in the folder alone. A bad scan of several is told of and the rest goes on.

    Raises:
        InputError: the only scan is bad, or (at the end) some of several were.
    """
    _ = recipe.distribution, recipe.profile
    scans = find_scans(source, suffix=suffix) if source.is_dir() else [scan_of(source, suffix=suffix)]
    planned = [_pair_paths(target, scan) for scan in scans]
    if len(set(planned)) < len(planned):
        raise OutputError("several scans have the same name: simulate them into different folders")
    for path in (path for paths in planned for path in paths):
        check_output(path, overwrite=overwrite)
        check_output(_sidecar(path), overwrite=overwrite)
    jobs = list(enumerate(zip(scans, planned, strict=True)))
    failures = _Failures(len(scans), report)
    for index, (scan, paths) in report.track(jobs, total=len(jobs), message="simulating"):
        with failures.of(scan.path):
            _simulate_scan(scan, paths, recipe, np.random.default_rng([recipe.seed, index]), overwrite, report)
    failures.raise_if_any()
    return [low_path for low_path, _ in planned]


def _simulate_scan(
    scan: Scan, paths: tuple[Path, Path], recipe: Recipe, rng: np.random.Generator, overwrite: bool, report: Reporter
) -> None:
    brain = load_brain(scan, rng=rng, report=report)
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
        "Source": scan.path.name,
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
    for volume, path, role in zip((pair.low, pair.high), paths, ("low field", "high field"), strict=True):
        write(volume, path, overwrite=overwrite)
        write_json(made | {"Role": role, "Partner": next(p.name for p in paths if p != path)}, _sidecar(path))
    report.result(str(paths[0]), low=str(paths[0]), high=str(paths[1]), snr=pair.snr, sigma=pair.sigma)


def _pair_paths(target: Path, scan: Scan) -> tuple[Path, Path]:
    prefix = stem(scan.path).removesuffix(f"_{scan.suffix}")
    if not prefix.startswith("sub-"):  # then all of it is the person, and BIDS allows letters and digits there
        prefix = f"sub-{''.join(filter(str.isalnum, prefix))}"
    folder = target / prefix.split("_")[0] / "anat"
    low, high = (folder / f"{prefix}_acq-{role}_{scan.suffix}.nii.gz" for role in ("lowfield", "highfield"))
    return low, high


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{stem(path)}.json")


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a JSON file, whole or not at all."""
    with whole_file(path) as part:
        part.write_text(strict_json(content, indent=1) + "\n", encoding="utf-8")


def compare_files(truth: Path, estimate: Path, *, mask: Path | None = None, match_gain: bool = False) -> Scores:
    """Scores of one file against another on the same grid; `match_gain` first scales it to the truth's mean."""
    true, guess = read(truth), read(estimate)
    if true.shape != guess.shape or not np.allclose(true.affine, guess.affine, atol=1e-2):
        raise InputError(
            f"{estimate} {guess.shape} does not lie on the grid of {truth} {true.shape}: resample one of them first"
        )
    inside = true.data != 0 if mask is None else read_mask(mask, true)
    data = guess.data
    if match_gain:
        level = data[inside].mean()
        if not level > 0:
            raise InputError(f"{estimate} has mean {level:.4g} in the mask: --match-gain needs a positive one")
        data = data * (true.data[inside].mean() / level)
    return evaluate(true.data, data, inside)


def describe(path: Path, *, series: str | None = None, tissue: bool = False) -> dict[str, str]:
    """Facts about a volume as text, by name."""
    volume = read(path, series=series)
    axis = grid.slice_axis(volume)
    thick = "already isotropic" if grid.is_isotropic(volume, axis) else f"{volume.spacing[axis]:.3f} mm apart"
    facts = {
        "size": " x ".join(map(str, volume.shape)),
        "voxels": " x ".join(f"{s:.3f}" for s in volume.spacing) + " mm",
        "orientation": volume.axis_codes,
        "slices": f"along {'ijk'[axis]}, {thick}",
        "intensity": f"{volume.data.min():.4g} to {volume.data.max():.4g}, mean {volume.data.mean():.4g}",
    }
    return facts | _tissue_facts(volume) if tissue else facts


def _tissue_facts(volume: Volume) -> dict[str, str]:
    mask = brain_mask(volume)
    litres = mask.sum() * np.prod(volume.spacing) * 1e-6
    facts = {"brain": f"{litres:.2f} L", "noise": f"{noise_level(volume, mask):.4g} (standard deviation)"}
    try:
        snr = measure_snr(volume, segment(volume, mask, rng=np.random.default_rng(0)), mask)
    except IQTError as error:
        return facts | {"SNR": f"cannot be told: {error}"}
    return facts | {"SNR": f"white matter {snr.wm:.1f}, grey matter {snr.gm:.1f} (ratio {snr.ratio:.2f})"}
