"""What the training module asks of the simulator: distributions of one's own, measured SNR, previews, going on."""

import json
import time

import numpy as np
import pytest
from IQTLib.app.simulate import SimulationRecipe, simulate_folder
from IQTLib.errors import InputError, OutputError
from IQTLib.events import Event, Reporter
from IQTLib.image.volume import read, write
from IQTLib.physics.simulation import preset
from phantom import labels, phantom
from remote import Remote


@pytest.fixture
def people(tmp_path):
    """Two phantoms with labels, masks found by their zeroed background."""
    folder = tmp_path / "people"
    for name in ("01", "02"):
        write(phantom(), folder / f"sub-{name}_T1w.nii.gz")
        write(phantom().with_data(labels()), folder / f"sub-{name}_dseg.nii.gz")
    return folder


def test_five_numbers_make_a_distribution():
    own = preset("50, 40, 5, 4, 0.8")
    drawn = own.draw(20_000, np.random.default_rng(0))
    assert drawn.mean(0) == pytest.approx((50, 40), rel=0.01)
    assert drawn.std(0) == pytest.approx((5, 4), rel=0.05)  # a little less: nothing beyond distance 3
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(0.8, abs=0.02)
    assert own.mahalanobis(drawn).max() < 3


@pytest.mark.parametrize("wrong", ["50,40,5,4", "a,b,c,d,e", "50,40,0,4,0", "50,40,5,4,1", "-1,40,5,4,0"])
def test_numbers_that_make_no_distribution_are_refused(wrong):
    with pytest.raises(InputError, match=r"five numbers|means and spreads must be"):
        preset(wrong)


@pytest.mark.parametrize("name", ["in-distribution", "OOD-ultra-low-field", "50,40,5,4,-0.3"])
def test_an_ellipse_lies_at_its_mahalanobis_distance(name):
    distribution = preset(name)
    for distance in (1.0, 3.0):
        np.testing.assert_allclose(distribution.mahalanobis(distribution.ellipse(distance)), distance, rtol=1e-9)


def test_measured_snr_is_reported_and_near_the_requested_one(people, tmp_path):
    events: list[Event] = []
    simulate_folder(people, tmp_path / "pairs", SimulationRecipe(snr=(60.0, 50.0)), report=Reporter(events.append))
    results = [event.data for event in events if event.kind == "result"]
    assert [result["person"] for result in results] == ["01", "02"]
    for result in results:
        assert result["measured"] == pytest.approx((60, 50), rel=0.05)
        np.testing.assert_allclose(result["affine"], read(result["low"]).affine)


def test_a_preview_writes_the_scan_alone(people, tmp_path):
    [low] = simulate_folder(people / "sub-01_T1w.nii.gz", tmp_path / "preview", SimulationRecipe(), truth=False)
    assert sorted(path.name for path in low.parent.iterdir()) == ["sub-01_acq-lowfield_T1w.json", low.name]
    assert json.loads((low.parent / "sub-01_acq-lowfield_T1w.json").read_text())["MeasuredSNR_WM"] > 0


def test_a_subjects_pair_does_not_depend_on_the_other_subjects(people, tmp_path):
    before = simulate_folder(people, tmp_path / "before", SimulationRecipe(seed=3), place=Remote())
    for path in people.glob("sub-01_*"):
        path.rename(tmp_path / path.name)
    alone = simulate_folder(people, tmp_path / "alone", SimulationRecipe(seed=3))
    assert [path.read_bytes() for path in alone] == [before[1].read_bytes()]
    single = simulate_folder(people / "sub-02_T1w.nii.gz", tmp_path / "single", SimulationRecipe(seed=3))
    assert single[0].read_bytes() == before[1].read_bytes()
    assert before[0].read_bytes() != before[1].read_bytes()  # two people of the same anatomy


def test_a_bad_scan_on_another_machine_is_reported_and_the_others_are_simulated(people, tmp_path):
    (people / "sub-01_T1w.nii.gz").write_bytes(b"no image")
    events: list[Event] = []
    with pytest.raises(InputError, match=r"1 of 2 volumes failed: .*sub-01_T1w.nii.gz"):
        simulate_folder(people, tmp_path / "pairs", SimulationRecipe(), place=Remote(), report=Reporter(events.append))
    assert [event.data["person"] for event in events if event.kind == "result"] == ["02"]


def test_resuming_keeps_complete_pairs_and_simulates_the_others_again(people, tmp_path):
    first, second = simulate_folder(people, tmp_path / "pairs", SimulationRecipe())
    before = first.stat().st_mtime_ns, second.read_bytes()
    (second.parent / "sub-02_acq-highfield_T1w.json").unlink()  # as if it had been killed there
    second.write_bytes(b"half")
    time.sleep(0.01)
    simulate_folder(people, tmp_path / "pairs", SimulationRecipe(), resume=True)
    assert (first.stat().st_mtime_ns, second.read_bytes()) == before
    (second.parent / "sub-02_acq-highfield_T1w.nii.gz").unlink()
    second.write_bytes(b"half")
    simulate_folder(people, tmp_path / "pairs", SimulationRecipe(), resume=True)
    assert (first.stat().st_mtime_ns, second.read_bytes()) == before


def test_resuming_makes_a_pair_again_whose_scan_has_changed(people, tmp_path):
    made = simulate_folder(people, tmp_path / "pairs", SimulationRecipe())
    before = [path.read_bytes() for path in made]
    write(phantom().with_data(1.5 * phantom().data), people / "sub-02_T1w.nii.gz", overwrite=True)
    simulate_folder(people, tmp_path / "pairs", SimulationRecipe(), resume=True)
    assert [path.read_bytes() == old for path, old in zip(made, before, strict=True)] == [True, False]


def test_resuming_does_not_mix_recipes(people, tmp_path):
    made = simulate_folder(people, tmp_path / "pairs", SimulationRecipe(factor=2))
    before = [path.read_bytes() for path in made]
    with pytest.raises(OutputError, match=r"other options \(factor 2, now 3, seed 0, now 1\)"):
        simulate_folder(people, tmp_path / "pairs", SimulationRecipe(factor=3, seed=1), resume=True)
    assert [path.read_bytes() for path in made] == before
    made[0].with_name("sub-01_acq-lowfield_T1w.json").unlink()
    simulate_folder(people, tmp_path / "pairs", SimulationRecipe(factor=2, seed=1), resume=True, overwrite=True)
    assert all(path.read_bytes() != old for path, old in zip(made, before, strict=True))
