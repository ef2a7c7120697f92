"""Files appear whole or not at all, whatever goes wrong; running work tells of itself and stops when asked."""

import errno
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IQTLib import events
from IQTLib.errors import CancelledError, OutputError
from IQTLib.events import SILENT, Event, Reporter, json_lines
from IQTLib.io.files import check_output, whole_file, whole_folder

FULL_DISK = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
FAILURES = [RuntimeError("broken"), KeyboardInterrupt(), SystemExit(1), CancelledError("stopped"), FULL_DISK]


def fails_with(failure):
    """What a front end sees: a full disk as `OutputError`, everything else as it was."""
    return pytest.raises(OutputError if isinstance(failure, OSError) else type(failure))


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# One file


def test_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "er" / "result.nii.gz"
    with whole_file(path) as part:
        part.write_text("half")
        assert not path.exists()
        part.write_text("whole")
    assert path.read_text() == "whole"
    assert everything_in(path.parent) == ["result.nii.gz"]


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_failure_leaves_nothing_behind(tmp_path, failure):
    with fails_with(failure), whole_file(tmp_path / "result.nii") as part:
        part.write_text("half")
        raise failure
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_failure_keeps_the_older_file(tmp_path, failure):
    path = tmp_path / "result.nii"
    path.write_text("older")
    with fails_with(failure), whole_file(path) as part:
        part.write_text("half")
        raise failure
    assert path.read_text() == "older"
    assert everything_in(tmp_path) == ["result.nii"]


def test_full_disk_is_reported_in_words(tmp_path):
    with pytest.raises(OutputError, match="No space left on device"), whole_file(tmp_path / "result.nii"):
        raise FULL_DISK


def test_replacing_is_atomic(tmp_path):
    """Whoever has the older file open keeps it whole, and its name never vanishes."""
    path = tmp_path / "result.nii"
    path.write_text("older")
    with path.open() as reader:
        with whole_file(path) as part:
            part.write_text("newer")
            assert path.read_text() == "older"
        assert reader.read() == "older"
    assert path.read_text() == "newer"


def test_temporary_file_has_the_same_name_so_that_writers_know_the_format(tmp_path):
    with whole_file(tmp_path / "result.nii.gz") as part:
        assert part.name == "result.nii.gz"
        assert part.is_relative_to(tmp_path)  # the same disk: a rename, not a copy
        part.touch()


def test_temporary_files_of_two_writers_do_not_meet(tmp_path):
    with whole_file(tmp_path / "result.nii") as one, whole_file(tmp_path / "result.nii") as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert (tmp_path / "result.nii").read_text() == "one"  # left last


def test_nothing_written_is_a_failure(tmp_path):
    with pytest.raises(OutputError, match="was not written"), whole_file(tmp_path / "result.nii"):
        pass
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_failure_leaves_no_new_folders_and_all_older_ones(tmp_path, failure):
    (tmp_path / "older").mkdir()
    with fails_with(failure), whole_file(tmp_path / "older" / "new" / "er" / "result.nii"):
        raise failure
    assert everything_in(tmp_path) == ["older"]


def test_folder_of_the_same_name_is_not_overwritten_by_a_file(tmp_path):
    (tmp_path / "result.nii" / "kept").mkdir(parents=True)
    with pytest.raises(OutputError), whole_file(tmp_path / "result.nii") as part:
        part.touch()
    assert everything_in(tmp_path) == ["result.nii", "result.nii/kept"]


def test_file_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write to"), whole_file(tmp_path / "file" / "result.nii"):
        pass


