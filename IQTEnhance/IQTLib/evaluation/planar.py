"""The 2-D protocol on mid-slices: how slices are blurred, sampled and scored, and the two references.

A slice (x, y) is handled as a volume (x, y, 1), so that methods and operators are those of volumes.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..errors import InputError, reason
from ..io.reading import check_memory, in_words, open_regular
from ..physics.sampling import Sampling

SIGMA = 1.0  # pixels, of the Gaussian blur
SHARPNESS = -0.75  # of the cubic kernel: OpenCV's
WHITE = 255.0
SMALLEST = 16  # pixels: twice the window of SSIM
FACTORS = (2, 4)
MID_SLICES = "ixi-t2-midslices-{}.npz"
MOST = 2**30  # bytes of slices; all 578 of IXI take 38 million


@dataclass(frozen=True, eq=False)
class Slices:
    """`images`, uint8 (n, x, y), and the subjects they are of."""

    images: np.ndarray
    subjects: tuple[str, ...]


def read_slices(folder: Path, split: str = "test") -> Slices:
    """The slices of one split, from `ixi-t2-midslices-SPLIT.npz` in `folder` (arrays `images` and `subjects`).

    Raises:
        InputError: the file is missing or damaged, or does not hold one image per subject, which is not blank.
    """
    path = Path(folder) / MID_SLICES.format(split)
    try:
        with open_regular(path) as file, np.load(file, allow_pickle=False) as content:
            size = sum(entry.file_size for entry in content.zip.infolist())
            if size > MOST:
                raise InputError(f"{path} would unpack to {in_words(size)}: these are no mid-slices")
            check_memory(size, f"reading {path}")
            images, subjects = content["images"], content["subjects"]
    except FileNotFoundError:
        raise InputError(f"{path} is missing: name the folder that holds it (see docs/howto/experiments.md)") from None
    except InputError:
        raise
    except Exception as error:  # each way of packing has errors of its own for what is damaged
        raise InputError(
            f"{path} holds no slices: arrays `images` and `subjects` are needed ({reason(error)})"
        ) from None
    if images.ndim != 3 or images.dtype != np.uint8 or len(images) != len(subjects) or not len(images):
        raise InputError(f"{path}: images {images.shape} of {images.dtype} and {len(subjects)} subjects do not fit")
    blank = images.min(axis=(1, 2)) == images.max(axis=(1, 2)) if images.size else np.ones(1, bool)
    if blank.any():
        raise InputError(f"{path}: {np.count_nonzero(blank)} of {len(images)} images are blank: leave them out")
    return Slices(images, tuple(str(subject) for subject in subjects))


def slices_digest(folder: Path, split: str = "test") -> str:
    """Hash of the images and subjects of a split."""
    slices = read_slices(folder, split)
    return hashlib.sha256(slices.images.tobytes() + repr(slices.subjects).encode()).hexdigest()


def degradation(shape: tuple[int, int], factor: int) -> Sampling:
    """A Gaussian blur of sigma 1 with reflected edges (scipy's), then the mean over `factor` x `factor` pixels.

    Raises:
        InputError: the factor is not 2 to 8, or the image is too small or not a multiple of it.
    """
    if not 2 <= factor <= 8:
        raise InputError(f"scale {factor}: choose 2 to 8")
    matrices = []
    for count in shape:
        if count < SMALLEST or count % factor:
            raise InputError(
                f"an image of {shape[0]} x {shape[1]} pixels at scale {factor}: "
                f"each side must be a multiple of {factor} of at least {SMALLEST}"
            )
        matrices.append(blur(count).reshape(count // factor, factor, count).mean(axis=1))
    return Sampling((*matrices, np.ones((1, 1))))


def blur(count: int) -> np.ndarray:
    """The protocol's Gaussian blur along an axis of `count` pixels, (count, count)."""
    from scipy.ndimage import gaussian_filter1d  # slow to import, and menus do not need it

    return gaussian_filter1d(np.eye(count), SIGMA, axis=0, mode="reflect", truncate=4.0)


def bicubic(factor: int, counts: tuple[int, int]) -> Sampling:
    """Enlarging by `factor` as OpenCV's INTER_CUBIC does: Keys' kernel, half-pixel centres, edges repeated."""
    return Sampling((*(_keys_matrix(count, factor) for count in counts), np.ones((1, 1))))


@lru_cache(maxsize=8)
def _keys_matrix(count: int, factor: int) -> np.ndarray:
    where = (np.arange(count * factor) + 0.5) / factor - 0.5
    base = np.floor(where).astype(int)
    matrix = np.zeros((len(where), count))
    for tap in range(-1, 3):
        distance = np.abs(where - (base + tap))
        near = (SHARPNESS + 2) * distance**3 - (SHARPNESS + 3) * distance**2 + 1
        far = SHARPNESS * (distance**3 - 5 * distance**2 + 8 * distance - 4)
        np.add.at(
            matrix,
            (np.arange(len(where)), np.clip(base + tap, 0, count - 1)),
            np.where(distance <= 1, near, np.where(distance < 2, far, 0)),
        )
    return matrix


def landweber(sampling: Sampling, low: np.ndarray, start: np.ndarray, iterations: int = 100) -> np.ndarray:
    """Gradient steps on |A x - y|^2 from `start`, of length 1 / |A|^2, negative intensities cut off after each."""
    length = np.prod([np.linalg.norm(matrix, 2) for matrix in sampling.matrices]) ** 2
    estimate = start
    for _ in range(iterations):
        estimate = np.maximum(estimate + sampling.adjoint(low - sampling.forward(estimate)) / length, 0)
    return estimate


def scores(truth: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    """PSNR (dB) over the whole image, and SSIM in both published definitions, intensities 0 to 255.

    `ssim`: scikit-image's default, 7 x 7 uniform window, as for bicubic and ELRTV. `ssim_gaussian`: 11 x 11 Gaussian
    window of sigma 1.5, intensities cut to 0 to 255, as torchmetrics has it and the LIIF rows use.
    """
    from skimage.metrics import structural_similarity

    truth, estimate = truth.astype(np.float64), estimate.astype(np.float64)
    shown = np.clip(estimate, 0, WHITE)
    gaussian = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return {
        "psnr": psnr(truth, estimate),
        "ssim": float(structural_similarity(truth, estimate, data_range=WHITE)),
        "ssim_gaussian": float(structural_similarity(truth, shown, data_range=WHITE, **gaussian)),
    }


def psnr(truth: np.ndarray, estimate: np.ndarray) -> float:
    """Peak signal-to-noise ratio over the whole image (dB), intensities 0 to 255."""
    error = float(np.mean((truth.astype(np.float64) - estimate) ** 2))
    return float("inf") if error == 0 else 10 * np.log10(WHITE**2 / error)
