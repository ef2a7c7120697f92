"""`python Testing/kills.py [--kills 100] [--seed 13]`: kill commands at random moments; nothing may be lost or half.

Not part of the tests, for it takes minutes. Each command runs on tiny inputs in a process that gets SIGKILL after a
random part of the time that it takes undisturbed. Then every file under a plain name must be whole and old or new, and
the same command again must end as if nothing had happened, with no remains. Prints a table; exit code 1 for a fault.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "IQTEnhance"), str(Path(__file__).parent)]

import experimenting  # noqa: E402
import nibabel  # noqa: E402
import tiny  # noqa: E402
from cohorts import person, written  # noqa: E402
from IQTLib import cli  # noqa: E402
from IQTLib.image.volume import Volume, write  # noqa: E402
from IQTLib.io.files import SCRATCH  # noqa: E402

SMALL = (32, 30, 32)
UNET = {
    "settings.filters": 2, "settings.window": 32, "data.patch": 16, "data.slice_axes": "k", "training.steps": 4,
    "training.batch": 2, "training.people": 2, "training.validate_every": 4, "training.checkpoint_every": 1,
    "training.precision": "32",
}  # fmt: skip
SLOW = (
    "app.enhance",
    "app.simulate",
    "data.prepare",
    "training.loop",
    "training.networks",
    "training.dictionaries",
    "methods.networks.unet.method",
)
"""Imported once, and not after each fork."""
SREP = ["--patch", "3", "--atoms", "64", "--patches", "600"]


@dataclass
class Case:
    """A command, what it writes, how it goes on after a kill, and how many of a hundred kills it gets."""

    name: str
    arguments: list[str]
    output: str
    share: int
    before: list[str] = field(default_factory=list)  # the same command, which makes the older result
    again: Callable[[bool], list[str]] | None = None  # is told whether there is a checkpoint of the killed command
    exact: bool = True  # the same bytes every time


def cases(folder: Path) -> list[Case]:
    """Inputs in `folder`, and the commands that use them."""
    scan = person(0, (24, 24, 8))
    write(
        Volume(scan.data, scan.affine @ [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 4, 0], [0, 0, 0, 1]]), folder / "scan.nii"
    )
    tiny.saved(folder / "models" / "tiny")
    written(folder / "people", 3, SMALL)
    scans, heldout = experimenting.small_world(folder / "world", 4)
    unet = ["train", "unet", "people", "out/model", "--device", "cpu"]
    unet += [part for name, value in UNET.items() for part in ("--set", f"{name}={value}")]
    srep = ["train", "srep", "people", "out/model", *SREP]
    experiments = ["experiments", "run", "--scans", str(scans), "--people", str(heldout), "--output", "out"]
    experiments += ["--scale", "smoke", "--only", "check", "--sets", "InD1"]
    enhance = ["enhance", "scan.nii", "out/result.nii.gz", "--model", "cubic"]
    simulate = ["simulate", "people", "out", "--snr", "40,30"]
    prepare = ["prepare", "people", "out"]
    resume = ["--resume"]
    return [
        Case("enhance", enhance, "result.nii.gz", 15),
        Case(
            "enhance --overwrite", [*enhance, "--overwrite"], "result.nii.gz", 15,
            before=[*enhance[:-1], "linear"], again=lambda _: [*enhance, "--overwrite"],
        ),
        Case("prepare", prepare, "", 20, again=lambda _: prepare),
        Case("simulate", simulate, "", 20, again=lambda _: [*simulate, *resume]),
        Case("train srep --overwrite", [*srep, "--overwrite"], "model", 10, before=[*srep, "--seed", "1"], exact=False),
        Case(
            "train unet --overwrite", [*unet, "--overwrite"], "model", 15, before=[*unet, "--set", "training.seed=9"],
            again=lambda begun: [*unet, "--overwrite", *(resume if begun else [])],
            exact=False,
        ),
        Case("experiments", experiments, "", 5, exact=False, again=lambda _: experiments),
    ]  # fmt: skip


class Trial:
    """One case in a folder of its own, killed again and again."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder, self.out = case, folder, folder / "out"
        self.sources = _hashes(folder, without="out")
        self._begin()
        self.old = _hashes(self.out)
        start = time.monotonic()
        code = self._run(case.arguments)
        self.seconds = time.monotonic() - start
        assert code == 0, f"{case.name}: {self._log()}"
        self.new = _hashes(self.out)

    def kill(self, moment: float) -> list[str]:
        """Faults that a kill at this share of the time brings to light."""
        self._begin()
        start = time.time()
        killed = self._run(self.case.arguments, kill_after=moment * self.seconds) < 0
        faults = [f"half: {path}" for path in _half(self.out)]
        old, new, found = (_of(files, self.case.output) for files in (self.old, self.new, _hashes(self.out)))
        if self.case.exact and self.case.output and found not in (old, new):
            faults.append("neither old nor new")
        checkpoint = self.out / "model.run" / "last.ckpt"
        begun = checkpoint.is_file() and checkpoint.stat().st_mtime > start
        again = self.case.again(begun) if self.case.again else self.case.arguments
        if killed or self.case.again:
            if not self.case.again and found:  # it had ended but for its farewell
                again = [*again, "--overwrite"]
            if (code := self._run(again)) != 0:
                faults.append(f"the next start ends with {code}: {self._log()}")
        end = _hashes(self.out)
        if self.case.exact and end != self.new:
            faults.append(f"another end: {sorted(set(end.items()) ^ set(self.new.items()))[:3]}")
        if set(_results(end)) != set(_results(self.new)):
            faults.append(f"other files: {sorted(set(_results(end)) ^ set(_results(self.new)))[:3]}")
        faults += [f"half at the end: {path}" for path in _half(self.out)]
        faults += [f"remains: {path.name}" for path in self.folder.rglob(f"{SCRATCH}*")]
        if _hashes(self.folder, without="out") != self.sources:
            faults.append("a source has changed")
        return faults

    def _begin(self) -> None:
        """The older result, or none."""
        shutil.rmtree(self.out, ignore_errors=True)
        kept = self.folder.with_name(f"{self.folder.name}.before")
        if self.case.before and not kept.exists():
            assert self._run(self.case.before) == 0, self._log()
            self.out.rename(kept)
        if self.case.before:
            shutil.copytree(kept, self.out)

    def _run(self, arguments: list[str], kill_after: float | None = None) -> int:
        """Exit code of the command in a process of its own, negative for a signal. Forked: imports take seconds."""
        child = os.fork()
        if not child:
            self._be_the_command(arguments)
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _be_the_command(self, arguments: list[str]) -> None:
        code = 1
        try:
            os.chdir(self.folder)
            log = os.open("../log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            sys.argv = ["iqt", *arguments]
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _log(self) -> str:
        lines = (self.folder.parent / "log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "without a word"


def _hashes(folder: Path, without: str = "nothing") -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in paths if SCRATCH not in str(path)}
    chosen = {name: path for name, path in names.items() if not name.startswith(f"{without}/")}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in chosen.items()}


