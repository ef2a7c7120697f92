"""Models on disk: cards, weights, and what inputs they were trained for."""
