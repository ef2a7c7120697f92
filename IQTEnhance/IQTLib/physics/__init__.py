"""What a scanner does to a head: the forward model, the simulator, lesions."""
