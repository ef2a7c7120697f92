"""Commands for volumes: `iqt enhance`, `export-dicom`, `evaluate`, `info`, `scans`, `devices`, `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from ..events import strict_json
from .options import (
    Axis,
    DeviceName,
    JsonEvents,
    MaskFile,
    Modality,
    ModelName,
    Overwrite,
    Seed,
    Series,
    StopFile,
    Uncertainty,
    WatchParent,
    asked_grid,
    millimetres,
    named_values,
    split_paths,
)
from .terminal import front_end, tell

volumes_app = typer.Typer()


@volumes_app.command(
    epilog="""Examples:

    iqt enhance scan.nii.gz enhanced.nii.gz

    iqt enhance dicom_folder/ enhanced.nrrd --model srep-t1w-x4-fast --output-grid isotropic

    iqt enhance flair_resampled.nii.gz enhanced.nii.gz --model wiener --resolution 1.6,1.6,5

    iqt enhance scan.nii.gz enhanced.nii.gz --uncertainty

    iqt enhance a.nii.gz b.nii.gz results/ --set stride=2"""
)
def enhance(
    paths: Annotated[
        list[Path], typer.Argument(metavar="IN... OUT", help="Volumes, then a file or (for several) a folder.")
    ],
    model: ModelName = "iqt-any",
    device: DeviceName = "auto",
    slice_axis: Annotated[Axis, typer.Option(help="Slice axis; auto chooses the largest spacing.")] = Axis.auto,
    output_grid: Annotated[
        str,
        typer.Option(
            metavar="[model|isotropic|MM]",
            help="Isotropic voxels of slice spacing / factor, of the in-plane size, or of so many mm.",
        ),
    ] = "model",
    resolution: Annotated[
        str | None,
        typer.Option(
            metavar="MM,MM,MM",
            help="Resolution of the scan along i, j and k in mm, if its voxels are finer (resampled scans); for "
            "any-scan models.",
        ),
    ] = None,
    modality: Annotated[
        Modality,
        typer.Option(
            help="Contrast of the scan; auto reads names, the sequence's timing and the voxels; for any-scan models."
        ),
    ] = Modality.auto,
    mask: MaskFile = None,
    remove_bias: Annotated[
        bool,
        typer.Option("--remove-bias", help="Take the uneven brightness of the coil out of the result (N4)."),
    ] = False,
    uncertainty: Uncertainty = False,
    support: Annotated[
        bool, typer.Option("--support", help="Also write what the scan does not support: OUT_support.")
    ] = False,
    series: Series = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a method's setting (see `iqt models show`)."),
    ] = None,
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Enhance low-field volumes (NIfTI, NRRD, MetaImage, DICOM folder)."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.enhance import enhance_files

        enhance_files(
            *split_paths(paths),
            model=model,
            device=device,
            slice_axis=slice_axis.number,
            output_grid=asked_grid(output_grid),
            resolution=None if resolution is None else millimetres(resolution),
            modality=modality.given,
            remove_bias=remove_bias,
            uncertainty=uncertainty,
            support=support,
            mask=mask,
            series=series,
            options=named_values(setting or []),
            overwrite=overwrite,
            report=report,
        )


@volumes_app.command(
    epilog="""Example:

    iqt enhance dicom_folder/ enhanced.nii.gz

    iqt export-dicom enhanced.nii.gz dicom_folder/ enhanced_dicom/ --model srep-t1w-x4"""
)
def export_dicom(
    enhanced: Annotated[Path, typer.Argument(help="The enhanced volume.")],
    source: Annotated[Path, typer.Argument(help="DICOM folder of the original scan.")],
    folder: Annotated[Path, typer.Argument(metavar="OUTFOLDER", help="Folder for the new series.")],
    series: Series = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model used for enhancement, to describe the series.")
    ] = None,
    uncertainty: Annotated[
        bool,
        typer.Option(
            "--uncertainty", help="The volume is a map of uncertainty (_lower, _upper, _sd): say so in the series."
        ),
    ] = False,
    deidentified: Annotated[
        bool,
        typer.Option(
            "--deidentify", help="Leave out who the patient is, when and where; a pseudonym stands for the patient."
        ),
    ] = False,
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Write an enhanced volume as a DICOM series derived from the scan."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app import export

        export.export_dicom(
            enhanced, source, folder, series=series, model=model, uncertainty=uncertainty, deidentified=deidentified,
            overwrite=overwrite, report=report,
        )  # fmt: skip


@volumes_app.command()
def evaluate(
    truth: Annotated[Path, typer.Argument(help="The true volume.")],
    estimate: Annotated[Path, typer.Argument(help="The volume to evaluate, on the same grid.")],
    mask: MaskFile = None,
    gain: Annotated[
        bool, typer.Option("--match-gain", help="Scale the estimate to the truth's mean in the mask first.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a volume with the truth by NRMSE, SSIM and PSNR, with the definition of each."""
    with front_end() as report:
        from ..app.measure import compare_files

        scores = compare_files(truth, estimate, mask=mask, match_gain=gain, report=report).as_dict()
        tell(strict_json(scores) if as_json else _score_lines(scores))


