"""Follow a job from Slicer by polling its events; the job is not aware of it."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from IQTEnhanceLib.Sentences import spoken
from IQTLib.jobs.folder import Job
from IQTLib.jobs.state import Status
from slicer.i18n import tr as _

INTERVAL = 500  # ms between two looks

Event = Mapping[str, Any]


class JobFollower:
    """Reads a job's events from the beginning, whichever program started it; `failure` is the error that ended it.

    Args:
        onEvent: receives each event. onChange: is called after each look that found something new.
        onEnd: is called once, when the job is over.
    """

    def __init__(
        self,
        job: Job,
        *,
        onEvent: Callable[[Event], None] = lambda event: None,
        onChange: Callable[["JobFollower"], None] = lambda follower: None,
        onEnd: Callable[["JobFollower"], None] = lambda follower: None,
    ) -> None:
        self.job = job
        self.status: Status = job.status()
        self.curves: dict[str, dict[int, float]] = {}
        self.sliceFile = ""
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self.failure = ""
        self.results: list[dict[str, Any]] = []
        self._onEvent, self._onChange, self._onEnd = onEvent, onChange, onEnd
        self._offset = 0
        self._timer = None
        self._ended = False

    @property
    def test(self) -> list[dict[str, Any]]:
        """Rows of scores on held-out subjects, once the job has reported them."""
        return next((result["test"] for result in reversed(self.results) if "test" in result), [])

    def start(self) -> "JobFollower":
        """Poll every half second until the job has ended."""
        import qt

        self._timer = qt.QTimer()
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()
        return self

    def stop(self) -> None:
        """Stop polling; the job continues."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def look(self) -> None:
        """Read what is new."""
        status = self.job.status()  # first: what was said before the end is then in the file
        events, self._offset = self.job.events(self._offset)
        for event in events:
            self._take(spoken(event))
        changed = bool(events) or (status.state, status.progress) != (self.status.state, self.status.progress)
        self.status = status
        if changed:
            self._tell(self._onChange)
        if status.over and not self._ended:
            self._ended = True
            self.stop()
            self._tell(self._onEnd)

    def wait(self) -> Status:
        """Poll until the job has ended; this blocks Slicer."""
        import time

        while not self.status.over or not self._ended:
            self.look()
            time.sleep(0.1)
        return self.status

    def _take(self, event: Event) -> None:
        kind, data = event["kind"], event.get("data", {})
        if kind == "metrics":
            step = int(event.get("done") or 0)
            for name, value in data.items():
                if isinstance(value, (int, float)):
                    self.curves.setdefault(name, {})[step] = float(value)
            self.sliceFile = str(data.get("volume", self.sliceFile))
        elif kind == "result":
            self.results.append(data)
        elif kind == "warning":
            self.warnings.append(str(event["message"]))
        elif kind == "error":
            self.failure = str(event["message"])
        if kind != "metrics":
            told = _("Warning: {message}") if kind == "warning" else "{message}"
            self.messages.append(told.format(message=event["message"]))
        try:
            self._onEvent(event)
        except Exception:
            logging.exception("IQTTraining")

    def _tell(self, listener: Callable[["JobFollower"], None]) -> None:
        try:
            listener(self)
        except Exception:  # a panel that fails to draw must not keep the job from being followed
            logging.exception("IQTTraining")
