"""Image Quality Transfer: low-field brain MRI made akin to high-field MRI.

The library knows images and nothing of 3D Slicer, Qt or VTK. Importing it imports neither torch nor spams:
methods load what they need when they run.
"""

__version__ = "0.1.0"
