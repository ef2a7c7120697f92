"""Python packages that the worker needs: looked for and, after asking, installed at Apply, never at import.

PyTorch comes from the PyTorch extension only: it knows which build fits the computer's GPU.
"""

import importlib.util
from contextlib import suppress
from pathlib import Path

from slicer.i18n import tr as _

from .Errors import EnhanceError

RESOURCES = Path(__file__).resolve().parents[1] / "Resources"
REQUIREMENTS, FASTER = RESOURCES / "requirements.txt", RESOURCES / "requirements-fast.txt"
TORCH = ">=2.1"
BUNDLED = ("numpy", "scipy", "SimpleITK")  # Slicer's own builds: never to be replaced by others
REQUESTER = "Image Quality Transfer"
OFFLINE = _(
    "Without internet: install the PyTorch extension and the packages in IQTEnhance/Resources/requirements.txt from "
    "files, as the page 'Install without internet' of the documentation describes."
)


def missingPackages(*more: Path) -> list[str]:
    """Requirements that are not met, PyTorch first; empty when work can start. `more` are files of other modules."""
    from slicer.packaging import pip_check

    torch = [] if pip_check(f"torch{TORCH}") else [f"torch{TORCH}"]
    return torch + [str(requirement) for requirement in _requirements(*more) if not pip_check(requirement)]


def requirements(*more: Path, torch: bool = False) -> list[str]:
    """Requirements that are not met, for pip; PyTorch among them only if asked for."""
    return [name for name in missingPackages(*more) if torch or not name.startswith("torch")]


def kept() -> list[str]:
    """What pip must leave as it is, as lines of a constraints file: Slicer's own builds, and PyTorch."""
    from importlib import metadata  # slow to import

    found = []
    for name in (*BUNDLED, "torch"):
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{name}=={metadata.version(name)}")
    return found


def ensure(*more: Path) -> list[str]:
    """Install what is missing after asking; returns what a user should know. `more` are files of other modules.

    Raises:
        EnhanceError: a required package could not be installed, or the user declined.
    """
    from slicer.packaging import pip_check, pip_ensure

    if not pip_check(f"torch{TORCH}"):
        installTorch()
    try:
        pip_ensure(_requirements(*more), requester=REQUESTER)
    except Exception as error:  # declined (RuntimeError) or failed (CalledProcessError)
        reason = _("Python packages are missing: {error}").format(error=error)
        raise EnhanceError(reason, f"{_('Press Apply again.')} {OFFLINE}") from error
    return _tryFaster()


def _requirements(*more: Path) -> list:
    from slicer.packaging import load_requirements

    return [
        requirement
        for file in (REQUIREMENTS, *more)
        for requirement in load_requirements(file)
        if requirement.name not in BUNDLED or importlib.util.find_spec(requirement.name) is None
    ]


def installTorch() -> None:
    """Have PyTorch installed by its own extension, after asking; `EnhanceError` when it is not there afterwards."""
    try:
        import PyTorchUtils
    except ImportError:
        _installTorchExtension()
        raise EnhanceError(_("PyTorch is not installed"), _("Restart Slicer, then press Apply again.")) from None
    try:
        torch = PyTorchUtils.PyTorchUtilsLogic().installTorch(askConfirmation=True, torchVersionRequirement=TORCH)
    except Exception as error:
        raise EnhanceError(_("PyTorch could not be installed: {error}").format(error=error), OFFLINE) from error
    if torch is None:
        raise EnhanceError(_("PyTorch is not installed"), f"{_('Press Apply again and agree.')} {OFFLINE}")


def _installTorchExtension() -> None:
    """Ask for the PyTorch extension and install it; a restart is then needed."""
    import slicer
    import slicer.util

    question = _("The PyTorch extension is needed. Install it now? Slicer must be restarted afterwards.")
    if slicer.app.testingEnabled() or not slicer.util.confirmOkCancelDisplay(question, REQUESTER):
        raise EnhanceError(_("The PyTorch extension is not installed"), _("Install it in the Extensions Manager."))
    if not slicer.app.extensionsManagerModel().installExtensionFromServer("PyTorch"):
        raise EnhanceError(_("The PyTorch extension could not be installed"), OFFLINE)


def _tryFaster() -> list[str]:
    """Try once per session to install spams; sparse coding also works without it, more slowly."""
    from slicer.packaging import load_requirements, pip_check, pip_ensure

    global _asked
    faster = load_requirements(FASTER)
    if all(pip_check(requirement) for requirement in faster):
        return []
    note = _("The package spams is not installed: sparse coding runs on PyTorch, more slowly.")
    if _asked:
        return [note]
    _asked = True
    try:
        pip_ensure(faster, requester=REQUESTER)
    except Exception:  # declined, or no wheel for this computer: both are fine
        return [note]
    return [] if all(pip_check(requirement) for requirement in faster) else [note]


_asked = False
