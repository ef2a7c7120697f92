"""The published comparisons, repeated on held-out subjects."""
