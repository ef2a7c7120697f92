"""Killed at any moment, a writer leaves the old or the new result; the next start finishes or clears its remains.

The first kills are exhaustive: a process kills itself at its first system call that Python tells of, another one at
the second, and so on until one lives to the end. The others come at random moments from outside.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from IQTLib.errors import ExistsError, OutputError
from IQTLib.io import files
from IQTLib.io.files import SCRATCH, check_output, heal, refuse_sources, whole_file, whole_folder
from IQTLib.io.folders import folders_below
from IQTLib.io.locks import FileLock

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and forks of Unix")

WRITER = """
import json, os, signal, sys
from pathlib import Path
from IQTLib.io.files import whole_file, whole_folder

def write(kind, target, text, overwrite=True):
    if kind == "file":
        with whole_file(target, overwrite=overwrite) as part:
            part.write_text(text[:3])
            part.write_text(text)
        return
    with whole_folder(target, overwrite=overwrite) as folder:
        for name in ("a", "b"):
            (folder / name).write_text(text)
"""
EXHAUSTIVE = (
    WRITER
    + """
def kill_at(number):
    count = 0
    def hook(event, arguments):
        nonlocal count
        if event.startswith(("os.", "shutil.")) or event in ("open", "fcntl.flock"):
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

kind, folder, overwrite = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "overwrite"
for number in range(1, 500):
    place = folder / str(number)
    place.mkdir()
    if overwrite and kind == "file":
        (place / "result").write_text("older")
    elif overwrite:
        (place / "result").mkdir()
        for name in ("a", "b"):
            (place / "result" / name).write_text("older")
    child = os.fork()
    if not child:
        kill_at(number)
        write(kind, place / "result", "newer", overwrite)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(number)
        break
"""
)
ENDLESS = (
    WRITER
    + """
number = 0
while True:
    number += 1
    write(sys.argv[1], Path(sys.argv[2]), f"{number:d}".zfill(2000))
    print("written", flush=True)
