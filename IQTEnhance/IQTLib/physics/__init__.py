"""Physics of acquisition: the forward model, the low-field simulator, artificial lesions."""
