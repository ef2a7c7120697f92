"""The report of a run, from the results available: report.html, RESULTS.md and figures."""

import csv
import io
import re
from pathlib import Path

from ..events import SILENT, Reporter
from ..io.files import whole_file, write_json
from .any_scan.pages import any_scan_pages
from .blocks import Block, Bullets, Heading, Picture, Table, Text, markdown, page
from .catalogue import ALL_SETS, EXPERIMENTS, METHODS, SCALES, SETTINGS_NOTE
from .findings import findings, not_reproduced
from .paper.bias import bias_pages, lesion_pages
from .paper.pages import check_pages, cost_pages, factor_pages, figure_pages, lowfield_pages, settings_pages
from .planning import pairs_of
from .results import SHORT, Results, differences, scores_tables
from .run import PAIRS
from .slices.pages import slice_pages
from .systems.pages import systems_pages
from .systems.scores import all_scores
from .tasks import code_of

PAGE, DOCUMENT, FIGURES, SCORES = "report.html", "RESULTS.md", "figures", "scores.csv"
TITLE = "The paper's experiments on held-out subjects"
SMALL = 190_000  # bytes of a picture in the documentation
QUALITIES = (88, 80, 70, 60, 45)  # of JPEG, the first that is small enough


def write_report(output: Path, *, docs: Path | None = None, report: Reporter = SILENT) -> Path:
    """Write `report.html`, `RESULTS.md` and `scores.csv` (every single score) into `output`, the latter two into
    `docs`, too, with small pictures and the pairs. Returns the HTML."""
    results = Results(output)
    pictures = Path(output) / FIGURES
    blocks = report_blocks(results, pictures)
    _write(Path(output) / PAGE, page(blocks, TITLE))
    _write(Path(output) / DOCUMENT, markdown(blocks, Path(output)))
    table = _scores(results)
    _write(Path(output) / SCORES, table)
    if docs is not None:
        folder = docs / FIGURES
        for name in _pictures_of(docs / DOCUMENT):
            (folder / name).unlink(missing_ok=True)
        small = [_small(block, folder) if isinstance(block, Picture) else block for block in blocks]
        _write(docs / DOCUMENT, markdown(small, docs))
        _write(docs / SCORES, table)
        write_json({"pairs": pairs_of(results.run["people"])}, docs / PAIRS)
        report.log(f"wrote {docs / DOCUMENT}")
    return Path(output) / PAGE


def report_blocks(results: Results, pictures: Path) -> list[Block]:
    """All blocks in order; parts without results say so."""
    parts: list[tuple[str, str, list[Block]]] = [
        ("check", "Interpolation against the paper", check_pages(results, pictures)),
        ("table1", EXPERIMENTS["table1"].title, [*scores_tables(results, "table1", ALL_SETS), *differences(results)]),
        ("figures", EXPERIMENTS["figures"].title, figure_pages(results, pictures)),
        ("bias", EXPERIMENTS["bias"].title, bias_pages(results, pictures) if results.has("bias") else []),
        ("lesions", EXPERIMENTS["lesions"].title, lesion_pages(results, pictures)),
        ("table2", EXPERIMENTS["table2"].title, _settings(results, "table2")),
        ("table3", EXPERIMENTS["table3"].title, _settings(results, "table3")),
        ("figure6", EXPERIMENTS["figure6"].title, settings_pages(results, pictures)),
        ("lowfield", EXPERIMENTS["lowfield"].title, lowfield_pages(results, pictures)),
        ("any-scan", EXPERIMENTS["any-scan"].title, any_scan_pages(results)),
        ("cost", EXPERIMENTS["cost"].title, cost_pages(results, pictures)),
        ("factors", EXPERIMENTS["factors"].title, factor_pages(results)),
        *((name, EXPERIMENTS[name].title, slice_pages(results, pictures, name)) for name in ("ixi", "ixi-parts")),
        ("systems", EXPERIMENTS["systems"].title, systems_pages(all_scores(results))),
    ]
    blocks = [Heading(TITLE, 1), *_preface(results), Heading("What the numbers show"), Bullets(findings(results))]
    for name, title, content in parts:
        blocks.append(Heading(title))
        blocks += content or [Text(f"Nothing to show: {results.missing(name) or 'not run'}.")]
    blocks += [Heading("What we could not reproduce and why"), Bullets(not_reproduced(results))]
    return blocks + _appendix(results)


