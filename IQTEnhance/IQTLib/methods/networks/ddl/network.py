"""IQT-DDL: per-voxel coefficients of a learned high-resolution dictionary (Eldaly 2024; SRDD, ECCV 2022, in 3-D)."""

from collections.abc import Callable

import torch
from torch import nn

from ..layers import CubicUpsample
from .extractor import FeatureExtractor
from .generator import CodeEncoder, DictionaryGenerator

BLOCKS = 10
FUSE = 5  # edge of the filter that fuses the two mixes


class Bottleneck(nn.Module):
    """1^3 conv to a quarter, 3^3 conv, 1^3 conv back, each with BN; plus identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels // 4
        self.layers = nn.Sequential(
            nn.Conv3d(channels, inner, 1), nn.BatchNorm3d(inner), nn.ReLU(),
            nn.Conv3d(inner, inner, 3, padding=1), nn.BatchNorm3d(inner), nn.ReLU(),
            nn.Conv3d(inner, channels, 1), nn.BatchNorm3d(channels),
        )  # fmt: skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x)


class Predictor(nn.Module):
    """Features and atom codes -> the coefficients M of every low-field voxel: (b, atoms, x, y, z), summing to one."""

    def __init__(self, features: int, atoms: int) -> None:
        super().__init__()
        wide = features + atoms
        self.first = nn.Conv3d(wide, wide, 1)
        self.group = nn.Sequential(*(Bottleneck(wide) for _ in range(BLOCKS)), nn.Conv3d(wide, wide, 1))
        self.last = nn.Conv3d(wide, atoms, 1)

    def forward(self, features: torch.Tensor, code: torch.Tensor) -> torch.Tensor:
        code = code.expand(len(features), -1, *features.shape[2:])
        x = self.first(torch.cat([features, code], dim=1))
        return torch.softmax(self.last(x + self.group(x)).float(), dim=1)


class DeepDictionary(nn.Module):
    """The whole network: (b, 1, x, y, z) -> (b, 1, x * s_x, y * s_y, z * s_z).

    Args:
        atoms: dictionary size N, a power of two (64 and 128 in the paper).
        filters: channels of the extractor's first level (N in the paper; 16 or 32 for CPUs).
        scale: high-field voxels per low-field voxel along x, y, z.
        complement: "centred" looks across the borders of atoms only along axes that are scaled, "literal" uses the
            2^3 kernel of SRDD along every axis.
        residual: add the cubic interpolation; the paper's text does not name it, SRDD has it.
        leaky: LeakyReLU in the dictionary's tree.

    In training every call grows a dictionary: from new noise while `fresh`, else from the network's own draw, and with
    its atoms in random order while `shuffling`. In evaluation the stored dictionary is used (`store`), so the same
    input gives the same output.
    """

    def __init__(
        self,
        atoms: int = 64,
        filters: int = 64,
        scale: tuple[int, int, int] = (1, 1, 4),
        *,
        complement: str = "centred",
        residual: bool = True,
        leaky: bool = True,
    ) -> None:
        super().__init__()
        self.scale = scale
        self.generator = DictionaryGenerator(atoms, scale, leaky=leaky)
        self.encoder = CodeEncoder(atoms, scale)
        self.extractor = FeatureExtractor(filters)
        self.predictor = Predictor(filters, atoms)
        kernel = (2, 2, 2) if complement == "literal" else tuple(2 if s > 1 else 1 for s in scale)
        self.complement = nn.Sequential(nn.Conv3d(atoms, atoms, kernel), nn.ReLU(), nn.Conv3d(atoms, atoms, 1))
        self.fuse = nn.Conv3d(2, 1, FUSE, padding=tuple(FUSE // 2 if s == 1 else 0 for s in scale))
        self.base = CubicUpsample(scale[2]) if residual else None
        self.multiple = self.extractor.multiple
        self.memory = 8 * (atoms + filters) // scale[2] + 8
        self.shuffling, self.fresh = False, True
        self.register_buffer("noise", self.generator.noise())
        self.register_buffer("dictionary", torch.zeros(1, atoms, *scale))
        self.register_buffer("code", torch.zeros(1, atoms, 1, 1, 1))

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        dictionary, code = self.grown() if self.training else (self.dictionary, self.code)
        coefficients = self.coefficients(low, code)
        detail = self.reconstruct(coefficients, dictionary)
        return detail if self.base is None else self.base(low) + detail

    def folded(self, kind: torch.dtype = torch.float32) -> Callable[[torch.Tensor], torch.Tensor]:
        """The same function in evaluation, in less time on a processor; its detail in precision `kind`."""
        from .folded import folded

        return folded(self, kind)

    def coefficients(self, low: torch.Tensor, code: torch.Tensor) -> torch.Tensor:
        """M, (b, atoms, x, y, z): at least zero, summing to one over the atoms."""
        return self.predictor(self.extractor(low), code)

    def grown(self) -> tuple[torch.Tensor, torch.Tensor]:
        """A dictionary, one for the whole batch, and the codes of its atoms."""
        dictionary = self.generator(self.generator.noise() if self.training and self.fresh else self.noise)
        if self.training and self.shuffling:
            order = torch.randperm(dictionary.shape[1])  # drawn on the CPU: the same on every device
            dictionary = dictionary[:, order.to(dictionary.device, non_blocking=True)]
        return dictionary, self.encoder(dictionary)

    @torch.no_grad()
    def store(self) -> None:
        """Keep the dictionary that grows from the network's own draw of noise: evaluation uses it from now on."""
        training = self.training
        dictionary, code = self.eval().grown()
        self.train(training)
        self.dictionary.copy_(dictionary)
        self.code.copy_(code)

    def reconstruct(self, coefficients: torch.Tensor, dictionary: torch.Tensor) -> torch.Tensor:
        """Mix atoms by M; where atoms meet, fuse with the mix of the complementary map M', shifted by half an atom."""
        mixed = _mix(coefficients, dictionary)
        shifted = _mix(torch.softmax(self.complement(coefficients).float(), dim=1), dictionary)
        inside, centre = zip(*(_regions(n, s) for n, s in zip(mixed.shape[2:], self.scale, strict=True)), strict=True)
        cropped = mixed[(..., *inside)]
        missing = [a - b for a, b in zip(cropped.shape[2:], shifted.shape[2:], strict=True)]  # literal: 1 where s = 1
        shifted = nn.functional.pad(shifted, (0, missing[2], 0, missing[1], 0, missing[0]), mode="replicate")
        result = mixed.clone()
        result[(..., *centre)] = self.fuse(torch.cat([cropped, shifted], dim=1)).to(mixed.dtype)
        return result


def _mix(coefficients: torch.Tensor, dictionary: torch.Tensor) -> torch.Tensor:
    """Each low-field voxel becomes the sum of all atoms, weighted by its coefficients."""
    mixed = torch.einsum("bnxyz,nijk->bxiyjzk", coefficients, dictionary[0].to(coefficients.dtype))
    b, x, i, y, j, z, k = mixed.shape
    return mixed.reshape(b, 1, x * i, y * j, z * k)


def _regions(count: int, scale: int) -> tuple[slice, slice]:
    """Along one axis: where M' lies, and where a 5-tap filter of both fits; everything on axes that are not scaled."""
    if scale == 1:
        return slice(None), slice(None)
    first, last = scale // 2, count - (scale - scale // 2)
    return slice(first, last), slice(first + FUSE // 2, last - FUSE // 2)
