"""A job in the words of the panel: a row of the list, its state with time left and score, its model's card."""

from pathlib import Path
from typing import Any

from IQTEnhanceLib.Catalogue import Catalogue
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.RunPanel import escaped, inWords, problem
from IQTEnhanceLib.Sentences import SENTENCES
from IQTEnhanceLib.Words import told
from IQTLib.jobs.folder import Job
from IQTLib.methods.registry import trainable
from slicer.i18n import tr as _

from .Following import JobFollower
from .Plan import resumed
from .TrainingWords import KINDS, STATES, TRAINING_WORDS, canGoOn


def cells(job: Job) -> tuple[str, ...]:
    """Title, kind, state and progress."""
    status = job.status()
    kind = job.request.details.get("kind", "")
    what = " ".join(filter(None, [KINDS.get(kind, kind), job.request.details.get("method", "")]))
    progress = status.progress
    share = f"{100 * progress['done'] / progress['total']:.0f} %" if progress.get("total") else ""
    return job.request.title, what, STATES[status.state], "100 %" if status.state == "done" else share


def line(follower: JobFollower) -> str:
    """State, stage, time left, and the latest score of the job."""
    status, progress = follower.status, follower.status.progress
    if status.state == "failed":
        reason, remedy = told(status.code, follower.failure or status.message, TRAINING_WORDS)
        again = _("Then press Resume.") if status.code else _("Read the log, then press Resume.")
        known = remedy if status.code else ""
        can = canGoOn(status.state, status.code)
        return problem(EnhanceError(reason, " ".join(filter(None, [known, again if can else ""]))))
    if status.state == "stopped":
        done = _(" at {done} of {total}").format(**progress) if progress.get("total") else ""
        request = follower.job.request
        begins = request.details.get("method") in trainable("dictionaries")
        begins = begins and "--resume" not in resumed(request.arguments, request.created)
        again = _("Resume starts over: dictionaries have no checkpoints.") if begins else _("Resume continues it.")
        return escaped(_("Stopped{done}. {again}").format(done=done, again=again))
    parts = [
        _("Done in {time}").format(time=inWords(status.seconds)) if status.state == "done" else STATES[status.state]
    ]
    if status.state == "running" and progress:
        stage = SENTENCES.get(str(progress.get("code")), progress["message"])
        parts.append(f"{stage} {progress.get('done')} / {progress.get('total')}")
        if progress.get("seconds_left"):
            parts.append(_("about {left} left").format(left=inWords(progress["seconds_left"])))
    if status.state == "waiting":
        parts.append(_("waiting for {device}").format(device=follower.job.request.device))
    if scores := follower.curves.get("nrmse_mean"):
        last = max(scores)
        words = _("validation NRMSE {nrmse:.3f} ({ratio:.2f} times that of interpolation), SSIM {ssim:.3f}")
        ratio, ssim = follower.curves["score"][last], follower.curves["ssim"][last]
        parts.append(words.format(nrmse=scores[last], ratio=ratio, ssim=ssim))
    return escaped(", ".join(parts))


def cardOf(follower: JobFollower) -> str:
    """What the finished model's card says; empty for other jobs."""
    details = follower.job.request.details
    if follower.status.state != "done" or details.get("kind") != "train":
        return ""
    folder = Path(details["model"])
    try:
        entry = Catalogue().resolve(None, folder)
    except EnhanceError as error:
        return problem(error)
    where = _("Listed in IQT Enhance.") if isListed(folder) else _("IQT Enhance lists only models in its own folder.")
    return escaped(f"{entry.name}: {entry.summary} {where}")


def isListed(folder: Path) -> bool:
    """Whether the sister module lists the model in that folder."""
    entry = Catalogue().models.get(folder.name)
    return entry is not None and entry.folder == folder


def text(cell: Any) -> str:
    """A number with three decimals, text as it is."""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
