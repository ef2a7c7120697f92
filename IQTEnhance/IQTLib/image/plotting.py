"""Figures: volumes side by side in three planes with a common grey scale, and error maps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..io.files import whole_file
from .volume import Volume

PLANES = ("sagittal", "coronal", "axial")


def comparison(
    volumes: Mapping[str, Volume], path: Path, *, brain: np.ndarray | None = None, dots_per_inch: int = 110
) -> None:
    """A PNG with one column per volume and one row per plane, plus error maps if there is a volume "truth".

    Error maps are drawn for volumes on the grid of the truth. All slices pass through the same world point, the centre
    of `brain`, a mask on the last volume's grid (by default its voxels above the mean). The grey scale is shared: 0 to
    the 99.8th percentile of the last volume there; error maps share a third of that range.
    """
    try:
        from matplotlib.figure import Figure  # not pyplot: its backend belongs to the calling program
    except ImportError:
        reason = "pictures need matplotlib: pip install 'image-quality-transfer[demo]'"
        raise InputError(reason, code="missing-package") from None

    reference = list(volumes.values())[-1]
    brain = reference.data > reference.data.mean() if brain is None else brain
    top = float(np.percentile(reference.data[brain], 99.8))
    centre = reference.affine @ [*np.argwhere(brain).mean(0), 1]
    truth = volumes.get("truth")
    errors = {} if truth is None else {n: _error(v, truth) for n, v in volumes.items() if _comparable(v, truth)}
    columns = len(volumes) + len(errors)
    figure = Figure(figsize=(2.6 * columns, 8.2), facecolor="black")
    axes = figure.subplots(3, columns, squeeze=False)
    for column, (name, volume) in enumerate(volumes.items()):
        for row in range(3):
            _show(axes[row, column], volume, centre, row, vmax=top, cmap="gray")
        axes[0, column].set_title(name, color="white", fontsize=11)
    for row, plane in enumerate(PLANES):
        axes[row, 0].text(0.02, 0.97, plane, color="white", fontsize=8, va="top", transform=axes[row, 0].transAxes)
    for column, (name, error) in enumerate(errors.items(), start=len(volumes)):
        for row in range(3):
            image = _show(axes[row, column], error, centre, row, vmax=top / 3, cmap="magma")
        axes[0, column].set_title(f"|{name} - truth|", color="white", fontsize=11)
    figure.subplots_adjust(0.005, 0.01, 0.93 if errors else 0.995, 0.95, wspace=0.02, hspace=0.02)
    if errors:
        bar = figure.colorbar(image, cax=figure.add_axes((0.94, 0.1, 0.012, 0.8)))
        bar.ax.tick_params(colors="white", labelsize=8)
        bar.set_label(f"absolute error (grey scale: 0 to {top:.3g})", color="white", fontsize=9)
    with whole_file(path) as part:
        figure.savefig(part, dpi=dots_per_inch)


def section(volume: Volume, centre: np.ndarray, plane: int) -> tuple[np.ndarray, tuple[float, float]]:
    """The upright slice of `volume` through world point `centre` (mm, 1): (rows, columns) and its width, height (mm).

    `plane` is an index into `PLANES`. Row 0 is at the bottom.
    """
    import nibabel as nib

    image = nib.as_closest_canonical(nib.Nifti1Image(volume.data, volume.affine))
    data, spacing = np.asarray(image.dataobj), np.abs(image.header.get_zooms())
    voxel = np.clip(np.round(np.linalg.inv(image.affine) @ centre)[:3], 0, np.array(data.shape) - 1).astype(int)
    width, height = (float(spacing[a] * data.shape[a]) for a in range(3) if a != plane)
    return np.take(data, voxel[plane], axis=plane).T, (width, height)


def _comparable(volume: Volume, truth: Volume) -> bool:
    return volume is not truth and volume.shape == truth.shape


def _error(volume: Volume, truth: Volume) -> Volume:
    return truth.with_data(np.abs(volume.data - truth.data))


def _show(axis: Any, volume: Volume, centre: np.ndarray, plane: int, *, vmax: float, cmap: str) -> Any:
    """Draw the upright slice of `volume` through world point `centre`, in millimetres."""
    piece, (width, height) = section(volume, centre, plane)
    axis.axis("off")
    return axis.imshow(
        piece, cmap=cmap, vmin=0, vmax=vmax, origin="lower", extent=(0, width, 0, height), interpolation="nearest"
    )
