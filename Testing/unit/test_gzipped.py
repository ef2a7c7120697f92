"""Gzip files from several threads: whole, reproducible, and honest about a full disk."""

import errno
import gzip
import io
import os
import threading

import numpy as np
import pytest
from IQTLib.io import gzipped
from IQTLib.io.gzipped import BLOCK, GzipWriter


def packed(content: bytes, *, piece: int = 300_000) -> bytes:
    file = io.BytesIO()
    with GzipWriter(file) as stream:
        for first in range(0, len(content), piece):
            stream.write(content[first : first + piece])
        assert stream.tell() == len(content)
    return file.getvalue()


def mixed(size: int) -> bytes:
    """Half of it repeats itself, half does not."""
    rng = np.random.default_rng(0)
    return (rng.bytes(size // 2 + 1) + b"brain" * (size // 10 + 1))[:size]


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7])
def test_what_was_written_is_read_and_the_checksum_holds(size):
    assert gzip.decompress(packed(mixed(size))) == mixed(size)


def test_files_are_hardly_larger_than_those_of_one_stream():
    content = np.random.default_rng(0).standard_normal(3 * BLOCK // 4).astype(np.float32).tobytes()
    assert len(packed(content)) < 1.002 * len(gzip.compress(content, 1))


def test_bytes_depend_neither_on_threads_nor_on_how_the_content_came(monkeypatch):
    content = mixed(4 * BLOCK + 5)
    files = set()
    for threads, piece in ((1, BLOCK), (2, 1000_000), (7, 3 * BLOCK)):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        files.add(packed(content, piece=piece))
    assert len(files) == 1


def test_blocks_in_work_are_few_however_much_is_written(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    file = io.BytesIO()
    with GzipWriter(file) as stream:
        stream.write(bytes(50 * BLOCK))
        assert len(stream._blocks) <= 4


def test_writers_begin_where_they_are_and_nowhere_else():
    with GzipWriter(io.BytesIO()) as stream:
        stream.write(b"abc")
        assert stream.seek(3) == 3
        with pytest.raises(io.UnsupportedOperation):
            stream.seek(0)


class Full(io.BytesIO):
    """A disk that is full after the header."""

    def write(self, data) -> int:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("size", [10, 20 * BLOCK])
def test_a_full_disk_is_told_and_leaves_no_thread(size):
    before = threading.active_count()
    with pytest.raises(OSError, match="No space left"), GzipWriter(Full()) as stream:
        stream.write(mixed(size))
    assert threading.active_count() == before


def test_compression_runs_in_the_threads(monkeypatch):
    names, whole = set(), gzipped._deflated

    def noted(*given):
        names.add(threading.current_thread().name)
        return whole(*given)

    monkeypatch.setattr(gzipped, "_deflated", noted)
    packed(mixed(6 * BLOCK))
    assert threading.main_thread().name not in names
