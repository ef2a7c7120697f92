"""`python -m IQTLib` is the command `iqt`."""

from .cli import main

main()
