"""How long each step holds the main thread, for a scan of 256 x 256 x 40 voxels and its result of 256 x 256 x 150.

Printed are milliseconds of the thread's own work. Judged are ratios to a reference measured at the same moment, the
result copied once and written to a file once: nothing else may be done with its voxels in the main thread.
"""

import json
import time
from collections.abc import Callable

import numpy as np
import pytest
import slicer
import slicer.util
from IQTEnhanceLib.Difference import DIFFERENCE, SUPPORT, DifferenceJob
from IQTEnhanceLib.GaugePanel import GaugeJob
from IQTEnhanceLib.Jobs import EnhanceJob, EnhanceRequest
from IQTEnhanceLib.Measurement import MeasureJob
from IQTEnhanceLib.Output import placeOutput
from IQTLib.image.volume import Volume, write

SHAPE = (256, 256, 150)
MOST = 8.0  # references; the longest step takes about 4, percentiles of all voxels or compression far more
AFFINE = np.diag([0.9, 0.9, 1.0, 1.0])


@pytest.fixture
def pair(scene, a_volume):
    """A scan and its result."""
    scan = a_volume(dtype=np.int16, shape=(40, 256, 256), matrix=np.diag([0.9, 0.9, 3.75, 1.0]))
    loaded = slicer.vtkMRMLScalarVolumeNode()
    slicer.util.updateVolumeFromArray(loaded, np.random.default_rng(0).random(SHAPE[::-1], np.float32))
    loaded.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(AFFINE))
    return scan, placeOutput(loaded, scan, None, method="restore", facts={})


def milliseconds(step: Callable[[], object]) -> float:
    start = time.thread_time()
    step()
    return 1000 * (time.thread_time() - start)


class Written:
    """A runner whose worker has written its files already."""

    def __init__(self, *lines: dict) -> None:
        self._lines = lines

    def run(self, arguments, onLine, onStart=lambda process: None) -> int:
        for line in self._lines:
            onLine(json.dumps(line))
        return 0


def told(**data) -> Written:
    return Written({"kind": "result", "message": "done", "data": data})


def test_what_each_step_takes(pair, a_panel, tmp_path, temporary):
    scan, output = pair
    scan.SetName("T2w")
    data = slicer.util.arrayFromVolume(output)
    file = tmp_path / "map.nii"
    write(Volume(data.T.copy(), AFFINE), file)
    copied = min(milliseconds(data.copy) for _ in range(3))
    reference = copied + milliseconds(lambda: (tmp_path / "raw").write_bytes(data))
    steps = {}

    def of_job(name: str, job, files: dict[str, str] = {}) -> None:  # noqa: B006 - read only
        for target in files:
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / target).hardlink_to(file)
        job._folder = tmp_path / f"{name}-in"
        job._folder.mkdir()
        steps[f"{name}: prepare"] = milliseconds(lambda: job.prepare(job._folder))
        for number, write_one in enumerate(job._unwritten, 1):  # one in each round of the event loop
            steps[f"{name}: send volume {number}"] = milliseconds(write_one)
        for line in job._runner._lines:
            job.transcript.take(json.dumps(line))
        steps[f"{name}: receive"] = milliseconds(lambda: job.complete(tmp_path / name))

    affine = AFFINE.tolist()
    facts = {"affine": affine, "model": "m", "sha256": "", "version": "1", "warnings": [], "seconds": {}}
    request = EnhanceRequest(scan, "cubic", "interpolation", outputVolume=output, uncertainty=True)
    sure = {"interval": {"coverage": 0.9}}
    of_job("enhance", EnhanceJob(request, told(**facts, **sure)), dict.fromkeys(("output.nii", "output_sd.nii")))
    of_job("check", GaugeJob(scan, told(gauge={"state": "known"})))
    of_job("difference", DifferenceJob(scan, output, told(affine=affine, deviation=1.0), DIFFERENCE), {"map.nii": ""})
    of_job("support", DifferenceJob(scan, output, told(affine=affine, deviation=1.0), SUPPORT), {"map.nii": ""})
    scores = dict.fromkeys(("nrmse_mean", "nrmse_max", "ssim", "ssim_wang", "psnr"), 1.0)
    of_job("measure", MeasureJob(scan, output, output, told(scan=scores, enhanced=scores)))
    panel = a_panel()
    panel._parameterNode.inputVolume, panel._parameterNode.outputVolume = scan, output
    views = panel.comparePanel.views
    for label in ("first", "again"):
        steps[f"side by side: {label}"] = milliseconds(views.show)
        steps[f"panel: follow a change, {label}"] = milliseconds(panel.update)
    for label, button in (("difference", panel.ui.differenceButton), ("support", panel.ui.supportButton)):
        steps[f"{label}: show"] = milliseconds(lambda button=button: button.setChecked(True))
        assert views.comparison.differenceVolume is not None
    panel.ui.differenceButton.setChecked(False)
    steps["intervals: show"] = milliseconds(lambda: panel.ui.sureGroupBox.setChecked(True))
    assert views.comparison.overlay is not None
    steps["intervals: hide small ones"] = milliseconds(lambda: panel.ui.sureLeastSlider.setValue(0.5))
    print(f"\nresult copied and written: {reference:.0f} ms")
    print("\n".join(f"{name}: {taken:.0f} ms" for name, taken in steps.items()))
    assert {name: taken / reference for name, taken in steps.items() if taken > MOST * reference} == {}
