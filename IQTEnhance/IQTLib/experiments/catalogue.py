"""The catalogue: methods with their settings, experiments and scales as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..evaluation.anyscan import KINDS
from ..methods.registry import METHODS as DESCRIBED

PUBLISHED_SETS = ("InD1", "InD2", "OOD-ultra-low-field")
SLICE_SETS = ("x2", "x4", "x2-8bit", "x4-8bit")
ALL_SETS = ("InD1", "InD2", "InD2-low", "InD2-high", "OOD-ultra-low-field")

Measure = Literal["any scan", "scores", "bias", "lesions", "sections", "lowfield", "cost", "check", "slices"]


@dataclass(frozen=True)
class MethodSpec:
    """A method in one setting.

    Args:
        label: its name in tables and pictures.
        model: an existing model; empty if the experiments train one.
        training: "srep" or "ddl" trains one with the paper's `patch` (voxels) and `atoms`. On slices, methods with
            `atoms` are trained on the training slices.
        optional: left out when `model` is not installed, instead of an error.
        factor: slice spacing in high-field voxels.
        told: further inputs of its tasks, such as the modality of the scans.
    """

    label: str
    model: str = ""
    training: Literal["", "srep", "ddl"] = ""
    patch: int = 0
    atoms: int = 0
    optional: bool = False
    factor: int = 4
    told: Mapping[str, Any] = field(default_factory=dict)


def _srep(patch: int, atoms: int) -> MethodSpec:
    return MethodSpec(f"SRep P{patch}, {atoms} atoms", training="srep", patch=patch, atoms=atoms)


def _ddl(patch: int, atoms: int) -> MethodSpec:
    return MethodSpec(f"DDL P{patch}, {atoms} atoms", training="ddl", patch=patch, atoms=atoms)


NOT_SHIPPED = ("ScSR", "NE-LLE", "Zeyde", "GR", "ANR", "CSC-SR")  # train them to have them compared

COMPARED = {
    key: MethodSpec(one.label, one.model) for method in DESCRIBED.values() for key, one in method.compared.items()
}
METHODS: dict[str, MethodSpec] = {
    **COMPARED,
    "srep-fast": MethodSpec("IQT-SRep (fast)", "srep-t1w-x4-fast"),
    **{f"srep-p7-k{atoms}": _srep(7, atoms) for atoms in (150, 256, 512, 1024)},
    **{f"srep-p{patch}-k1024": _srep(patch, 1024) for patch in (3, 5)},
    **{f"ddl-p32-k{atoms}": _ddl(32, atoms) for atoms in (64, 128)},
    **{f"ddl-p{patch}-k128": _ddl(patch, 128) for patch in (16, 48)},
    "wiener": MethodSpec("Wiener restoration", "wiener"),
    "any": MethodSpec("Restoration (recommended)", "iqt-any"),
    "any-named": MethodSpec("Restoration, scans named T1w", "iqt-any", told={"modality": "T1w"}),
    "lrtv": MethodSpec("LRTV", "lrtv"),
    "elrtv": MethodSpec("ELRTV (reconstructed; our parameters)", "elrtv"),
    "aplus": MethodSpec("A+", "aplus-t1w-x4"),
    **{name.lower(): MethodSpec(name, f"{name.lower()}-t1w-x4", optional=True) for name in NOT_SHIPPED},
    "cubic-x2": MethodSpec("cubic interpolation, factor 2", "cubic", factor=2),
    "unet-x2": MethodSpec("U-Net, factor 2", "unet-t1w-x2", optional=True, factor=2),
    "cubic-x8": MethodSpec("cubic interpolation, factor 8", "cubic", factor=8),
    "unet-x8": MethodSpec("U-Net, factor 8", "unet-t1w-x8", optional=True, factor=8),
    "ixi-bicubic": MethodSpec("bicubic (as OpenCV)"),
    "ixi-landweber": MethodSpec("Landweber (100 steps)"),
    "ixi-lrtv": MethodSpec("LRTV"),
    "ixi-elrtv-study": MethodSpec("ELRTV (reconstructed; the study's parameters)"),
    "ixi-elrtv": MethodSpec("ELRTV (reconstructed; our parameters)"),
    "ixi-scsr": MethodSpec("ScSR", atoms=1024),
    "ixi-ne-lle": MethodSpec("NE+LLE", atoms=1024),
    "ixi-zeyde": MethodSpec("Zeyde", atoms=1024),
    "ixi-gr": MethodSpec("GR", atoms=1024),
    "ixi-anr": MethodSpec("ANR", atoms=1024),
    "ixi-aplus": MethodSpec("A+", atoms=1024),
    "ixi-aplus-landweber": MethodSpec("A+, then Landweber (100 steps)", atoms=1024),
    "ixi-csc": MethodSpec("CSC-SR", atoms=128),
    "ixi-csc-landweber": MethodSpec("CSC-SR, then Landweber (100 steps)", atoms=128),
    "ixi-liif": MethodSpec("LIIF (EDSR)", "liif-t2w", optional=True),
    "ixi-lrtv-tv": MethodSpec("LRTV without rank"),
    "ixi-lrtv-rank": MethodSpec("LRTV without total variation"),
    "ixi-elrtv-projection": MethodSpec("ELRTV (ours) with back-projection only"),
    "ixi-elrtv-sharp": MethodSpec("ELRTV (ours) without non-local means"),
    "ixi-elrtv-nlm": MethodSpec("ELRTV (ours) without sharpening"),
    "ixi-elrtv-once": MethodSpec("ELRTV (ours) in one pass"),
    "ixi-elrtv-no-projection": MethodSpec("ELRTV (ours) without back-projection"),
}

MAIN = tuple(COMPARED)
ATOMS = ("srep-p7-k150", "srep-p7-k256", "srep-p7-k512", "srep-p7-k1024", "ddl-p32-k64", "ddl-p32-k128")
TRAINED_SLICES = tuple(name for name, spec in METHODS.items() if name.startswith("ixi-") and spec.atoms)
UNTRAINED_SLICES = ("ixi-bicubic", "ixi-landweber", "ixi-lrtv", "ixi-elrtv-study", "ixi-elrtv")
SLICE_MODELS = ("ixi-liif",)
SLICES = (*UNTRAINED_SLICES, *TRAINED_SLICES, *SLICE_MODELS)
SLICE_PARTS = tuple(
    name for name in METHODS if name.startswith("ixi-") and name not in (*TRAINED_SLICES, *SLICE_MODELS)
)
OTHERS = ("wiener", "lrtv", "elrtv", "aplus", *(name.lower() for name in NOT_SHIPPED), "any")
SYSTEMS = (*MAIN, *OTHERS)
ANY_SCAN = ("cubic", "srep", "unet", "unet-robust", *OTHERS, "any-named")
PATCHES = ("srep-p3-k1024", "srep-p5-k1024", "srep-p7-k1024", "ddl-p16-k128", "ddl-p32-k128", "ddl-p48-k128")


@dataclass(frozen=True)
class Experiment:
    """One question: which methods are measured on which subjects and test sets, and how.

    Args:
        people: "all" held-out subjects, "any" (and those held out for scans of any kind alone), "settings" (some, for
            the many cells of Tables 2 and 3), "pictured" (one of a known scanner and one of another), "one" (the first
            of these), "real" (the low-field scan), or "slices" and "some slices" (mid-slices of IXI).
        settings: whether it compares settings of methods, in models that the experiments train.
    """

    title: str
    measure: Measure
    methods: tuple[str, ...]
    sets: tuple[str, ...] = PUBLISHED_SETS
    people: Literal["all", "any", "settings", "pictured", "one", "real", "slices", "some slices"] = "all"
    settings: bool = False


EXPERIMENTS: dict[str, Experiment] = {
    "table1": Experiment("Table 1: methods", "scores", (*MAIN, "any"), ALL_SETS),
    "any-scan": Experiment("Scans of any kind", "any scan", ANY_SCAN, tuple(KINDS), "any"),
    "check": Experiment("Interpolation against the paper: what its error depends on", "check", ("cubic",), ("InD1",)),
    "systems": Experiment("All systems", "scores", SYSTEMS),
    "bias": Experiment("Regression to the mean", "bias", SYSTEMS, ALL_SETS),
    "lesions": Experiment(
        "Recovery of inserted lesions", "lesions", SYSTEMS, ("InD1", "OOD-ultra-low-field"), "settings"
    ),
    "figures": Experiment("Figures 4 and 5: estimates and errors", "sections", MAIN, people="pictured"),
    "lowfield": Experiment("A real low-field scan", "lowfield", MAIN, (), "real"),
    "cost": Experiment("Time, memory and size", "cost", (*SYSTEMS, "srep-fast"), ("InD1",), "one"),
    "factors": Experiment(
        "Other slice spacings", "scores", ("cubic-x2", "unet-x2", "cubic-x8", "unet-x8"), ("InD1", "InD2")
    ),
    "table2": Experiment("Table 2: atoms", "scores", ("cubic", *ATOMS), people="settings", settings=True),
    "table3": Experiment("Table 3: patch size", "scores", ("cubic", *PATCHES), people="settings", settings=True),
    "figure6": Experiment(
        "Figure 6: effect of atoms and patch size",
        "sections",
        ("cubic", *dict.fromkeys((*ATOMS, *PATCHES))),
        ("OOD-ultra-low-field",),
        "pictured",
        settings=True,
    ),
    "ixi": Experiment("Slices of IXI: methods", "slices", SLICES, SLICE_SETS, "slices"),
    "ixi-parts": Experiment("Slices of IXI: what each part brings", "slices", SLICE_PARTS, ("x2", "x4"), "some slices"),
}


@dataclass(frozen=True)
class Scale:
    """The size of a run.

    Args:
        people: held-out subjects for each kind of scanner (known, other), 0 for all. settings_people: the same for
            Tables 2 and 3 and for lesions. settings_part: share of each brain that Tables 2 and 3 are measured on.
        training_subjects: how many the cells of Tables 2 and 3 train on, 0 for all; srep_patches: IQT-SRep's patches.
        ddl: changes of the recipe `ddl-paper` for IQT-DDL's cells; patch and atoms are the cell's.
        ddl_voxels: voxels of all patches of a step together, so that all patch sizes see the same amount of data in few
            steps; 0: the same number of patches for every size, as in the paper.
        library: patches of the training library that rarity is measured against.
        crops: shares of a volume for cost against size.
        slices, some_slices: how many mid-slices, 0 for all.
        sets: test sets, none for all of an experiment. kinds: the same for scans of any kind.
        fewer_atoms: divides the atoms of the cells (at least 16).
    """

    title: str
    people: int = 0
    settings_people: int = 0
    settings_part: float = 1.0
    training_subjects: int = 0
    srep_patches: int = 100_000
    ddl: Mapping[str, Any] = field(default_factory=dict)
    ddl_voxels: int = 0
    library: int = 20_000
    crops: tuple[float, ...] = (0.25, 0.5, 1.0)
    sets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fewer_atoms: int = 1
    slices: int = 0
    some_slices: int = 20

    @property
    def measured_part(self) -> str:
        """The part of the brain that Tables 2 and 3 are measured on, in words."""
        share = self.settings_part
        return f"the middle {100 * share:.0f} % of each brain" if share < 1 else "all of each brain"


SCALES: dict[str, Scale] = {
    "smoke": Scale(
        "smoke: every part at the smallest size, for tests of the machinery; the numbers mean nothing",
        people=1,
        settings_people=1,
        training_subjects=2,
        srep_patches=2000,
        ddl={
            "settings.filters": 4,
            "settings.residual": True,
            "training.steps": 2,
            "training.batch": 1,
            "training.people": 1,
            "training.validate_every": 2,
        },
        library=500,
        crops=(1.0,),
        sets=("InD1", "OOD-ultra-low-field"),
        kinds=("cubic-voxels",),
        fewer_atoms=32,
        slices=2,
        some_slices=1,
    ),
    "cpu": Scale(
        "cpu: one night on two cores; Tables 2 and 3 train on less data than the paper, see there",
        settings_people=2,
        settings_part=0.35,
        training_subjects=12,
        srep_patches=30_000,
        ddl={
            "settings.filters": 8,
            "settings.residual": True,
            "settings.complement": "centred",
            "settings.leaky": True,
            "data.snr": "fresh",
            "training.steps": 100,
            "training.learning_rate": 1e-3,
            "training.warmup": 20,
            "training.shuffle": 20,
            "training.validate_every": 100,
        },
        ddl_voxels=4 * 32**3,
    ),
    "paper": Scale("paper: the paper's sizes and steps, for a GPU (400,000 steps for each of IQT-DDL's cells)"),
}


def named(kind: str, table: Mapping[str, Any], name: str) -> Any:
    """The entry of that name; `InputError` lists the available names."""
    from ..errors import InputError

    if name not in table:
        raise InputError(f"no {kind} {name!r}: choose from {', '.join(table)}")
    return table[name]


SETTINGS_NOTE = (
    "These cells were trained by this run at a smaller size than the paper's, so read them as a trend, not beside the "
    "published values. Scale: {scale}. IQT-SRep: the paper's settings (lasso, lambda 0.01, nothing before or after) "
    "from {patches:,} patches instead of 100,000. IQT-DDL: the recipe `ddl-paper` (the paper's 400,000 steps) with "
    "these changes, patch and atoms as named: {ddl}, {batch}. Measured on {part}. At full size, on a GPU: "
    "`iqt experiments run --only table2,table3,figure6 --scale paper --device cuda ...`."
)