@volumes_app.command()
def info(
    path: Annotated[Path, typer.Argument(help="A volume or a DICOM folder.")],
    series: Series = None,
    tissue: Annotated[bool, typer.Option("--tissue", help="Also find the brain and measure noise and SNR.")] = False,
) -> None:
    """Show a volume's size, voxel size, orientation, slice axis and, with --tissue, SNR."""
    with front_end():
        from ..app.measure import describe

        for key, value in describe(path, series=series, tissue=tissue).items():
            tell(f"{key:14} {value}")


@volumes_app.command()
def check(
    path: Annotated[Path, typer.Argument(metavar="SCAN", help="A volume or a DICOM folder.")],
    mask: MaskFile = None,
    series: Series = None,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Tell whether a scan is one that the models know, and what is unusual about it, before enhancing it."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.measure import check_scan

        check_scan(path, series=series, mask=mask, report=report)


@volumes_app.command()
def scans(
    folder: Annotated[Path, typer.Argument(help="Folder with scans, also in folders within it.")],
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """List every volume file and DICOM series below a folder, and why some cannot be enhanced."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.scans import list_scans

        list_scans(folder, report=report)


@volumes_app.command()
def devices(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the CPU and GPUs that `--device` accepts, with their free memory."""
    with front_end(False):
        from dataclasses import asdict

        from ..device import available

        found = available()
        if as_json:
            tell(strict_json([asdict(device) for device in found]))
            return
        for device in found:
            free = (
                ""
                if device.free is None or device.total is None
                else f"  {device.free / 2**30:.1f} of {device.total / 2**30:.1f} GiB free"
            )
            tell(f"{device.name:8} {device.title}{free}")


@volumes_app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder for the volumes and the figure.")] = Path("iqt-demo"),
    model: ModelName = "srep-t1w-x4",  # its scores match no gain, which iqt-any keeps
    preset: Annotated[str, typer.Option(help="SNR distribution of the simulated scan.")] = "InD1",
    device: DeviceName = "auto",
    seed: Seed = 0,
    overwrite: Overwrite = False,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Simulate a low-field scan of the template in nilearn (no download), enhance it, and score and plot the result."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..app.demo import run_demo

        run_demo(folder, model=model, preset_name=preset, device=device, seed=seed, overwrite=overwrite, report=report)


def _score_lines(scores: dict[str, float]) -> str:
    meaning = {
        "nrmse_mean": "RMSE / mean of the truth in the mask (probably the definition in the paper's tables)",
        "nrmse_max": "RMSE / maximum of the truth (the paper's eq. 7)",
        "ssim": "3-D Gaussian window of sigma 2.5, masked (Lin 2022)",
        "ssim_wang": "Gaussian window of sigma 1.5, whole volume (Wang 2004)",
        "psnr": "dB, relative to the maximum of the truth",
    }
    return "\n".join(f"{name:11} {value:8.4f}  {meaning[name]}" for name, value in scores.items())
