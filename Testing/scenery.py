"""Where the test volumes lie."""

import numpy as np

SHAPE = (12, 26, 24)  # k, j, i
DIRECTIONS = np.array([[-0.958, 0.155, 0.2705], [-0.172, -0.977, 0.1935], [0.231, 0.145, 0.9425]])
ORIGIN = (20.5, -7.25, -33.0)


def oblique() -> np.ndarray:
    """A rotated, left-handed IJK-to-RAS matrix of voxels of 1 x 1 x 4 mm."""
    axes, _ = np.linalg.qr(DIRECTIONS)
    if np.linalg.det(axes) > 0:
        axes[:, 0] *= -1
    matrix = np.eye(4)
    matrix[:3, :3] = axes * (1.0, 1.0, 4.0)
    matrix[:3, 3] = ORIGIN
    return matrix
