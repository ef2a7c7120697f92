"""Test pairs, scores and other measures of models on held-out subjects."""
