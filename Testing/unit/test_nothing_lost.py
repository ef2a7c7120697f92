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
    one_line(iqt("enhance", *inputs, target, "--model", "cubic", "--overwrite", *options), 5, "is an input itself")
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
