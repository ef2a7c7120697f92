"""Plans of experiments: who is measured with what, what counts as changed, and who is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny
from experimenting import HELD_OUT, context, small_brain, small_world
from IQTLib.errors import InputError, ModelError
from IQTLib.evaluation import heldout
from IQTLib.evaluation import heldout_pairs as pairs
from IQTLib.experiments import catalogue, planning, published, trainings
from IQTLib.experiments.catalogue import EXPERIMENTS, METHODS, SCALES
from IQTLib.image.volume import read, write


@pytest.fixture
def world(tmp_path):
    return small_world(tmp_path)


def plan_of(world, *names, scale="smoke", methods=()):
    scans, people = world
    return planning.planned(scans, people, SCALES[scale], scans.parent / "store", names, methods)


def tasks_of(plan):
    return {task.key: task for _, tasks in plan.waves for task in tasks}


def test_every_method_of_every_experiment_is_known_and_published_cells_have_one():
    assert {m for e in EXPERIMENTS.values() for m in e.methods} <= set(METHODS)
    for table, rows in published.TABLES.items():
        assert set(rows) <= set(EXPERIMENTS[table].methods)
    assert published.published("table1", "unet", "OOD-ultra-low-field") == (0.455, 0.630)
    assert published.published("table1", "unet", "InD2-low") is None


def test_published_pairs_are_what_the_seeds_draw():
    """Numbers written down on the day of publication: another numpy must not silently change the test sets."""
    drawn = {(p["person"], p["set"]): (p["snr_wm"], p["snr_gm"]) for p in planning.pairs_of(heldout.plan())}
    assert len(drawn) == 45
    assert drawn["head07", "InD1"] == pytest.approx((65.2228, 52.0127), abs=1e-3)
    docs = Path(__file__).parents[2] / "docs" / "pairs.json"
    for pair in json.loads(docs.read_text(encoding="utf-8"))["pairs"]:
        assert drawn[pair["person"], pair["set"]] == pytest.approx((pair["snr_wm"], pair["snr_gm"]), abs=1e-3)


def test_plan_holds_every_person_set_and_method_once(world):
    plan = plan_of(world, "table1")
    cells = {(e.person, e.test_set, e.method) for e in plan.entries}
    assert len(cells) == len(plan.entries) == 2 * 2 * 7
    assert {e.key for e in plan.entries} == set(tasks_of(plan))


def test_cells_of_two_tables_share_their_tasks(world):
    both = plan_of(world, "table2", "table3", scale="cpu")
    shared = [e.key for e in both.entries if e.method == "srep-p7-k1024" and e.test_set]
    assert len(shared) == 2 * len(set(shared)) == 2 * 2 * 3  # two people, three sets
    trained = dict(both.waves)["train srep"]
    assert len(trained) == len({task.key for task in trained}) == 6


def test_only_comparisons_of_settings_may_be_measured_on_a_part_of_the_brain(world):
    plan = plan_of(world, "table1", "table2", "figure6", scale="cpu", methods=("cubic", "ddl-p32-k64"))
    parts = {entry.experiment: set() for entry in plan.entries if entry.person}
    for entry in plan.entries:
        if entry.person:
            parts[entry.experiment].add(tasks_of(plan)[entry.key].inputs["pair"].part)
    assert parts == {"table1": {1.0}, "table2": {SCALES["cpu"].settings_part}, "figure6": {SCALES["cpu"].settings_part}}


@pytest.mark.parametrize(("patch", "batch", "people"), [(16, 32, 4), (32, 4, 4), (48, 1, 1)])
def test_small_trainings_see_as_many_voxels_with_every_patch_size(world, patch, batch, people):
    assert SCALES["paper"].ddl_voxels == 0  # as published: as many patches whatever their size
    plan = plan_of(world, "table3", scale="cpu", methods=(f"ddl-p{patch}-k128",))
    recipe = dict(plan.waves)["train ddl"][0].inputs["recipe"]
    assert (recipe["training.batch"], recipe["training.people"]) == (batch, people)
    plan = plan_of(world, "table3", scale="paper", methods=(f"ddl-p{patch}-k128",))
    assert "training.batch" not in dict(plan.waves)["train ddl"][0].inputs["recipe"]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_middle_of_a_pair_keeps_voxels_and_geometry(axis):
    whole = pairs.make_pair(small_brain(), "InD1", seed=(1, 2, 3), slice_axis=axis)
    part = pairs.middle(whole, axis, 0.4)
    across = pairs.shown_plane(whole.pair.high.affine, axis)  # the volume's axes are those of the world
    assert across != axis
    brain = whole.high_mask.any(axis=tuple({0, 1, 2} - {across})).sum()
    assert part.pair.high.shape[across] == pytest.approx(0.4 * brain, abs=1)
    for name in ("low", "high"):
        before, after = getattr(whole.pair, name), getattr(part.pair, name)
        first = np.linalg.solve(before.affine, after.affine)[:3, 3]
        cut = tuple(slice(int(a), int(a) + n) for a, n in zip(first.round(), after.shape, strict=True))
        np.testing.assert_array_equal(before.data[cut], after.data)
        np.testing.assert_array_equal(getattr(whole, f"{name}_mask")[cut], getattr(part, f"{name}_mask"))
        assert np.allclose(first, first.round())
        assert all(after.shape[other] == before.shape[other] for other in {0, 1, 2} - {across})
    np.testing.assert_array_equal(part.pair.contrast.shape, part.pair.low.shape)


def test_another_scan_behind_the_same_name_is_another_task(world):
    before = tasks_of(plan_of(world, "table1", methods=("cubic",)))
    path = world[0] / "sub-p0_T1w.nii.gz"
    volume = read(path)
    write(volume.with_data(volume.data + 1), path, overwrite=True)
    after = tasks_of(plan_of(world, "table1", methods=("cubic",)))
    changed = {task.inputs["pair"].person for key, task in after.items() if key not in before}
    kept = {task.inputs["pair"].person for key, task in after.items() if key in before}
    assert (changed, kept) == ({"p0"}, {"p1"})


def test_another_seed_is_another_task(world, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(json.dumps(HELD_OUT | {"seed": 6}))
    before = tasks_of(plan_of(world, "table1", methods=("cubic",)))
    after = tasks_of(plan_of((world[0], other), "table1", methods=("cubic",)))
    assert not set(before) & set(after)


def test_other_weights_are_another_task(world, tmp_path, monkeypatch):
    monkeypatch.setitem(catalogue.METHODS, "cubic", replace(METHODS["cubic"], model=str(tiny.saved(tmp_path / "m", 1))))
    before = tasks_of(plan_of(world, "table1", methods=("cubic",)))
    monkeypatch.setitem(catalogue.METHODS, "cubic", replace(METHODS["cubic"], model=str(tiny.saved(tmp_path / "n", 2))))
    assert not set(before) & set(tasks_of(plan_of(world, "table1", methods=("cubic",))))


def test_a_person_in_training_and_test_is_refused_by_name(world, tmp_path, monkeypatch):
    method = tiny.srep()
    for entry in ("people", "validation_people"):
        folder = tmp_path / entry
        from IQTLib.models.store import save

        save(tiny.card(method, name=entry, training={entry: ["p1", "p7"]}), method, folder)
        monkeypatch.setitem(catalogue.METHODS, "srep", replace(METHODS["srep"], model=str(folder)))
        with pytest.raises(InputError, match=f"{entry} was trained on p1: they cannot test it"):
            plan_of(world, "table1")


def test_a_missing_model_is_named_before_anything_runs(world, monkeypatch):
    monkeypatch.setitem(catalogue.METHODS, "srep", replace(METHODS["srep"], model="srep-that-is-not"))
    with pytest.raises(ModelError, match="no model 'srep-that-is-not'"):
        plan_of(world, "table1")


def test_an_optional_model_that_is_missing_is_left_out_with_the_reason(world):
    plan = plan_of(world, "factors")
    assert plan.skipped.get("unet-x2", "there is no model unet-t1w-x2") == "there is no model unet-t1w-x2"
    assert {"cubic-x2", "cubic-x8"} <= {entry.method for entry in plan.entries}


def test_regressors_that_a_user_trained_take_part_wherever_systems_are_compared():
    trained = {name for name, spec in METHODS.items() if spec.optional and spec.model.endswith("-t1w-x4")}
    assert {"scsr", "zeyde"} <= trained
    for name in ("systems", "any-scan", "lesions", "bias", "cost"):
        assert trained <= set(EXPERIMENTS[name].methods)


def test_missing_subjects_and_an_absent_real_scan_are_reported(world):
    (world[0] / "sub-p1_T1w.nii.gz").unlink()
    (world[0] / "sub-real_T1w.nii.gz").unlink()
    with pytest.raises(InputError, match="lacks the held-out subjects p1"):
        plan_of(world, "table1")
    assert "has no scan of real" in plan_of(world, "lowfield").skipped["lowfield"]


def test_wrong_names_list_the_right_ones(world):
    with pytest.raises(InputError, match="no experiment 'table9': choose from table1"):
        plan_of(world, "table9")
    with pytest.raises(InputError, match="no scale 'huge': choose from smoke, cpu, paper"):
        catalogue.named("scale", SCALES, "huge")


def test_experiments_train_on_no_test_validation_or_excluded_subject(world):
    plan = plan_of(world, "table2", "bias", scale="paper")
    for task in tasks_of(plan).values():
        if task.measure.startswith("train") or task.measure == "library":
            assert set(task.inputs["training_subjects"]) == {"p3", "p4"}


def test_training_subjects_come_from_all_sources(tmp_path):
    for person in ("a1", "a2", "a3", "b1", "b2", "b3", "c1"):
        (tmp_path / f"sub-{person}_T1w.nii.gz").touch()
    assert trainings.training_subjects(tmp_path, kept_out={"a1", "c1"}, count=3) == ["a2", "b1", "b3"]
    with pytest.raises(InputError, match="1 subjects who are not held out"):
        trainings.training_subjects(tmp_path, kept_out={"a1", "a2", "a3", "b1", "b2", "b3"}, count=3)


def test_the_cells_of_the_paper_scale_have_the_published_sizes(world):
    plan = plan_of(world, "table2", "table3", scale="paper")
    recipes = {task.title: task.inputs["recipe"] for task in tasks_of(plan).values() if "recipe" in task.inputs}
    assert recipes["srep-p7-k150"] == {"patch": 7, "atoms": 150, "patches": 100_000, "paper": True, "seed": 300}
    assert recipes["ddl-p16-k128"]["data.patch"] == 16
    assert recipes["ddl-p16-k128"]["settings.atoms"] == recipes["ddl-p16-k128"]["settings.filters"] == 128
    assert "training.steps" not in recipes["ddl-p16-k128"]


def test_rows_of_the_known_and_the_other_scanners_are_both_planned():
    people = heldout.plan()["people"]
    kinds = [entry["scanner"] for entry in people]
    assert kinds.count("known") >= 5
    assert kinds.count("other") >= 2
    assert np.unique(kinds).tolist() == ["known", "other"]


def test_a_stop_while_slices_are_made_is_not_kept_as_a_result_with_gaps(world, monkeypatch):
    from IQTLib.errors import CancelledError
    from IQTLib.experiments import measures

    def stopped(*_):
        raise CancelledError("stopped")

    plan = plan_of(world, "figures", methods=("cubic",))
    task = next(task for task in tasks_of(plan).values() if task.measure == "sections")
    monkeypatch.setattr(measures, "estimate_of", stopped)
    with pytest.raises(CancelledError):
        measures.sections({**task.inputs, "key": task.key}, context(world[0].parent))
