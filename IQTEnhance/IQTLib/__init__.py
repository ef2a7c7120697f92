"""Image Quality Transfer: estimate a high-field-like brain MRI from a low-field scan.

The library does not depend on 3D Slicer, Qt or VTK. Importing it does not import torch or spams: each method loads
what it needs when it runs.
"""

__version__ = "0.1.0"
