"""`iqt experiments run`: plan, run what is missing, record the run, report."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..device import choose
from ..errors import InputError, IQTError, OutputError
from ..evaluation.heldout import plan
from ..events import SILENT, Reporter
from ..io.files import check_output, write_json
from ..io.folders import make_folders, real
from ..jobs.clusters import Cluster, Here, Local
from ..jobs.engine import run_tasks
from .catalogue import ALL_SETS, EXPERIMENTS, KINDS, METHODS, SCALES, SLICE_SETS, named
from .planning import Plan, pairs_of, planned
from .tasks import Context, Store, Task, perform

RUN, PAIRS, RESULTS, STOP = "run.json", "pairs.json", "results", "stop"
PACKAGES = ("numpy", "scipy", "torch", "scikit-image", "scikit-learn", "spams-bin", "SimpleITK", "nibabel")
MESSAGES = {
    "library": "training library",
    "check": "interpolation",
    "slices": "measuring slices",
    "shipped": "measuring shipped models",
    "train srep": "training IQT-SRep",
    "train ddl": "training IQT-DDL",
    "trained": "measuring trained settings",
    "cost": "time and memory",
}
ALONE = ("cost", "train ddl")  # timing needs an idle machine; training a network uses all cores by itself


@dataclass(frozen=True)
class Request:
    """The arguments of the command.

    Args:
        scans: folder of high-field scans; None where only slices are measured. output: folder of results and report.
        only, methods, sets: of the catalogue, none for all.
        people: list of held-out subjects in the format of `heldout.json`; None for that one.
        place: where the tasks run. brains: folder of packed subjects.
        ixi: folder of mid-slices (`evaluation.planar.read_slices`).
    """

    scans: Path | None
    output: Path
    scale: str = "cpu"
    only: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    people: Path | None = None
    place: Cluster = field(default_factory=Here)
    device: str = "cpu"
    brains: Path | None = None
    ixi: Path | None = None


def run_experiments(request: Request, report: Reporter = SILENT) -> dict[str, str]:
    """Run the tasks without results and write `run.json`; returns the failures by the tasks' titles.

    A run that is stopped keeps every finished task: the same command continues from there.

    Raises:
        InputError, ModelError: unusable request (unknown experiment, missing subjects or model, a subject of the
            training among the tested); CancelledError.
    """
    scale = named("scale", SCALES, request.scale)
    names = [name for name in EXPERIMENTS if not request.only or name in request.only]
    for name in request.only:
        named("experiment", EXPERIMENTS, name)
    for name in request.methods:
        named("method", METHODS, name)
    for name in request.sets:
        named("test set", dict.fromkeys((*ALL_SETS, *SLICE_SETS, *KINDS)), name)
    kinds = tuple(name for name in request.sets if name in KINDS)
    scale = replace(scale, sets=request.sets or scale.sets, kinds=kinds or scale.kinds)
    if check_output(request.output, overwrite=True).is_file():
        raise OutputError(f"{request.output} is a file: name a folder for results and report")
    output = real(request.output)
    store = Store(output / RESULTS)
    device = choose(request.device)
    the_plan = planned(request.scans, request.people, scale, store.folder, names, request.methods, request.ixi)
    context = _context(request, output, device)
    for method, reason in the_plan.skipped.items():
        report.warn(f"{method} is left out: {reason}")
    failures: dict[str, str] = {}
    about = _about(request, the_plan, device)
    _note(output, about, the_plan, failures)
    try:
        for wave, tasks in the_plan.waves:
            _do(wave, tasks, store, context, failures, report)
    finally:
        _note(output, about, the_plan, failures)
    titles = {task.key: task.title for _, tasks in the_plan.waves for task in tasks}
    return {titles[key]: failure for key, failure in failures.items()}


def _context(request: Request, output: Path, device: str) -> Context:
    make_folders(output)
    stop = output / STOP
    stop.unlink(missing_ok=True)
    brains = real(request.brains or output / "brains")
    return Context(output / RESULTS, brains, device, stop, request.place)


def _do(
    wave: str,
    tasks: Sequence[Task],
    store: Store,
    context: Context,
    failures: dict[str, str],
    report: Reporter,
) -> None:
    todo = [task for task in tasks if store.row(task.key) is None]
    kept = len(tasks) - len(todo)
    report.log(f"{MESSAGES[wave]}: {len(todo)} to do" + (f", {kept} kept from before" if kept else ""))
    if not todo:
        return
    if wave in ALONE and isinstance(context.place, Local):
        context = replace(context, place=Here())
    blocked = {task.key: text for task in todo if (text := _blocked(task, failures))}
    failures |= blocked
    todo = [task for task in todo if task.key not in blocked]

    def finished(task: Task, _: None, error: IQTError | None) -> None:
        if error is not None:
            failures[task.key] = " ".join(str(error).split())
            report.warn(f"{task.title} failed: {failures[task.key]}")

    do = partial(perform, context=context)
    stop = context.stop.touch
    run_tasks(todo, do, context.place, report=report, message=MESSAGES[wave], finished=finished, ending=stop)


def _blocked(task: Task, failures: Mapping[str, str]) -> str:
    """Why a task cannot run, if the training of its model failed."""
    model = task.inputs.get("model")
    training = "" if model is None else Path(model.name).name
    return f"its training failed: {failures[training]}" if training in failures else ""


def _note(output: Path, about: dict[str, Any], the_plan: Plan, failures: dict[str, str]) -> None:
    """Write `run.json`: request, plan and failures; other cells of an earlier run are kept.

    Cells of models whose weights have changed are dropped: a report must not mix them. Cells of runs that did not
    record their code are kept too; the report counts cells measured with other code than the present.
    """
    before = read_run(output) if (output / RUN).is_file() else {"entries": [], "failures": {}, "skipped": {}}
    entries = [asdict(entry) for entry in the_plan.entries]
    models = {row["method"]: row["content"] for row in entries if row["content"]}
    kept = [r for r in before["entries"] if "code" not in r or r["content"] == models.get(r["method"], r["content"])]
    rows = {_cell(row): row for row in (*kept, *entries)}
    keys = {row["key"] for row in rows.values()}
    planned_now = {task.key for _, tasks in the_plan.waves for task in tasks}
    old = {key: text for key, text in before["failures"].items() if key in keys - planned_now}
    content = about | {
        "finished": _now(),
        "entries": list(rows.values()),
        "failures": old | failures,
        "skipped": before["skipped"] | the_plan.skipped,
    }
    write_json(content, output / RUN)
    write_json({"pairs": pairs_of(about["people"])}, output / PAIRS)


def _cell(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("experiment", "method", "person", "test_set"))


def read_run(output: Path) -> dict[str, Any]:
    """The content of `run.json`; `InputError` if there was no run, or it is damaged."""
    path = output / RUN
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{output} holds no run of experiments: start with `iqt experiments run`") from None
    except ValueError:
        content = None
    if not isinstance(content, dict) or not {"entries", "failures", "skipped"} <= content.keys():
        raise InputError(f"{path} is damaged: delete it and run the experiments again, which keeps their results")
    return content


def _about(request: Request, the_plan: Plan, device: str) -> dict[str, Any]:
    return {
        "scale": request.scale,
        "people": plan(request.people),
        "started": _now(),
        "device": device,
        "workers": getattr(request.place, "jobs", 1),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "versions": {"iqt": __version__, "python": platform.python_version()} | {p: _version(p) for p in PACKAGES},
        "planned": sum(len(tasks) for _, tasks in the_plan.waves),
    }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _processor() -> str:
    """The processor's name, if Linux provides it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
