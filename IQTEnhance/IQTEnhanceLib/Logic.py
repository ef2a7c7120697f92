"""The module without its panel: for the Python console, scripts and other modules."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleLogic

from .Catalogue import Catalogue
from .CommandNode import CommandNode
from .Errors import EnhanceError
from .Export import ExportJob, dicomFilesOf
from .Folder import FileRequest, ScansJob, targetOf
from .Jobs import EnhanceRequest, EnhanceResult
from .Measurement import MeasureJob, fillTable
from .Process import ConsoleRunner, Runner
from .Run import EnhanceRun


class IQTEnhanceLogic(ScriptedLoadableModuleLogic):
    """Enhances low-field brain MRI.

    Example:
        result = IQTEnhanceLogic().process(getNode("T1"), model="srep-t1w-x4-fast")
        result.outputVolume, result.warnings, result.seconds

    Constructing it loads neither torch nor any other package that is not part of Slicer.
    """

    def __init__(self, runner: Runner | None = None) -> None:
        super().__init__()
        self.runner = runner or ConsoleRunner()

    def getParameterNode(self):
        from .Parameters import IQTEnhanceParameterNode

        return IQTEnhanceParameterNode(super().getParameterNode())

    def catalogue(self) -> Catalogue:
        """Methods and models that can be used now."""
        return Catalogue()

    def process(
        self,
        inputVolume,
        outputVolume=None,
        *,
        method: str | None = None,
        model: str | Path | None = None,
        mask=None,
        device: str = "auto",
        sliceAxis: str = "auto",
        outputGrid: str = "model",
        uncertainty: bool = False,
        removeBias: bool = False,
        options: Mapping[str, Any] | None = None,
        referenceVolume=None,
        waitForCompletion: bool = True,
        onEvent: Callable[[Mapping[str, Any]], None] = lambda event: None,
        onResult: Callable[[int, EnhanceResult], None] = lambda number, result: None,
        onFinished: Callable[[EnhanceRun], None] = lambda run: None,
    ) -> EnhanceResult | list[EnhanceResult] | EnhanceRun:
        """Enhance a volume node, or a list of them in turn; one that fails does not stop the others.

        Args:
            outputVolume: where the result goes (a list for a list); None makes new volumes.
            method, model: see `catalogue()`; a model may be a folder. Without both, the default model.
            mask: the brain on the input's grid. device: auto, cpu, cuda, cuda:1, mps.
            sliceAxis: auto, i, j, k. outputGrid: model or isotropic. options: settings of the method, by name.
            uncertainty: also make a volume of the interval's half-width (`Interval.intervalOf(outputVolume)`), for
                models that have calibrated intervals.
            removeBias: take the uneven brightness that the coil left in the scan out of the result.
            referenceVolume: a truth to measure the results against.
            waitForCompletion: False returns an `EnhanceRun` at once; `onEvent`, `onResult` (number, result) and
                `onFinished` report progress, and its `cancel` stops it and keeps finished results.

        Returns:
            The result, or (for a list) the results; `error` is set for those that failed.

        Raises:
            EnhanceError: a single volume could not be enhanced; the message says why and what to do.
        """
        several = isinstance(inputVolume, (list, tuple))
        inputs = list(inputVolume) if several else [inputVolume]
        outputs = _outputsFor(inputs, outputVolume, several)
        if mask is not None and len(inputs) > 1:
            raise EnhanceError(_("One mask was given for several volumes"), _("Enhance them one by one."))
        entry = self.catalogue().resolve(method, model)
        requests = [
            EnhanceRequest(
                inputVolume=source,
                outputVolume=target,
                model=entry.name if entry.folder is None else str(entry.folder),
                method=entry.method,
                mask=mask,
                device=device,
                sliceAxis=sliceAxis,
                outputGrid=outputGrid,
                uncertainty=uncertainty,
                removeBias=removeBias,
                options=dict(options or {}),
            )
            for source, target in zip(inputs, outputs, strict=True)
        ]
        listeners = {"onEvent": onEvent, "onResult": onResult, "onFinished": onFinished}
        run = EnhanceRun(requests, self.runner, reference=referenceVolume, **listeners)
        if not waitForCompletion:
            run.start()
            return run
        run.wait()
        if several:
            return run.results
        if run.results[0].error is not None:
            raise run.results[0].error
        return run.results[0]

    def processInNode(self, inputVolume, outputVolume=None, **arguments: Any):
        """`process` without waiting, followed as Slicer's command-line modules are.

        Returns:
            A `vtkMRMLCommandLineModuleNode` with status, `Cancel()` and error text; see `CommandNode` for progress and
            results.
        """
        count = len(inputVolume) if isinstance(inputVolume, (list, tuple)) else 1
        start = partial(self.process, inputVolume, outputVolume, waitForCompletion=False, **arguments)
        return CommandNode(start, count).node

    def scansIn(
        self, folder: Path | str, *, waitForCompletion: bool = True, **listeners: Callable[[Any], None]
    ) -> list[Any] | ScansJob:
        """Volume files and DICOM series below a folder: `IQTLib.app.scans.FoundScan`, bad ones with their problem.

        `waitForCompletion=False` returns a `ScansJob` at once, which calls `onEvent` and `onEnd`.
        """
        job = ScansJob(Path(folder), self.runner, **listeners)
        if not waitForCompletion:
            job.start()
            return job
        job.run()
        if job.error is not None:
            raise job.error
        return job.scans

    def processFolder(
        self,
        folder: Path | str,
        scans: Sequence[Any] | None = None,
        *,
        method: str | None = None,
        model: str | Path | None = None,
        device: str = "auto",
        sliceAxis: str = "auto",
        outputGrid: str = "model",
        uncertainty: bool = False,
        removeBias: bool = False,
        options: Mapping[str, Any] | None = None,
        waitForCompletion: bool = True,
        **listeners: Callable[..., None],
    ) -> list[EnhanceResult] | EnhanceRun:
        """Enhance the scans below a folder, file by file, into its folder "IQT"; nothing is loaded into the scene.

        Existing results are not replaced, so a stopped run can be continued. Other arguments and the return value are
        those of `process` for a list.

        Args:
            scans: some of `scansIn(folder)`; None takes all that can be enhanced.
            uncertainty: also write the interval's ends and its standard deviation beside each result.
        """
        found = self.scansIn(folder) if scans is None else scans
        entry = self.catalogue().resolve(method, model)
        requests = [
            FileRequest(
                path=scan.path,
                target=targetOf(scan, Path(folder), entry.name),
                series=scan.series,
                model=entry.name if entry.folder is None else str(entry.folder),
                method=entry.method,
                device=device,
                sliceAxis=sliceAxis,
                outputGrid=outputGrid,
                uncertainty=uncertainty,
                removeBias=removeBias,
                options=dict(options or {}),
            )
            for scan in found
            if not scan.problem
        ]
        if not requests:
            reason = _("{folder} contains no scan that can be enhanced").format(folder=folder)
            raise EnhanceError(reason, _("Choose the folder of the scans."))
        run = EnhanceRun(requests, self.runner, **listeners)
        if not waitForCompletion:
            run.start()
            return run
        run.wait()
        return run.results

    def exportDicom(
        self, outputVolume, folder: Path | str, sources: Sequence[Path] | None = None, *, deidentified: bool = False
    ) -> Path:
        """Write an enhanced volume as a DICOM series derived from its scan into the new `folder`; waits for the end.

        `sources` are the scan's DICOM files; None asks the DICOM database for those of the input volume. `deidentified`
        leaves out who the patient is, when and where the scan was made; the face stays in the picture.
        """
        files = sources or dicomFilesOf(outputVolume)
        job = ExportJob(outputVolume, files, Path(folder), self.runner, deidentified=deidentified)
        job.run()
        if job.error is not None:
            raise job.error
        return Path(folder)

    def measure(self, outputVolume, inputVolume, referenceVolume, *, mask=None, table=None):
        """Compare an enhanced volume and its input with a reference; returns a table node. Waits for the end."""
        job = MeasureJob(inputVolume, outputVolume, referenceVolume, self.runner, mask=mask)
        job.run()
        if job.error is not None:
            raise job.error
        return fillTable(table, job.columns)


def _outputsFor(inputs: Sequence[Any], outputVolume, several: bool) -> list[Any]:
    if not inputs:
        raise EnhanceError(_("No volume was given"), _("Pass one volume node or a list of them."))
    if outputVolume is None:
        return [None] * len(inputs)
    outputs = list(outputVolume) if several else [outputVolume]
    if len(outputs) != len(inputs):
        reason = _("{outputs} outputs for {inputs} volumes").format(outputs=len(outputs), inputs=len(inputs))
        raise EnhanceError(reason, _("Pass lists of equal length, or None."))
    return outputs
