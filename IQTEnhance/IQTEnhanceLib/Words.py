"""The worker's errors in the panel's words: it speaks of options and files, the panel of volumes and buttons."""

from collections.abc import Mapping

from slicer.i18n import tr as _

TEMPORARY = _("Free disk space, or choose another temporary folder in Edit / Application Settings.")
KILLED = _("It may have run out of memory: close other programs, crop the volume, or choose CPU as the device.")
MISSING_PACKAGE = _("Press Apply again to install what is missing, or see 'Offline installation' in the Help section.")
REPORT = _("This is a defect of the module: please report it with the log.")
UNKNOWN = _("Look into the log under the button; if it does not help, report it there.")

Words = Mapping[str, tuple[str, str]]

# By code: a sentence in place of the worker's (empty: the worker's own), and what to do. The log has the worker's.
WORDS: dict[str, tuple[str, str]] = {
    "failure": ("", UNKNOWN),
    "unexpected": (_("The worker failed as it should not"), REPORT),
    "usage": ("", REPORT),
    "stopped": ("", _("The scene is as it was before.")),
    "input": ("", _("Choose another volume, or correct this one.")),
    "model": ("", _("Choose another model, or install this one again.")),
    "output": ("", TEMPORARY),
    "exists": (_("There is something of that name already"), _("Choose another name or folder.")),
    "no-brain": (
        _("No brain of plausible size was found in the volume"),
        _("Choose a brain mask in the section Advanced, or a volume that shows a whole head."),
    ),
    "no-deepbet": (
        _("The package that finds the brain (deepbet) is missing or damaged"),
        _("Press Apply again to install it, or choose a brain mask in the section Advanced."),
    ),
    "missing-package": (
        _("A Python package that this needs is missing"),
        _("Press the button again and agree to install it; the log names it."),
    ),
    "old-torch": (
        _("Going on with a training needs PyTorch 2.6 or later"),
        _("Update PyTorch with the extension PyTorch, or start the training anew."),
    ),
    "no-device": (
        _("The chosen graphics card is not there"),
        _("Choose Automatic or Processor as the device in the section Advanced."),
    ),
    "no-spams": (
        _("The package spams is not installed"),
        _("Press the button again and agree to install it, or write torch into the field solver in Advanced."),
    ),
    "memory": (
        _("The computer's memory was not enough"),
        _("Close other programs, crop the volume to the head, or choose another model."),
    ),
    "several-series": (
        _("The folder holds several DICOM series"),
        _("Load the right one in the DICOM module, and choose that volume."),
    ),
    "one-mask": (_("One mask was given for several volumes"), _("Enhance them one by one.")),
    "match-gain": (_("The volume is not positive where it is compared"), _("Choose another mask.")),
    "none-usable": (_("None of the volumes can be used"), _("Their status in the table tells why.")),
    "setting": ("", _("Correct it among the advanced values.")),
}


def told(code: str, message: str, words: Words = WORDS) -> tuple[str, str]:
    """Reason and remedy of an error; `words` are WORDS or those of another panel."""
    sentence, remedy = words.get(code, ("", UNKNOWN))
    return sentence or message, remedy
