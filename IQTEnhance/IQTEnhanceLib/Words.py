"""Translate the worker's errors, which mention options and files, for the panel, which has volumes and buttons."""

from collections.abc import Mapping

from slicer.i18n import tr as _

TEMPORARY = _("Free disk space, or choose another temporary folder in Edit / Application Settings.")
KILLED = _("It may have run out of memory: close other programs, crop the volume, or choose CPU as the device.")
MISSING_PACKAGE = _("Press Apply again to install what is missing, or see 'Offline installation' in the Help section.")
REPORT = _("This is a bug in the module: please report it with the log.")
UNKNOWN = _("See the log below the button; if it does not help, please report the problem.")

Words = Mapping[str, tuple[str, str]]

# By code: the sentence shown (empty: that of the worker) and what to do. The log has the original message.
WORDS: dict[str, tuple[str, str]] = {
    "failure": ("", UNKNOWN),
    "unexpected": (_("The worker failed unexpectedly"), REPORT),
    "usage": ("", REPORT),
    "stopped": ("", _("The scene has not been changed.")),
    "input": ("", _("Choose another volume, or correct this one.")),
    "model": ("", _("Choose another model, or install this one again.")),
    "output": ("", TEMPORARY),
    "exists": (_("A file or folder of that name already exists"), _("Choose another name or folder.")),
    "disk-full": (_("The disk is full"), TEMPORARY),
    "no-brain": (
        _("No brain of plausible size was found in the volume"),
        _("Choose a brain mask in the Advanced section, or a volume that shows the whole head."),
    ),
    "no-deepbet": (
        _("The package that finds the brain (deepbet) is missing or damaged"),
        _("Press Apply again to install it, or choose a brain mask in the Advanced section."),
    ),
    "missing-package": (
        _("A required Python package is missing"),
        _("Press the button again and agree to install it; the log names it."),
    ),
    "old-torch": (
        _("Resuming a training run needs PyTorch 2.6 or later"),
        _("Update PyTorch with the PyTorch extension, or restart the training from the beginning."),
    ),
    "no-device": (
        _("The selected GPU is not available"),
        _("Choose Automatic or Processor as the device in the Advanced section."),
    ),
    "no-spams": (
        _("The package spams is not installed"),
        _("Press the button again and agree to install it, or set the solver to torch in the Advanced section."),
    ),
    "no-sporco": (
        _("The package sporco is not installed"),
        _("Type slicer.util.pip_install('sporco') in the Python console, then press the button again."),
    ),
    "memory": (
        _("The computer ran out of memory"),
        _("Close other programs, crop the volume to the head, or choose another model."),
    ),
    "several-series": (
        _("The folder holds several DICOM series"),
        _("Load the right series in the DICOM module, then choose that volume."),
    ),
    "one-mask": (_("One mask was given for several volumes"), _("Enhance them one by one.")),
    "match-gain": (_("The mean of the volume is not positive inside the mask"), _("Choose another mask.")),
    "none-usable": (_("None of the volumes can be used"), _("The table shows why.")),
    "no-intervals": (
        _("This model cannot state how sure its results are"),
        _("Untick 'Also compute how sure the result is', or choose the recommended model."),
    ),
    "setting": ("", _("Correct it in the advanced settings.")),
}


def told(code: str, message: str, words: Words = WORDS) -> tuple[str, str]:
    """Reason and remedy of an error; `words` are WORDS or those of another panel."""
    sentence, remedy = words.get(code, ("", UNKNOWN))
    return sentence or message, remedy
