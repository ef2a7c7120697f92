"""Estimates the cost of a training before it starts: some steps are timed on this computer, the rest is calculated.

Times are accurate to a factor of about two: load from other programs, GPU clocks and the disk are not measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.subjects import Scan, find_scans
from ..errors import InputError, reason
from ..evaluation.anyscan import KINDS
from ..evaluation.planar import FACTORS
from ..events import SILENT, Reporter, duration, size
from ..io.formats import format_of
from ..methods.csc.method import CSC
from ..methods.patchwise.method import Costs, PatchMethod
from ..methods.registry import method_class
from ..methods.srep.learning import ITERATIONS
from .dictionaries import DictionaryRecipe
from .roles import check_names, with_labels
from .timing import tensors, timed, timed_steps, trial_of

if TYPE_CHECKING:
    from .recipe import DataRecipe, NetworkRecipe

BOX = 0.35  # share of a scan's voxels in the box around its brain
PACKING = 0.9e-6  # seconds per voxel of that box: reading, bias field
SCANNING = 1.5e-6  # seconds per voxel, for a scan with bias correction and patches (IQT-SRep)
MULTIPLYING = 2e-10  # seconds per element of a projection
STARTING = 5.0  # seconds
BASE = 700 * 2**20  # bytes: Python, torch and its libraries
SCAN, BRAIN = 8, 5  # bytes per voxel: a whole scan with its truth and weights, a brain with tissue maps
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
    trial = trial_of(recipe, box, device)
    step, forward, graphics, used = timed_steps(method, recipe, trial.batch, device)
    sampling = trial.drawing / max(workers, 1) + trial.making
    patches = box / trial.patch**3 * method.settings.test_time_augmentation
    if not recipe.restores:
        patches /= (1 - method.settings.overlap) ** 3
    sets = len(KINDS) if recipe.restores else len(data.validation_sets)
    validations = training.steps // training.validate_every + 4
    seconds = (
        training.steps * (step + sampling)
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
    pool = _pool_bytes(recipe, len(scans) - validation_subjects, box)
    graphics += pool if graphics else 0
    memory = BASE + used + packed + copies + slices + kept + (0 if graphics else pool)
    disk = 3 * 12 * parameters + 4 * parameters + (box * 6 * len(scans) if cache else 0) + 2 * 2**20
    return Estimate(len(scans), seconds, int(memory), graphics, int(disk))


def estimate_slices(
    source: Path, recipe: "NetworkRecipe", *, device: str, workers: int = 0, report: Reporter = SILENT
) -> Estimate:
    """For `slices.train` with that recipe; times steps on crops of the slices in `source`."""
    from .sampler import PatchBatches
    from .slice_pairs import SliceCrops, SliceRecipe
    from .slices import slices_of

    data, training = recipe.data, recipe.training
    learned, validated = slices_of(source, recipe, report)
    crops = SliceCrops(learned, recipe.slices or SliceRecipe(), data.patch)
    batches = PatchBatches(crops, seed=0, first=0, last=1, batch=training.batch, people=training.people)
    method = recipe.new_method()
    step, forward, graphics, used = timed_steps(method, recipe, tensors(batches.at(0), device), device)
    drawing = timed(lambda: batches.at(0)) / max(workers, 1)
    pixels = sum(validated.images[0].size / factor**2 for factor in FACTORS)
    validations = training.steps // training.validate_every + 3
    seconds = (
        training.steps * (step + drawing)
        + validations * len(validated.images) * pixels / data.patch**2 * forward
        + STARTING
    )
    parameters = sum(parameter.numel() for parameter in method.network.parameters())
    memory = BASE + used + learned.images.nbytes + validated.images.nbytes
    return Estimate(len(learned.images), seconds, int(memory), graphics, 3 * 12 * parameters + 4 * parameters + 2**21)


def estimate_dictionaries(source: Path, recipe: DictionaryRecipe, report: Reporter = SILENT) -> Estimate:
    """For `dictionaries.train` with that recipe."""
    scans, voxels = _people(source, recipe, ("exclude", "validate", "test"), report)
    box, people = BOX * voxels, len(scans) + len(recipe.validate)
    settings: Any = recipe.settings
    kind: type[PatchMethod] = method_class(recipe.method)
    costs = kind.costs(settings) if issubclass(kind, CSC) else _costs(settings, kind)
    seconds = people * box * (PACKING + SCANNING) + costs.seconds
    return Estimate(len(scans), seconds, int(BASE + costs.memory + people * box * 24), 0, costs.disk)


def _costs(settings: Any, kind: type[PatchMethod]) -> Costs:
    """Of learning from patches; times dictionary learning and coding on random signals."""
    dimension = 6 * settings.patch**3
    components = max(dimension // 12, 10)  # what the projection keeps, mostly
    rng = np.random.default_rng(0)
    signals = rng.standard_normal((SIGNALS, components)).astype(np.float32)
    signals /= np.linalg.norm(signals, axis=1, keepdims=True)
    atoms = np.ascontiguousarray(signals[rng.integers(SIGNALS, size=settings.atoms)].T)
    coding = timed(lambda: settings.coding.encode(signals, atoms)) / SIGNALS
    learning = kind.passes * settings.patches * coding or _timed_dictionary(signals, settings) * ITERATIONS
    seconds = learning + settings.patches * (coding + dimension * components * MULTIPLYING)
    features = settings.patches * (2 * dimension + settings.patch**3) * 4
    disk = 2 * settings.atoms * (settings.patch**3 + components) + 2 * dimension * components + 2**16
    return Costs(seconds, features, int(disk))


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
        raise InputError("no subject below {source} is left to train on", source=source)
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
        raise InputError("{path} cannot be read: {why}", path=path, why=reason(error)) from None


def _pool_bytes(recipe: "NetworkRecipe", subjects: int, box: float) -> int:
    """Of whole scans and the brains that they are made from, on the device."""
    whole = recipe.whole_scans
    return 0 if whole is None else int((whole.pool * SCAN + subjects * BRAIN) * max(box, whole.largest**3))


def _timed_dictionary(signals: np.ndarray, settings: Any) -> float:
    """Seconds of one of spams' iterations on 1024 signals."""
    from ..methods.srep.learning import dictionary

    few, many = 2, 12
    enough = np.concatenate([signals] * (settings.atoms // len(signals) + 1))
    rng = np.random.default_rng(0)
    lam = getattr(settings, "training_lam", None)
    times = [timed(partial(dictionary, enough, settings, rng, iterations=n, lam=lam), 1) for n in (few, many)]
    return max(times[1] - times[0], 1e-6) / (many - few)
