"""Restoration of scans of any contrast and voxel size.

Not in the list of methods yet: it joins with a `METHOD` here once there are weights that beat `wiener`, whose estimate
the network starts from.
"""
