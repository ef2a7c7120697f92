"""`iqt enhance`: many inputs, names of outputs, sidecars. Results are written atomically."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..device import choose
from ..errors import ExistsError, InputError, OutputError, reason
from ..events import SILENT, Reporter
from ..image.volume import Volume, read, read_mask, write_together
from ..io.files import check_output, refuse_sources
from ..io.formats import WRITABLE, stem, suffix
from ..methods.base import Run
from ..models.card import ModelCard
from ..models.intervals import Interval
from ..models.store import load
from ..physics.support import Support
from ..pipeline import OutputGrid, enhance
from ..sentences import Sentence
from .support import beside as support_beside
from .support import support_of

LOADING = Sentence("loading the model", "loading")


def enhance_files(
    inputs: Sequence[Path],
    output: Path,
    *,
    model: str | Path,
    device: str = "auto",
    slice_axis: int | None = None,
    output_grid: OutputGrid = "model",
    resolution: Sequence[float] | None = None,
    modality: str | None = None,
    remove_bias: bool = False,
    mask: Path | None = None,
    series: str | None = None,
    uncertainty: bool = False,
    support: bool = False,
    options: Mapping[str, Any] | None = None,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> None:
    """Enhance one volume into a file, or several into a folder, where a bad one only triggers a warning.

    With `uncertainty`, files beside each result end in _lower, _upper (ends of the interval) and _sd (half its width as
    a standard deviation). With `support`, a file ending in _support maps what the scan does not support.

    Raises:
        InputError: the only input is unusable, or (at the end) some of several were.
    """
    targets = _targets(inputs, output, overwrite=overwrite)
    beside = [_ends_of(target) if uncertainty else () for target in targets]
    maps = [support_beside(target) if support else None for target in targets]
    further = [*chain(*beside), *filter(None, maps)]
    for path in further:
        check_output(path, overwrite=overwrite)
    refuse_sources([*targets, *further], [*inputs, *([mask] if mask else [])])
    if mask is not None and len(inputs) > 1:
        raise InputError("--mask applies to a single volume: enhance the volumes one by one", code="one-mask")
    report.progress(0, 1, LOADING)  # a sign of life before the seconds that importing torch takes
    loaded = load(model, options=options)
    # Interpolation computes on no device, and so starts without the seconds that importing torch takes.
    run = Run(choose(device) if loaded.method.needs_brain or device != "auto" else "cpu", report)
    failures = Failures(len(inputs), report)
    for source, target, bounds, map_file in zip(inputs, targets, beside, maps, strict=True):
        with failures.of(source):
            volume = read(source, series=series)
            brain = None if mask is None else read_mask(mask, volume)
            result = enhance(
                volume,
                model=loaded,
                mask=brain,
                slice_axis=slice_axis,
                output_grid=output_grid,
                resolution=resolution,
                modality=modality,
                remove_bias=remove_bias,
                uncertainty=uncertainty,
                run=run,
            )
            files = {target: result.volume, **_interval_files(result.interval, bounds)}
            supported = None
            if map_file is not None:
                inside = result.mask if brain is None else brain
                supported = _supported(result.volume, volume, inside, resolution, report)
                if supported is not None:
                    files[map_file] = supported.volume
            report.check()
            write_together(files, overwrite=overwrite)
            made = [*bounds, *([map_file] if map_file else [])]
            for path in set(made) - set(files):  # of the result that this one replaces
                path.unlink(missing_ok=True)
            current = {*bounds, map_file, *inputs, mask}
            possible = (*_ends_of(target), support_beside(target))
            if stale := [path.name for path in possible if path not in current and path.exists()]:
                told = "{files} beside the result belong to an earlier one: delete them"
                report.warn(Sentence(told, "stale", files=", ".join(stale)))
            report.result(
                str(target),
                input=str(source),
                output=str(target),
                model=loaded.card.name,
                sha256=loaded.card.sha256,
                version=__version__,
                warnings=list(result.warnings),
                noise=None if result.noise is None else result.noise.sigma,
                resolution=result.resolution,
                interval=_interval_facts(result.interval, loaded.card, bounds),
                bias_removed=remove_bias,
                unsupported=None if supported is None else supported.unsupported,
                gauge=None if result.gauge is None else result.gauge.as_dict(),
                seconds=result.seconds,
                affine=result.volume.affine,
            )
    failures.raise_if_any()


def _supported(
    result: Volume, scan: Volume, inside: np.ndarray | None, resolution: Sequence[float] | None, report: Reporter
) -> Support | None:
    """The map of what the scan does not support; None, with a warning, where the two cannot be compared."""
    try:
        return support_of(result, scan, inside, resolution=resolution)
    except InputError as error:
        report.warn(Sentence("no support map: {error}", error=error))
        return None


def _ends_of(target: Path) -> tuple[Path, ...]:
    """Files for the lower and upper end of the interval and the standard deviation, beside a result."""
    return tuple(target.with_name(f"{stem(target)}_{end}{suffix(target)}") for end in ("lower", "upper", "sd"))


def write_ends(interval: Interval | None, files: Sequence[Path], *, overwrite: bool) -> None:
    """Write lower and upper end and deviation of `interval` to `files`, or remove those of the result it replaces."""
    ends = _interval_files(interval, files)
    write_together(ends, overwrite=overwrite)
    for path in set(files) - set(ends):
        path.unlink(missing_ok=True)


def _interval_files(interval: Interval | None, files: Sequence[Path]) -> dict[Path, Volume]:
    """The ends and the deviation of `interval` by their `files`; nothing without an interval or files."""
    ends = () if interval is None else (interval.lower, interval.upper, interval.deviation)
    return dict(zip(files, ends, strict=False))


def _interval_facts(interval: Interval | None, card: ModelCard, files: Sequence[Path]) -> dict[str, Any] | None:
    if interval is None or card.intervals is None:
        return None
    return {
        "coverage": card.intervals.coverage,
        "confidence": card.intervals.confidence,
        "group": interval.group,
        "files": [str(path) for path in files],
    }


class Failures:
    """Handles bad inputs and existing outputs: a single input raises the error, several trigger warnings.

    Any other error ends the run.
    """

    def __init__(self, inputs: int, report: Reporter) -> None:
        self._inputs, self._report = inputs, report
        self._failed: list[str] = []

    @contextmanager
    def of(self, path: Path) -> Iterator[None]:
        try:
            yield
        except (InputError, ExistsError) as error:
            if self._inputs == 1:
                raise
            self._failed.append(str(path))
            told = reason(error)
            self._report.warn(
                told if str(path) in told else Sentence("{scan}: {told}", "of-scan", scan=path, told=told)
            )

    def raise_if_any(self) -> None:
        if self._failed:
            raise InputError(
                "{count} of {inputs} volumes failed: {value}",
                count=len(self._failed),
                inputs=self._inputs,
                value=", ".join(self._failed),
            )


def _targets(inputs: Sequence[Path], output: Path, *, overwrite: bool) -> list[Path]:
    """The output file of each input: `output` itself, or a file in it if it is a folder."""
    if suffix(output) and not output.is_dir():
        if len(inputs) > 1:
            raise OutputError(
                "{output} is a single file for {count} volumes: give a folder", output=output, count=len(inputs)
            )
        if suffix(output) not in WRITABLE:
            raise OutputError(
                "{output}: results are written as {writable}", output=output, writable=", ".join(WRITABLE)
            )
        return [check_output(output, overwrite=overwrite)]
    if not output.is_dir() and output.suffix:
        raise OutputError(
            "{output}: results are written as {writable}, or to a folder", output=output, writable=", ".join(WRITABLE)
        )
    targets = [output / f"{stem(source.absolute())}_iqt.nii.gz" for source in inputs]
    if len(set(targets)) < len(targets):
        raise OutputError("several inputs have the same name: enhance them into different folders")
    return [check_output(target, overwrite=overwrite) for target in targets]
