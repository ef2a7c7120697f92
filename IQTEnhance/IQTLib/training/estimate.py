"""Estimates the cost of a training before it starts: some steps are timed on this computer, the rest is calculated.

Times are accurate to a factor of about two: load from other programs, GPU clocks and the disk are not measured.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.subjects import Scan, find_scans
from ..device import autocast
from ..errors import InputError, reason
from ..evaluation.anyscan import KINDS
from ..events import SILENT, Reporter, duration, size
from ..io.formats import format_of
from ..methods.patchwise.method import PatchMethod
from ..methods.registry import method_class
from ..methods.srep.learning import ITERATIONS
from .dictionaries import DictionaryRecipe
from .roles import check_names, with_labels

if TYPE_CHECKING:
    from ..methods.networks.method import DeepMethod
    from .recipe import DataRecipe, NetworkRecipe
    from .sampler import Patches

BOX = 0.35  # share of a scan's voxels in the box around its brain
PACKING = 0.9e-6  # seconds per voxel of that box: reading, bias field
SCANNING = 1.5e-6  # seconds per voxel, for a scan with bias correction and patches (IQT-SRep)
MULTIPLYING = 2e-10  # seconds per element of a projection
STARTING = 5.0  # seconds
BASE = 700 * 2**20  # bytes: Python, torch and its libraries
TRIALS = 3
SIGNALS = 4096  # random signals to time dictionary learning


@dataclass(frozen=True)
class Estimate:
    """Seconds, and bytes of main memory, GPU memory and disk."""

    people: int
    seconds: float
    memory: int
    graphics_memory: int = 0
    disk: int = 0

    @property
    def text(self) -> str:
        graphics = f" and {size(self.graphics_memory)} of GPU memory" if self.graphics_memory else ""
        return (
            f"about {duration(self.seconds)} with {self.people} subjects, {size(self.memory)} of memory{graphics}, "
            f"{size(self.disk)} of disk"
        )


def estimate_deep(
    source: Path,
    recipe: "NetworkRecipe",
    *,
    device: str,
    workers: int = 0,
    cache: Path | None = None,
    report: Reporter = SILENT,
) -> Estimate:
    """For `deep.train` with that recipe; times steps on random patches and scans of a random brain."""
    data, training = recipe.data, recipe.training
    scans, voxels = _people(source, data, ("exclude", "test"), report)
    box = BOX * voxels
    validation_subjects = len(data.validate) or max(len(scans) // 5, 1)
    if len(scans) <= validation_subjects:
        raise InputError("training needs at least one subject to train on and another for validation: add volumes")
    method = recipe.new_method()
    source_of_patches = _practice(recipe, box)
    step, forward, graphics, used = _timed_steps(method, recipe, source_of_patches, device)
    count, rng = training.batch // training.people, np.random.default_rng(0)
    sampling = _timed(lambda: source_of_patches.patches(0, count, rng, rng)) / max(workers, 1)
    patches = box / data.patch**3
    if not recipe.restores:
        patches *= method.settings.test_time_augmentation / (1 - method.settings.overlap) ** 3
    sets = len(KINDS) if recipe.restores else len(data.validation_sets)
    validations = training.steps // training.validate_every + 4
    seconds = (
        training.steps * (step + sampling * training.people)
        + validations * validation_subjects * sets * patches * forward
        + len(scans) * box * PACKING
        + STARTING
    )
    parameters = sum(parameter.numel() for parameter in method.network.parameters())
    packed = 0 if cache else box * 6 * len(scans)
    own_axes = data.own_axes_of(scan.person for scan in scans)
    cuts = float(np.mean([len(own_axes.get(scan.person, data.axes)) for scan in scans]))
    slices = (len(scans) - validation_subjects) * (1 + data.contrast_augmentation) * cuts * box / data.factor * 9
    kept = validation_subjects * sets * box * 12
    copies = (
        (len(scans) - validation_subjects)
        * (data.contrast_augmentation + (1 + data.contrast_augmentation) * bool(data.lesions))
        * box
        * 2
    )
    memory = BASE + used + packed + copies + slices + kept
    disk = 3 * 12 * parameters + 4 * parameters + (box * 6 * len(scans) if cache else 0) + 2 * 2**20
    return Estimate(len(scans), seconds, int(memory), graphics, int(disk))


def estimate_dictionaries(source: Path, recipe: DictionaryRecipe, report: Reporter = SILENT) -> Estimate:
    """For `dictionaries.train` with that recipe; times dictionary learning and coding on random signals."""
    settings = recipe.settings
    scans, voxels = _people(source, recipe, ("exclude", "validate", "test"), report)
    dimension = 6 * settings.patch**3
    components = max(dimension // 12, 10)  # what the projection keeps, mostly
    rng = np.random.default_rng(0)
    signals = rng.standard_normal((SIGNALS, components)).astype(np.float32)
    signals /= np.linalg.norm(signals, axis=1, keepdims=True)
    atoms = np.ascontiguousarray(signals[rng.integers(SIGNALS, size=settings.atoms)].T)
    coding = _timed(lambda: settings.coding.encode(signals, atoms)) / SIGNALS
    kind: type[PatchMethod] = method_class(recipe.method)
    learning = kind.passes * settings.patches * coding or _timed_dictionary(signals, settings) * ITERATIONS
    box = BOX * voxels
    people = len(scans) + len(recipe.validate)
    seconds = (
        people * box * (PACKING + SCANNING)
        + learning
        + settings.patches * (coding + dimension * components * MULTIPLYING)
    )
    features = settings.patches * (2 * dimension + settings.patch**3) * 4
    memory = BASE + features + people * box * 24
    disk = 2 * settings.atoms * (settings.patch**3 + components) + 2 * dimension * components + 2**16
    return Estimate(len(scans), seconds, int(memory), 0, int(disk))


def _people(
    source: Path, recipe: "DictionaryRecipe | DataRecipe", roles: Sequence[str], report: Reporter
) -> tuple[list[Scan], float]:
    """Scans of all subjects but those in `roles`, and their mean number of voxels; refuses what training refuses."""
    found = find_scans(source, suffix=recipe.suffix)
    labels = with_labels(recipe, found)
    check_names(labels, found, source, report)
    left_out = {person for role in roles for person in getattr(labels, role)}
    scans = [scan for scan in found if scan.person not in left_out]
    if not scans:
        raise InputError(f"no subject below {source} is left to train on")
    return scans, float(np.mean([np.prod(_shape(scan.path), dtype=float) for scan in scans]))


def _shape(path: Path) -> tuple[int, ...]:
    """The shape in a volume's header."""
    try:
        if format_of(path) == "NIfTI":
            import nibabel

            return nibabel.load(path).shape[:3]
        import SimpleITK

        reader = SimpleITK.ImageFileReader()
        reader.SetFileName(str(path))
        reader.ReadImageInformation()
        return reader.GetSize()[:3]
    except Exception as error:  # libraries raise many kinds of errors for damaged files
        raise InputError(f"{path} cannot be read: {reason(error)}") from None


