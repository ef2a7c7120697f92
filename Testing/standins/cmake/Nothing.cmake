# Slicer writes its package files here.
