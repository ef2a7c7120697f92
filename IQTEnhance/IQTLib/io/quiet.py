"""Libraries that read images, kept quiet; a module of its own because readers of NIfTI and of DICOM use it."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what libraries remark about odd headers: whatever matters is raised as an error."""
    loggers = [logging.getLogger(name) for name in ("nibabel.global", "pydicom")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
