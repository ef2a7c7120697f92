"""Arguments and options that several commands of `iqt` share."""

import json
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer

from ..device import NAME
from ..io.reading import not_too_deep
from ..io.typed import number

JSON_EVENTS = "--json-events"
DISTRIBUTION = "SNR distribution: a preset (an unknown name lists them) or MEAN_WM,MEAN_GM,SD_WM,SD_GM,CORRELATION."


class Axis(str, Enum):
    auto, i, j, k = "auto", "i", "j", "k"

    @property
    def number(self) -> int | None:
        return None if self is Axis.auto else "ijk".index(self.value)


class Modality(str, Enum):
    auto, T1w, T2w, FLAIR, T2starw, PDw = "auto", "T1w", "T2w", "FLAIR", "T2starw", "PDw"

    @property
    def given(self) -> str | None:
        return None if self is Modality.auto else self.value


class OutputGrid(str, Enum):
    model, isotropic = "model", "isotropic"


class Tissue(str, Enum):
    WM, GM = "WM", "GM"


class Noise(str, Enum):
    gaussian, rician = "gaussian", "rician"


JsonEvents = Annotated[bool, typer.Option(JSON_EVENTS, help="Print events as JSON lines on stdout.")]
Uncertainty = Annotated[
    bool, typer.Option("--uncertainty", help="Also write how sure results are: interval and standard deviation.")
]
Series = Annotated[str | None, typer.Option(help="DICOM series: its number, UID or description.")]
StopFile = Annotated[
    Path | None, typer.Option("--stop-file", metavar="PATH", help="Stop as with Ctrl-C when this file appears.")
]
WatchParent = Annotated[
    int | None,
    typer.Option("--watch-parent", metavar="PID", min=1, max=2**31 - 1, help="Stop when this process ends."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing results.")]
Seed = Annotated[int, typer.Option(help="Seed of every random draw.")]
MaskFile = Annotated[Path | None, typer.Option("--mask", help="Brain mask on the input's grid.")]
ModelName = Annotated[str, typer.Option("--model", "-m", help="A model's name or folder (see `iqt models list`).")]
DeviceName = Annotated[
    str, typer.Option("--device", callback=lambda name: _device(name), help="auto, cpu, cuda, cuda:1, mps.")
]

Cluster = Annotated[
    str,
    typer.Option(
        metavar="local|slurm|pbs|sge|ADDRESS",
        help="Where workers run: this machine, a queueing system, or a running dask scheduler, tcp://host:port. A "
        "scheduler and this command can run any code on each other (pickles): use only your own, in a network that no "
        "one else can reach.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Workers on this machine, or jobs of the cluster.")]
Gpus = Annotated[int, typer.Option("--gpus-per-job", min=0, help="GPUs of each job, which then runs a worker on each.")]
Cores = Annotated[int, typer.Option("--cores-per-job", min=1, help="Processor cores of each of the cluster's jobs.")]
Memory = Annotated[str, typer.Option("--memory-per-job", help="Memory of each of the cluster's jobs.")]


def named_values(settings: list[str]) -> dict[str, Any]:
    """NAME=VALUE strings as a dictionary; values are parsed as JSON if possible (numbers, true, false)."""
    options: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise typer.BadParameter(f"--set {setting}: write NAME=VALUE")
        try:
            options[name] = json.loads(not_too_deep(value))
        except ValueError:
            options[name] = value
    return options


def millimetres(text: str) -> tuple[float, ...]:
    """Numbers of a comma-separated list."""
    try:
        return tuple(map(number, text.split(",")))
    except ValueError:
        raise typer.BadParameter(f"--resolution {text}: write three numbers in mm, for example 1.6,1.6,5") from None


def asked_grid(text: str) -> Literal["model", "isotropic"] | float:
    """An output grid: a name, or the edge of its voxels in mm."""
    if text in OutputGrid.__members__:
        return "isotropic" if text == "isotropic" else "model"
    try:
        return float(number(text))
    except ValueError:
        told = f"--output-grid {text}: choose model, isotropic or the edge of voxels in mm, such as 0.8"
        raise typer.BadParameter(told) from None


def _device(name: str) -> str:
    if not NAME.fullmatch(name):
        raise typer.BadParameter(f"{name!r}: choose auto, cpu, cuda, cuda:NUMBER or mps")
    return name


def path(text: str | Path) -> Path:
    """A path; an empty one, as from an unset variable of the shell, would mean the current folder."""
    if not text:
        raise typer.BadParameter("the name is empty")
    return Path(text)


def parse_paths(commands: typer.Typer) -> None:
    """Let `path` read every path among the arguments and options of all commands."""
    for group in commands.registered_groups:
        if group.typer_instance is not None:
            parse_paths(group.typer_instance)
    called = [command.callback for command in (commands.registered_callback, *commands.registered_commands) if command]
    for callback in filter(None, called):
        for hint in get_type_hints(callback, include_extras=True).values():
            kind, *told = get_args(hint) if get_origin(hint) is Annotated else (hint,)
            if told and Path in (kind, *get_args(kind)):
                told[0].parser = path


def people(names: str) -> list[str]:
    return [name.strip().removeprefix("sub-") for name in names.split(",") if name.strip()]


def split_paths(paths: list[Path]) -> tuple[list[Path], Path]:
    """Inputs and, last, the output."""
    if len(paths) < 2:
        raise typer.BadParameter("give at least one input and the output")
    return paths[:-1], paths[-1]
