"""The contrast of an MR scan by the timing of its sequence, from DICOM elements or a BIDS sidecar.

For scans whose name and series description say nothing. It names only contrasts that a result keeps; T1w, which gets
another contrast, is for names and voxels to tell: at low field, short times of spin echoes do not make T1w.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .reading import read_json

ELEMENTS = ("ScanningSequence", "RepetitionTime", "EchoTime", "InversionTime")
LONG_ECHO, SHORT_ECHO = 60.0, 30.0  # ms: T2 weighting, none
FLUID_DARK = 1000.0  # ms, inversion time from which a long echo is a FLAIR: 1400 at 64 mT, 1700 to 2800 at 3 T
LONG_REPETITION = 1800.0  # ms, of spin echoes
STAR_ECHO = 12.0  # ms, of gradient echoes
LONGEST = 60_000.0  # ms: longer times are in another unit


def weighting(kinds: Sequence[str], repetition: float, echo: float, inversion: float) -> str:
    """The modality (T2w, FLAIR, T2starw, PDw) that a sequence weights, or "" where that is open or may be T1w.

    Args:
        kinds: values of DICOM's ScanningSequence (SE, IR, GR, EP, RM). repetition, echo, inversion: ms; 0 is unknown.
    """
    if "EP" in kinds or echo <= 0 or max(repetition, 10 * echo, inversion) > LONGEST:  # EP: diffusion, function
        return ""
    if inversion > 0 or "IR" in kinds:
        return "FLAIR" if echo >= LONG_ECHO and inversion >= FLUID_DARK else ""
    if "GR" in kinds:
        return "T2starw" if "SE" not in kinds and echo >= STAR_ECHO else ""
    if "SE" not in kinds or repetition < LONG_REPETITION:
        return ""
    return "T2w" if echo >= LONG_ECHO else "PDw" if echo < SHORT_ECHO else ""


def weighting_of(header: Callable[[str], Any], *, unit: float = 1.0) -> str:
    """`weighting` of a header's elements; `unit` is that of its times in ms (BIDS: seconds). "" if one is damaged."""
    try:
        kinds, *values = map(header, ELEMENTS)
    except Exception:  # pydicom has no common error for damaged elements
        return ""
    text = kinds if isinstance(kinds, str) else " ".join(map(str, kinds)) if isinstance(kinds, Sequence) else ""
    repetition, echo, inversion = (_time(value) * unit for value in values)
    return weighting(re.findall("[A-Z]+", text.upper()), repetition, echo, inversion)


def of_sidecar(path: Path) -> tuple[str, str]:
    """What the JSON file that converters write beside a volume says: the series' description, and `weighting`.
    Both are "" if it is not there or says nothing."""
    told: Any = None
    with suppress(OSError, ValueError):
        told = read_json(path)
    if not isinstance(told, Mapping):
        return "", ""
    return str(told.get("SeriesDescription") or ""), weighting_of(told.get, unit=1000.0)


def _time(value: Any) -> float:
    with suppress(TypeError, ValueError, OverflowError):
        told = float(value)
        return max(told, 0.0) if math.isfinite(told) else 0.0
    return 0.0