def _timed_steps(
    method: "DeepMethod", recipe: "NetworkRecipe", sampler: "Patches", device: str
) -> tuple[float, float, int, int]:
    """Seconds of a step and of one patch forward, bytes of graphics memory and of main memory for a step."""
    import torch

    from .sampler import PatchBatches
    from .schedule import precision

    training, cuda = recipe.training, device.startswith("cuda")
    batches = PatchBatches(sampler, seed=0, first=0, last=1, batch=training.batch, people=training.people)
    batch = {name: part.to(device) for name, part in batches.at(0).items() if isinstance(part, torch.Tensor)}
    network = method.network.to(device, memory_format=torch.channels_last_3d).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-6)
    kind = {"bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}.get(precision(training, device))
    before = _peak_memory()

    def forward() -> torch.Tensor:
        with autocast(device, kind):
            loss = method.training_loss(network, batch, torch.nn.functional.mse_loss)
        if cuda:
            torch.cuda.synchronize(device)
        return loss

    def step() -> None:
        optimizer.zero_grad()
        forward().backward()
        optimizer.step()
        if cuda:
            torch.cuda.synchronize(device)

    seconds, ahead = _timed(step), _timed(torch.no_grad()(forward))
    graphics = torch.cuda.max_memory_reserved(device) if cuda else 0
    return seconds, ahead / training.batch, graphics, max(_peak_memory() - before, 0)


def _practice(recipe: "NetworkRecipe", box: float) -> "Patches":
    """A source of patches of a ball of `box` voxels with three tissues, as good as a brain for timing."""
    from ..data.packed import PackedBrain
    from .restoration import restoration_pairs
    from .sampler import ScanSampler

    edge = max(round(box ** (1 / 3)), recipe.data.patch + 8)
    grid = np.linspace(-1, 1, edge)
    radius = np.sqrt(grid[:, None, None] ** 2 + grid[:, None] ** 2 + grid**2)
    tissue = [(radius < 0.9) & (radius >= 0.75), (radius < 0.75) & (radius >= 0.5), radius < 0.5, radius < 0.9]
    high = np.where(radius < 0.9, 20_000 + 10_000 * (radius < 0.5), 0).astype(np.uint16)
    brain = PackedBrain("nobody", np.eye(4), 5e-5, high, np.stack([255 * one.astype(np.uint8) for one in tissue]))
    brain.maps[3] //= 255
    if recipe.restores:
        return restoration_pairs([brain], recipe)
    return ScanSampler([brain], recipe.simulator, slice_axes=recipe.data.axes[:1], patch=recipe.data.patch)


def _timed_dictionary(signals: np.ndarray, settings: Any) -> float:
    """Seconds of one of spams' iterations on 1024 signals."""
    from ..methods.srep.learning import dictionary

    few, many = 2, 12
    enough = np.concatenate([signals] * (settings.atoms // len(signals) + 1))
    rng = np.random.default_rng(0)
    lam = getattr(settings, "training_lam", None)
    times = [_timed(partial(dictionary, enough, settings, rng, iterations=n, lam=lam), 1) for n in (few, many)]
    return max(times[1] - times[0], 1e-6) / (many - few)


def _timed(act: Callable[[], object], trials: int = TRIALS) -> float:
    """Seconds of the quickest of some trials after a first one."""
    act()
    times = []
    for _ in range(trials):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def _peak_memory() -> int:
    """The most bytes of memory that this process ever had; 0 where that is unknown (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
