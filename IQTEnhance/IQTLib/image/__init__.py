"""Volumes and basic image computations: grids, patches, tissue maps, noise, quality metrics."""
