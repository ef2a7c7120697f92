"""Reports: intervals, tables beside the paper, what failed, pictures, Markdown and HTML."""

import json

import numpy as np
import pytest
from IQTLib.experiments import blocks, findings, results
from IQTLib.experiments.blocks import Bullets, Heading, Picture, Table, Text
from IQTLib.experiments.paper import bias
from IQTLib.experiments.results import Results, summarised
from IQTLib.experiments.tasks import Store
from IQTLib.training.recipe import read_recipe, shipped
from PIL import Image

PEOPLE = {"people": [{"person": p, "scanner": s} for p, s in (("a", "known"), ("b", "known"), ("c", "other"))]}


def test_interval_is_that_of_the_means_over_subjects_drawn_again():
    """Two people: a draw is (1, 1), (1, 3) twice or (3, 3), so means are 1, 2, 2, 3 and the interval 1 to 3."""
    summary = summarised([1.0, 3.0])
    assert (summary.people, summary.mean, summary.interval) == (2, 2.0, (1.0, 3.0))
    assert np.isnan(summary.ratio)


def test_ratio_and_difference_are_paired():
    """Every person's value is half of the baseline's: the ratio has no spread, whoever is drawn."""
    summary = summarised([1.0, 2.0, 4.0], [2.0, 4.0, 8.0])
    assert summary.ratio == pytest.approx(0.5)
    assert summary.ratio_interval == pytest.approx((0.5, 0.5))
    assert summary.difference == pytest.approx(-7 / 3)
    assert summary.difference_interval[0] == pytest.approx(-4)


@pytest.fixture
def run(tmp_path):
    """A run of Table 1: cubic 0.2 / 0.3 / 0.4 and U-Net 0.1 / 0.15 / 0.8 for a, b, c; DDL crashed for all."""
    values = {"cubic": {"a": 0.2, "b": 0.3, "c": 0.4}, "unet": {"a": 0.1, "b": 0.15, "c": 0.8}}
    entries, failures, store = [], {}, Store(tmp_path / "results")
    for method in ("cubic", "ddl", "unet"):
        for person in "abc":
            key = f"{method}{person}"
            entries.append({"experiment": "table1", "method": method, "person": person, "test_set": "InD1", "key": key})
            if method == "ddl":
                failures[key] = "its worker process died (out of memory?)"
                continue
            scores = dict.fromkeys(results.METRICS, values[method][person])
            store.put_row(key, dict.fromkeys(results.UNITS, scores))
    about = {"people": PEOPLE | {"sets": ["InD1"], "seed": 5}, "entries": entries, "failures": failures, "skipped": {}}
    (tmp_path / "run.json").write_text(json.dumps(about))
    return Results(tmp_path)


def row(table, group, method):
    return next(cells for cells in table.rows if cells[0].startswith(group) and cells[1] == method)


def test_methods_come_in_the_catalogues_order_whichever_was_run_first(run):
    run.entries.reverse()
    assert run.methods("table1") == ["cubic", "ddl", "unet"]


def test_findings_state_how_the_error_depends_on_a_setting(tmp_path):
    """Sizes in order, ratios to interpolation on known scanners beside the published ones (0.250 / 0.257 = 0.97)."""
    values = {"cubic": 0.2, "srep-p7-k1024": 0.19, "srep-p3-k1024": 0.196, "ddl-p16-k128": 0.1}
    store, entries = Store(tmp_path / "results"), []
    for method, value in values.items():
        for person in "abc":
            key = f"{method}{person}"
            entries.append({"experiment": "table3", "method": method, "person": person, "test_set": "InD1", "key": key})
            worse = 2 if person == "c" else 1  # of another scanner: does not count
            store.put_row(key, dict.fromkeys(results.UNITS, dict.fromkeys(results.METRICS, value * worse)))
    about = {"people": PEOPLE, "entries": entries, "failures": {}, "skipped": {}}
    (tmp_path / "run.json").write_text(json.dumps(about))
    [told] = [text for text in findings.findings(Results(tmp_path)) if text.startswith("Patch")]
    assert "IQT-SRep 3 / 7: ×0.98 / 0.95 (paper ×0.97 / 0.93); IQT-DDL 16: ×0.50 (paper ×0.52)." in told


def test_cell_has_mean_interval_ratio_and_the_published_value(run):
    table = results.scores_table(run, "table1", ["InD1"], "nrmse_mean", "as is")
    assert row(table, "known", "IQT-DL (U-Net)")[2] == "0.125 [0.100, 0.150]\n×0.50 [0.50, 0.50]\npaper 0.096 ×0.37"
    assert row(table, "other", "IQT-DL (U-Net)")[2].startswith("0.800 [0.800, 0.800]\n×2.00")
    assert row(table, "all (3)", "cubic interpolation")[2] == "0.300 [0.200, 0.400]\npaper 0.257"