def _settings(results: Results, table: str) -> list[Block]:
    if not results.has(table):
        return []
    trainings = [
        [METHODS[entry["method"]].label, f"{row['seconds'] / 60:.1f}", str(len(row["people"]))]
        for kind in ("train srep", "train ddl")
        for entry, row in results.rows(kind)
        if entry["method"] in results.methods(table)
    ]
    scale = SCALES[results.run["scale"]]
    blocks: list[Block] = [
        Text(
            SETTINGS_NOTE.format(
                scale=scale.title,
                patches=scale.srep_patches,
                ddl=dict(scale.ddl),
                batch=f"{scale.ddl_voxels:,} voxels in patches a step"
                if scale.ddl_voxels
                else "patches as in the paper",
                part=scale.measured_part,
            )
        )
    ]
    blocks += scores_tables(results, table)
    return blocks + ([Table(["cell", "training minutes", "subjects"], trainings, "Trainings")] if trainings else [])


def _preface(results: Results) -> list[Block]:
    run = results.run
    kinds = {kind: [p for p, k in results.scanner.items() if k == kind] for kind in ("known", "other")}
    done = sum(results.store.row(key) is not None for key in {entry["key"] for entry in results.entries})
    planned = len({entry["key"] for entry in results.entries})
    versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    text = (
        f"Eldaly, Figini, Alexander, *Alternative Learning Paradigms for Image Quality Transfer* (MELBA 2024:027), run "
        f"again by `iqt experiments run`. Held-out subjects: {len(results.scanner)}, none of them in any training. "
        f"*Known scanners* ({', '.join(kinds['known']) or 'none'}): other subjects of the same data sets are in the "
        f'training, which is what the paper\'s "in distribution" means. *Other scanners* '
        f"({', '.join(kinds['other']) or 'none'}): data sets that no training saw. Scale: "
        f"{SCALES[run['scale']].title}. Done: {done} of {planned} planned results{_older(results)}."
    )
    reading = (
        "In the tables: mean over subjects with 95 % interval (bootstrap over subjects, 10,000 draws, seed 0); × is "
        'the ratio to cubic interpolation on the same subjects (paired); "paper" is the published value over five '
        "subjects of the Human Connectome Project and has no interval. *As is* keeps the scan's units, *gain matched* "
        "scales every image to the truth's mean in the brain first. With two subjects an interval is only their range. "
        "Seeds: pairs as in `pairs.json` and at the end of this page; trainings and the training library 300. Every "
        "single score is in `scores.csv`."
    )
    return [
        Text(text),
        Text(reading),
        Text(f"Machine: {run['machine']}, device {run['device']}. Versions: {versions}. Run ended {run['finished']}."),
    ]


def _older(results: Results) -> str:
    """How many results come from earlier code, in words; nothing when none does."""
    now = {name: code_of(experiment.measure) for name, experiment in EXPERIMENTS.items()}
    made = {e["key"]: e.get("code", "") == now.get(e["experiment"], e.get("code", "")) for e in results.entries}
    older = sum(results.store.row(key) is not None for key, present in made.items() if not present)
    return f", {older} of them measured by an earlier version of the code" if older else ""


def _appendix(results: Results) -> list[Block]:
    run = results.run
    titles = {entry["key"]: " ".join(v for k, v in entry.items() if k != "key" and v) for entry in results.entries}
    broken = [[titles.get(key, key), text] for key, text in run["failures"].items()]
    blocks: list[Block] = []
    if broken or run["skipped"]:
        rows = broken + [[name, f"left out: {text}"] for name, text in run["skipped"].items()]
        blocks += [Heading("What failed or was left out"), Table(["cell", "why"], rows)]
    people: dict[str, list[str]] = {}
    for pair in pairs_of(run["people"]):
        people.setdefault(pair["person"], []).append(f"{pair['snr_wm']:.1f} / {pair['snr_gm']:.1f}")
    header = ["subject", *(SHORT.get(name, name) for name in run["people"]["sets"])]
    table = Table(header, [[name, *cells] for name, cells in people.items()])
    text = f"SNR of white / grey matter of every pair; seed [{run['people']['seed']}, set, subject]."
    return [*blocks, Heading("The pairs"), Text(text), table]


def _pictures_of(document: Path) -> list[str]:
    """File names of the pictures in an earlier report: only these may be replaced."""
    text = document.read_text(encoding="utf-8") if document.is_file() else ""
    return re.findall(rf"\({FIGURES}/([^/)\s]+\.jpg)\)", text)


def _small(picture: Picture, folder: Path) -> Picture:
    """The picture as a JPEG below `SMALL` bytes."""
    from PIL import Image

    image = Image.open(picture.path).convert("RGB")
    for quality in QUALITIES:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=quality, optimize=True)
        if stream.tell() <= SMALL:
            break
    path = folder / f"{picture.path.stem}.jpg"
    with whole_file(path) as part:
        part.write_bytes(stream.getvalue())
    return Picture(path, picture.caption)


def _scores(results: Results) -> str:
    """Comma-separated values of every score, five digits."""
    text = io.StringIO()
    rows = list(all_scores(results))
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({n: f"{v:.5g}" if isinstance(v, float) else v for n, v in row.items()} for row in rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
