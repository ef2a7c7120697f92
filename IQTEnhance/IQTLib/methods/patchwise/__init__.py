"""What patch methods share: features, PCA, training patches, overlaps, and the steps before and after them."""
