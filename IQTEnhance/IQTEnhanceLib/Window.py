"""Window and level for comparing scan and enhanced volume without saturating the brain."""

ROOM = 1.05  # above the brightest tissue
MOST = 200_000  # voxels that are looked at in each volume
# Percentile of the voxels above zero that is shown at full brightness. In T1w white matter is among the brightest and
# must keep its structure; elsewhere fluid or fat is brighter than all tissue and may take less of the scale.
TOPS = {"T1w": 99.9}
TOP = 99.5


def sameWindow(inputVolume, outputVolume, contrast: str = "T1w") -> None:
    """Show both alike: in the input's window if it was set by hand, else in one that fits both volumes."""
    source, target = inputVolume.GetScalarVolumeDisplayNode(), outputVolume.GetScalarVolumeDisplayNode()
    if source is None or target is None:
        return
    if source.GetAutoWindowLevel():
        window, level = fittingWindow((inputVolume, outputVolume), contrast)
        source.SetAutoWindowLevel(False)
        source.SetWindowLevel(window, level)
    target.SetAutoWindowLevel(False)
    target.SetWindowLevel(source.GetWindow(), source.GetLevel())


def fittingWindow(volumes, contrast: str = "T1w") -> tuple[float, float]:
    """Window and level from the darkest to the brightest of the volumes, as far as `contrast` asks for it."""
    ranges = [_range(volume, TOPS.get(contrast, TOP)) for volume in volumes]
    low, high = min(low for low, _high in ranges), max(high for _low, high in ranges)
    window = max(ROOM * (high - low), 1e-6)
    return window, low + window / 2


def _range(volume, top: float) -> tuple[float, float]:
    import numpy as np
    import slicer.util

    voxels = slicer.util.arrayFromVolume(volume).ravel()
    voxels = voxels[:: max(voxels.size // MOST, 1)]
    voxels = voxels[np.isfinite(voxels)]
    if not voxels.size:
        return 0.0, 1.0
    inside = voxels[voxels > 0]
    high = np.percentile(inside if inside.size else voxels, top)
    return float(min(np.percentile(voxels, 0.1), high)), float(high)
