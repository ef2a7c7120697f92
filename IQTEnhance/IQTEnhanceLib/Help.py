"""The text of the panel's Help section."""

HELP = """
<p><b>Image Quality Transfer</b> estimates what a low-field brain MRI with thick slices would look like from a
high-field scanner: isotropic voxels, stronger contrast, less noise, with the position and units of the scan.</p>
<p><b>Methods.</b> <i>IQT-SRep</i> represents each patch by a few atoms of a learned low-field dictionary and adds the
detail that the high-field dictionary stores for the same atoms. <i>IQT-DDL</i> combines the atoms of a high-field
dictionary with weights that a network predicts for each voxel. <i>IQT-DL</i> is a U-Net that upsamples along one axis
only. <i>Interpolation</i> is the baseline and needs no training.
Only methods with weights are listed.</p>
<p><b>Limits.</b> For research, not for diagnosis. The result is an estimate: detail between slices was never measured,
small lesions can fade, and intensities must not be used for quantitative measurements. Only the brain is enhanced. Each
model is for one contrast (mostly T1w) and a range of voxel sizes; the panel warns if a scan is outside.</p>
<p><b>Offline installation.</b> Install the PyTorch extension from a file in the Extensions Manager and the packages in
<tt>requirements.txt</tt> (in the module's Resources folder) from wheels; the README says how.</p>
<p><b>Please cite</b> Eldaly AK, Figini M, Alexander DC. <i>Alternative Learning Paradigms for Image Quality
Transfer.</i> Machine Learning for Biomedical Imaging 2024:027. <a href="https://doi.org/10.59275/j.melba.2024-1656">
doi 10.59275/j.melba.2024-1656</a></p>
"""
