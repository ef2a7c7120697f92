"""Test pairs, scores and other measures of models on subjects that no training saw."""
