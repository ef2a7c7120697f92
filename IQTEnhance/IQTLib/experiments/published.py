"""The paper's Tables 1, 2 and 3, (NRMSE, SSIM) of each cell, and its times."""

TABLES: dict[str, dict[str, dict[str, tuple[float, float]]]] = {
    "table1": {
        "cubic": {"InD1": (0.257, 0.698), "InD2": (0.328, 0.612), "OOD": (0.469, 0.585)},
        "srep-paper": {"InD1": (0.240, 0.711), "InD2": (0.319, 0.641), "OOD": (0.450, 0.632)},
        "ddl": {"InD1": (0.126, 0.792), "InD2": (0.238, 0.732), "OOD": (0.435, 0.642)},
        "unet": {"InD1": (0.096, 0.869), "InD2": (0.258, 0.724), "OOD": (0.455, 0.630)},
    },
    "table2": {
        "srep-p7-k150": {"InD1": (0.243, 0.704), "InD2": (0.322, 0.639), "OOD": (0.452, 0.630)},
        "srep-p7-k256": {"InD1": (0.242, 0.705), "InD2": (0.321, 0.640), "OOD": (0.451, 0.631)},
        "srep-p7-k512": {"InD1": (0.240, 0.706), "InD2": (0.319, 0.641), "OOD": (0.450, 0.632)},
        "srep-p7-k1024": {"InD1": (0.240, 0.706), "InD2": (0.319, 0.641), "OOD": (0.450, 0.632)},
        "ddl-p32-k64": {"InD1": (0.128, 0.791), "InD2": (0.240, 0.731), "OOD": (0.437, 0.641)},
        "ddl-p32-k128": {"InD1": (0.126, 0.792), "InD2": (0.238, 0.732), "OOD": (0.435, 0.642)},
    },
    "table3": {
        "srep-p3-k1024": {"InD1": (0.250, 0.671), "InD2": (0.325, 0.635), "OOD": (0.459, 0.625)},
        "srep-p5-k1024": {"InD1": (0.244, 0.702), "InD2": (0.322, 0.639), "OOD": (0.455, 0.628)},
        "srep-p7-k1024": {"InD1": (0.240, 0.706), "InD2": (0.319, 0.641), "OOD": (0.450, 0.632)},
        "ddl-p16-k128": {"InD1": (0.133, 0.768), "InD2": (0.244, 0.725), "OOD": (0.440, 0.635)},
        "ddl-p32-k128": {"InD1": (0.126, 0.792), "InD2": (0.238, 0.732), "OOD": (0.435, 0.642)},
        "ddl-p48-k128": {"InD1": (0.129, 0.785), "InD2": (0.237, 0.729), "OOD": (0.437, 0.638)},
    },
}

MINUTES = {
    "srep, 150 atoms, training": "25",
    "srep, 1024 atoms, training": "80",
    "srep, 150 atoms, a volume": "7",
    "srep, 1024 atoms, a volume": "50",
    "ddl, 64 to 128 atoms, a volume": "4 to 7",
}
"""Published minutes: IQT-SRep in MATLAB on a laptop at 2.8 GHz, IQT-DDL in PyTorch."""


def published(table: str, method: str, test_set: str) -> tuple[float, float] | None:
    """(NRMSE, SSIM) of a cell, None if the paper has none. Our OOD set is an assumption."""
    return TABLES.get(table, {}).get(method, {}).get(test_set.partition("-ultra")[0])


def stated(table: str, method: str, test_set: str) -> tuple[float, float]:
    """As `published`, of a cell that the paper has.

    Raises:
        KeyError: it has not.
    """
    return TABLES[table][method][test_set]
