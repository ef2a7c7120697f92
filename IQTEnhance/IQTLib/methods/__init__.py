"""Enhancement methods, one module or package each, described by its `METHOD`, and their common code."""
