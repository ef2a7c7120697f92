"""The section of a recipe that has patches cut from whole scans, which are made where the network is trained."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated

from ..errors import InputError
from ..io.typed import Between, check

BRIGHTEST = 1.5  # of a contrast; white matter is about 1


@dataclass(frozen=True)
class WholeScans:
    """Patches of whole scans that the training's device makes: a GPU does not wait for processors.

    Args:
        sizes: edges of patches (voxels), each with the number of patches in a batch of that size. Every step draws one
            of these sizes; `data.patch`, `training.batch` and `training.people` have no effect.
        pool: number of scans that patches are cut from, one from a scan. new: scans of them that each step replaces.
        rim: voxels at the faces of a patch that the loss ignores.
        lesion_weight: weight in the loss of a voxel of a lesion.
        contrast: of CSF, grey and white matter in every truth whose contrast is of high field: intensities of all
            subjects are moved there by a smooth curve. None keeps each subject's own.
        weights: how often subjects are drawn, by shell pattern, {"head*" = 2.5}; the first that fits counts, others
            have 1. Sharper volumes may be drawn more often.
    """

    sizes: tuple[tuple[Annotated[int, Between(8, 256)], Annotated[int, Between(1, 4096)]], ...] = ((64, 32), (96, 10))
    pool: Annotated[int, Between(1, 4096)] = 64
    new: Annotated[int, Between(1, 256)] = 3
    rim: Annotated[int, Between(0, 64)] = 4
    lesion_weight: Annotated[float, Between(1, 100)] = 3.0
    contrast: tuple[float, float, float] | None = None
    weights: dict[str, Annotated[float, Between(0, 1000, without=(0,))]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self, "whole_scans.")
        if not self.sizes:
            raise InputError("whole_scans.sizes is empty: name an edge and a number of patches, [[64, 32]]")
        for edge, count in self.sizes:
            if count > self.pool:
                raise InputError(
                    "whole_scans.pool {pool} is smaller than a batch of {count} patches", pool=self.pool, count=count
                )
            if edge <= 2 * self.rim:
                raise InputError("whole_scans.rim {rim} leaves nothing of a patch of {edge}", rim=self.rim, edge=edge)
        if self.contrast is not None and not 0 < self.contrast[0] < self.contrast[1] < self.contrast[2] < BRIGHTEST:
            told = ", ".join(f"{level:g}" for level in self.contrast)
            raise InputError(
                "whole_scans.contrast {told}: CSF, grey and white matter must ascend between 0 and {brightest}",
                told=told,
                brightest=BRIGHTEST,
            )

    @property
    def largest(self) -> int:
        """Edge of the largest patch."""
        return max(edge for edge, _ in self.sizes)

    def weights_of(self, people: Sequence[str]) -> list[float]:
        """How often each of `people` is drawn; `InputError` if a pattern fits none of them."""
        for pattern in self.weights:
            if not any(fnmatchcase(person, pattern) for person in people):
                known = ", ".join(sorted(set(people))[:5]) + ", ..." * (len(set(people)) > 5)
                raise InputError(
                    "whole_scans.weights: {pattern} fits no subject to train on ({known}): correct it",
                    pattern=pattern,
                    known=known,
                )
        return [
            next((weight for pattern, weight in self.weights.items() if fnmatchcase(person, pattern)), 1.0)
            for person in people
        ]
