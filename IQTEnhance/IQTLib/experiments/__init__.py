"""The published comparisons, run again on people that no training saw."""
