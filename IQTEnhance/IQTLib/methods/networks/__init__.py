"""Methods that are neural networks, and what they share."""

WINDOW_OPTIONS = {
    "window": "edge, in voxels, of the windows that a volume is cut into: the U-Net wants that of its training patches",
    "overlap": "share of a window that the next one covers again, 0 to 0.75",
    "maximum_noise": "noise (share of the brain's mean) above which a scan is filtered first; 0 never",
    "test_time_augmentation": "1, 2 or 4: mean over estimates of the turned scan, each costs a full pass",
}