def _of(files: dict[str, str], output: str) -> dict[str, str]:
    return {name: digest for name, digest in files.items() if name == output or name.startswith(f"{output}/")}


def _results(files: dict[str, str]) -> list[str]:
    """Names that are the same every time: not those of logs, of hidden files, and of folders called after a hash."""
    return [name for name in files if not any(part in f"/{name}" for part in ("/logs/", "/.", "/brains/", "/rows/"))]


def _half(folder: Path) -> list[Path]:
    """Files under plain names that cannot be read."""
    readers = {".gz": _voxels, ".nii": _voxels, ".json": lambda path: json.loads(path.read_text())}
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or SCRATCH in str(path):
            continue
        try:
            readers.get(path.suffix, lambda path: None)(path)
        except Exception:
            found.append(path.relative_to(folder))
    return found


def _voxels(path: Path) -> None:
    nibabel.load(path).get_fdata()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--only", default="", help="cases whose name begins so")
    options = parser.parse_args()
    for name in SLOW:
        import_module(f"IQTLib.{name}")
    moments, bad, done = random.Random(options.seed), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"IQT_MODELS": f"{scratch}/none", "IQT_PEOPLE": f"{scratch}/private", "OMP_NUM_THREADS": "1"}
        template = Path(scratch) / "template"
        template.mkdir()
        for case in (case for case in cases(template) if case.name.startswith(options.only)):
            folder = Path(scratch) / case.name.replace(" ", "")
            shutil.copytree(template, folder)
            trial, count = Trial(case, folder), max(round(case.share * options.kills / 100), 1)
            faults = []
            for _ in range(count):
                moment = moments.uniform(0, 1.05)
                faults += [f"at {moment:.2f}: {fault}" for fault in trial.kill(moment)]
            done += count
            bad += bool(faults)
            print(f"{case.name:24} {trial.seconds:6.1f} s  {count:3} kills  {len(faults)} faults", flush=True)
            for fault in faults:
                print(f"    {fault}", flush=True)
    print(f"{done} kills, {bad} commands with faults")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
