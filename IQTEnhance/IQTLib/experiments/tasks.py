"""Tasks with plain inputs and a content key, the function behind each, and the store of their results."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from ..data.subjects import Scan
from ..events import SILENT, Reporter
from ..io.files import whole_file
from ..jobs.clusters import Cluster, Here, worker_device
from ..methods.registry import METHODS
from .code import code_digest, digest


class Store:
    """A folder of results that several processes and machines may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def row(self, key: str) -> dict[str, Any] | None:
        """The row of that key; None if there is none or it cannot be read (it is then recomputed)."""
        try:
            row = json.loads(self._path("rows", key, "json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return row or None if isinstance(row, dict) else None

    def put_row(self, key: str, row: Mapping[str, Any]) -> None:
        from ..io.files import write_json

        write_json(row, self._path("rows", key, "json"))

    def arrays(self, key: str) -> dict[str, np.ndarray] | None:
        path = self._path("arrays", key, "npz")
        try:
            with np.load(path, allow_pickle=False) as content:
                return dict(content)
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            return None

    def put_arrays(self, key: str, **arrays: np.ndarray) -> None:
        with whole_file(self._path("arrays", key, "npz")) as part:
            np.savez_compressed(part, **arrays)  # type: ignore[arg-type]

    def model(self, key: str) -> Path:
        """Folder of a trained model, whether it exists or not."""
        return self.folder / "models" / key

    def _path(self, kind: str, key: str, ending: str) -> Path:
        return self.folder / kind / key[:2] / f"{key}.{ending}"


@dataclass(frozen=True)
class PairSpec:
    """A subject in a test set.

    `seed`: the plan's seed, the number of the set, the number of the person. `simulator`: digest of its code.
    `part`: share of the brain that is kept of scan and truth (`pairs.middle`).
    """

    scan: Scan
    test_set: str
    seed: tuple[int, int, int]
    slice_axis: int
    factor: int = 4
    simulator: str = ""
    part: float = 1.0

    @property
    def person(self) -> str:
        return self.scan.person

    @cached_property
    def key(self) -> str:
        where = (self.test_set, self.seed, self.slice_axis, self.factor, *([self.part] if self.part < 1 else []))
        return digest("pair", self.scan.content, where, self.simulator)


@dataclass(frozen=True)
class ModelRef:
    """A model by name or folder, on slices `factor` apart; `content` keys its weights, settings and code."""

    name: str
    content: str
    factor: int = 4
    weights: str = ""
    """Digest of weights and settings alone."""


@dataclass(frozen=True)
class Task:
    """One result: `measure` of `WORK` in work.py with `inputs`, kept under `key`."""

    measure: str
    key: str
    title: str
    inputs: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Entry:
    """A cell's observation: the task that answers for it, digests of the model's weights (`content`) and the code."""

    experiment: str
    method: str
    person: str
    test_set: str
    key: str
    content: str = ""
    code: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """Tasks in waves (a wave needs results of earlier ones), and the entries that they answer for.

    `skipped`: experiments or methods that are left out, with the reason.
    """

    waves: list[tuple[str, list[Task]]]
    entries: list[Entry]
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Where and how tasks run.

    Args:
        store: folder of results. brains: folder of packed training subjects. device: torch device.
        stop: file whose appearance ends the work of other processes. place: where the tasks run.
        report: of the task, in its process.
    """

    store: Path
    brains: Path
    device: str
    stop: Path
    place: Cluster = field(default_factory=Here)
    report: Reporter = SILENT


WORK = {
    "any scan": "any_scan.measures:measured",
    "scores": "measures:scores",
    "bias": "measures:bias",
    "lesions": "measures:lesions",
    "sections": "measures:sections",
    "lowfield": "measures:lowfield",
    "check": "measures:check",
    "cost": "trainings:cost",
    "slices": "slices.measures:measured",
    "train srep": "trainings:srep",
    "train ddl": "trainings:ddl",
    "library": "trainings:library",
}
"""Measure -> module:function, which takes a task's inputs and the context and returns the row."""

LEARNED = {"train srep": ("methods.srep.method",), "train ddl": ("methods.networks.ddl.method",)}
"""The methods behind trainings that only their recipes name: their code counts too."""


def code_of(measure: str) -> str:
    """Digest of all code that determines a row of `measure`, except the method's own (`method_code`)."""
    return code_digest(f"experiments.{WORK[measure]}", *LEARNED.get(measure, ()))


def method_code(method: str) -> str:
    """Digest of all code that determines the result of `method`."""
    module = METHODS[method].implementation.partition(":")[0].partition(".")[2]
    return code_digest("experiments.estimates:estimate_of", module)


def perform(task: Task, report: Reporter, *, context: Context) -> None:
    """Run `task` and store its row, unless it is stored already."""
    store = Store(context.store)
    if store.row(task.key) is not None:
        return
    context = replace(context, device=worker_device(context.place, context.device), report=report)
    start = time.monotonic()
    row = work_of(task.measure)({**task.inputs, "key": task.key}, context)
    store.put_row(task.key, {"title": task.title, "took": round(time.monotonic() - start, 1), **row})


def work_of(measure: str) -> Callable[[dict[str, Any], Context], dict[str, Any]]:
    """The function behind a measure, imported on demand."""
    module, _, name = WORK[measure].partition(":")
    return getattr(import_module(f".{module}", __package__), name)