@given(st.lists(st.sampled_from(["write", "fail"]), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_file_is_always_that_of_the_last_success(tmp_path, attempts):
    path = tmp_path / "result"
    path.unlink(missing_ok=True)
    expected = None
    for number, attempt in enumerate(attempts):
        try:
            with whole_file(path) as part:
                part.write_text(str(number))
                if attempt == "fail":
                    raise KeyboardInterrupt
            expected = str(number)
        except KeyboardInterrupt:
            pass
        assert (path.read_text() if path.exists() else None) == expected


# A folder


def test_folder_becomes_its_target_when_it_is_whole(tmp_path):
    target = tmp_path / "model"
    with whole_folder(target) as folder:
        (folder / "card.json").write_text("{}")
        assert not target.exists()
    assert everything_in(tmp_path) == ["model", "model/card.json"]
    (tmp_path / "plain").mkdir()
    assert target.stat().st_mode == (tmp_path / "plain").stat().st_mode  # others may read it as the user wants


def test_older_folder_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "model"
    (target / "of the older").mkdir(parents=True)
    with whole_folder(target) as folder:
        (folder / "new").touch()
    assert everything_in(tmp_path) == ["model", "model/new"]


def test_an_older_file_with_the_folders_name_is_replaced(tmp_path):
    target = tmp_path / "model"
    target.write_text("a file")
    with whole_folder(target) as folder:
        (folder / "new").touch()
    assert everything_in(tmp_path) == ["model", "model/new"]


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_failure_keeps_the_older_folder(tmp_path, failure):
    target = tmp_path / "model"
    (target / "kept").mkdir(parents=True)
    with fails_with(failure), whole_folder(target) as folder:
        (folder / "new").touch()
        raise failure
    assert everything_in(tmp_path) == ["model", "model/kept"]


def test_the_older_folder_comes_back_if_the_new_one_cannot_be_renamed(tmp_path, monkeypatch):
    target = tmp_path / "model"
    (target / "kept").mkdir(parents=True)
    rename = type(target).rename

    def refuses_the_new_one(self, other):
        if (self / "new").exists():
            raise FULL_DISK
        return rename(self, other)

    monkeypatch.setattr(type(target), "rename", refuses_the_new_one)
    with pytest.raises(OutputError), whole_folder(target) as folder:
        (folder / "new").touch()
    assert everything_in(tmp_path) == ["model", "model/kept"]


# Checking early


@pytest.mark.parametrize("name", ["new.nii", "new/folder/new.nii"])
def test_new_output_is_accepted_and_nothing_is_created(tmp_path, name):
    assert check_output(tmp_path / name) == tmp_path / name
    assert check_output(str(tmp_path / name)) == tmp_path / name
    assert everything_in(tmp_path) == []


def test_output_in_the_working_folder_is_accepted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(check_output("new.nii")) == "new.nii"


def test_existing_output_is_refused_unless_it_may_be_overwritten(tmp_path):
    path = tmp_path / "old.nii"
    path.touch()
    with pytest.raises(OutputError, match="exists already: choose another name or pass --overwrite"):
        check_output(path)
    assert check_output(path, overwrite=True) == path


def test_output_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        check_output(tmp_path / "file" / "new.nii")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_output_in_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="is not writable: choose another folder"):
        check_output(tmp_path / "deep" / "new.nii")
    tmp_path.chmod(0o700)


def test_output_whose_name_is_too_long_is_refused(tmp_path):
    with pytest.raises(OutputError, match="name too long"):
        check_output(tmp_path / ("x" * 300 + ".nii"))


# Events


class Clock:
    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(events.time, "monotonic", clock.monotonic)
    return clock


def tracked(clock, items, seconds):
    seen = []
    for _ in Reporter(seen.append).track(range(items), total=items, message="tiles"):
        clock.now += seconds
    return seen


def test_progress_is_reported_after_each_item_with_the_time_left(clock):
    """Four items of 2 s: none done, then 6, 4, 2 and 0 s left."""
    seen = tracked(clock, 4, 2.0)
    assert [(event.done, event.seconds_left) for event in seen] == [(0, None), (1, 6), (2, 4), (3, 2), (4, 0)]
    assert {(event.kind, event.message, event.total) for event in seen} == {("progress", "tiles", 4)}


def test_progress_is_reported_at_most_ten_times_a_second_and_at_the_end(clock):
    """1000 items in 4 s: at most 40 events, and the first and the last."""
    seen = tracked(clock, 1000, 0.004)
    assert 30 <= len(seen) <= 42
    assert (seen[0].done, seen[-1].done, seen[-1].seconds_left) == (0, 1000, 0)


def test_tracking_passes_items_on_in_order():
    assert list(SILENT.track(iter("abc"), total=3, message="")) == ["a", "b", "c"]
    assert list(SILENT.track([], total=0, message="")) == []


def test_cancelling_stops_before_the_next_item():
    """Asked for once two are done: the third is never begun."""
    done = []
    items = Reporter(cancelled=lambda: len(done) == 2).track(range(5), total=5, message="")
    with pytest.raises(CancelledError, match="stopped"):
        done.extend(items)
    assert done == [0, 1]


def test_cancelling_before_the_start_does_nothing():
    with pytest.raises(CancelledError):
        next(Reporter(cancelled=lambda: True).track(range(5), total=5, message=""))


def test_cancelled_work_leaves_no_file(tmp_path):
    def work():
        with whole_file(tmp_path / "result.nii") as part:
            for item in Reporter(cancelled=part.exists).track(range(5), total=5, message=""):
                part.write_text(str(item))

    with pytest.raises(CancelledError):
        work()
    assert everything_in(tmp_path) == []


def test_reporter_names_the_kind_of_each_message():
    seen = []
    report = Reporter(seen.append)
    report.log("a")
    report.warn("b")
    report.result("c", path="d")
    assert seen == [Event("log", "a"), Event("warning", "b"), Event("result", "c", data={"path": "d"})]


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))


@given(st.text(), st.dictionaries(st.text(), st.one_of(st.text(), numbers), min_size=1))
def test_every_event_is_one_line_of_json(message, data):
    """Line breaks of every kind in a message stay inside its line."""
    stream = io.StringIO()
    report = Reporter(json_lines(stream))
    report.log(message)
    report.result(message, scores=data)
    log, result = map(json.loads, stream.getvalue().splitlines())
    assert log == {"kind": "log", "message": message}
    assert result == {"kind": "result", "message": message, "data": {"scores": data}}


def test_events_without_a_stream_stop_no_work():
    """Whoever started the process has closed its standard output."""
    Reporter(json_lines(None)).result("done")


def test_numbers_of_numpy_paths_and_what_is_not_finite_become_plain_json():
    data = {"a": np.float32(0.5), "b": np.arange(2), "c": (np.nan, float("inf")), "d": Path("x"), "e": np.bool_(True)}
    event = json.loads(Event("result", "m", data=data).to_json())
    assert event["data"] == {"a": 0.5, "b": [0, 1], "c": [None, None], "d": "x", "e": True}


def test_json_leaves_out_what_is_empty_and_keeps_zero():
    assert json.loads(Event("progress", "m", 0, 3).to_json()) == {
        "kind": "progress",
        "message": "m",
        "done": 0,
        "total": 3,
    }
