"""Training: recipes, the sampler, the loop, runs and what they will take."""
