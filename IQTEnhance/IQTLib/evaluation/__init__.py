"""Test pairs and scores of models on subjects that no training saw."""
