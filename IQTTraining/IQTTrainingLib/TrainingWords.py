"""Errors of the training module's workers in its own words, and which jobs can go on after one."""

from collections.abc import Mapping
from typing import Any

from IQTEnhanceLib.Words import WORDS, told
from slicer.i18n import tr as _

TRAINING_WORDS: dict[str, tuple[str, str]] = WORDS | {
    "stopped": ("", _("What was finished before stays.")),
    "input": ("", _("Correct what it names in the sections Data, Simulate and Train, then start again.")),
    "model": ("", _("Choose another model to go on from, or begin anew.")),
    "output": ("", _("Free disk space, or choose another folder.")),
    "no-brain": (
        _("No brain of plausible size was found"),
        _("Choose its tissues in the section Data, or leave the volume out."),
    ),
    "no-deepbet": (
        _("The package that finds the brain (deepbet) is missing or damaged"),
        _("Press the button again to install it, or choose the volumes' tissues in the section Data."),
    ),
    "no-device": (
        _("The chosen graphics card is not there"),
        _("Choose Automatic or Processor as the device in the section Train."),
    ),
    "memory": (
        _("The computer's memory was not enough"),
        _("Close other programs, or choose a smaller size, batch or patch in the section Train."),
    ),
    "setting": ("", _("Correct it among the advanced values of the section Train.")),
}
RESUMABLE = ("", "stopped", "output", "memory", "unexpected")  # the same again would fail again after any other


def problemOf(facts: Mapping[str, Any]) -> str:
    """Why a volume cannot be learned from, with what to do; empty when it can."""
    if not facts.get("problem"):
        return ""
    reason, remedy = told(facts.get("code", ""), facts["problem"], TRAINING_WORDS)
    return f"{reason}. {remedy}" if reason != facts["problem"] else reason


def canGoOn(state: str, code: str) -> bool:
    """Whether Resume can help a job that ended so."""
    return state == "stopped" or (state == "failed" and code in RESUMABLE)
