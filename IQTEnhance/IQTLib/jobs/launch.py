"""Start a job's process so that it outlives the program that starts it."""

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..errors import OutputError
from .folder import LOG, Job


def launch(
    job: Job, *, python: Sequence[str] = (sys.executable,), environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `python -m IQTLib --job FOLDER ...`, apart from this process and its terminal; returns at once.

    Raises:
        OutputError: the program does not exist, or the job's folder is not writable.
    """
    asked = job.asked_at
    command = [*python, "-m", "IQTLib", "--job", str(job.folder), *job.request.arguments]
    try:
        with (job.folder / LOG).open("ab") as log:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=job.folder, **_apart()
            )
    except OSError as error:
        raise OutputError(
            "{command} cannot be started for {folder}: {why}",
            command=command[0],
            folder=job.folder,
            why=error.strerror or error,
        ) from error
    threading.Thread(target=_see_off, args=(process, job, asked), daemon=True).start()
    return process


def _see_off(process: subprocess.Popen[bytes], job: Job, asked: float) -> None:
    """Reap the process, and report it if it ended without a message.

    By then the job may have been restarted, so the report names the attempt.
    """
    code = process.wait()
    with suppress(OSError):
        job.never_began(f"its process ended with code {code}", asked)


def _apart() -> dict[str, Any]:
    """Detach the job: neither the end of this process nor its Ctrl-C reaches it."""
    if sys.platform != "win32":
        return {"start_new_session": True}
    hidden = subprocess.STARTUPINFO()
    hidden.dwFlags, hidden.wShowWindow = subprocess.STARTF_USESHOWWINDOW, subprocess.SW_HIDE
    return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP, "startupinfo": hidden}
