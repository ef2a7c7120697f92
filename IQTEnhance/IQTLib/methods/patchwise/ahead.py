"""The next piece of work is prepared in a thread while the one before is used.

A module of its own, for it knows nothing of patches.
"""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(work: Callable[[T], R], items: Iterable[T]) -> Generator[R, None, None]:
    """`work` of each item, in order: one is computed ahead. An error is raised where its result would have come."""
    with ThreadPoolExecutor(1) as pool:
        following = None
        for item in items:
            current, following = following, pool.submit(work, item)
            if current is not None:
                yield current.result()
        if following is not None:
            yield following.result()
