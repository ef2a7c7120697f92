"""What a method has learned, as arrays by name: here it is checked before any method takes it over.

A single NaN, a negative variance or a number that half precision cannot hold becomes a volume of NaN, or worse, a
volume that looks like a brain. Every `restore` goes through `checked_state`.
"""

from collections.abc import Collection, Mapping

import numpy as np

from ..errors import ModelError

COUNTS = "num_batches_tracked"  # of torch's batch normalisations: the only whole numbers in a state
VARIANCES = "running_var"
LARGEST_HALF = float(np.finfo(np.float16).max)


def checked_state(
    state: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]], *, positive: Collection[str] = ()
) -> dict[str, np.ndarray]:
    """The arrays of `state`, floating-point ones as float32, when they are all that `shapes` names and nothing else.

    Args:
        shapes: of the arrays that the method needs, by name.
        positive: names of arrays whose every number lies above 0.

    Raises:
        ModelError: arrays are missing, too many, of another shape or type, not finite, or (variances) negative.
    """
    lacking, unknown = _few(set(shapes) - set(state)), _few(set(state) - set(shapes))
    if lacking or unknown:
        found = " and ".join([f"lack {lacking}"] * bool(lacking) + [f"hold the unknown {unknown}"] * bool(unknown))
        raise ModelError(f"the weights {found}: they do not fit the card's method and settings")
    return {name: _checked(name, np.asarray(state[name]), shapes[name], name in positive) for name in shapes}


def stored(array: np.ndarray, kind: type[np.floating]) -> np.ndarray:
    """`array` in the precision `kind`; as it is when that is half and one of its numbers is too large for it."""
    if kind is np.float16 and array.size and not np.abs(array).max() <= LARGEST_HALF:
        return array
    return array.astype(kind)


def _few(names: Collection[str], most: int = 3) -> str:
    listed = ", ".join(sorted(names)[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def _checked(name: str, array: np.ndarray, shape: tuple[int, ...], positive: bool) -> np.ndarray:
    if array.shape != shape:
        raise ModelError(f"the weights hold {name} of shape {array.shape}, the card asks for {shape}")
    counts = name.endswith(COUNTS)
    if array.dtype.kind not in ("iu" if counts else "f"):
        raise ModelError(f"the weights hold {name} of type {array.dtype}: {'whole' if counts else 'real'} numbers fit")
    if counts:
        return array
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if bad := array.size - np.count_nonzero(np.isfinite(array)):
        raise ModelError(f"the weights hold {bad} values in {name} that are not finite: they are damaged")
    if name.endswith(VARIANCES) and array.size and array.min() < 0:
        raise ModelError(f"the weights hold a variance of {array.min():g} in {name}: they are damaged")
    if positive and not np.all(array > 0):
        raise ModelError(f"the weights hold {array.min():g} in {name}, which must be above 0: they are damaged")
    return array