def test_crashed_cell_says_so_and_the_others_stay(run):
    table = results.scores_table(run, "table1", ["InD1"], "nrmse_mean", "as is")
    assert row(table, "known", "IQT-DDL")[2].startswith("its worker process died (out of memory?)")


def test_a_table_without_any_method_is_one_line_with_the_reason(run):
    run.entries = [entry for entry in run.entries if entry["method"] != "unet"]
    [text] = results.scores_tables(run, "table1", ["InD1"])
    assert text.text == "Only interpolation was measured; the rest: its worker process died (out of memory?)."


def with_rows(run, experiment, rows):
    """Further rows of `run`: (method, person) -> row."""
    for (method, person), content in rows.items():
        key = f"{experiment}{method}{person}"
        place = {"experiment": experiment, "method": method, "person": person, "test_set": "InD1"}
        run.entries.append(place | {"key": key})
        run.store.put_row(key, content)
    return run


def test_bright_and_dark_lesions_are_distinguished(run, tmp_path):
    """Their mean would be 1 for a method that loses all bright ones."""

    def row(bright, dark):
        pairs = ((0.3, bright), (-0.3, dark))
        return {"lesions": [{"diameter": 4.0, "contrast": sign, "recovery": value} for sign, value in pairs]}

    with_rows(
        run, "lesions", {("cubic", "a"): row(0.8, 0.8), ("unet", "a"): row(0.0, 2.0), ("unet", "b"): row(0.2, 2.0)}
    )
    assert results.recoveries(run, "unet", "InD1", 1) == {4.0: pytest.approx(0.1)}
    told = [text for text in findings.findings(run) if "lesions" in text]
    assert told == [
        "Recovered contrast of bright / dark artificial lesions, InD1: cubic interpolation 0.80 / 0.80, "
        "IQT-DL (U-Net) 0.10 / 2.00."
    ]
    table = next(block for block in bias.lesion_pages(run, tmp_path) if isinstance(block, Table))
    assert table.rows[1] == ["IQT-DL (U-Net)", "InD1", "0.10 / 2.00"]


def test_the_papers_claim_is_tested_by_its_interval_and_not_on_two_subjects(run):
    slopes = {"cubic": (-0.3, -0.3, -0.3), "srep": (-0.2, -0.21, -0.05), "unet": (-0.1, -0.12, 0.15)}
    rows = {(m, p): {"decile slope": v} for m, values in slopes.items() for p, v in zip("abc", values, strict=True)}
    known, other = [text for text in bias.verdict(with_rows(run, "bias", rows)) if "claim" in text]
    assert "IQT-SRep (product) +0.10 [0.09, 0.10]" in known
    assert "only 2 subjects" in known
    run.scanner["c"] = "known"
    rows = {("unet", "c"): {"decile slope": -0.01}}
    [three] = [text for text in bias.verdict(with_rows(run, "bias", rows)) if "claim" in text]
    assert "does not hold, it regresses more" in three
    assert "only 1 subject" in other


def test_only_the_papers_units_and_metrics_stand_beside_the_paper(run):
    for metric, units in (("nrmse_max", "as is"), ("nrmse_mean", "gain matched")):
        assert "paper" not in str(results.scores_table(run, "table1", ["InD1"], metric, units).rows)


def test_worse_than_interpolation_is_said_plainly(run):
    known, other = [text for text in findings.findings(run) if text.startswith("InD1")]
    assert "×0.50" in known
    assert "Worse" not in known
    assert "Worse than interpolation: IQT-DL (U-Net)" in other


def test_a_ratio_that_is_not_the_papers_is_listed(run):
    assert any("is 0.50 [0.50, 0.50], the paper's 0.37" in text for text in findings.not_reproduced(run))


def test_differences_to_the_network_are_marked_where_the_interval_leaves_out_zero(run):
    _, table = results.differences(run)
    cubic = next(r for r in table.rows if r[:3] == ["as is", "known scanners", "cubic interpolation"])
    assert cubic[3] == "+0.125 [+0.100, +0.150] *"
    assert "not run" in cubic[4]


def test_what_was_not_run_is_not_hidden(run):
    assert run.missing("table1", method="unet") == ""
    (run.output / "results" / "rows" / "un" / "uneta.json").unlink()
    assert run.missing("table1", method="unet") == "not run"
    text = row(results.scores_table(run, "table1", ["InD1"], "ssim", "as is"), "all", "IQT-DL (U-Net)")[2]
    assert "2 subjects; the rest: not run" in text


