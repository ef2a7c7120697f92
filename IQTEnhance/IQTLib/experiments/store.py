"""Results on disk by content key: JSON rows, arrays and models; each appears by rename when it is whole."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from ..io.files import whole_file


class Store:
    """A folder of results; several processes and machines may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def row(self, key: str) -> dict[str, Any] | None:
        """The row of that key, None when there is none or it cannot be read (then it is made again)."""
        try:
            return json.loads(self._path("rows", key, "json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put_row(self, key: str, row: Mapping[str, Any]) -> None:
        from ..io.files import write_json

        write_json(row, self._path("rows", key, "json"))

    def arrays(self, key: str) -> dict[str, np.ndarray] | None:
        path = self._path("arrays", key, "npz")
        try:
            with np.load(path, allow_pickle=False) as content:
                return dict(content)
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            return None

    def put_arrays(self, key: str, **arrays: np.ndarray) -> None:
        with whole_file(self._path("arrays", key, "npz")) as part:
            np.savez_compressed(part, **arrays)

    def model(self, key: str) -> Path:
        """Folder of a trained model, there or not."""
        return self.folder / "models" / key

    def _path(self, kind: str, key: str, ending: str) -> Path:
        return self.folder / kind / key[:2] / f"{key}.{ending}"
