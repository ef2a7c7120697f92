"""Networks on a processor: folded ones against the modules they are made from, and their share of the speed of a matrix
product; all in one run, printed with -s and saved with --benchmark-json.
"""

import time
from collections.abc import Callable

import pytest
import torch
from IQTLib.device import autocast, network_precision, wait
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


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("model", SHAPES)
def test_folded_networks_are_faster_than_their_modules(model, kind, benchmark):
    if kind != torch.float32 and network_precision("cpu") != kind:
        pytest.skip("this processor has no bfloat16")
    network = load(model).method.network.eval()
    given = torch.rand(SHAPES[model])
    left, right = torch.rand(1024, 1024), torch.rand(1024, 1024)
    short = left.to(kind), right.to(kind)
    with torch.inference_mode():
        if model == "iqt-any":
            known = torch.zeros(1, 6)
            plain, folded = (lambda: network(given, known)), network.folded(known, kind)
        else:
            network.to(memory_format=torch.channels_last_3d)
            plain, folded = (lambda: network(given)), network.folded(kind)
        with FlopCounterMode(display=False) as counter:
            plain()
        before, after, product, own = alternately(
            plain, lambda: folded(given), lambda: left @ right, lambda: torch.mm(*short)
        )
        benchmark.pedantic(lambda: folded(given), rounds=1)
    rate, ceiling, highest = counter.get_total_flops() / after / 1e9, *(2 * 1024**3 / t / 1e9 for t in (product, own))
    benchmark.extra_info.update(ratio=after / before, share=rate / ceiling, own_share=rate / highest)
    print(
        f"\n{model}, {kind}: {after / before:.2f} of the modules' time; {rate:.0f} GFLOP/s; "
        f"matrix products: {ceiling:.0f} in float32 ({rate / ceiling:.0%}), "
        f"{highest:.0f} in {kind} ({rate / highest:.0%})"
    )
    # in full precision the gain of iqt-any is memory; large volumes take a third less time
    assert after < (0.8 if kind != torch.float32 else 1.3 if model == "iqt-any" else 1) * before


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
@pytest.mark.parametrize("model", SHAPES)
def test_networks_are_faster_on_a_gpu_which_tells_their_share_of_a_matrix_product(model, benchmark):
    network, kind = load(model).method.network.eval(), network_precision("cuda:0")
    given, known = torch.rand(SHAPES[model]), torch.zeros(1, 6)
    square = torch.rand(4096, 4096, device="cuda:0", dtype=kind)

    def work(device: str) -> float:
        own = network.to(device)
        inputs = [given.to(device), *([known.to(device)] if model == "iqt-any" else [])]
        with torch.inference_mode(), autocast(device, kind if device != "cpu" else None):
            return timed(lambda: own(*inputs), device)

    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        network(*([given, known] if model == "iqt-any" else [given]))
    seconds, product = {device: work(device) for device in ("cpu", "cuda:0")}, timed(lambda: square @ square, "cuda:0")
    rate, ceiling = counter.get_total_flops() / seconds["cuda:0"] / 1e12, 2 * 4096**3 / product / 1e12
    benchmark.pedantic(lambda: None, rounds=1)
    benchmark.extra_info.update(ratio=seconds["cuda:0"] / seconds["cpu"], share=rate / ceiling)
    print(f"\n{model}: {rate:.1f} TFLOP/s, a matrix product in {kind} {ceiling:.1f} ({rate / ceiling:.0%})")
    assert seconds["cuda:0"] < seconds["cpu"]


def timed(work: Callable[[], object], device: str) -> float:
    """Seconds of a call, after one to warm up."""
    work()
    wait(device)
    start = time.perf_counter()
    for _ in range(ROUNDS):
        work()
    wait(device)
    return (time.perf_counter() - start) / ROUNDS
