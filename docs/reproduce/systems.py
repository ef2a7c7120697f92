"""All systems in one table, from the single scores of one or more runs of `iqt experiments run`.

python docs/reproduce/systems.py RESULTS/scores.csv [MORE/scores.csv ...] > systems.md
"""

import csv
import sys
from pathlib import Path

from IQTLib.experiments.blocks import markdown
from IQTLib.experiments.systems.pages import systems_pages


def main(paths: list[str]) -> None:
    if not paths:
        raise SystemExit(__doc__)
    rows = [row for path in paths for row in csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines())]
    print(markdown(systems_pages(rows), Path()), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
