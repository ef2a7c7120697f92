"""`iqt prepare` and `iqt simulate`: data for training and testing."""

from pathlib import Path
from typing import Annotated

import typer

from ..io.typed import number
from .options import (
    Axis,
    Cluster,
    Cores,
    DeviceName,
    Gpus,
    Jobs,
    JsonEvents,
    Memory,
    Noise,
    Overwrite,
    Seed,
    StopFile,
    Tissue,
    WatchParent,
    split_paths,
)
from .terminal import front_end

data_app = typer.Typer()


@data_app.command(epilog="Example:\n\n    iqt simulate bids_folder/ low_field/ --preset InD1 --seed 1")
def simulate(
    source: Annotated[
        Path, typer.Argument(help="Folder of high-field volumes (BIDS-like names or any), or one volume.")
    ],
    target: Annotated[Path, typer.Argument(help="Folder for the pairs and their JSON sidecars.")],
    preset: Annotated[
        str,
        typer.Option(
            help="SNR distribution: a preset (an unknown name lists them), or five numbers: means of WM and GM, "
            "their spreads, correlation."
        ),
    ] = "in-distribution",
    snr: Annotated[str | None, typer.Option(metavar="WM,GM", help="A fixed SNR pair instead of a draw.")] = None,
    fixed: Annotated[
        Tissue | None, typer.Option(help="Tissue that keeps its intensity (default: as in the preset).")
    ] = None,
    factor: Annotated[int, typer.Option(min=2, max=8, help="Slice spacing in high-field voxels.")] = 4,
    gap: Annotated[
        int | None, typer.Option(min=0, help="Gap in high-field voxels (default: a quarter of the factor).")
    ] = None,
    slice_axis: Annotated[Axis, typer.Option(help="Slice axis; auto means the last.")] = Axis.auto,
    noise: Annotated[Noise, typer.Option(help="Noise model; the published one is gaussian.")] = Noise.gaussian,
    suffix: Annotated[str, typer.Option(help="BIDS suffix of the volumes.")] = "T1w",
    seed: Seed = 0,
    low_only: Annotated[bool, typer.Option("--low-only", help="Do not write the truths.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Write uncompressed .nii.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted run: keep complete pairs.")] = False,
    overwrite: Overwrite = False,
    cluster: Cluster = "local",
    jobs: Jobs = 1,
    cores: Cores = 4,
    memory: Memory = "8 GB",
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Simulate low-field scans of high-field volumes: pairs with their truth, reproducible by seed."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.simulate import SimulationRecipe, simulate_folder
        from ..io.folders import real
        from ..jobs.clusters import cluster_of

        recipe = SimulationRecipe(
            preset, _pair(snr), fixed.value if fixed else None, factor, gap, slice_axis.number, noise.value, seed
        )
        simulate_folder(
            source,
            target,
            recipe,
            place=cluster_of(cluster, jobs, cores=cores, memory=memory, folder=real(target / "logs")),
            suffix=suffix,
            truth=not low_only,
            plain=plain,
            resume=resume,
            overwrite=overwrite,
            report=report,
        )


@data_app.command(epilog="Example:\n\n    iqt prepare dicom_folder/ bids_folder/ more.nii.gz training_data/")
def prepare(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="SOURCE... FOLDER", help="Folders or volumes, then the new folder."),
    ],
    suffix: Annotated[str, typer.Option(help="Contrast of the volumes, as BIDS names it.")] = "T1w",
    device: DeviceName = "cpu",
    keep_names: Annotated[
        bool,
        typer.Option(
            "--keep-names", help="Keep subjects' names as in the file names (only if these names may be shared)."
        ),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Also accept a folder with other files; replace files of the same names."),
    ] = False,
    cluster: Cluster = "local",
    jobs: Jobs = 1,
    gpus: Gpus = 0,
    cores: Cores = 4,
    memory: Memory = "8 GB",
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Check high-field volumes (NIfTI, NRRD, MetaImage, DICOM, BIDS) and lay them out for simulation and training.

    For each volume it computes the brain mask and tissue maps, unless they are beside it, and measures the SNR. The
    sources are not changed; volumes that were prepared before and have not changed are skipped. Subjects keep their
    BIDS labels (`sub-<label>`); all others get pseudonyms, which your private file `~/.iqt/people/names.tsv` maps to
    names.
    """
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..data import prepare as preparing
        from ..io.folders import real
        from ..jobs.clusters import cluster_of

        sources, folder = split_paths(paths)
        preparing.prepare(
            sources,
            folder,
            suffix=suffix,
            device=device,
            place=cluster_of(cluster, jobs, gpus=gpus, cores=cores, memory=memory, folder=real(folder / "logs")),
            keep_names=keep_names,
            overwrite=overwrite,
            report=report,
        )


def _pair(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        wm, gm = map(number, text.split(","))
    except ValueError:
        raise typer.BadParameter(f"--snr {text}: write two numbers, WM,GM") from None
    return wm, gm
