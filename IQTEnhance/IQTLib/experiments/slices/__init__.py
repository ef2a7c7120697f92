"""The experiments on mid-slices of IXI: the 2-D protocol of the low-rank study."""
