"""Networks on a processor: folded ones against the modules they are made from, and their share of the speed of a matrix
product; all in one run, printed with -s and saved with --benchmark-json.
"""

import time
from collections.abc import Callable

import pytest
import torch
from IQTLib.models.store import load
from torch.utils.flop_counter import FlopCounterMode

ROUNDS = 3
SHAPES = {"unet-t1w-x4": (4, 1, 48, 48, 12), "ddl-t1w-x4": (2, 1, 64, 64, 16), "iqt-any": (1, 2, 96, 96, 96)}


def alternately(*works: Callable[[], object]) -> list[float]:
    """The least processor seconds of each work, all in turn, so that other programs slow all of them down alike."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            start = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - start)
    return best


@pytest.mark.parametrize("model", SHAPES)
def test_folded_networks_are_faster_than_their_modules(model, benchmark):
    network = load(model).method.network.eval()
    given = torch.rand(SHAPES[model])
    left, right = torch.rand(1024, 1024), torch.rand(1024, 1024)
    with torch.inference_mode():
        if model == "iqt-any":
            known = torch.zeros(1, 6)
            plain, folded = (lambda: network(given, known)), network.folded(known)
        else:
            network.to(memory_format=torch.channels_last_3d)
            plain, folded = (lambda: network(given)), network.folded()
        with FlopCounterMode(display=False) as counter:
            plain()
        before, after, product = alternately(plain, lambda: folded(given), lambda: left @ right)
        benchmark.pedantic(lambda: folded(given), rounds=1)
    rate, ceiling = counter.get_total_flops() / after / 1e9, 2 * 1024**3 / product / 1e9
    benchmark.extra_info.update(ratio=after / before, share=rate / ceiling)
    print(
        f"\n{model}: {after / before:.2f} of the modules' time; {rate:.0f} GFLOP/s, a matrix product {ceiling:.0f}: "
        f"{100 * rate / ceiling:.0f} %"
    )
    assert (
        after < (1.3 if model == "iqt-any" else 1) * before
    )  # its gain is memory; large volumes take a third less time