"""
)


def started(code: str, *arguments, **options) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(Path(files.__file__).parents[1])}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)


def content(target: Path) -> set[str] | None:
    """What a result says; one text if it is whole, None if there is none."""
    if target.is_dir():
        assert sorted(path.name for path in target.iterdir()) == ["a", "b"]
        return {path.read_text() for path in target.iterdir()}
    return {target.read_text()} if target.exists() else None


def remains(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(SCRATCH)]


@pytest.mark.parametrize("overwrite", ["overwrite", "new"])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_killed_at_any_system_call_the_old_or_the_new_result_is_there(tmp_path, kind, overwrite):
    with started(EXHAUSTIVE, kind, tmp_path, overwrite) as process:
        survived = int(process.communicate()[0])
    assert survived > 15
    seen, healed = [], 0
    for number in range(1, survived + 1):
        folder = tmp_path / str(number)
        healed += bool(remains(folder))
        heal(folder)
        seen.append(content(folder / "result"))
        assert remains(folder) == []
    old, new = ({"older"} if overwrite == "overwrite" else None), {"newer"}
    first_new = seen.index(new)
    assert all(found == old for found in seen[:first_new])
    assert all(found == new for found in seen[first_new:])
    assert healed > survived / 2


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_killed_at_random_moments_a_result_is_whole(tmp_path, kind):
    moments = random.Random(13)
    target = tmp_path / "result"
    for _ in range(6):
        with started(ENDLESS, kind, target) as process:
            process.stdout.readline()
            time.sleep(moments.uniform(0.01, 0.05))
            process.send_signal(signal.SIGKILL)
        check_output(target, overwrite=True)  # how every command begins
        assert remains(tmp_path) == []
        found = content(target)
        assert found is not None
        assert len(found) == 1
        assert len(found.pop()) == 2000


def test_what_another_process_is_writing_is_not_healed_away(tmp_path):
    code = WRITER + "\nwith whole_file(Path(sys.argv[1])) as part:\n print(part, flush=True)\n input()\n part.touch()"
    with started(code, tmp_path / "result", stdin=subprocess.PIPE) as process:
        part = Path(process.stdout.readline().strip())
        heal(tmp_path)
        assert part.parent.is_dir()
        process.communicate("\n")
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_a_disk_that_keeps_open_files_keeps_no_scratch_folder(tmp_path, monkeypatch):
    """As a network disk, where a deleted file stays under another name until it is closed."""
    locks, take, rmtree = [], FileLock.take, shutil.rmtree
    monkeypatch.setattr(FileLock, "take", lambda lock, *given: locks.append(lock) or take(lock, *given))
    monkeypatch.setattr(shutil, "rmtree", lambda *given, **how: any(k._file for k in locks) or rmtree(*given, **how))
    for number in range(3):
        with whole_file(tmp_path / f"{number}") as part:
            part.touch()
    assert len(locks) >= 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]


def test_half_written_volumes_are_not_found_as_scans(tmp_path):
    with whole_file(tmp_path / "sub-01_T1w.nii.gz") as part:
        part.touch()
        assert folders_below(tmp_path) == [tmp_path]


# One new name, several writers


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_of_several_writers_of_one_new_result_exactly_one_succeeds(tmp_path, monkeypatch, kind, links):
    if not links:

        def refused(*_):
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "link", refused)
    target, together, won, lost = tmp_path / "result", threading.Barrier(8), [], []

    def write(text: str) -> None:
        try:
            if kind == "file":
                with whole_file(target, overwrite=False) as part:
                    part.write_text(text)
                    together.wait()
            else:
                with whole_folder(target, overwrite=False) as folder:
                    (folder / "a").write_text(text)
                    together.wait()
            won.append(text)
        except ExistsError as error:
            lost.append(str(error))

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(lost) == 7
    assert all("another program has just written" in text for text in lost)
    assert (target if kind == "file" else target / "a").read_text() == won[0]
    assert remains(tmp_path) == []


def test_several_writers_may_overwrite_one_folder_and_the_last_one_stays(tmp_path):
    def write(number: int) -> None:
        for _ in range(20):
            with whole_folder(tmp_path / "result") as folder:
                for name in ("a", "b"):
                    (folder / name).write_text(str(number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(content(tmp_path / "result")) == 1
    assert remains(tmp_path) == []


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").touch()
    (tmp_path / "result").symlink_to("elsewhere")
    with whole_folder(tmp_path / "result") as folder:
        (folder / "a").touch()
    assert not (tmp_path / "result").is_symlink()
    assert (tmp_path / "elsewhere" / "kept").exists()


def test_a_name_that_is_a_link_to_nowhere_is_taken(tmp_path):
    (tmp_path / "result").symlink_to("nowhere")
    with pytest.raises(ExistsError, match="exists already"):
        check_output(tmp_path / "result")


@pytest.mark.parametrize("link", [os.link, os.symlink, None], ids=["hard link", "link", "itself"])
def test_an_input_is_no_target_by_whatever_name(tmp_path, link):
    scan, target = tmp_path / "scan", tmp_path / "target"
    scan.touch()
    if link:
        link(scan, target)
    with pytest.raises(OutputError, match="is also an input"):
        refuse_sources([tmp_path / "new", target if link else tmp_path / "." / "scan"], [tmp_path / "other", scan])


def test_a_disk_without_locks_can_be_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr("IQTLib.io.locks._locked", lambda file: False)
    with whole_file(tmp_path / "result") as part:
        part.touch()
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_the_note_of_a_scratch_folder_cannot_point_outside_it(tmp_path):
    scratch = tmp_path / "inner" / f"{SCRATCH}forged"
    (scratch / "new").mkdir(parents=True)
    (scratch / "target").write_text("../outside")
    heal(tmp_path / "inner")
    assert not (tmp_path / "outside").exists()
    assert remains(tmp_path / "inner") == []
