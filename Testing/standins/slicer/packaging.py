"""Package installation as in Slicer up to the moment of installing, which no test may do."""

from importlib import metadata

import slicer.util
from packaging.requirements import Requirement


def load_requirements(path) -> list[Requirement]:
    lines = [line.strip() for line in open(path, encoding="utf-8")]  # noqa: PTH123, SIM115
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pip_check(requirement) -> bool:
    requirement = Requirement(str(requirement))
    try:
        return metadata.version(requirement.name) in requirement.specifier
    except metadata.PackageNotFoundError:
        return False


def pip_ensure(requirements, requester=None) -> None:
    missing = [str(requirement) for requirement in requirements if not pip_check(requirement)]
    if not missing or slicer.app.testingEnabled():
        return
    names = "\n".join(f"- {name}" for name in missing)
    if not slicer.util.confirmOkCancelDisplay("Install?", requester, detailedText=names):
        raise RuntimeError("User declined package installation")
    raise AssertionError(f"a test wants to install {missing}")
