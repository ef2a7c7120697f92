"""What a low-field scanner does to a head: the forward model, the simulator, lesions."""
