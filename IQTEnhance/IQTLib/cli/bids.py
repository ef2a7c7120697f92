"""`iqt bids`: a BIDS App, with the arguments that the BIDS Apps standard sets."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ..errors import InputError
from .options import (
    Cluster,
    Cores,
    DeviceName,
    Gpus,
    Jobs,
    JsonEvents,
    Memory,
    ModelName,
    OutputGrid,
    StopFile,
    Uncertainty,
    WatchParent,
    named_values,
)
from .terminal import front_end

LISTS = ("--participant-label", "--participant_label", "--session-label", "--session_label", "--suffix")


class Level(str, Enum):
    participant, group = "participant", "group"


class SeveralValues(TyperCommand):
    """Options of BIDS Apps take several values, `--participant-label 01 02`, which click does not."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, repeated(args))


def repeated(arguments: Sequence[str]) -> list[str]:
    """`--option A B` as `--option A --option B`, once all three positional arguments have come."""
    told: list[str] = []
    option = ""
    levels = {level.value for level in Level}
    for argument in arguments:
        if argument.startswith("-"):
            option = argument if argument in LISTS and levels & set(told) else ""
            told.append(argument)
        elif option and told[-1] != option:
            told += [option, argument]
        else:
            told.append(argument)
    return told


bids_app = typer.Typer()


@bids_app.command(
    cls=SeveralValues,
    epilog="""Examples:

    iqt bids data/ derivatives/iqt participant

    iqt bids data/ derivatives/iqt participant --participant-label 01 02 --model unet-t1w-x4 --jobs 4 --gpus-per-job 1

    iqt bids data/ derivatives/iqt participant --cluster slurm --jobs 40

    iqt bids data/ derivatives/iqt group

Repeating a command enhances only scans that are missing or have changed.""",
)
def bids(
    bids_dir: Annotated[Path, typer.Argument(help="Folder of the BIDS data set.")],
    output_dir: Annotated[Path, typer.Argument(help="Folder for the derivatives.")],
    level: Annotated[
        Level,
        typer.Argument(metavar="{participant|group}", help="Enhance the scans, or report on all that are enhanced."),
    ],
    participants: Annotated[
        list[str] | None,
        typer.Option(
            "--participant-label",
            "--participant_label",
            metavar="LABEL",
            help="Only these participants, without sub- (A B or A,B).",
        ),
    ] = None,
    sessions: Annotated[
        list[str] | None,
        typer.Option("--session-label", "--session_label", metavar="LABEL", help="Only these sessions, without ses-."),
    ] = None,
    suffix: Annotated[
        list[str] | None, typer.Option(metavar="T1w", help="Only scans with these suffixes (default: the model's).")
    ] = None,
    model: ModelName = "iqt-any",
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a method's setting (see `iqt models show`)."),
    ] = None,
    output_grid: Annotated[
        OutputGrid, typer.Option(help="Isotropic voxels of slice spacing / factor, or of the in-plane size.")
    ] = (OutputGrid.model),
    uncertainty: Uncertainty = False,
    device: DeviceName = "auto",
    cluster: Cluster = "local",
    jobs: Jobs = 1,
    gpus: Gpus = 0,
    cores: Cores = 4,
    memory: Memory = "8 GB",
    work: Annotated[
        Path | None, typer.Option("--work-dir", "-w", help="Folder for what a cluster's jobs print.")
    ] = None,
    skip_validation: Annotated[
        bool,
        typer.Option(
            "--skip-bids-validation",
            "--skip_bids_validation",
            help="Accept a folder without dataset_description.json.",
        ),
    ] = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Enhance all scans of a BIDS data set (BIDS App), here or on a cluster, and report on them."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        if level is Level.group:
            from ..app.cohort.group import write_group_report

            write_group_report(output_dir, report=report)
            return
        from ..app.cohort.participant import Cohort, enhance_dataset
        from ..io.folders import real
        from ..jobs.clusters import cluster_of

        folder = real(work or output_dir / "logs")
        place = cluster_of(cluster, jobs, gpus=gpus, cores=cores, memory=memory, folder=folder)
        options = named_values(setting or [])
        cohort = Cohort(real(bids_dir), real(output_dir), model, options, output_grid.value, device, uncertainty, place)
        enhance_dataset(
            cohort,
            people=_labels(participants, "sub-"),
            sessions=_labels(sessions, "ses-"),
            suffixes=_labels(suffix, "_"),
            described=not skip_validation,
            report=report,
        )


def _labels(texts: Sequence[str] | None, prefix: str) -> list[str]:
    found = [label.strip().removeprefix(prefix) for text in texts or () for label in text.split(",")]
    if any(not label.isalnum() for label in found):
        raise InputError(f"label {found}: write letters and digits", code="label")
    return found
