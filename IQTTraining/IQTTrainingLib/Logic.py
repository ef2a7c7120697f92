"""The module's work without its panel: for the Python console, scripts and other modules."""

import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IQTEnhanceLib import Process
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Sentences import inOurWords
from IQTEnhanceLib.WorkerJob import WorkerJob
from IQTLib.errors import IQTError
from IQTLib.jobs import folder as job_folders
from IQTLib.jobs.folder import Job, Request
from IQTLib.jobs.launch import launch
from IQTLib.methods.registry import METHODS
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleLogic

from .Following import JobFollower
from .Plan import SimulationPlan, TrainingPlan, commandLine, resumed
from .Scans import sceneScans
from .Work import EstimateJob, Facts, PrepareJob, PreviewJob

DATA = "data"
JobOrName = Job | str | Path


class IQTTrainingLogic(ScriptedLoadableModuleLogic):
    """Simulates low-field data and trains models in processes that outlive Slicer.

    Example:
        logic = IQTTrainingLogic()
        logic.prepare([getNode("T1"), getNode("T1_1"), getNode("T1_2")], folder="training")
        job = logic.train("training/data", "models/mine", method="unet", recipe="quick")
        follower = logic.attach(job)
        follower.status.state, follower.curves, follower.results

    Constructing it loads neither torch nor any other package that Slicer does not carry.
    """

    def __init__(self, runner: Process.Runner | None = None) -> None:
        super().__init__()
        self.runner = runner or Process.ConsoleRunner()

    def getParameterNode(self):
        from .Parameters import IQTTrainingParameterNode

        return IQTTrainingParameterNode(super().getParameterNode())

    def prepare(
        self,
        volumes: Sequence[Any] = (),
        sources: Sequence[Path | str] = (),
        *,
        folder: Path | str,
        suffix: str = "T1w",
        waitForCompletion: bool = True,
        onEvent: Callable[[dict], None] = lambda event: None,
        onEnd: Callable[[PrepareJob], None] = lambda job: None,
    ) -> list[Facts] | PrepareJob:
        """Check volumes and lay them out in `folder`/data with brain masks and tissue maps, to simulate and train from.

        Args:
            volumes: volume nodes, or pairs (volume, tissue labels or segmentation). sources: files and folders
                (NIfTI, NRRD, MetaImage, DICOM, BIDS). suffix: the contrast: T1w, FLAIR, T2w.
            waitForCompletion: False returns the work at once; `onEvent` and `onEnd` report progress and outcome.

        Returns:
            What is known of each volume; `problem` is the reason why one cannot be used.
        """
        scans, paths = sceneScans(volumes), [Path(source) for source in sources]
        job = PrepareJob(
            scans, paths, Path(folder).absolute() / DATA, self.runner, suffix=suffix, onEvent=onEvent, onEnd=onEnd
        )
        return self._run(job, waitForCompletion, lambda: job.facts)

    def preview(
        self,
        path: Path | str,
        plan: SimulationPlan | None = None,
        *,
        original=None,
        waitForCompletion: bool = True,
        onEnd: Callable[[PreviewJob], None] = lambda job: None,
    ) -> PreviewJob:
        """Simulate a low-field scan of the prepared volume in `path` into the scene, beside the node `original`."""
        job = PreviewJob(Path(path), plan or SimulationPlan(), self.runner, original=original, onEnd=onEnd)
        return self._run(job, waitForCompletion, lambda: job)

    def estimate(
        self,
        plan: TrainingPlan,
        *,
        waitForCompletion: bool = True,
        onEnd: Callable[[EstimateJob], None] = lambda job: None,
    ) -> dict[str, Any] | EstimateJob:
        """Seconds, and bytes of memory and disk, that a training will take on this computer."""
        job = EstimateJob(plan, self.runner, onEnd=onEnd)
        return self._run(job, waitForCompletion, lambda: job.estimate)

    def simulate(
        self,
        source: Any,
        target: Path | str,
        plan: SimulationPlan | None = None,
        *,
        waitForCompletion: bool = False,
        **values: Any,
    ) -> Job:
        """Write low-field scans of every volume with their truths and JSON sidecars into `target`.

        Args:
            source: a folder, or volume nodes, which are prepared beside `target` first (this waits for that).
            plan: how; or its values by name: preset, sliceAxis, thickness, gap, noise, suffix, seed.

        Raises:
            EnhanceError: it cannot start; with `waitForCompletion` also: it failed.
        """
        plan = plan or SimulationPlan(**values)
        target = Path(target).absolute()
        folder = self._folderOf(source, target, plan.suffix)
        details = {"kind": "simulate"}
        return self._begin(plan.arguments(folder, target), str(target), "cpu", details, waitForCompletion)

    def train(
        self,
        source: Any,
        target: Path | str,
        *,
        waitForCompletion: bool = False,
        overwrite: bool = False,
        **values: Any,
    ) -> Job:
        """Train a model from the volumes below `source` and write it to `target`.

        Args:
            source: a folder, or volume nodes, which are prepared beside `target` first (this waits for that).
            values: of `TrainingPlan`, by name: method, recipe, size, simulation, validate, test, device, start, ...

        Raises:
            EnhanceError: it cannot start; with `waitForCompletion` also: it failed.
        """
        target = Path(target).absolute()
        suffix = values.get("simulation", SimulationPlan()).suffix
        plan = TrainingPlan(str(self._folderOf(source, target, suffix)), str(target), **values)
        return self.trainPlan(plan, waitForCompletion=waitForCompletion, overwrite=overwrite)

    def trainPlan(self, plan: TrainingPlan, *, waitForCompletion: bool = False, overwrite: bool = False) -> Job:
        """`train` for a plan that is ready."""
        arguments = plan.arguments(overwrite=overwrite)
        needed = METHODS[plan.method].training_needs
        if needed and importlib.util.find_spec(needed) is None:
            reason = _("Learning dictionaries needs the package {name}").format(name=needed)
            remedy = _("Restart Slicer, press Train and agree to install it (it is GPL-3), or train a network.")
            if needed == "sporco":
                remedy = _("Type slicer.util.pip_install('sporco') in the Python console, then press Train again.")
            raise EnhanceError(reason, remedy)
        details = {"kind": "train", "method": plan.method, "model": plan.target, "source": plan.source}
        return self._begin(arguments, plan.target, plan.worksOn, details, waitForCompletion)

    def jobs(self) -> list[Job]:
        """All jobs on this computer, the latest first: running, waiting and over."""
        return job_folders.jobs()[::-1]

    def job(self, job: JobOrName) -> Job:
        """A job by itself, its name or its folder."""
        if isinstance(job, Job):
            return job
        path = Path(job)
        with _asEnhanceError(_("See IQTTrainingLogic().jobs().")):
            return Job.open(path if path.is_absolute() else job_folders.root() / path)

    def attach(self, job: JobOrName, **listeners: Callable[..., None]) -> JobFollower:
        """Follow a job, running or over, from its beginning; see `JobFollower` for the listeners."""
        return JobFollower(self.job(job), **listeners).start()

    def resume(self, job: JobOrName, *, waitForCompletion: bool = False) -> Job:
        """Resume a stopped or failed job where it ended; dictionaries of patches begin again."""
        job = self.job(job)
        with _asEnhanceError(_("Wait for it, or stop it first.")):
            again = job.renewed(resumed(job.request.arguments, job.request.created))
        return self._launched(again, waitForCompletion)

    def commandLine(self, job: JobOrName | TrainingPlan) -> str:
        """What to type to do the same without Slicer."""
        arguments = job.arguments() if isinstance(job, TrainingPlan) else self.job(job).request.arguments
        return commandLine(arguments)

    def facts(self, folder: Path | str, *, suffix: str = "T1w") -> list[Facts]:
        """What is known of the volumes of that contrast that were prepared into `folder`/data before."""
        found = []
        for path in sorted((Path(folder) / DATA).glob(f"sub-*/anat/*_{suffix}.json")):
            try:
                content = json.loads(path.read_text(encoding="utf-8"))
                facts, known = content["Facts"], content.get("Sentences") or {}
                told = {"path": str(path.with_name(facts["path"])), "warnings": inOurWords(facts["warnings"], known)}
                found.append(facts | told)
            except (OSError, ValueError, KeyError, TypeError):  # a file of another program
                continue
        return found

    def _folderOf(self, source: Any, target: Path, suffix: str) -> Path:
        if isinstance(source, (str, Path)):
            return Path(source).absolute()
        folder = target.with_name(f"{target.name}.training")
        facts = self.prepare(source, folder=folder, suffix=suffix)
        if bad := [one for one in facts if one["problem"]]:
            raise EnhanceError(f"{bad[0]['person']}: {bad[0]['problem']}", _("Leave it out, or correct it."))
        return folder / DATA

    def _begin(
        self, arguments: list[str], target: str, device: str, details: dict[str, Any], waitForCompletion: bool
    ) -> Job:
        request = Request(tuple(arguments), target, device, Path(target).name, details=details)
        with _asEnhanceError(_("Choose another name or folder, or wait.")):
            job = Job.create(request)
        return self._launched(job, waitForCompletion)

    def _launched(self, job: Job, waitForCompletion: bool) -> Job:
        import slicer.util

        environment = slicer.util.startupEnvironment() | Process.ENVIRONMENT
        with _asEnhanceError(_("Check the installation of Slicer, and whether the disk is full.")):
            launch(job, python=[Process.pythonExecutable()], environment=environment)
        if waitForCompletion:
            status = JobFollower(job).wait()
            if status.state != "done":
                raise EnhanceError(f"{job.request.title}: {status.message}", _("See its log; it can be resumed."))
        return job

    @staticmethod
    def _run(job: WorkerJob, waitForCompletion: bool, result: Callable[[], Any]) -> Any:
        if not waitForCompletion:
            job.start()
            return job
        job.run()
        if job.error is not None:
            raise job.error
        return result()


@contextmanager
def _asEnhanceError(remedy: str) -> Iterator[None]:
    """The library's errors in the module's words: with a remedy."""
    try:
        yield
    except IQTError as error:
        raise EnhanceError(str(error), remedy) from error
