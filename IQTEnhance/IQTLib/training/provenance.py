"""The provenance of a model for its card: grid, date, machine, versions."""

import platform
from collections.abc import Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from .. import __version__

VOXEL_TOLERANCE = 1.3  # a model accepts voxels finer or coarser than its training voxels by this factor


def grid_of(affines: Iterable[np.ndarray], factor: int) -> dict[str, float]:
    """The card's grid: the voxel sizes (mm) of the training volumes, with a tolerance."""
    spacings = np.array([np.linalg.norm(affine[:3, :3], axis=0) for affine in affines])
    return {
        "factor": factor,
        "finest": round(float(spacings.min()) / VOXEL_TOLERANCE, 3),
        "coarsest": round(float(spacings.max()) * VOXEL_TOLERANCE, 3),
    }


def provenance(*packages: str) -> dict[str, Any]:
    """Date, machine and versions."""
    return {
        "date": date.today().isoformat(),
        "versions": {name: _version(name) for name in packages} | {"iqt": __version__},
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
