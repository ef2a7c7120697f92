"""Compute devices as seen by the worker's torch. The query takes seconds, so a worker does it, not Slicer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Process import Runner
from .WorkerJob import WorkerJob

GIBIBYTE = 2**30


@dataclass(frozen=True)
class DeviceEntry:
    """A choice of the device menu."""

    name: str
    title: str


ALWAYS = (DeviceEntry("auto", _("Automatic (GPU if there is one)")), DeviceEntry("cpu", _("Processor (CPU)")))


class DevicesJob(WorkerJob):
    """Asks for the devices; `devices` has them, "auto" first, and `remarks` explain problems with GPUs."""

    def __init__(self, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.devices: list[DeviceEntry] = list(ALWAYS)
        self.remarks: list[str] = []

    def prepare(self, folder: Path) -> list[str]:
        return ["devices", "--json"]

    def complete(self, folder: Path) -> None:
        try:
            told = json.loads(self.transcript.foreign[-1])
            self.devices = [ALWAYS[0], *(DeviceEntry(device["name"], _title(device)) for device in told)]
            self.remarks = [_remark(device) for device in told if device.get("remark")]
        except (ValueError, KeyError, TypeError, IndexError):
            raise EnhanceError(*self.transcript.failure(0)) from None


def _title(device: dict[str, Any]) -> str:
    """`"NVIDIA H200 (cuda:0), 130.1 of 139.8 GiB free"`."""
    name = f" ({device['name']})" if device["name"] != "cpu" else ""
    memory = ""
    if device["free"] is not None:
        text = _(", {free:.1f} of {total:.1f} GiB free")
        memory = text.format(free=device["free"] / GIBIBYTE, total=device["total"] / GIBIBYTE)
    return f"{device['title']}{name}{memory}"


def _remark(device: dict[str, Any]) -> str:
    return device["remark"] if device["name"] == "cpu" else f"{device['title']} ({device['name']}): {device['remark']}"
