"""`iqt experiments`: reproduce the published tables and figures on held-out subjects."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from .options import Cluster, Cores, DeviceName, Gpus, Jobs, JsonEvents, Memory, StopFile, WatchParent
from .terminal import front_end, tell

experiments_app = typer.Typer(no_args_is_help=True, help="Reproduce the paper's experiments on held-out subjects.")

Output = Annotated[Path, typer.Option("--output", "-o", help="Folder for results and report.")]
Docs = Annotated[Path | None, typer.Option(help="Also write RESULTS.md with reduced figures to this folder.")]


@experiments_app.command(
    "run",
    epilog="""Examples:

    iqt experiments run --scans bids_folder/ --output results/

    iqt experiments run --scans bids_folder/ --output results/ --only table1,bias --jobs 2

    iqt experiments run --ixi slices/ --output results/ --only ixi,ixi-parts

    iqt experiments run --scans bids_folder/ --output results/ --cluster tcp://head-node:8786

Repeating the command computes only what is missing or has changed.""",
)
def run_command(
    output: Output,
    scans: Annotated[
        Path | None, typer.Option(envvar="IQT_SCANS", help="Folder of high-field volumes, BIDS-like names.")
    ] = None,
    ixi: Annotated[
        Path | None, typer.Option(envvar="IQT_IXI", help="Folder of mid-slices of IXI, for ixi and ixi-parts.")
    ] = None,
    only: Annotated[str, typer.Option(metavar="A,B", help="Run only these (see `iqt experiments list`).")] = "",
    methods: Annotated[str, typer.Option(metavar="A,B", help="Run only these methods.")] = "",
    sets: Annotated[str, typer.Option(metavar="A,B", help="Run only these test sets.")] = "",
    scale: Annotated[str, typer.Option(help="Scale of the run: smoke, cpu or paper.")] = "cpu",
    cluster: Cluster = "local",
    jobs: Jobs = 1,
    gpus: Gpus = 0,
    cores: Cores = 4,
    memory: Memory = "8 GB",
    people: Annotated[
        Path | None, typer.Option(help="Another list of held-out subjects, in the format of heldout.json.")
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder of prepared volumes, as for `iqt train`.")] = None,
    device: DeviceName = "cpu",
    docs: Docs = None,
    json_events: JsonEvents = False,
    stop_file: StopFile = None,
    watch_parent: WatchParent = None,
) -> None:
    """Run the experiments and write the report; existing results are kept."""
    with front_end(json_events, stop_file=stop_file, watch_parent=watch_parent) as report:
        from ..experiments.report import write_report
        from ..experiments.run import Request, run_experiments
        from ..io.folders import real
        from ..jobs.clusters import cluster_of

        wanted, using, on = (tuple(n.strip() for n in t.split(",") if n.strip()) for t in (only, methods, sets))
        place = cluster_of(cluster, jobs, gpus=gpus, cores=cores, memory=memory, folder=real(output / "logs"))
        request = Request(scans, output, scale, wanted, using, on, people, place, device, cache, ixi)
        failures = run_experiments(request, report)
        page = write_report(output, docs=docs, report=report)
        report.result(str(page), report=str(page), failed=failures)
        if failures:
            raise InputError(
                f"measurements that failed: {len(failures)}, see the warnings; the report holds the others"
            )


@experiments_app.command("list")
def list_command() -> None:
    """List the experiments with their test sets and methods."""
    from ..experiments.catalogue import EXPERIMENTS, METHODS, SCALES

    for name, experiment in EXPERIMENTS.items():
        tell(f"{name:10} {experiment.title}")
        tell(f"{'':10} sets: {', '.join(experiment.sets) or 'the real scan'}")
        tell(f"{'':10} methods: {', '.join(METHODS[method].label for method in experiment.methods)}")
    for name, scale in SCALES.items():
        tell(f"--scale {name}: {scale.title}")


@experiments_app.command("report")
def report_command(output: Output, docs: Docs = None, json_events: JsonEvents = False) -> None:
    """Rewrite the report from existing results without computing anything."""
    with front_end(json_events) as report:
        from ..experiments.report import write_report

        page = write_report(output, docs=docs, report=report)
        report.result(str(page), report=str(page))
