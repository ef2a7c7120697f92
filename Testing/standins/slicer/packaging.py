"""Package installation that is never allowed to install anything: tests set `installed` and see what is asked for."""

from packaging.requirements import Requirement

installed: dict[str, str] | None = None  # None: whatever is asked for is there
asked: list[list[str]] = []


def load_requirements(path) -> list[Requirement]:
    lines = [line.strip() for line in open(path, encoding="utf-8")]  # noqa: PTH123, SIM115
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pip_check(requirement) -> bool:
    requirement = Requirement(str(requirement))
    return installed is None or (
        installed.get(requirement.name, "") in requirement.specifier and (requirement.name in installed)
    )


def pip_ensure(requirements, requester=None) -> None:
    missing = [str(requirement) for requirement in requirements if not pip_check(requirement)]
    if missing:
        asked.append(missing)
        raise RuntimeError("User declined package installation")
