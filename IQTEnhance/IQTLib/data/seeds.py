"""Random draws that depend on the subject, never on a position in a list.

If other subjects are added, excluded or reordered, a subject's scans, noise and patches stay identical to the last bit.
A module of its own because data, evaluation and training all seed through it.
"""

import hashlib
import json

import numpy as np


def words(*parts: int | str) -> list[int]:
    """Eight 32-bit numbers derived from `parts`, such as a seed and a subject: entropy for NumPy, equal on all
    machines.

    Neighbouring seeds and similar names give unrelated numbers.
    """
    text = json.dumps([part if isinstance(part, str) else int(part) for part in parts])
    return np.frombuffer(hashlib.sha256(text.encode()).digest(), "<u4").tolist()


def generator(*parts: int | str) -> np.random.Generator:
    """A generator seeded by `parts`."""
    return np.random.default_rng(words(*parts))
