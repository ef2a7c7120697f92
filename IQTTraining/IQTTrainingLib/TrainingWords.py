"""Translate errors of the training module's workers for its panel, and decide which jobs can resume."""

from collections.abc import Mapping
from typing import Any

from IQTEnhanceLib.Words import WORDS, told
from slicer.i18n import tr as _

TRAINING_WORDS: dict[str, tuple[str, str]] = WORDS | {
    "stopped": ("", _("Finished parts are kept.")),
    "input": ("", _("Correct it in the Data, Simulate or Train section, then start again.")),
    "model": ("", _("Choose another model to fine-tune, or train from scratch.")),
    "output": ("", _("Free disk space, or choose another folder.")),
    "no-brain": (
        _("No brain of plausible size was found"),
        _("Choose its tissues in the Data section, or exclude the volume."),
    ),
    "no-deepbet": (
        _("The package that finds the brain (deepbet) is missing or damaged"),
        _("Press the button again to install it, or choose the volumes' tissues in the Data section."),
    ),
    "no-device": (
        _("The selected GPU is not available"),
        _("Choose Automatic or Processor as the device in the Train section."),
    ),
    "memory": (
        _("The computer ran out of memory"),
        _("Close other programs, or choose a smaller size, batch or patch in the Train section."),
    ),
    "usage": (
        _("A value cannot be used"),
        _("Correct it in the advanced values of the Train section: the log names it."),
    ),
    "setting": ("", _("Correct it in the advanced values of the Train section.")),
}
STATES: dict[str, str] = {
    "starting": _("starting"),
    "waiting": _("waiting"),
    "running": _("running"),
    "paused": _("paused"),
    "done": _("done"),
    "failed": _("failed"),
    "stopped": _("stopped"),
}
KINDS: dict[str, str] = {"train": _("training"), "simulate": _("simulation")}
TISSUES: dict[str, str] = {"maps": _("maps"), "labels": _("labels"), "estimated": _("estimated")}
RESUMABLE = ("", "stopped", "output", "memory", "unexpected")  # the same again would fail again after any other


def problemOf(facts: Mapping[str, Any]) -> str:
    """Why a volume cannot be used for training, with a remedy; empty if it can."""
    if not facts.get("problem"):
        return ""
    reason, remedy = told(facts.get("code", ""), facts["problem"], TRAINING_WORDS)
    return f"{reason}. {remedy}" if reason != facts["problem"] else reason


def canGoOn(state: str, code: str) -> bool:
    """Whether a job that ended like this can be resumed."""
    return state == "stopped" or (state == "failed" and code in RESUMABLE)
