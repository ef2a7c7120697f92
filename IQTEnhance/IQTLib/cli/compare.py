"""`iqt compare`, `iqt difference` and `iqt support`: compare an enhanced volume with its scan."""

from pathlib import Path
from typing import Annotated

import typer

from .options import JsonEvents, MaskFile, Overwrite, StopFile, WatchParent
from .terminal import front_end, tell

compare_app = typer.Typer()
Scan = Annotated[Path, typer.Argument(help="The original scan.")]
Enhanced = Annotated[Path, typer.Argument(help="The enhanced volume.")]


@compare_app.command(epilog="Example:\n\n    iqt compare high_field.nii.gz scan.nii.gz enhanced.nii.gz")
def compare(
    truth: Annotated[Path, typer.Argument(help="The true volume, on any grid.")],
    scan: Scan,
    enhanced: Enhanced,
    mask: Annotated[Path | None, typer.Option("--mask", help="Region to compare, on any grid.")] = None,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Compare scan and enhanced volume with the truth, both on the grid of the enhanced volume."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..evaluation.comparison import compare_files

        scores = compare_files(truth, scan, enhanced, mask=mask, report=report)
        if not json_events:
            told = {name: score.as_dict() for name, score in scores.items()}
            for measure in told["scan"]:
                tell(f"{measure:11} {told['scan'][measure]:8.4f} -> {told['enhanced'][measure]:8.4f}")


@compare_app.command(epilog="Example:\n\n    iqt difference scan.nii.gz enhanced.nii.gz change.nii.gz")
def difference(
    scan: Scan,
    enhanced: Enhanced,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The difference volume.")],
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Write enhanced minus scan, in the scan's units on the enhanced volume's grid."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..evaluation.comparison import write_difference

        write_difference(scan, enhanced, output, overwrite=overwrite, report=report)


@compare_app.command(epilog="Example:\n\n    iqt support scan.nii.gz enhanced.nii.gz support.nii.gz")
def support(
    scan: Scan,
    enhanced: Enhanced,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The map.")],
    mask: MaskFile = None,
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Map what the scan does not support: enhanced and degraded again minus scan, in standard deviations of noise."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.support import write_support

        write_support(scan, enhanced, output, mask=mask, overwrite=overwrite, report=report)