def test_groups_are_known_scanners_other_scanners_and_all(run):
    assert list(results.GROUPS) == ["known scanners", "other scanners", "all"]
    assert set(run.by_person("table1", "cubic", "InD1", ("as is", "ssim"), "other scanners")) == {"c"}


# Blocks


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "figures" / "a.png"
    path.parent.mkdir()
    Image.new("RGB", (4, 4)).save(path)
    return Picture(path, "A <picture>")


def test_markdown_and_html_say_the_same(tmp_path, picture):
    content = [
        Heading("T", 1),
        Text("one & **two** of `three`"),
        Bullets(["x", "y"]),
        Table(["a"], [["1\n2"]], "cap"),
        picture,
    ]
    text = blocks.markdown(content, tmp_path)
    assert "# T" in text
    assert "| 1<br>2 |" in text
    assert "](figures/a.png)" in text
    page = blocks.page(content, "T")
    assert "one &amp; <b>two</b> of <code>three</code>" in page
    assert "1<br>2" in page
    assert 'src="data:image/png;base64,' in page
    assert "A &lt;picture&gt;" in page
    assert "http" not in page


# Figures


def slices(names):
    rng = np.random.default_rng(0)
    truth = rng.uniform(0, 100, (40, 30)).astype(np.float16)
    pieces = {name: (truth + number).astype(np.float16) for number, name in enumerate(names, start=1)}
    closer = {f"{name}|{other}": 0.25 for name in names for other in ("unet", "cubic") if name != other}
    row = {
        "size": [60.0, 80.0],
        "plane": 1,
        "closer": closer | {"cubic|cubic": 0.0},
        "nrmse_mean": dict.fromkeys(names, 0.1),
    }
    return row, pieces | {"truth": truth, "brain": np.ones(truth.shape, bool)}


def test_figures_are_written_and_show_something(tmp_path):
    shown = {"InD1": slices(["cubic", "srep", "unet"]), "OOD": slices(["cubic", "srep", "unet"])}
    paths = [
        blocks.estimates_figure(shown, tmp_path / "four.png"),
        blocks.errors_figure(shown, tmp_path / "five.png"),
        blocks.settings_figure(*shown["InD1"], ["cubic", "srep"], tmp_path / "six.png"),
        blocks.plot({"a": [(np.arange(3), np.arange(3))]}, tmp_path / "p.png", across="x", up=("y",), level=1),
    ]
    for path in paths:
        assert np.asarray(Image.open(path).convert("L")).std() > 10


def test_the_scale_bar_is_as_long_as_it_says():
    panels = blocks.Panels(1, 1, 1.0)
    panels.image(0, 0, np.zeros((10, 10)), (100, 100), "x", vmin=0, vmax=1)
    panels.mark(0, "row")
    (line,) = panels.axes[0, 0].lines
    assert np.ptp(line.get_xdata()) == blocks.BAR == 50
    assert panels.axes[0, 0].texts[-1].get_text() == "5 cm"


def test_closer_voxels_are_red_and_the_others_grey():
    panels = blocks.Panels(1, 1, 1.0)
    closer = np.zeros((10, 10), bool)
    closer[:5] = True
    shown = panels.closer(0, 0, np.full((10, 10), 0.5), closer, (10, 10), "x").get_array()
    red, grey = shown[0, 0], shown[9, 9]
    assert red[0] > 2 * red[1]
    assert grey[0] == grey[1] == grey[2]


def test_the_assumed_distribution_is_reported_with_what_interpolation_comes_to(run):
    """0.1 and 0.3 on known scanners, 0.4 on the other one, beside the paper's 0.469: nothing is nearly met."""
    for person, value in (("a", 0.1), ("b", 0.3), ("c", 0.4)):
        cell = {"experiment": "table1", "method": "cubic", "person": person, "test_set": "OOD-ultra-low-field"}
        run.entries.append(cell | {"key": f"ood{person}"})
        run.store.put_row(f"ood{person}", {units: dict.fromkeys(results.METRICS, value) for units in results.UNITS})
    [told] = [text for text in findings.not_reproduced(run) if text.startswith("The OOD distribution")]
    assert "0.200 [0.100, 0.300] on known scanners and 0.400 [0.400, 0.400] on other scanners" in told
    assert told.endswith(
        "the paper has 0.469, so neither values nor ratios of these columns can be compared with the paper's."
    )


def test_no_recipe_claims_to_be_the_papers_in_full():
    """They leave out its normalisation and the way its patches are put together, and say so."""
    for name, path in shipped().items():
        text = " ".join(path.read_text(encoding="utf-8").replace("#", "").split())
        assert "as published" not in text
        assert "as in the paper" not in read_recipe(path).get("description", "")
        if name in ("unet-paper", "ddl-paper", "ddl-128-paper"):
            assert "Not the paper in full: intensities are normalised as in all our models" in text
