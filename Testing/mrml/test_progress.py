"""One bar for the whole work, and warnings in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IQTEnhanceLib.Errors import EnhanceError, StoppedError
from IQTEnhanceLib.Progress import END, WholeProgress
from IQTEnhanceLib.RunPanel import problem, weight
from IQTLib.sentences import Sentence

BRAIN = Sentence("Gehirn suchen", "brain")  # in whatever language the panel speaks
STAGES = (BRAIN, Sentence("contrast map", "contrast-map"), "sparse coding", "network", "anything new")


def event(stage: str, done: int, total: int, left: float | None = None) -> dict:
    return {"kind": "progress", "message": stage, "done": done, "total": total, "seconds_left": left}


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_bar_never_goes_back_and_never_says_done_before_the_end(events):
    progress, seen = WholeProgress(clock=lambda: 0.0), [0.0]
    for stage, done, total in events:
        progress.take(event(stage, done, total))
        seen.append(progress.done)
    assert seen == sorted(seen)
    assert seen[-1] <= END < 1


def test_stages_take_their_share_and_the_method_the_rest():
    progress = WholeProgress(clock=lambda: 0.0)
    progress.take(event(BRAIN, 1, 1))
    assert progress.done == pytest.approx(0.15)
    progress.take(event("network", 0, 4))
    assert progress.done == pytest.approx(0.15)
    progress.take(event("network", 2, 4, 40.0))
    assert progress.done == pytest.approx((0.15 + END) / 2)
    assert progress.secondsLeft == 40.0


def test_remaining_time_is_unknown_at_first():
    now = [0.0]
    progress = WholeProgress(clock=lambda: now[0])
    progress.take(event(BRAIN, 0, 1))
    assert progress.secondsLeft is None
    now[0] = 30.0
    progress.take(event(BRAIN, 1, 1, 0.0))
    assert progress.secondsLeft == pytest.approx(30 / 0.15 * 0.85)  # not 0: the stage is over, the work is not


def test_the_weightiest_warning_comes_first():
    codes = ("spacing", "snr", "lesions-bright-dark", "other-contrast", "isotropic")
    warnings = [Sentence(code, code) for code in codes]
    assert sorted(warnings, key=weight) == warnings[::-1]


def test_a_run_stopped_by_the_user_is_not_an_error():
    assert "color" in problem(EnhanceError("The disk is full", "Free it."))
    assert problem(StoppedError("Stopped by the user")) == "Stopped by the user."
