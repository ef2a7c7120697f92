"""Small fits, alone or in several processes: `python fitting.py FOLDER PROCESSES DEVICE` does one after another."""

import sys
from pathlib import Path

import torch
from cohorts import packed
from IQTLib.cli.terminal import run
from IQTLib.events import Reporter
from IQTLib.training import loop
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import load_recipe
from IQTLib.training.sampler import PatchBatches, ScanSampler

SMALL = {
    "settings.filters": 4, "data.patch": 16, "data.lesions": 0, "training.steps": 3, "training.warmup": 1,
    "training.validate_every": 3, "training.checkpoint_every": 3, "training.precision": "32",
}  # fmt: skip
FITS = {
    "default": ("unet-t1w-x4", {}),  # its batch of six people, whom four processes share 2, 2, 1, 1
    "uneven": ("ddl-t1w-x4", {"settings.atoms": 4, "training.batch": 3, "training.people": 3}),  # 2, 1 in two
}
EXACT = ("default",)  # in double precision: in single, its normalisations over six voxels make rounding errors large


def fit(name: str, folder: Path, hardware: Hardware) -> None:
    """Fit what `FITS` names, in `folder`; every step's loss and gradient are in its logs."""
    recipe_name, changes = FITS[name]
    recipe = load_recipe(recipe_name, SMALL | changes)
    sampler = ScanSampler([packed(seed) for seed in range(3)], recipe.simulator, slice_axes=(2,), patch=16)
    torch.manual_seed(0)
    method = recipe.new_method()
    network = method.network  # made now, the same in every process
    if name in EXACT:
        network.double().register_forward_pre_hook(lambda _, given: (given[0].double(),))
    loop.LOGGED = 1
    loop.fit(
        method, sampler, recipe.training, folder,
        validator=lambda _: {"score": 1.0}, resume=False, hardware=hardware, report=Reporter(),
    )  # fmt: skip


def main() -> None:
    hardware = Hardware(sys.argv[3], int(sys.argv[2]))
    for name in FITS:
        fit(name, Path(sys.argv[1]) / name, hardware)
    _break_second_process()
    fit("default", Path(sys.argv[1]) / "broken", hardware)


def _break_second_process() -> None:
    original = PatchBatches.at

    def at(self: PatchBatches, step: int) -> dict:
        batch = original(self, step)
        if step == 1 and self.rank == 1:
            batch["low"][0] = torch.nan
        return batch

    PatchBatches.at = at


if __name__ == "__main__":
    run(main)
