"""Common base of the deep methods: wraps a torch network in the protocol of methods."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from ...errors import InputError
from ...sentences import Sentence
from ..base import LowField, Run, intensities
from ..contrast import denoised
from ..state import checked_state, packed
from .surroundings import with_rim

if TYPE_CHECKING:
    from torch import Tensor, nn

MARGIN = 4  # slices and voxels around the brain that are enhanced too


class Schedule(Protocol):
    """The part of a `TrainingRecipe` that a method may read."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def dictionary_rate(self) -> float: ...
    @property
    def shuffle(self) -> int: ...
    @property
    def freeze(self) -> float: ...
    @property
    def squared_error(self) -> float: ...


class DeepMethod(ABC):
    """A network, its state and its inference on volumes. Subclasses add `name`, `settings` and `build`.

    `stored` is the precision of the weights in `state`: float32, float16 (an array that would overflow it stays
    float32), or int8 with factors (`methods.state.packed`).
    """

    name: ClassVar[str]
    needs_brain: ClassVar[bool] = True

    def __init__(self, settings: Any) -> None:
        self.settings: Any = settings
        self.stored: type[np.generic] = np.float32
        self._network: nn.Module | None = None

    @abstractmethod
    def build(self) -> "nn.Module":
        """A new network as the settings describe it."""

    @property
    def network(self) -> "nn.Module":
        """The network, initialised with torch's global generator if it has not been trained or restored."""
        if self._network is None:
            self._network = self.build()
        return self._network

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        """The estimate; scans noisier than the training scans are filtered first and keep the brain's mean.

        The gain that a network has learned is valid only for scans like its training scans.
        """
        if low.noise is None or not 0 < self.settings.maximum_noise < low.noise:
            return self._estimate(low, low.data, run)
        told = "noise is {percent:.1f} % of the brain's mean, more than in training: filtering first"
        run.report.log(Sentence(told, "filtering", percent=100 * low.noise))
        quiet = denoised(low).astype(np.float32)
        high = self._estimate(low, quiet, run)
        return high * (quiet[low.mask].mean() / max(float(high[low.high_mask].mean()), 1e-6))

    def _estimate(self, low: LowField, data: np.ndarray, run: Run) -> np.ndarray:
        from .windows import Windows, estimate

        windows = Windows(self.settings.window, self.settings.overlap)
        box = _around(low.mask)
        data = with_rim(data[box], low.mask[box])
        factor = low.profile.factor
        flipped = [
            _flipped(estimate(self.network, _flipped(data, axes), factor=factor, windows=windows, run=run), axes)
            for axes in _flips(self.settings.test_time_augmentation)
        ]
        part = np.mean(flipped, axis=0, dtype=np.float32)
        high = np.zeros((*low.data.shape[:2], low.data.shape[2] * factor), np.float32)
        high[(*box[:2], slice(box[2].start * factor, box[2].stop * factor))] = part
        return intensities(high)

    def training_loss(
        self, network: "nn.Module", batch: Mapping[str, Any], distance: "Callable[[Tensor, Tensor], Tensor]"
    ) -> "Tensor":
        """Loss of a batch of `PatchBatches`, by the recipe's `distance`."""
        return distance(network(batch["low"]).float(), batch["high"])

    def averaged_over(self, batch: Mapping[str, Any]) -> "Tensor | None":
        """How many voxels `training_loss` is the mean of, where batches differ in it; None: all of the patches."""
        return None

    def patch_multiple(self) -> int:
        """What edges of training patches must be multiples of."""
        import torch

        with torch.device("meta"):
            x, _, z = self.build().multiple
        return math.lcm(x, z * self.settings.factor)

    def begin_step(self, step: int, total: int, training: Schedule) -> None:  # noqa: B027 - nothing by default
        """Change the network as training progresses."""

    def prepare_for_inference(self) -> None:  # noqa: B027 - nothing by default
        """Prepare the network for evaluation and storage after training steps."""

    def parameter_groups(self, training: Schedule) -> dict[str, tuple[list["nn.Parameter"], float]]:
        """Parameters and learning rate by name of the group; a group "dictionary" is frozen near the end."""
        return {"body": (list(self.network.parameters()), training.learning_rate)}

    def state(self) -> dict[str, np.ndarray]:
        arrays = {name: tensor.detach().cpu().numpy() for name, tensor in self.network.state_dict().items()}
        return packed(arrays, self.stored)

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        import torch

        network = self.build()
        own = network.state_dict()
        arrays = checked_state(state, {name: tuple(tensor.shape) for name, tensor in own.items()})
        tensors = {name: torch.from_numpy(np.array(array)).to(own[name].dtype) for name, array in arrays.items()}
        network.load_state_dict(tensors)
        self._network = network


def check_windows(window: int, overlap: float, flips: int) -> None:
    """Raise `InputError` for invalid window settings, without importing torch."""
    if window % 16 or not 32 <= window <= 256:
        raise InputError("window {window}: choose a multiple of 16 from 32 to 256", window=window)
    if not 0 <= overlap <= 0.75:
        raise InputError("overlap {overlap}: choose 0 to 0.75", overlap=overlap)
    if flips not in (1, 2, 4):
        raise InputError("test-time augmentation {flips}: choose 1, 2 or 4", flips=flips)


def _around(mask: np.ndarray) -> tuple[slice, ...]:
    where = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    return tuple(
        slice(max(int(w[0]) - MARGIN, 0), min(int(w[-1]) + MARGIN + 1, count))
        for w, count in zip(where, mask.shape, strict=True)
    )


def _flips(count: int) -> list[tuple[int, ...]]:
    """In-plane flips: none, both axes, then each axis alone."""
    return [(), (0, 1), (0,), (1,)][:count]


def _flipped(data: np.ndarray, flips: tuple[int, ...]) -> np.ndarray:
    return np.ascontiguousarray(np.flip(data, flips)) if flips else data
