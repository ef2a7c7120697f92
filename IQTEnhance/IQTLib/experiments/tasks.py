"""What a run consists of: tasks with plain inputs and a content key, so that any process of any machine can do one."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..data.subjects import Scan
from .keys import digest


@dataclass(frozen=True)
class PairSpec:
    """A person in a test set.

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
class Context:
    """Where and how tasks are done.

    Args:
        store: folder of results. brains: folder of packed training people. device: torch device.
        stop: file whose appearance ends the work. parent: process whose end does; None on a cluster.
        threads: of a worker; 0 leaves it to the libraries.
    """

    store: Path
    brains: Path
    device: str
    stop: Path
    parent: int | None = None
    threads: int = 0
