"""A real scene, and stand-ins for what the wheel `slicer-core` lacks."""

import standins

standins.install()

from scene_fixtures import a_mask, a_panel, a_volume, logic, models, quick_logic, scene, temporary, wait_until  # noqa: F401
from standins.dicom import dicom_database, dicom_scan, send_dialogs  # noqa: F401
from training_fixtures import a_training_panel, nodes, people, training  # noqa: F401
