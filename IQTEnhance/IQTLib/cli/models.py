"""`iqt models`: list, show and check models."""

import re
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ModelError
from ..events import strict_json
from .options import DeviceName, JsonEvents, ModelName, Overwrite, StopFile, WatchParent
from .terminal import front_end, tell

models_app = typer.Typer(no_args_is_help=True, help="List, show, check and import models.")


@models_app.command("list")
def models_list() -> None:
    """List all available models."""
    with front_end():
        from ..models import store

        for name, folder in store.available().items():
            try:
                text = "built in" if folder is None else store.read_card(folder).description
            except ModelError as error:
                text = f"unusable: {error}"
            tell(f"{name:24} {text}")


@models_app.command("show")
def models_show(name: Annotated[str, typer.Argument(help="A model's name or folder.")]) -> None:
    """Show a model's card and the settings that `--set` can change."""
    with front_end():
        from dataclasses import asdict

        from ..methods.registry import described
        from ..models import store

        model = store.load(name)
        tell(_lists_in_a_line(strict_json(asdict(model.card), indent=1)))
        method = described(model.card.method)
        for setting, text in method.tunable.items():
            tell(f"--set {setting}=...  {text}")
        if method.notice:
            tell(f"Licences and patents: {method.notice}")


def _lists_in_a_line(text: str) -> str:
    """This JSON with each plain list on one line: a card may name 500 subjects."""
    return re.sub(r"\[\n[^][{}]*\]", lambda found: re.sub(r"\n\s*", " ", found[0]), text)


calibrate_app = typer.Typer()


@calibrate_app.command(epilog="Example:\n\n    iqt calibrate pairs.tsv my-iqt-any/")
def calibrate(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="PAIRS.tsv",
            help="Tab-separated table with the columns participant_id, scan, truth and optionally mask, modality.",
        ),
    ],
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the calibrated model.")],
    model: ModelName = "iqt-any",
    coverage: Annotated[
        float,
        typer.Option(min=0.5, max=0.99, help="Share of a brain's voxels whose true value the interval should contain."),
    ] = 0.9,
    confidence: Annotated[
        float,
        typer.Option(min=0.5, max=0.99, help="Share of new subjects for whom it should contain at least that many."),
    ] = 0.9,
    device: DeviceName = "auto",
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Calibrate a model's intervals on your own scans and their registered high-field scans."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app import calibrate as calibrating

        calibrating.calibrate(
            table, target, model=model, coverage=coverage, confidence=confidence, device=device, overwrite=overwrite,
            report=report,
        )  # fmt: skip


@models_app.command("check")
def models_check(
    name: Annotated[str, typer.Argument(help="A model's name or folder.")], json_events: JsonEvents = False
) -> None:
    """Check card, hash and weights, and run the model on a small volume."""
    with front_end(json_events) as report:
        from ..models import store

        for line in store.check(name):
            report.result(line)
        report.result("ok")


@models_app.command("import")
def models_import(
    source: Annotated[Path, typer.Argument(help="A zip file, or the folder of a model.")],
    json_events: JsonEvents = False,
) -> None:
    """Check a model and put it into your folder of models; nothing is replaced."""
    with front_end(json_events) as report:
        from ..models.transfer import import_model

        folder = import_model(source)
        report.result(str(folder), name=folder.name)
