"""The tasks of the experiments on mid-slices, and the models that they need."""

from functools import cached_property
from pathlib import Path
from typing import Any

from ..evaluation.heldout import refuse_training_people
from ..evaluation.planar import read_slices, slices_digest
from ..io.folders import real
from ..models.store import available, load
from .catalogue import METHODS
from .code import digest
from .tasks import ModelRef, Task, code_of


class SliceTasks:
    """Tasks on the mid-slices in `folder`; `fewer_atoms` divides the atoms of dictionaries."""

    def __init__(self, folder: Path, fewer_atoms: int) -> None:
        self.folder, self.fewer_atoms = real(Path(folder)), fewer_atoms
        self._content = slices_digest(self.folder)

    @cached_property
    def _learned(self) -> str:
        return slices_digest(self.folder, "train")

    def lacking(self, method: str) -> str:
        """Why a method cannot be measured, for lack of a model; "" if it can.

        Raises:
            InputError: its model was trained on the test slices.
        """
        name = METHODS[method].model
        if not name:
            return ""
        if name not in available():
            return f"there is no model {name}"
        refuse_training_people([load(name)], read_slices(self.folder).subjects)
        return ""

    def task(self, method: str, test_set: str, count: int, model: ModelRef | None) -> Task:
        """One method on the first `count` slices (0: all), degraded as `test_set` says."""
        inputs: dict[str, Any] = {"folder": self.folder, "method": method, "test_set": test_set, "count": count}
        parts: list[Any] = [self._content, method, test_set, count]
        if atoms := METHODS[method].atoms:
            inputs["atoms"] = max(16, atoms // self.fewer_atoms)
            parts += [inputs["atoms"], self._learned]
        if model is not None:
            inputs["model"] = model
            parts.append(model.content)
        return Task("slices", digest("slices", *parts, code_of("slices")), f"{method}, {test_set}", inputs)
