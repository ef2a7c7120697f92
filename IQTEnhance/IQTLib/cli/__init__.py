"""The command `iqt`. Parsing and printing only: every command calls a library function that does the work."""

import atexit
import gc
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from .. import __version__
from .bids import bids_app
from .compare import compare_app
from .data import data_app
from .experiments import experiments_app
from .models import calibrate_app, models_app
from .options import parse_paths
from .terminal import EXIT_CODES, run, show_tracebacks, work_as_job
from .train import train_app
from .volumes import volumes_app

RARELY = 10_000  # new objects between two searches for garbage, of which Python by itself makes thousands at imports

app = typer.Typer(
    name="iqt",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog=EXIT_CODES,
    help="Image Quality Transfer: make low-field brain MRI look like high-field MRI. For research, not for diagnosis.",
)
app.add_typer(volumes_app)  # unnamed: top-level commands
app.add_typer(models_app, name="models")
app.add_typer(train_app, name="train")
if find_spec("IQTLib.experiments") is not None:  # not installed in Slicer
    app.add_typer(experiments_app, name="experiments")
app.add_typer(compare_app)
app.add_typer(bids_app)
app.add_typer(data_app)
app.add_typer(calibrate_app)


@app.callback()
def root(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    job: Annotated[
        Path | None, typer.Option("--job", metavar="FOLDER", help="Run as the worker of this job (for front ends).")
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=lambda on: _print_version(on), help="Print the version."),
    ] = False,
) -> None:
    show_tracebacks(debug)
    if job is not None:
        work_as_job(job)


parse_paths(app)


def main() -> None:
    """Entry point of `iqt` and `python -m IQTLib`."""
    _collect_rarely()
    run(lambda: app(prog_name="iqt"))


def _collect_rarely() -> None:
    """What torch brings lives to the end: searching it for garbage, at imports and at the end, takes over a second."""
    gc.set_threshold(RARELY, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


def _print_version(on: bool) -> None:
    if on:
        typer.echo(f"iqt {__version__}")
        raise typer.Exit
