"""From the catalogue to tasks: which method is measured on which subject and test set, each with its content key."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.subjects import Scan, find_scans
from ..errors import InputError
from ..evaluation.heldout import plan, refuse_training_people
from ..io.folders import real
from ..models.store import available, load
from .catalogue import EXPERIMENTS, KINDS, METHODS, PUBLISHED_SETS, Experiment, MethodSpec, Scale, named
from .code import code_digest, digest
from .estimates import model_of
from .slice_tasks import SliceTasks
from .tasks import Entry, ModelRef, PairSpec, Plan, Task, code_of, method_code
from .trainings import base_recipe, training_subjects

REFERENCES = ("unet", "cubic")  # of the "closer to the truth" maps
LIBRARY_PEOPLE = 8
MOST_PEOPLE = 4  # in a batch of the experiments' own trainings
SEED = 300  # of trainings and of the training library, as the shipped models'


class Planner:
    """Makes the plan of one run.

    Args:
        scans: folder of high-field scans, None where only slices are measured. people: the plan of `heldout.plan`.
        scale: how much is run. store: folder of results, where trained models lie. methods: only these of each
            experiment; none for all. ixi: folder of mid-slices.
    """

    def __init__(
        self,
        scans: Path | None,
        people: Mapping[str, Any],
        scale: Scale,
        store: Path,
        methods: Sequence[str] = (),
        ixi: Path | None = None,
    ) -> None:
        self.methods, self.ixi = methods, ixi
        self.folder, self.people, self.scale, self.store = real(Path(scans or ".")), people, scale, store
        self.scans = {} if scans is None else {scan.person: scan for scan in find_scans(self.folder)}
        self.simulator = code_digest("evaluation.heldout_pairs", "data.subjects")
        self.tasks: dict[str, dict[str, Task]] = {}
        self.entries: list[Entry] = []
        self.skipped: dict[str, str] = {}
        self._training_subjects: list[str] | None = None

    def plan(self, names: Sequence[str]) -> Plan:
        """All tasks of the experiments `names`; cheap ones with models that exist come first.

        Raises:
            InputError, ModelError: a subject or a model is missing, or a model was trained on its test subjects.
        """
        for name in names:
            experiment = named("experiment", EXPERIMENTS, name)
            if experiment.measure == "slices":
                self._add_slices(name, experiment, alone=len(names) == 1)
            elif experiment.people == "real":
                self._add_real(name, experiment)
            elif experiment.measure == "sections":
                self._add_sections(name, experiment)
            else:
                self._add_cells(name, experiment)
        order = ("library", "check", "slices", "shipped", "train srep", "train ddl", "trained", "cost")
        waves = [(wave, sorted(self.tasks[wave].values(), key=self._order)) for wave in order if wave in self.tasks]
        return Plan(waves, self.entries, self.skipped)

    def _order(self, task: Task) -> tuple[Any, ...]:
        """The paper's test sets first; then all tasks of one pair together, because workers cache the pair."""
        spec = task.inputs.get("pair")
        return () if spec is None else (spec.test_set not in PUBLISHED_SETS, spec.person, spec.test_set)

    def chosen(self, experiment: Experiment) -> list[Mapping[str, Any]]:
        """The subjects of an experiment, pictured ones first."""
        pictured = self.people["pictured"]
        people = self._everyone if experiment.people == "any" else self.people["people"]
        people = sorted(people, key=lambda entry: entry["person"] not in pictured)
        limit = self.scale.settings_people if experiment.people == "settings" else self.scale.people
        if experiment.people == "pictured":
            people, limit = [entry for entry in people if entry["person"] in pictured], self.scale.people
        if experiment.people == "one":
            people, limit = people[:1], 1
        kinds = [[entry for entry in people if entry["scanner"] == kind] for kind in ("known", "other")]
        found = [entry for kind in kinds for entry in (kind[:limit] if limit else kind)]
        missing = [entry["person"] for entry in found if entry["person"] not in self.scans]
        if missing:
            raise InputError(f"{self.folder} lacks the held-out subjects {', '.join(missing)}")
        return found

    @property
    def _everyone(self) -> list[Mapping[str, Any]]:
        """All held-out subjects, those for scans of any kind alone last."""
        return [*self.people["people"], *self.people.get("any_scan", [])]

    def sets(self, experiment: Experiment) -> list[str]:
        """Test sets of an experiment at this scale."""
        chosen = self.scale.kinds if experiment.measure == "any scan" else self.scale.sets
        return [name for name in experiment.sets if not chosen or name in chosen]

    def models(self, name: str, experiment: Experiment) -> dict[str, ModelRef]:
        """The experiment's methods; trainings are planned for those that need one."""
        found = {}
        for method in experiment.methods:
            spec = METHODS[method]
            if self.methods and method not in self.methods:
                continue
            if spec.training:
                found[method] = self._trained(method, spec)
            elif spec.optional and spec.model not in available():
                self.skipped[method] = f"there is no model {spec.model}"
            else:
                refuse_training_people([load(spec.model)], [entry["person"] for entry in self._everyone])
                found[method] = self._existing(spec)
        return found

    def _existing(self, spec: MethodSpec) -> ModelRef:
        card = model_of(ModelRef(spec.model, "", spec.factor)).card
        weights = digest(
            card.method, card.settings, card.grid, card.thickness, card.gap, card.normalisation, card.sha256
        )
        return ModelRef(spec.model, digest(weights, method_code(card.method)), spec.factor, weights)

    def _add_cells(self, name: str, experiment: Experiment) -> None:
        models = self.models(name, experiment)
        for entry in self.chosen(experiment):
            for test_set in self.sets(experiment):
                for method, ref in models.items():
                    spec = self._pair(entry, test_set, ref.factor, self._part(experiment))
                    inputs: dict[str, Any] = {"pair": spec, "model": ref} | self._extras(experiment, method)
                    parts = (spec.key, ref.content, experiment.measure, self._extras(experiment, method))
                    code = code_of(experiment.measure)
                    key = digest(*parts, code)
                    wave = {"cost": "cost", "check": "check"}.get(experiment.measure, "shipped")
                    wave = "trained" if METHODS[method].training else wave
                    self._add(wave, Task(experiment.measure, key, f"{method}, {spec.person}, {test_set}", inputs))
                    self.entries.append(Entry(name, method, spec.person, test_set, key, ref.weights, code))

    def _extras(self, experiment: Experiment, method: str) -> dict[str, Any]:
        if experiment.measure == "bias":
            return {"library": self._library()}
        return {"crops": self.scale.crops} if experiment.measure == "cost" else dict(METHODS[method].told)

    def _add_sections(self, name: str, experiment: Experiment) -> None:
        models = self.models(name, experiment)
        trained = any(METHODS[method].training for method in models)
        for entry in self.chosen(experiment):
            for test_set in self.sets(experiment):
                spec = self._pair(entry, test_set, part=self._part(experiment))
                contents = {method: ref.content for method, ref in models.items()}
                code = code_of("sections")
                key = digest("sections", spec.key, contents, code)
                inputs = {"pair": spec, "models": models, "references": REFERENCES}
                task = Task("sections", key, f"{name}, {spec.person}, {test_set}", inputs)
                self._add("trained" if trained else "shipped", task)
                self.entries.append(Entry(name, "", spec.person, test_set, key, code=code))

    def _add_real(self, name: str, experiment: Experiment) -> None:
        person = self.people.get("real")
        if person not in self.scans:
            self.skipped[name] = f"{self.folder} has no scan of {person}"
            return
        scan, code = self.scans[person], code_of(experiment.measure)
        for method, ref in self.models(name, experiment).items():
            key = digest(experiment.measure, scan.content, ref.content, code)
            self._add("shipped", Task(experiment.measure, key, f"{method}, {person}", {"scan": scan, "model": ref}))
            self.entries.append(Entry(name, method, person, "", key, ref.weights, code))

    def _add_slices(self, name: str, experiment: Experiment, *, alone: bool) -> None:
        if self.ixi is None:
            self.skipped[name] = reason = "--ixi names no folder of mid-slices"
            if alone:
                raise InputError(f"{name}: {reason}")
            return
        count = self.scale.some_slices if experiment.people == "some slices" else self.scale.slices
        tasks = SliceTasks(self.ixi, self.scale.fewer_atoms)
        for method in [m for m in experiment.methods if not self.methods or m in self.methods]:
            if reason := tasks.lacking(method):
                self.skipped[method] = reason
                continue
            ref = self._existing(METHODS[method]) if METHODS[method].model else None
            weights = "" if ref is None else ref.weights
            for test_set in self.sets(experiment) or experiment.sets:
                task = tasks.task(method, test_set, count, ref)
                self._add("slices", task)
                self.entries.append(Entry(name, method, "", test_set, task.key, weights, code_of("slices")))

    def _part(self, experiment: Experiment) -> float:
        return self.scale.settings_part if experiment.settings else 1.0

    def _pair(self, entry: Mapping[str, Any], test_set: str, factor: int = 4, part: float = 1.0) -> PairSpec:
        number = [other["person"] for other in self._everyone].index(entry["person"])
        sets = [*self.people["sets"], *KINDS]
        seed = (self.people["seed"], sets.index(test_set), number)
        return PairSpec(self.scans[entry["person"]], test_set, seed, entry["slice_axis"], factor, self.simulator, part)

    @property
    def training_subjects(self) -> list[str]:
        """Training subjects of the experiments: not held out, not for validation, not excluded."""
        if self._training_subjects is None:
            tested = {entry["person"] for entry in self._everyone}
            kept_out = {*tested, *self.people["never_trained"], *self.people["validate"]}
            self._training_subjects = training_subjects(
                self.folder, kept_out=kept_out, count=self.scale.training_subjects
            )
        return self._training_subjects

    def _scans_of(self, people: Sequence[str]) -> list[Scan]:
        return [self.scans[person] for person in people if person in self.scans]

    def _training_inputs(self, people: Sequence[str]) -> dict[str, Any]:
        return {
            "scans": self.folder,
            "training_subjects": list(people),
            "validate": self.people["validate"],
            "seed": SEED,
        }

    def _library(self) -> str:
        people = self.training_subjects[:: max(1, len(self.training_subjects) // LIBRARY_PEOPLE)]
        inputs = self._training_inputs(people) | {"patches": self.scale.library}
        contents = [scan.key for scan in self._scans_of(people)]
        key = digest("library", contents, SEED, self.scale.library, code_of("library"))
        self._add("library", Task("library", key, "training library", inputs))
        return key

    def _trained(self, method: str, spec: MethodSpec) -> ModelRef:
        """The model that a training task will put into the store."""
        atoms = max(16, spec.atoms // self.scale.fewer_atoms)
        if spec.training == "srep":
            size = {"patch": spec.patch, "atoms": atoms, "patches": self.scale.srep_patches}
            recipe: dict[str, Any] = size | {"paper": True, "seed": SEED}
        else:
            recipe = {"settings.filters": atoms, "settings.atoms": atoms, "data.patch": spec.patch}
            recipe |= {"training.seed": SEED} | dict(self.scale.ddl) | _batch(self.scale.ddl_voxels, spec.patch)
        people = [*self.training_subjects, *(p for p in self.people["validate"] if spec.training == "ddl")]
        contents = [scan.key for scan in self._scans_of(people)]
        measure = f"train {spec.training}"
        code = code_of(measure)
        key = digest(measure, recipe, base_recipe(spec.training), contents, code)
        inputs = self._training_inputs(self.training_subjects) | {"recipe": recipe}
        self._add(measure, Task(measure, key, method, inputs))
        self.entries.append(Entry(measure, method, "", "", key, code=code))
        return ModelRef(str(self.store / "models" / key), digest(key, method_code(spec.training)), spec.factor, key)

    def _add(self, wave: str, task: Task) -> None:
        self.tasks.setdefault(wave, {}).setdefault(task.key, task)


def _batch(voxels: int, patch: int) -> dict[str, int]:
    """A batch of about so many voxels, of up to four subjects; no change for 0."""
    if not voxels:
        return {}
    batch = max(round(voxels / patch**3), 1)
    return {"training.batch": batch, "training.people": max(n for n in range(1, MOST_PEOPLE + 1) if batch % n == 0)}


def planned(
    scans: Path | None,
    people: Path | None,
    scale: Scale,
    store: Path,
    names: Sequence[str],
    methods: Sequence[str] = (),
    ixi: Path | None = None,
) -> Plan:
    """The plan of a run; `people` is a list of held-out subjects in a file of `heldout.json`'s form.

    Raises:
        InputError: subjects are to be measured, but there is no folder of scans; and as `Planner.plan` does.
    """
    if scans is None and (volumes := [name for name in names if EXPERIMENTS[name].measure != "slices"]):
        raise InputError(f"{', '.join(volumes)}: --scans must name the folder of high-field scans")
    return Planner(scans, plan(people), scale, store, methods, ixi).plan(names)


def pairs_of(people: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every pair of the plan with the SNR that its seed draws: what is published."""
    import numpy as np

    from ..evaluation.heldout_pairs import draw_snr

    found = []
    for number, entry in enumerate(people["people"]):
        for index, test_set in enumerate(people["sets"]):
            seed = [people["seed"], index, number]
            wm, gm = draw_snr(test_set, np.random.default_rng(seed))
            found.append(
                {
                    "person": entry["person"],
                    "set": test_set,
                    "seed": seed,
                    "snr_wm": round(wm, 4),
                    "snr_gm": round(gm, 4),
                }
            )
    return found
