"""`iqt bids`: every scan of a BIDS data set becomes a derivative; then one report of all of them."""
