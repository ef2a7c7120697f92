"""The report's pages on the paper's experiments."""
