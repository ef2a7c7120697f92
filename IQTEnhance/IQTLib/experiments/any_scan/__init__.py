"""The experiments on scans of any kind: voxel sizes, resolution, noise and contrast that a person may really have."""
