"""Run the command `iqt` as `python -m IQTLib`, for which Python demands a module of its own."""

from .cli import main

main()
