"""The parameters of ELRTV: two sets that its authors tuned for slices of scale x2 and x4, and one of ours.

The program was never published; two files of its search for parameters are, and name them. What the
names mean is our reading. The result of `learning_rate`, `l1_weight`, `max_iter` and `rho` is the same with any value
once the problem is solved to its minimum, as it is here; `noise_scale` is not used. Intensities are 0 to 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """
    Args:
        bicubic: share of interpolation in the start; the rest repeats voxels (`weight_bicubic`).
        tv, rank: penalties (`lambda_tv`, `lambda_rank`).
        edges: what an edge adds to `tv`, as a share of it (`adaptive_lambda_tv_strength`).
        step, projections: of back-projection (`projection_alpha`, `ibp_iter`).
        sharpen, sigma: of unsharp masking (`alpha_high_freq`; `anti_aliasing_sigma`, voxels).
        nlm: filtering of non-local means (`h_nlm` / 255).
        passes: how often sharpening and non-local means are done, with half the filtering each time.
        back: whether each pass ends with back-projection.
    """

    bicubic: float = 1.0
    tv: float = 0.0
    rank: float = 0.0
    edges: float = 0.0
    step: float = 1.0
    projections: int = 20
    sharpen: float = 0.0
    sigma: float = 1.0
    nlm: float = 0.0
    passes: int = 1
    back: bool = False


PARAMETERS = {
    "study-x2": Parameters(
        bicubic=0.2826,
        tv=2.378e-11,
        rank=5.987e-9,
        step=0.2987,
        projections=509,
        sharpen=1.9751,
        sigma=0.2060,
        nlm=4.3956 / 255,
    ),
    "study-x4": Parameters(
        bicubic=0.6623,
        tv=1.733e-11,
        rank=2.372e-11,
        edges=0.8634,
        step=0.8771,
        projections=939,
        sharpen=3.7146,
        sigma=0.3298,
        nlm=1.9734 / 255,
    ),
    "ours": Parameters(sharpen=0.3, sigma=1.0, nlm=0.09, passes=3, back=True),
}
