"""Write gzip files on all processors, as pigz does: what takes most of the time of writing a volume.

Blocks are compressed on their own and end at a byte, so their deflate streams join to one. Neither their size nor the
bytes of the file depend on the number of threads.
"""

import io
import os
import struct
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO

BLOCK = 2**20  # bytes: what a block cannot refer back to in the one before makes files longer by less than 0.1 %
HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x04\xff"  # deflate; no name and no time: reproducible; fastest level; any system


class GzipWriter(io.BufferedIOBase):
    """A stream whose content goes to `file` as gzip; `file` is complete after `close`, which does not close it."""

    def __init__(self, file: BinaryIO, *, level: int = 1) -> None:
        threads = os.cpu_count() or 1
        self._file, self._level, self._most = file, level, 2 * threads
        self._pool = ThreadPoolExecutor(threads)
        self._blocks: deque[Future[bytes]] = deque()  # in work, in their order
        self._block = bytearray()
        self._checksum = self._size = 0
        file.write(HEADER)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def seek(self, position: int, whence: int = io.SEEK_SET, /) -> int:
        """Stay in place, which writers ask for to be sure where they begin; any other place raises."""
        if whence != io.SEEK_SET or position != self._size:
            raise io.UnsupportedOperation("a gzip file is written from its start to its end")
        return position

    def write(self, data: Any, /) -> int:
        self._block += data
        self._checksum, count = zlib.crc32(data, self._checksum), memoryview(data).nbytes
        self._size += count
        while len(self._block) >= BLOCK:
            self._compress(bytes(self._block[:BLOCK]), zlib.Z_SYNC_FLUSH)
            del self._block[:BLOCK]
        return count

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._most = 0
            self._compress(bytes(self._block), zlib.Z_FINISH)
            self._file.write(struct.pack("<LL", self._checksum, self._size % 2**32))
        finally:
            self._pool.shutdown(cancel_futures=True)
            super().close()

    def _compress(self, block: bytes, end: int) -> None:
        self._blocks.append(self._pool.submit(_deflated, block, self._level, end))
        while len(self._blocks) > self._most:
            self._file.write(self._blocks.popleft().result())


def _deflated(block: bytes, level: int, end: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(block) + packer.flush(end)
