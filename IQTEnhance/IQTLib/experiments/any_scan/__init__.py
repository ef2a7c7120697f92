"""The experiments on scans of any kind: voxel sizes, resolution, noise and contrast that a subject may really have."""
