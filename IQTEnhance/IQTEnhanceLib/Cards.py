"""A summary of a model for the user: its purpose, its test results, and what it must not be used for."""

from collections.abc import Mapping
from typing import Any

from slicer.i18n import tr as _

from .Catalogue import TEST_ON, ModelEntry, card, translated
from .RunPanel import escaped
from .RunPanel import inWords as inTime

CONTRASTS = {"T1w": _("T1-weighted"), "T2w": _("T2-weighted"), "FLAIR": "FLAIR"}
ANY = "any"
STEADY = 5  # changes of up to this many per cent count as none


def cardText(entry: ModelEntry, *, recommended: bool) -> str:
    """Some lines of rich text."""
    from IQTLib.methods.registry import described

    method = described(entry.method)
    title = _("Recommended: {name}") if recommended else "{name}"
    lines = [f"<b>{escaped(title.format(name=entry.name))}</b>", escaped(translated(method.plain or method.purpose))]
    if entry.folder is None:
        lines.append(_("<b>Not for</b> diagnosis."))
    else:
        read = card(entry)
        lines += [_purpose(read), _merit(read.test), _limits(read)]
    lines.append(escaped(translated(method.notice)))  # patents and licences, where the method is chosen
    return "<br>".join(line for line in lines if line)


def _purpose(read) -> str:
    if read.contrast == ANY:
        return _("<b>For</b> brain scans of any contrast and voxel size.")
    grid, contrast = read.model_grid, CONTRASTS.get(read.contrast, read.contrast)
    text = _("<b>For</b> {contrast} brain scans with slices {least:.1f} to {most:.1f} mm apart.")
    least, most = grid.factor * grid.finest, grid.factor * grid.coarsest
    return text.format(contrast=escaped(contrast), least=least, most=most)


def _merit(test: Mapping[str, Any]) -> str:
    told = errorAgainstInterpolation(test)
    if told is None:
        return _("<b>Not tested</b> on held-out subjects.")
    people, change = told
    text = _("<b>Tested</b> on held-out data of {people}: {result}.")
    return text.format(people=howMany(people), result=inWords(change))


def _limits(read) -> str:
    from IQTLib.physics.lesions import caution

    lesions = _("; lesions can look weaker or stronger than they are") if caution(read.lesions) else ""
    text = _("<b>Not for</b> diagnosis, other contrasts, or measuring intensities{lesions}.")
    if read.contrast == ANY:
        text = _("<b>Not for</b> diagnosis, or measuring intensities{lesions}.")
    return text.format(lesions=lesions)


def errorAgainstInterpolation(test: Mapping[str, Any]) -> tuple[int, float] | None:
    """Number of test subjects, and the change of the error in per cent (negative: less); None if not in the card."""
    scores = test.get(TEST_ON if TEST_ON in test else next(iter(test), None))
    found = scores if isinstance(scores, Mapping) else {}
    score = found.get("nrmse_mean, as is") or found.get("nrmse_mean, matched")  # any-scan models have the latter
    if not isinstance(score, Mapping) or not {"ratio", "people"} <= set(score):
        return None
    return int(score["people"]), 100 * (float(score["ratio"]) - 1)


def inWords(change: float) -> str:
    """`"53 % less error than interpolation"`."""
    if abs(change) < STEADY:
        return _("about the same error as interpolation")
    text = _("{change:.0f} % less error than interpolation") if change < 0 else _("{change:.0f} % more error")
    return text.format(change=abs(change))


def howMany(people: int) -> str:
    return _("1 subject") if people == 1 else _("{people} subjects").format(people=people)


def resultText(result, entry: ModelEntry | None) -> str:
    """One line about a finished run: time, model, output and expected accuracy; empty after an error."""
    if result.outputVolume is None:
        return ""
    names = {"output": result.outputVolume.GetName(), "input": result.inputVolume.GetName()}
    done = _("Done in {time} with {model}: {output} is next to {input} in the Data module.")
    model = entry.name if entry is not None else result.model
    text = done.format(time=inTime(result.seconds.get("total", 0.0)), model=model, **names)
    told = errorAgainstInterpolation(card(entry).test) if entry is not None and entry.folder is not None else None
    sure = ""
    if told is not None:
        sure = _("It is an estimate: in tests it had {result}.").format(result=inWords(told[1]))
    doubts = _("See the warnings above Apply.") if result.warnings else ""
    return escaped(" ".join(part for part in (text, sure, doubts) if part))
