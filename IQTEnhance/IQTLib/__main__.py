"""Run the command `iqt` as `python -m IQTLib`."""

from .cli import main

main()
