"""What the commands never do to files that they did not make, and to work that is done."""

import numpy as np
import pytest
from IQTLib.image.volume import Volume, write
from test_cli import everything_in, hashes, iqt, one_line, people, scan, scan_data  # noqa: F401

# Enhancing


@pytest.mark.parametrize("kind", ["itself", "link", "hard link", "mask", "in a folder"])
def test_an_input_is_never_replaced_by_a_result(iqt, scan, tmp_path, kind):  # noqa: F811
    target, inputs, options = tmp_path / "target.nii.gz", [scan], []
    if kind == "itself":
        target = scan
    elif kind == "link":
        target.symlink_to(scan)
    elif kind == "hard link":
        target.hardlink_to(scan)
    elif kind == "mask":
        write(Volume(np.ones((12, 13, 6)), np.diag([-1.0, 1.0, 4.0, 1.0])), target)
        options = ["--mask", target]
    else:  # the result of the first one would be the second one
        (tmp_path / "scan_iqt.nii.gz").write_bytes(scan.read_bytes())
        inputs, target = [scan, tmp_path / "scan_iqt.nii.gz"], tmp_path
    before = hashes(tmp_path)
    one_line(iqt("enhance", *inputs, target, "--model", "cubic", "--overwrite", *options), 5, "is also an input")
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("target", ["scan.nii.gz", "enhanced.nii.gz", "link.nii.gz"])
def test_a_difference_replaces_neither_of_its_two_volumes(iqt, scan, tmp_path, target):  # noqa: F811
    write(Volume(scan_data(seed=1), np.diag([-1.0, 1.0, 4.0, 1.0])), tmp_path / "enhanced.nii.gz")
    (tmp_path / "link.nii.gz").symlink_to("enhanced.nii.gz")
    before = hashes(tmp_path)
    one_line(iqt("difference", scan, "enhanced.nii.gz", target, "--overwrite"), 5, "is also an input")
    assert hashes(tmp_path) == before


def test_a_name_that_is_taken_meanwhile_costs_one_of_several_only(iqt, scan, tmp_path, monkeypatch):  # noqa: F811
    """Somebody else writes a result's name while it is computed."""
    from IQTLib.app import enhance as batch

    enhance = batch.enhance

    def slow(volume, **options):
        if (result := enhance(volume, **options)) and not (tmp_path / "out" / "scan_iqt.nii.gz").exists():
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "scan_iqt.nii.gz").write_text("theirs")
        return result

    monkeypatch.setattr(batch, "enhance", slow)
    write(Volume(scan_data(seed=1), np.diag([1.0, 1.0, 4.0, 1.0])), tmp_path / "b.nii.gz")
    done = iqt("enhance", scan, "b.nii.gz", "out", "--model", "cubic")
    assert done.code == 3
    assert "exists" in done.err.splitlines()[0]
    assert everything_in(tmp_path / "out") == ["b_iqt.nii.gz", "scan_iqt.nii.gz"]
    assert (tmp_path / "out" / "scan_iqt.nii.gz").read_text() == "theirs"


# Preparing


@pytest.mark.parametrize("place", ["itself", "below the target", "a file below", "a link"])
def test_prepare_never_writes_into_its_source(iqt, people, tmp_path, place):  # noqa: F811
    source, target = people, people
    if place == "below the target":
        source = people / "sub-01"
    elif place == "a file below":
        source = people / "sub-01" / "sub-01_T1w.nii.gz"
    elif place == "a link":
        target = tmp_path / "link"
        target.symlink_to(people)
    before = hashes(tmp_path)
    one_line(iqt("prepare", source, target, "--overwrite"), 5, "contains the scans to prepare")
    assert hashes(tmp_path) == before


def test_prepare_reaches_its_source_through_no_link(iqt, people, tmp_path):  # noqa: F811
    """The target's folder of a person is a link to the source's."""
    (people / "sub-01" / "anat").mkdir()
    for path in list((people / "sub-01").glob("*.nii.gz")):
        path.rename(people / "sub-01" / "anat" / path.name)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sub-01").symlink_to(people / "sub-01")
    before = hashes(people)
    one_line(iqt("prepare", people / "sub-01", "data", "--overwrite"), 5, "is also an input")
    assert hashes(people) == before


def test_prepare_takes_no_foreign_folder_without_overwrite(iqt, people, tmp_path):  # noqa: F811
    mine = tmp_path / "data" / "sub-01" / "anat" / "sub-01_T1w.nii.gz"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    one_line(iqt("prepare", people / "sub-01", "data"), 5, "did not make", "--overwrite")
    assert everything_in(tmp_path / "data") == ["sub-01/anat/sub-01_T1w.nii.gz"]
    assert iqt("prepare", people / "sub-02", "data", "--overwrite").code == 0
    done = iqt("prepare", people / "sub-01", "data")  # by now the folder is one of prepare's, the file is not
    assert done.code == 3
    assert "was not made by `iqt prepare`" in done.err
    assert mine.read_bytes() == b"mine"
    assert iqt("prepare", people / "sub-01", "data", "--overwrite").code == 0
    assert mine.read_bytes() != b"mine"


def test_prepare_below_its_source_finds_not_what_it_made(iqt, people):  # noqa: F811
    for _ in range(2):
        assert iqt("prepare", people, people / "derivatives").code == 0
    assert len([name for name in everything_in(people / "derivatives") if name.endswith("_T1w.nii.gz")]) == 3
