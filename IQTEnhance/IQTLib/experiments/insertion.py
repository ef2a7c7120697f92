"""Put lesions into a person, scan, enhance, and see how much of them came back."""

from typing import Any

import numpy as np

from ..errors import IQTError
from ..physics.acquisition import SliceProfile
from ..pipeline import enhance
from .estimates import estimate_of, maps_of, model_of, pair_of, run_of
from .lesions import placed, recovery, with_lesions
from .tasks import Context

WHITE = 0.9  # a voxel's white matter fraction for a lesion to lie there


def lesions(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Recovery coefficient of every lesion that was put into the person's white matter."""
    spec, ref = inputs["pair"], inputs["model"]
    test = pair_of(spec)
    truth = test.pair.high
    white = maps_of(spec).wm > WHITE
    mean = float(truth.data[white].mean())
    found = placed(white, truth.spacing, np.random.default_rng([*spec.seed, 1]))
    if not found:
        raise IQTError(f"the white matter of {spec.person} has no room for a lesion")
    low, added = with_lesions(
        found,
        test.pair.low.data,
        test.pair.contrast,
        shape=truth.shape,
        spacing=truth.spacing,
        white=mean,
        profile=SliceProfile.for_factor(spec.factor),
        slice_axis=spec.slice_axis,
    )
    model, run = model_of(ref), run_of(context)
    scan = test.pair.low.with_data(low)
    after = enhance(scan, model=model, mask=test.low_mask, slice_axis=spec.slice_axis, run=run).volume.data
    before = estimate_of(spec, ref, context).data
    gain = truth.data[test.high_mask].mean() / before[test.high_mask].mean()
    change = (after - before) * gain
    rows = []
    for lesion in found:
        box = lesion.window(truth.shape, truth.spacing)
        rows.append(
            {
                "diameter": lesion.diameter,
                "contrast": lesion.contrast,
                "centre": lesion.centre,
                "recovery": recovery(change[box], added[box]),
            }
        )
    return {"lesions": rows, "snr": test.pair.snr}
