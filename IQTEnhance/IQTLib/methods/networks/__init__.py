"""Methods that are neural networks, and their common code.

Their descriptors share these options, which have a module of their own."""

WINDOW_OPTIONS = {
    "window": "edge in voxels of the windows that a volume is cut into; for the U-Net, the size of its patches",
    "overlap": "overlap of neighbouring windows, 0 to 0.75",
    "maximum_noise": "noise (share of the brain's mean) above which a scan is filtered first; 0 means never",
    "test_time_augmentation": "average over 1, 2 or 4 flips of the scan; each takes a full pass",
}
