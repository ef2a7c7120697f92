"""Blocks of 2 x 2 x 2 voxels as channels, in a module of its own for both forms of the network."""

import torch

FOLD = 2  # edge of the blocks


def unshuffled(volume: torch.Tensor) -> torch.Tensor:
    """(b, c, x, y, z) -> (b, 8 c, x / 2, y / 2, z / 2): each block of 2 x 2 x 2 voxels becomes channels."""
    b, c, x, y, z = volume.shape
    parts = volume.reshape(b, c, x // FOLD, FOLD, y // FOLD, FOLD, z // FOLD, FOLD)
    return parts.permute(0, 1, 3, 5, 7, 2, 4, 6).reshape(b, c * FOLD**3, x // FOLD, y // FOLD, z // FOLD)


def shuffled(channels: torch.Tensor) -> torch.Tensor:
    """Undo `unshuffled`."""
    b, c, x, y, z = channels.shape
    parts = channels.reshape(b, c // FOLD**3, FOLD, FOLD, FOLD, x, y, z)
    return parts.permute(0, 1, 5, 2, 6, 3, 7, 4).reshape(b, c // FOLD**3, x * FOLD, y * FOLD, z * FOLD)
