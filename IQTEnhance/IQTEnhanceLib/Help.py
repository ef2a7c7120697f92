"""The text of the panel's Help section, in a module of its own because whoever edits it needs no code."""

from slicer.i18n import tr as _

HELP = _("""
<p><b>Image Quality Transfer</b> estimates what a low-field brain MRI with thick slices would look like from a
high-field scanner: isotropic voxels, stronger contrast, less noise, with the position and units of the scan.</p>
<p><b>Models.</b> The default, <tt>iqt-any</tt>, takes any brain scan. Below the list, the panel says what the chosen
model is for, how it did on held-out subjects and what it must not be used for.</p>
<p><b>Limits.</b> For research, not for diagnosis. The result is an estimate: detail between slices was never measured,
small lesions can fade, and intensities must not be used for quantitative measurements. Only the brain is enhanced.
Every trained model except <tt>iqt-any</tt> is for one contrast (mostly T1w) and a range of voxel sizes; the panel warns
if a scan is outside.</p>
<p><b>Offline installation.</b> Install the PyTorch extension from a file in the Extensions Manager and the packages in
<tt>requirements.txt</tt> (in the module's Resources folder) from wheels;
the page <i>Install without internet</i> of the documentation says how.</p>
<p><b>Please cite</b> Eldaly AK, Figini M, Alexander DC. <i>Alternative Learning Paradigms for Image Quality
Transfer.</i> Machine Learning for Biomedical Imaging 2024:027. <a href="https://doi.org/10.59275/j.melba.2024-1656">
doi 10.59275/j.melba.2024-1656</a></p>
""")
