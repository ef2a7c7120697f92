"""One piece of work is prepared while the one before is used."""

import threading
from contextlib import closing

import pytest
from IQTLib.methods.patchwise.ahead import ahead


def test_results_come_in_order_and_from_another_thread():
    names = []
    assert list(ahead(lambda n: names.append(threading.current_thread().name) or n * n, range(5))) == [0, 1, 4, 9, 16]
    assert threading.main_thread().name not in names
    assert list(ahead(str, [])) == []


def test_exactly_one_is_prepared_while_another_is_used():
    begun, second = [], threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            second.set()
        return number

    with closing(ahead(work, range(10))) as results:
        assert next(results) == 0
        assert second.wait(30)
        assert begun == [0, 1]


def test_an_error_is_raised_where_its_result_would_have_come():
    results = ahead(lambda n: 6 // n, [3, 2, 0, 1])
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_no_thread_is_left_when_the_user_stops_early():
    before = threading.active_count()
    with closing(ahead(str, range(100))) as results:
        next(results)
    assert threading.active_count() == before
