"""The contrast of an MR scan by the timing of its sequence, from DICOM elements or a BIDS sidecar.

For scans whose name and series description say nothing. Only combinations that leave no doubt are named, at low field
too, where inversion times are shorter; gradient echoes with a short echo may be T1w or angiography, for example.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .reading import read_json

ELEMENTS = ("ScanningSequence", "RepetitionTime", "EchoTime", "InversionTime")
LONG_ECHO, SHORT_ECHO = 60.0, 30.0  # ms: T2 weighting, none
FLUID_DARK = 1000.0  # ms, inversion time from which a long echo is a FLAIR: 1400 at 64 mT, 1700 to 2800 at 3 T
GREY_DARK = (250.0, 1400.0)  # ms, inversion times of T1w: 300 at 64 mT, 700 to 1200 at 3 T
SHORT_REPETITION, LONG_REPETITION = 1000.0, 1800.0  # ms, of spin echoes
STAR_ECHO = 12.0  # ms, of gradient echoes


def weighting(kinds: Sequence[str], repetition: float, echo: float, inversion: float) -> str:
    """The modality (T1w, T2w, FLAIR, T2starw, PDw) that a sequence weights, or "" where that is open.

    Args:
        kinds: values of DICOM's ScanningSequence (SE, IR, GR, EP, RM). repetition, echo, inversion: ms; 0 is unknown.
    """
    if "EP" in kinds or echo <= 0 or ("IR" in kinds and inversion <= 0):  # EP: diffusion, function
        return ""
    if inversion > 0:
        if echo >= LONG_ECHO:
            return "FLAIR" if inversion >= FLUID_DARK else ""
        return "T1w" if echo < SHORT_ECHO and GREY_DARK[0] <= inversion <= GREY_DARK[1] else ""
    if "GR" in kinds:
        return "T2starw" if "SE" not in kinds and echo >= STAR_ECHO else ""
    if "SE" not in kinds or repetition <= 0:
        return ""
    if repetition >= LONG_REPETITION:
        return "T2w" if echo >= LONG_ECHO else "PDw" if echo < SHORT_ECHO else ""
    return "T1w" if repetition <= SHORT_REPETITION and echo < SHORT_ECHO else ""


def weighting_of(header: Callable[[str], Any], *, unit: float = 1.0) -> str:
    """`weighting` of a header's elements; `unit` is that of its times in ms (BIDS has seconds)."""
    kinds = header("ScanningSequence")
    if isinstance(kinds, str):
        kinds = kinds.replace("\\", " ").replace("_", " ").split()
    words = map(str, kinds) if isinstance(kinds, Sequence) else ()
    times = [_time(header(f"{name}Time")) * unit for name in ("Repetition", "Echo", "Inversion")]
    return weighting(tuple(words), *times)


def of_sidecar(path: Path) -> tuple[str, str]:
    """What the JSON file that converters write beside a volume says: a text with the series' names, and `weighting`.
    Both are "" if it is not there or says nothing."""
    told: Any = None
    with suppress(OSError, ValueError):
        told = read_json(path)
    if not isinstance(told, Mapping):
        return "", ""
    names = [str(told.get(name) or "") for name in ("SeriesDescription", "ProtocolName")]
    return " ".join(names).strip(), weighting_of(told.get, unit=1000.0)


def _time(value: Any) -> float:
    with suppress(TypeError, ValueError):
        return max(float(value), 0.0)
    return 0.0
