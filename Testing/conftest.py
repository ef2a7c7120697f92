"""What all tests share: the library on the path, the phantom, and the development scans where they are at hand."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# Last on the path: the modules are only here, and an installed `IQTLib` goes before the checkout's.
sys.path += [str(ROOT / module) for module in ("IQTEnhance", "IQTTraining")]

# Tests do not see the models of the user who runs them. Set here, because some are parametrized by the list of models.
os.environ["IQT_MODELS"] = str(ROOT / "Testing" / "no models")

settings.register_profile("shared machines", deadline=None)  # a busy machine must not fail a test
settings.load_profile("shared machines")


@pytest.fixture(scope="session", autouse=True)
def own_people(tmp_path_factory) -> Path:
    """Key and table of pseudonyms are the tests' own, those of their subprocesses, too."""
    os.environ["IQT_PEOPLE"] = str(tmp_path_factory.mktemp("people") / "private")
    return Path(os.environ["IQT_PEOPLE"])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the development scans, `sub-<name>/anat/sub-<name>_<suffix>.nii.gz`; skips the test without them."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no development scans at {folder}")
    return folder


@pytest.fixture(scope="session")
def shared_ixi() -> Path:
    """Folder of the mid-slices of IXI; skips the test without it."""
    folder = ROOT.parent / "shared" / "ixi"
    if not folder.is_dir():
        pytest.skip(f"no slices at {folder}")
    return folder


@pytest.fixture(scope="session")
def phantom_brain():
    """The noiseless phantom as a `Brain`: volume, tissue maps softened by half a voxel, and mask."""
    from IQTLib.data.subjects import Brain
    from IQTLib.image.tissue import TissueMaps
    from phantom import labels, phantom

    tissues = labels()
    return Brain("phantom", phantom(), TissueMaps.from_labels(tissues).softened(0.5), tissues > 0)
