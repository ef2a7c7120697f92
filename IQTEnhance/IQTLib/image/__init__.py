"""Volumes and what is computed on them: grids, patches, tissue, noise, quality."""
