"""Methods that enhance: one module or package each, described by its `METHOD`, and what they share."""
