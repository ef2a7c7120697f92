"""Scans at 0.055 T beside those of the same patients at 3 T: do edges of the results lie where 3 T sees them?

    python docs/reproduce/real_pairs.py FOLDER MODELS [PICTURE]

FOLDER is "Data for Figures in the Manuscript" of github.com/bispmri/Ultra-low-field-MRI-Scanner (CC0; Liu et al.,
Nature Communications 2021, 12:7238). It holds four slices of four patients: T1w, T2w and FLAIR at both fields. Each
3 T slice is registered to its low-field slice in plane (affine, mutual information); then edges are compared inside
the brain (`edge_agreement`). Prints a table; PICTURE gets a slice of each patient.
"""

import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk  # noqa: N813
from IQTLib.evaluation.agreement import AWAY, edge_agreement
from IQTLib.image.brain import _deepbet
from IQTLib.image.volume import Volume
from IQTLib.pipeline import enhance
from scipy import io, ndimage

PATIENTS = ("6A", "6B", "7A", "7B")
SEQUENCES = {"T1w": ("GRE", "T1w"), "T2w": ("FSE", "T2w"), "FLAIR": ("FLAIR", "FLAIR")}
PIXEL, SLICE = 250 / 256, 5.0  # mm, as displayed; measured were about 2 x 2 x 10 mm
HIGH = 212.0  # mm, height of the 3 T images; the registration corrects it
AFFINE = np.array([[0, -PIXEL, 0, 0], [-PIXEL, 0, 0, 0], [0, 0, -SLICE, 0], [0, 0, 0, 1]])
RIM = 4  # pixels at the brain's edge that are left out
SHOWN = 1  # slice of the picture


def scan_of(folder: Path, patient: str, sequence: str) -> Volume:
    """The low-field scan; magnitude, on the voxels displayed."""
    path = folder / f"Figure {patient}" / "0.055T" / f"0.055T_{SEQUENCES[sequence][0]}.mat"
    data = 1000 * np.abs(io.loadmat(path)["image"])
    return Volume(data.astype(np.float32), AFFINE, (), sequence)


def high_field(folder: Path, patient: str, sequence: str, low: Volume) -> Volume:
    """The same slices at 3 T, on the low-field scan's pixels."""
    path = folder / f"Figure {patient}" / "3T" / f"3T_{SEQUENCES[sequence][1]}.mat"
    data = io.loadmat(path)["image"]
    planes = [_registered(data[..., n], low.data[..., n]) for n in range(low.shape[2])]
    return low.with_data(np.stack(planes, axis=-1).astype(np.float32))


def _registered(moving: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    images = [sitk.GetImageFromArray(one.astype(np.float32)) for one in (fixed, moving)]
    for image, pixel in zip(images, (PIXEL, HIGH / len(moving)), strict=True):
        image.SetSpacing((pixel, pixel))
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(32)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(1.0, 1e-4, 400)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2, 1])
    method.SetSmoothingSigmasPerLevel([4, 2, 1])
    kind = sitk.CenteredTransformInitializerFilter.MOMENTS
    method.SetInitialTransform(sitk.CenteredTransformInitializer(*images, sitk.AffineTransform(2), kind))
    found = method.Execute(*images)
    return sitk.GetArrayFromImage(sitk.Resample(images[1], images[0], found, sitk.sitkBSpline, 0.0))


def main(folder: Path, models: list[str], picture: Path | None) -> None:
    rows, panels = [], []
    for patient in PATIENTS:
        mask = _deepbet(scan_of(folder, patient, "T1w"), "cpu")  # `find_brain` refuses 0.2 L, which four slices hold
        inside = np.stack([ndimage.binary_erosion(one, iterations=RIM) for one in np.moveaxis(mask, 2, 0)], axis=-1)
        for sequence in SEQUENCES:
            low = scan_of(folder, patient, sequence)
            truth = high_field(folder, patient, sequence, low)
            results = {"scan": low} | {model: enhance(low, model=model, mask=mask).volume for model in models}
            scores = [edge_agreement(one, truth, inside & (truth.data > 0), 2) for one in results.values()]
            away = low.affine.copy()
            away[:2, 3] += AWAY
            chance = edge_agreement(Volume(low.data, away), truth, inside & (truth.data > 0), 2)
            rows.append((sequence, patient, *scores, chance))
            print(f"{patient} {sequence}", *(f"{score:.3f}" for score in rows[-1][2:]), flush=True)
            panels.append(_panels([*results.values(), truth], mask))
    print("| sequence |", *(f"`{name}` |" for name in ("scan", *models, "chance")))
    for sequence in SEQUENCES:
        means = np.mean([row[2:] for row in rows if row[0] == sequence], axis=0)
        print(f"| {sequence} |", *(f"{mean:.3f} |" for mean in means))
    if picture is not None:
        _draw(panels, picture)


def _panels(volumes: list[Volume], mask: np.ndarray) -> np.ndarray:
    """One slice of each, from the 1st to the 99.7th percentile of its brain, side by side."""
    low, drawn = volumes[0], []
    box = ndimage.find_objects(mask[..., SHOWN].astype(np.uint8))[0]
    for volume in volumes:
        there = np.linalg.inv(volume.affine) @ low.affine
        data = ndimage.affine_transform(volume.data, there[:3, :3], there[:3, 3], low.shape, order=3)
        plane, inside = data[..., SHOWN], mask[..., SHOWN]
        first, last = np.percentile(plane[inside], (1, 99.7))
        plane = np.where(inside, np.clip((plane - first) / (last - first), 0, 1), 0)[box]
        plane = ndimage.zoom(plane, 2, order=1)[:320, :270]
        drawn.append(np.pad(plane, [(0, 320 - plane.shape[0]), (0, 270 - plane.shape[1])]))
    return np.concatenate(drawn, axis=1)


def _draw(panels: list[np.ndarray], picture: Path) -> None:
    from matplotlib import pyplot

    pyplot.imsave(picture, np.concatenate(panels), cmap="gray", vmin=0, vmax=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
