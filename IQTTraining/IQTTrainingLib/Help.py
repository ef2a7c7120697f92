"""The text of the panel's Help section, in a module of its own because whoever edits it needs no code."""

from slicer.i18n import tr as _

HELP = _("""
<p><b>IQT Training</b> trains models on your own high-field volumes. It simulates low-field scans of them (thick
slices, the contrast and the noise of a low-field scanner), so no pairs of scans are needed.</p>
<p><b>Steps.</b> <i>Data</i>: add volumes or choose a folder, press <i>Check volumes</i>. <i>Simulate</i>: look at a
<i>Preview</i>; the defaults are the published ones. <i>Train</i>: give a name, press <i>Train</i>. <i>Jobs</i> shows
the progress; the finished model appears in the list of <i>IQT Enhance</i>.</p>
<p><b>Subjects.</b> All volumes of a subject belong to the same split: training, validation (to choose the best state
of a network) or test (of the finished model). You need at least two subjects; thirty are better.</p>
<p><b>Jobs</b> are separate processes. If you wish, they continue when Slicer closes, and appear again at its next
start. A job that was stopped or killed, or ran out of disk space, can be resumed.</p>
<p><b>Limits.</b> A model suits the scanners and subjects it was trained on; on others it can be worse than
interpolation. For research, not for diagnosis.</p>
<p><b>Please cite</b> Eldaly AK, Figini M, Alexander DC. <i>Alternative Learning Paradigms for Image Quality
Transfer.</i> Machine Learning for Biomedical Imaging 2024:027, and for the simulator Lin H et al., Medical Image
Analysis 2023.</p>
""")
