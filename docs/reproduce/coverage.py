"""What the intervals of a model hold in the paper's test sets: coverage of the brain and of each tissue.

    python docs/reproduce/coverage.py SCANS MODEL [SUBJECT,SUBJECT]

SCANS is a BIDS folder with brain masks and tissue labels. Subjects, seeds and slice axes are those of the published
test pairs (`heldout.json`). The model gets the brain mask, and a scan said to be T1w.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from IQTLib.data.subjects import Brain, find_scans, isotropic, load_brain
from IQTLib.evaluation.heldout import plan
from IQTLib.evaluation.heldout_pairs import make_pair
from IQTLib.evaluation.intervals import Needed
from IQTLib.models.store import Model, load
from IQTLib.pipeline import enhance


def lines_of(
    brain: Brain, model: Model, number: int, slice_axis: int, *, seed: int, sets: Sequence[str]
) -> Iterator[str]:
    """A line for each test set: coverage in the brain, CSF, GM and WM, and the width over the mean error."""
    for index, test_set in enumerate(sets):
        test = make_pair(brain, test_set, seed=(seed, index, number), slice_axis=slice_axis)
        scan = replace(test.pair.low, modality="T1w")
        found = enhance(scan, model=model, mask=test.low_mask, slice_axis=slice_axis, uncertainty=True)
        if found.interval is None:
            yield f"{test.person}  {test_set:20s} no interval: {'; '.join(found.warnings)}"
            continue
        needed = Needed.of(found.volume, found.interval, test.pair.high, test.high_mask)
        cut = tuple(slice(n) for n in test.pair.high.shape)
        tissues = np.argmax([maps[cut] for maps in (brain.maps.csf, brain.maps.gm, brain.maps.wm)], axis=0)[
            needed.inside
        ]
        held = needed.factor <= 1
        each = "  ".join(f"{name} {held[tissues == t].mean():.2f}" for t, name in enumerate(("CSF", "GM", "WM")))
        ratio = needed.width.mean() / np.abs(needed.error).mean()
        whole = f"{test.person:10s} {test_set:20s} brain {held.mean():.2f}"
        yield f"{whole}  {each}  width / mean error {ratio:.1f}  {found.interval.group}"


def main(folder: Path, name: str, subjects: Sequence[str]) -> None:
    """Print the lines of all subjects of the plan, or of some."""
    published, model = plan(), load(name)
    scans = {scan.person: scan for scan in find_scans(folder)}
    for number, entry in enumerate(published["people"]):
        if subjects and entry["person"] not in subjects:
            continue
        brain = isotropic(load_brain(scans[entry["person"]], rng=np.random.default_rng(0)))
        sets = published["sets"]
        for line in lines_of(brain, model, number, entry["slice_axis"], seed=published["seed"], sets=sets):
            print(line, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3].split(",") if len(sys.argv) > 3 else ())
