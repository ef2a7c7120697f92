"""`iqt train`: one command for each trainable method."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..events import Reporter
from ..methods.registry import METHODS, trainable
from .options import DISTRIBUTION, DeviceName, JsonEvents, Noise, Overwrite, StopFile, WatchParent, named_values, people
from .terminal import front_end, stopping_between_steps

if TYPE_CHECKING:
    from ..training.estimate import Estimate

train_app = typer.Typer(no_args_is_help=True, help="Train models on your own high-field volumes.")

Recipe = Annotated[str | None, typer.Option("--recipe", help="A shipped recipe's name or a .toml/.yaml file.")]
RecipeSetting = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a value of the recipe.")
]
Source = Annotated[
    Path, typer.Argument(help="Folder of high-field volumes, optionally with tissue labels beside them.")
]
Target = Annotated[Path, typer.Argument(help="Folder of the new model; its name becomes the model's name.")]
Names = Annotated[str, typer.Option(metavar="A,B", help="Subjects to exclude, comma-separated.")]
ValidationNames = Annotated[str, typer.Option(metavar="A,B", help="Subjects that validate, never trained on.")]
TestNames = Annotated[
    str, typer.Option(metavar="A,B", help="Subjects held out for the final test; they are never trained on.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Do not train: estimate the time, memory and disk space it would take here.")
]


def tell_estimate(estimate: "Estimate", report: Reporter) -> None:
    report.result(estimate.text, **asdict(estimate))


def _train_dictionaries(method: str) -> None:
    """Register `iqt train <method>`: the patch methods have the same options."""

    @train_app.command(
        method,
        help=f"Train {METHODS[method].title} from a recipe, modified by the options. {METHODS[method].notice}".strip(),
        epilog=f"Examples:\n\n    iqt train {method} bids_folder/ my-model --patch 7 --atoms 1024\n\n"
        f"    iqt train {method} bids_folder/ paper-settings --paper --exclude 01,02",
    )
    def command(
        source: Source,
        target: Target,
        recipe: Recipe = None,
        patch: Annotated[int | None, typer.Option(help="Patch edge in voxels: 3, 5 or 7.")] = None,
        atoms: Annotated[int | None, typer.Option(help="Dictionary size, 16 to 4096.")] = None,
        patches: Annotated[int | None, typer.Option(min=100, help="Training patches.")] = None,
        paper: Annotated[
            bool | None,
            typer.Option(
                "--paper/--product",
                help="Settings of the paper (IQT-SRep: lasso; no contrast map or consistency) or the product.",
            ),
        ] = None,
        preset: Annotated[str | None, typer.Option(help=DISTRIBUTION)] = None,
        factor: Annotated[int | None, typer.Option(min=2, max=8, help="Slice spacing in high-field voxels.")] = None,
        gap: Annotated[
            int | None, typer.Option(min=0, help="Gap in high-field voxels (default: a quarter of the factor).")
        ] = None,
        noise: Annotated[Noise | None, typer.Option(help="Noise model; the published one is gaussian.")] = None,
        slice_axes: Annotated[str | None, typer.Option(help="Slice axes, cycled over the subjects: k, j,i ...")] = None,
        suffix: Annotated[str | None, typer.Option(help="BIDS suffix of the volumes.")] = None,
        data: Annotated[str | None, typer.Option(help="Where the volumes come from and their licence.")] = None,
        exclude: Names = "",
        validate: ValidationNames = "",
        test: TestNames = "",
        seed: Annotated[int | None, typer.Option(help="Seed of every random draw.")] = None,
        resume: Annotated[bool, typer.Option("--resume", help="Resume a training that was stopped (csc-sr).")] = False,
        dry_run: DryRun = False,
        overwrite: Overwrite = False,
        json_events: JsonEvents = False,
        stop_file: StopFile = None,
        watch_parent: WatchParent = None,
    ) -> None:
        with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
            from ..training.dictionaries import dictionary_recipe, train

            chosen = dictionary_recipe(
                recipe or "",
                method=method,
                patch=patch,
                atoms=atoms,
                patches=patches,
                paper=paper,
                preset=preset,
                factor=factor,
                gap=gap,
                noise=None if noise is None else noise.value,
                slice_axes=slice_axes,
                suffix=suffix,
                data=data,
                exclude=tuple(people(exclude)) or None,
                validate=tuple(people(validate)) or None,
                test=tuple(people(test)) or None,
                seed=seed,
            )
            if dry_run:
                from ..training.estimate import estimate_dictionaries

                tell_estimate(estimate_dictionaries(source, chosen, report), report)
                return
            train(source, target, chosen, resume=resume, overwrite=overwrite, report=report)


def _train_deep(method: str) -> None:
    """Register `iqt train <method>`: the deep methods differ only in their recipes."""

    standard = METHODS[method].recipes.get("standard")

    @train_app.command(
        method,
        help=f"Train {METHODS[method].title} from a recipe. {METHODS[method].notice}".strip(),
        epilog=f"Examples:\n\n    iqt train {method} bids_folder/ my-model --recipe {standard} --device auto\n\n"
        f"    iqt train {method} bids_folder/ my-model --recipe my.toml --set training.steps=20000 --resume",
    )
    def command(
        source: Source,
        target: Target,
        recipe: Recipe = None,
        setting: RecipeSetting = None,
        exclude: Names = "",
        validate: ValidationNames = "",
        test: TestNames = "",
        data: Annotated[str, typer.Option(help="Where the volumes come from and their licence.")] = "",
        device: DeviceName = "auto",
        processes: Annotated[int, typer.Option(min=1, help="Processes (GPUs) on each machine.")] = 1,
        nodes: Annotated[int, typer.Option(min=1, help="Number of machines, under torchrun or SLURM.")] = 1,
        workers: Annotated[
            int, typer.Option(min=0, help="Processes that simulate scans in parallel with training.")
        ] = 0,
        cache: Annotated[Path | None, typer.Option(help="Folder that keeps the prepared volumes.")] = None,
        start: Annotated[str | None, typer.Option("--from", help="A model to fine-tune.")] = None,
        resume: Annotated[bool, typer.Option("--resume", help="Resume from the last checkpoint.")] = False,
        dry_run: DryRun = False,
        overwrite: Overwrite = False,
        json_events: JsonEvents = False,
        stop_file: StopFile = None,
        watch_parent: WatchParent = None,
    ) -> None:
        front = front_end(json_events, stop_file=stop_file, watch_parent=watch_parent)
        with front as report, stopping_between_steps(report) as patient:
            from ..device import choose
            from ..training.processes import Hardware
            from ..training.recipe import load_recipe

            if METHODS[method].training == "slices":
                from ..training.slices import train
            else:
                from ..training.networks import train
            changes = named_values(setting or [])
            named = {"exclude": people(exclude), "validate": people(validate), "test": people(test), "source": data}
            changes |= {f"data.{key}": value for key, value in named.items() if value}
            hardware = Hardware(choose(device, processes=processes), processes, nodes, workers)
            on_gpu = METHODS[method].recipes.get("gpu") if hardware.device.startswith("cuda") else None
            name = recipe or on_gpu or standard
            if not name:
                raise typer.BadParameter(f"{method} has no default recipe: choose one with --recipe")
            if name == on_gpu and not recipe:
                patient.log(f"recipe {name}, made for GPUs (elsewhere {standard})")
            chosen = load_recipe(name, changes)
            if chosen.method != method:
                raise typer.BadParameter(f"recipe {recipe} is for `iqt train {chosen.method}`")
            if dry_run:
                from ..training.estimate import estimate_deep, estimate_slices

                place: dict[str, Any] = {"device": hardware.device, "workers": workers, "report": patient}
                cost = (
                    estimate_slices(source, chosen, **place)
                    if chosen.on_slices
                    else estimate_deep(source, chosen, **place, cache=cache)
                )
                tell_estimate(cost, patient)
                return
            train(
                source,
                target,
                chosen,
                hardware=hardware,
                start=start,
                resume=resume,
                overwrite=overwrite,
                cache=cache,
                report=patient,
            )


@train_app.command(
    "weenie",
    help=f"Train {METHODS['weenie'].title} from a recipe. {METHODS['weenie'].notice}",
    epilog="Examples:\n\n    iqt train weenie bids_folder/ t1w-to-t2w --slices ixi/ --exclude 01,02\n\n"
    "    iqt train weenie bids_folder/ t1w-to-flair --set target=FLAIR\n\n"
    "    iqt train weenie bids_folder/ t1w-2mm-to-t2w-1mm --set settings.scale=2",
)
def _train_synthesis(
    source: Source,
    target: Target,
    recipe: Recipe = None,
    setting: RecipeSetting = None,
    exclude: Names = "",
    slices: Annotated[
        Path | None, typer.Option(help="Folder of mid-slices of the target contrast without partner (see ixi).")
    ] = None,
    data: Annotated[str, typer.Option(help="Where the volumes come from and their licence.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Resume a training that was stopped.")] = False,
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..training.synthesis import synthesis_recipe, train

        changes = named_values(setting or []) | {"exclude": tuple(people(exclude))} | ({"data": data} if data else {})
        chosen = synthesis_recipe(recipe or METHODS["weenie"].recipes["standard"], changes)
        train(source, target, chosen, slices=slices, resume=resume, overwrite=overwrite, report=report)


for _method in trainable("dictionaries"):
    _train_dictionaries(_method)
for _method in trainable("network", "restoration", "slices"):
    _train_deep(_method)
