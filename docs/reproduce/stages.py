"""Where the time of `iqt enhance` goes: the whole command by stage, for several models, as a table and a picture.

    python docs/reproduce/stages.py SCAN PICTURE.jpg [MODEL,MODEL ...]

Each model runs in a program of its own, as a user starts it. Time is the clock's: leave the machine alone meanwhile.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODELS = "iqt-any,unet-t1w-x4,ddl-t1w-x4,srep-t1w-x4,aplus-t1w-x4,cubic"
STAGES = ("start", "model and scan", "brain and resolution", "model grid", "method", "output grid", "writing")


def profiled(scan: Path, model: str) -> dict[str, float]:
    """Seconds of each of `STAGES` that `model` has."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        command = [sys.executable, "-m", "IQTLib", "enhance", str(scan), str(Path(folder, "result.nii.gz"))]
        marks, seconds = {}, {}
        with subprocess.Popen([*command, "--model", model, "--json-events"], stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout or ():
                event = json.loads(line)
                marks.setdefault(event["message"], time.monotonic() - began)
                seconds = event.get("data", {}).get("seconds", seconds)
        whole = time.monotonic() - began
    start = marks["loading the model"]
    loaded = marks.get("finding the brain", whole - sum(seconds.values()))
    told = {"start": start, "model and scan": loaded - start, **seconds}
    return told | {"writing": max(whole - sum(told.values()), 0.0)}


def drawn(profiles: dict[str, dict[str, float]], picture: Path) -> None:
    """One bar a model, its stages from left to right."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(profiles) + 1.4), layout="constrained")
    for index, stage in enumerate(STAGES):
        lengths = [profile.get(stage, 0.0) for profile in profiles.values()]
        lefts = [sum(profile.get(one, 0.0) for one in STAGES[:index]) for profile in profiles.values()]
        axes.barh(list(profiles), lengths, left=lefts, label=stage)
    axes.invert_yaxis()
    axes.set_xlabel("seconds")
    axes.legend(ncols=4, loc="lower right", fontsize="small")
    figure.savefig(picture, dpi=110)


def main() -> None:
    scan, picture = Path(sys.argv[1]), Path(sys.argv[2])
    models = (sys.argv[3] if len(sys.argv) > 3 else MODELS).split(",")
    profiles = {model: profiled(scan, model) for model in models}
    print("| model |", " | ".join(STAGES), "| whole |")
    print("|---" * (len(STAGES) + 2) + "|")
    for model, profile in profiles.items():
        cells = " | ".join(f"{profile[stage]:.1f}" if stage in profile else "" for stage in STAGES)
        print(f"| `{model}` | {cells} | {sum(profile.values()):.1f} |")
    drawn(profiles, picture)


if __name__ == "__main__":
    main()
