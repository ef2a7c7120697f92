"""The text of the panel's Help section."""

HELP = """
<p><b>Image Quality Transfer</b> estimates what a low-field brain MRI with thick slices would look like from a
high-field scanner: cubic voxels, stronger contrast, less noise, in the scan's own place and units.</p>
<p><b>Methods.</b> <i>IQT-SRep</i> writes each patch as a few atoms of a learned low-field dictionary and adds the
detail that the high-field dictionary has for the same atoms. <i>IQT-DDL</i> mixes the atoms of one
high-field dictionary by shares that a network finds for each voxel. <i>IQT-DL</i> is a U-Net that enlarges one axis
only. <i>Interpolation</i> learns nothing: the baseline.
Only methods with weights are listed.</p>
<p><b>Limits.</b> For research, not for diagnosis. The result is an estimate: detail between slices was never measured,
small lesions can fade, and intensities must not be used for quantitative measurements. Only the brain is enhanced. A
model is for one contrast (mostly T1w) and a range of voxel sizes; the panel warns where a scan lies outside.</p>
<p><b>Offline installation.</b> Install the PyTorch extension from a file in the Extensions Manager and the packages in
<tt>requirements.txt</tt> (in the module's Resources folder) from wheels; the README says how.</p>
<p><b>Please cite</b> Eldaly AK, Figini M, Alexander DC. <i>Alternative Learning Paradigms for Image Quality
Transfer.</i> Machine Learning for Biomedical Imaging 2024:027. <a href="https://doi.org/10.59275/j.melba.2024-1656">
doi 10.59275/j.melba.2024-1656</a></p>
"""
