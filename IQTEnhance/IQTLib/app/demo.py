"""`iqt demo`: simulate a low-field scan of the template in nilearn, enhance it, score it and draw it."""

import warnings
from pathlib import Path

import numpy as np

from ..device import choose
from ..errors import InputError
from ..events import SILENT, Reporter
from ..image.metrics import evaluate
from ..image.plotting import comparison
from ..image.tissue import TissueMaps
from ..image.volume import Volume, write
from ..io.files import check_output
from ..methods.base import Run
from ..models.store import load
from ..physics.simulation import LowFieldPair, SNRPreset, preset, simulate
from ..pipeline import enhance

NAMES = ("lowfield", "interpolated", "enhanced", "truth")


def run_demo(
    folder: Path,
    *,
    model: str = "srep-t1w-x4",
    preset_name: str = "InD1",
    device: str = "auto",
    seed: int = 0,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> dict[str, dict[str, float]]:
    """Write `lowfield`, `interpolated`, `enhanced` and `truth` (.nii.gz) and `comparison.png` into `folder`.

    Returns:
        Scores before ("interpolated") and after ("enhanced") over the brain.
    """
    volumes = {name: folder / f"{name}.nii.gz" for name in NAMES}
    picture = folder / "comparison.png"
    for path in (*volumes.values(), picture):
        check_output(path, overwrite=overwrite)
    run, distribution, loaded = Run(choose(device), report), preset(preset_name), load(model)
    report.check()
    report.log("reading the template")
    pair = template_pair(distribution, seed)
    wm, gm = pair.snr
    report.log(f"simulated a low-field scan: slices 4 mm apart, SNR {wm:.1f} in WM, {gm:.1f} in GM")
    brain = pair.contrast > 0.5
    before = enhance(pair.low, model="cubic", run=Run(run.device)).volume
    after = enhance(pair.low, model=loaded, mask=brain if loaded.method.needs_brain else None, run=run).volume
    made = dict(zip(NAMES, (pair.low, before, after, pair.high), strict=True))
    for name, path in volumes.items():
        write(made[name], path, overwrite=overwrite)
    comparison(made, picture)
    scores = {name: evaluate(pair.high.data, made[name].data).as_dict() for name in ("interpolated", "enhanced")}
    report.result(_table(scores, loaded.card.name) + f"\nwrote {folder}: {picture.name}, {', '.join(NAMES)}", **scores)
    return scores


def template_pair(distribution: SNRPreset, seed: int) -> LowFieldPair:
    """A low-field scan of the template with its truth, slices 4 mm apart along k; the same for the same seed."""
    truth, maps = template()
    rng = np.random.default_rng(seed)
    snr = tuple(distribution.draw(1, rng)[0])
    return simulate(truth, maps, snr=snr, rng=rng, fixed=distribution.fixed)


def template() -> tuple[Volume, TissueMaps]:
    """The ICBM 152 average T1w brain at 1 mm with its tissue maps, from inside the package nilearn (no download)."""
    try:
        import matplotlib  # noqa: F401 - for the figure at the end
        from nilearn import datasets
    except ImportError:
        reason = "the demo needs nilearn and matplotlib: pip install 'image-quality-transfer[demo]'"
        raise InputError(reason, code="missing-package") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = datasets.load_mni152_template(resolution=1)
        grey = datasets.load_mni152_gm_template(resolution=1).get_fdata(dtype=np.float32)
        white = datasets.load_mni152_wm_template(resolution=1).get_fdata(dtype=np.float32)
    data = image.get_fdata(dtype=np.float32)
    total = np.maximum(grey + white, 1)
    grey, white = grey / total, white / total
    fluid = np.where(data > 0, np.clip(1 - grey - white, 0, 1), 0)
    return Volume(data, image.affine), TissueMaps(fluid, grey, white)


def _table(scores: dict[str, dict[str, float]], model: str) -> str:
    names = list(scores["enhanced"])
    lines = [f"{'':22}" + "".join(f"{name:>12}" for name in names)]
    for row, title in (("interpolated", "cubic interpolation"), ("enhanced", model)):
        lines.append(f"{title:22}" + "".join(f"{scores[row][name]:12.4f}" for name in names))
    return "\n".join(lines)
