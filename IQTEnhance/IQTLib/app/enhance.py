"""`iqt enhance`: many inputs, names of outputs, sidecars. Results are written atomically."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import __version__
from ..device import choose
from ..errors import ExistsError, InputError, OutputError
from ..events import SILENT, Reporter
from ..image.volume import read, write
from ..io.files import check_output, refuse_sources
from ..io.formats import WRITABLE, stem, suffix
from ..methods.base import Run
from ..models.store import load
from ..pipeline import OutputGrid, enhance, read_mask


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
    mask: Path | None = None,
    series: str | None = None,
    options: Mapping[str, Any] | None = None,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> None:
    """Enhance one volume into a file, or several into a folder, where a bad one only triggers a warning.

    Raises:
        InputError: the only input is unusable, or (at the end) some of several were.
    """
    targets = _targets(inputs, output, overwrite=overwrite)
    refuse_sources(targets, [*inputs, *([mask] if mask else [])])
    if mask is not None and len(inputs) > 1:
        raise InputError("--mask applies to a single volume: enhance the volumes one by one", code="one-mask")
    loaded = load(model, options=options)
    run = Run(choose(device), report)
    failures = Failures(len(inputs), report)
    for source, target in zip(inputs, targets, strict=True):
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
                run=run,
            )
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
                noise=None if result.noise is None else result.noise.sigma,
                resolution=result.resolution,
                seconds=result.seconds,
                affine=result.volume.affine,
            )
    failures.raise_if_any()


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
            self._report.warn(str(error) if str(path) in str(error) else f"{path}: {error}")

    def raise_if_any(self) -> None:
        if self._failed:
            raise InputError(f"{len(self._failed)} of {self._inputs} volumes failed: {', '.join(self._failed)}")


def _targets(inputs: Sequence[Path], output: Path, *, overwrite: bool) -> list[Path]:
    """The output file of each input: `output` itself, or a file in it if it is a folder."""
    if suffix(output) and not output.is_dir():
        if len(inputs) > 1:
            raise OutputError(f"{output} is a single file for {len(inputs)} volumes: give a folder")
        if suffix(output) not in WRITABLE:
            raise OutputError(f"{output}: results are written as {', '.join(WRITABLE)}")
        return [check_output(output, overwrite=overwrite)]
    if not output.is_dir() and output.suffix:
        raise OutputError(f"{output}: results are written as {', '.join(WRITABLE)}, or to a folder")
    targets = [output / f"{stem(source.absolute())}_iqt.nii.gz" for source in inputs]
    if len(set(targets)) < len(targets):
        raise OutputError("several inputs have the same name: enhance them into different folders")
    return [check_output(target, overwrite=overwrite) for target in targets]
