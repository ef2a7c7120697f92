"""Methods that are neural networks, and what they share."""
