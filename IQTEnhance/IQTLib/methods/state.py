"""Checks of a method's trained parameters (arrays by name) before it loads them.

A single NaN, a negative variance or a number that overflows half precision gives a volume of NaN or, worse, a volume
that merely looks like a brain. Every `restore` must call `checked_state`.

In 8 bits an array of two or more axes is int8, and NAME.scale, float32, has a factor for each entry along its
first axis, most often output channels. That takes a quarter of float32, and other arrays stay as they are.
"""

from collections.abc import Collection, Mapping

import numpy as np

from ..errors import ModelError

COUNTS = "num_batches_tracked"  # of torch's batch normalisations: the only whole numbers in a state
VARIANCES = "running_var"
SCALE = ".scale"
MOST_8BIT = 127
TINY = float(np.finfo(np.float32).tiny) * MOST_8BIT  # below it an array counts as zero: its factors would be
LARGEST_HALF = float(np.finfo(np.float16).max)


def checked_state(
    state: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]], *, positive: Collection[str] = ()
) -> dict[str, np.ndarray]:
    """The arrays of `state`, converted to float32 where floating-point, if they are exactly those in `shapes`.

    Args:
        shapes: of the arrays that the method needs, by name.
        positive: names of arrays whose every number lies above 0.

    Raises:
        ModelError: arrays are missing, unknown, of the wrong shape or type, not finite, or (variances) negative; arrays
            in 8 bits have no factors that fit them.
    """
    state = _unpacked(state)
    lacking, unknown = _few(set(shapes) - set(state)), _few(set(state) - set(shapes))
    if lacking or unknown:
        found = " and ".join([f"lack {lacking}"] * bool(lacking) + [f"have the unknown {unknown}"] * bool(unknown))
        raise ModelError("the weights {found}: they do not match the method and settings of the card", found=found)
    return {name: _checked(name, np.asarray(state[name]), shapes[name], name in positive) for name in shapes}


def stored(array: np.ndarray, kind: type[np.floating]) -> np.ndarray:
    """`array` in precision `kind`; unchanged if that is half precision and would overflow."""
    if kind is np.float16 and array.size and not np.abs(array).max() <= LARGEST_HALF:
        return array
    return array.astype(kind)


def packed(state: Mapping[str, np.ndarray], kind: type[np.generic]) -> dict[str, np.ndarray]:
    """The float32 arrays of `state` in precision `kind`: float32, float16 or int8, which loses up to half a step of
    1/127 of a channel's largest number; all others unchanged."""
    found: dict[str, np.ndarray] = {}
    for name, array in state.items():
        if array.dtype != np.float32:
            found[name] = array
        elif issubclass(kind, np.floating):
            found[name] = stored(array, kind)
        elif array.ndim < 2:
            found[name] = array
        else:
            largest = np.abs(array).max(axis=tuple(range(1, array.ndim)), initial=0)
            scale = np.where(largest < TINY, 1, largest / MOST_8BIT).astype(np.float32)
            with np.errstate(invalid="ignore"):  # what is not finite gives a scale that is refused
                found[name] = np.rint(array / _over(scale, array)).astype(np.int8)
            found[name + SCALE] = scale
    return found


def _unpacked(state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """`state` with the arrays that are in 8 bits as float32."""
    found = {name: np.asarray(array) for name, array in state.items()}
    for name in [name for name, array in found.items() if array.dtype == np.int8 and array.ndim > 1]:
        scale = found.pop(name + SCALE, np.empty(0))
        if scale.shape != found[name].shape[:1] or scale.dtype != np.float32 or (scale <= 0).any():
            raise ModelError(
                "the weights have {name} in 8 bits without factors that fit it: they are damaged", name=name
            )
        with np.errstate(invalid="ignore"):  # refused when it is checked
            found[name] = found[name] * _over(scale.astype(np.float32), found[name])
    return found


def _over(scale: np.ndarray, array: np.ndarray) -> np.ndarray:
    """Factors for the first axis of `array`, in a shape that spreads over it."""
    return scale.reshape(-1, *(1,) * (array.ndim - 1))


def _few(names: Collection[str], most: int = 3) -> str:
    listed = ", ".join(sorted(names)[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def _checked(name: str, array: np.ndarray, shape: tuple[int, ...], positive: bool) -> np.ndarray:
    if array.shape != shape:
        raise ModelError(
            "the weights have {name} of shape {shape}, but the card requires {shape2}",
            name=name,
            shape=array.shape,
            shape2=shape,
        )
    counts = name.endswith(COUNTS)
    if array.dtype.kind not in ("iu" if counts else "f"):
        kind = "whole" if counts else "real"
        raise ModelError(
            "the weights have {name} of type {dtype}: expected {kind} numbers", name=name, dtype=array.dtype, kind=kind
        )
    if counts:
        return array
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if bad := array.size - np.count_nonzero(np.isfinite(array)):
        raise ModelError(
            "the weights have {bad} values in {name} that are not finite: they are damaged", bad=bad, name=name
        )
    if name.endswith(VARIANCES) and array.size and array.min() < 0:
        raise ModelError(
            "the weights have a variance of {least:g} in {name}: they are damaged", least=array.min(), name=name
        )
    if positive and not np.all(array > 0):
        raise ModelError(
            "the weights have {least:g} in {name}, which must be above 0: they are damaged",
            least=array.min(),
            name=name,
        )
    return array
