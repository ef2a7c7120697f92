"""Training: recipes, sampler, training loop, run folders and the estimate of cost."""
