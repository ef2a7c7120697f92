"""Do the edges of an enhanced scan lie where another scan of the same person sees them sharply?

Two sequences of one examination with slices along different axes are a truth of a kind: each sees in plane what the
other blurs across its slices. The score is that of normalised gradient fields (Haber and Modersitzki 2006): the squared
cosine between the gradients of both, weighted by how far they exceed noise. It does not depend on contrast.

    python -m IQTLib.evaluation.agreement FLAIR.nii.gz T1w.nii.gz --models iqt-any,wiener,cubic
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from ..errors import InputError
from ..image.brain import find_brain
from ..image.volume import Volume, read
from ..io.formats import LPS_TO_RAS, itk_image
from ..pipeline import enhance

SLAB = 5  # samples across a slice of the sharp scan, over which the other is averaged as its slices average
AWAY = 10.0  # mm along every axis: where edges agree by chance
FINE = 0.7  # mm, standard deviation: finer detail than gradients are taken of
LOOKED_AT = 0.2  # share of voxels that the registration looks at
TILTS = (-0.35, -0.2, 0.0, 0.2, 0.35)  # rad about the axis from left to right: how slices are usually turned


def registered(moving: Volume, fixed: Volume, brains: tuple[np.ndarray, np.ndarray]) -> Volume:
    """`moving` where its brain lies best on that of `fixed`: rigid, by mutual information; only its affine changes.

    Args:
        brains: masks of both, boolean. The search starts from their centres, and from several tilts of the head.
    """
    pairs = ((fixed, brains[1]), (moving, brains[0]))
    images = [itk_image(np.where(brain, one.data, 0).astype(np.float32), one.affine) for one, brain in pairs]
    middle, other = (_centre(one, brain) for one, brain in pairs)
    tried = [_method(_start(middle, other, tilt), coarse=True).Execute(*images) for tilt in TILTS]
    best = min(tried, key=lambda one: _method(one).MetricEvaluate(*images))
    found = _method(best).Execute(*images)
    corners = np.vstack([np.zeros(3), np.eye(3)])
    moved = np.array([found.TransformPoint(tuple(point)) for point in corners.tolist()])
    to_moving = np.eye(4)  # of points in LPS
    to_moving[:3, :3], to_moving[:3, 3] = (moved[1:] - moved[0]).T, moved[0]
    return Volume(moving.data, LPS_TO_RAS @ np.linalg.inv(to_moving) @ LPS_TO_RAS @ moving.affine)


def _centre(volume: Volume, brain: np.ndarray) -> np.ndarray:
    """Of the brain's voxels, mm in LPS."""
    return (LPS_TO_RAS @ volume.affine @ np.append(np.argwhere(brain).mean(axis=0), 1))[:3]


def _start(fixed: np.ndarray, moving: np.ndarray, tilt: float) -> Any:
    import SimpleITK as sitk  # noqa: N813

    start = sitk.Euler3DTransform()
    start.SetCenter(fixed.tolist())
    start.SetRotation(tilt, 0, 0)
    start.SetTranslation((moving - fixed).tolist())
    return start


def _method(start: Any, *, coarse: bool = False) -> Any:
    import SimpleITK as sitk  # noqa: N813

    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(32)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(LOOKED_AT, 1)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(0.5, 1e-3, 200)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([2 if coarse else 1])
    method.SetSmoothingSigmasPerLevel([2 if coarse else 0])
    method.SetInitialTransform(start, inPlace=False)
    return method


def edge_agreement(estimate: Volume, sharp: Volume, inside: np.ndarray, axis: int) -> float:
    """Mean agreement (0 to 1) of edges in the planes of `sharp`, whose slices lie along `axis`.

    Args:
        inside: voxels of `sharp` that count, boolean.
    """
    seen = _in_slices(estimate, sharp, axis)
    planes = [number for number in range(3) if number != axis]
    one, other = (_gradients(data, sharp.spacing, planes) for data in (seen, sharp.data))
    product = np.sum([a * b for a, b in zip(one, other, strict=True)], axis=0)
    sizes = [np.sum(np.square(parts), axis=0) for parts in (one, other)]
    floors = [np.median(size[inside]) for size in sizes]
    score = product**2 / np.maximum((sizes[0] + floors[0]) * (sizes[1] + floors[1]), 1e-30)
    return float(score[inside].mean())


def _in_slices(volume: Volume, sharp: Volume, axis: int) -> np.ndarray:
    """`volume` in the voxels of `sharp`, averaged across each of its slices."""
    to_volume = np.linalg.inv(volume.affine) @ sharp.affine
    offsets = (np.arange(SLAB) + 0.5) / SLAB - 0.5
    total = np.zeros(sharp.shape, np.float32)
    for offset in offsets:
        start = to_volume[:3, 3] + offset * to_volume[:3, axis]
        total += ndimage.affine_transform(
            volume.data, to_volume[:3, :3], start, sharp.shape, order=3, mode="nearest", output=np.float32
        )
    return total / SLAB


def _gradients(data: np.ndarray, spacing: Sequence[float], planes: Sequence[int]) -> list[np.ndarray]:
    sigma = [FINE / s if number in planes else 0 for number, s in enumerate(spacing)]
    smooth = ndimage.gaussian_filter(data.astype(np.float32), sigma)
    return [np.gradient(smooth, spacing[number], axis=number) for number in planes]


def rows_of(scan: Path, sharp: Path, models: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Agreement of each model's result for `scan` with `sharp`, inside the brain of both, and that of chance: the last
    result moved away."""
    if not models:
        raise InputError("name at least one model")
    one, other = read(scan), read(sharp)
    axis = int(np.argmax(other.spacing))
    mask = find_brain(one).mask
    place = registered(one, other, (mask, find_brain(other).mask))
    moved = place.affine @ np.linalg.inv(one.affine)
    brain = Volume(mask.astype(np.float32), place.affine)
    inside = _in_slices(brain, other, axis) > 0.9
    for model in models:
        result = enhance(one, model=model, mask=mask).volume
        result = Volume(result.data, moved @ result.affine)
        yield model, edge_agreement(result, other, inside, axis)
    away = result.affine.copy()
    away[:3, 3] += AWAY
    yield "chance", edge_agreement(Volume(result.data, away), other, inside, axis)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scan", type=Path, help="the scan to enhance")
    parser.add_argument("sharp", type=Path, help="another sequence of the same person, with slices along another axis")
    parser.add_argument("--models", default="cubic,wiener,iqt-any")
    given = parser.parse_args(arguments)
    for model, score in rows_of(given.scan, given.sharp, [name for name in given.models.split(",") if name]):
        print(f"| {given.scan.name} | {given.sharp.name} | `{model}` | {score:.3f} |", flush=True)


if __name__ == "__main__":
    main()
