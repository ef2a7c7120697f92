"""The text of the panel's Help section."""

HELP = """
<p><b>IQT Training</b> learns from your own high-field volumes what a low-field scan lacks. Low-field scans of them are
simulated (thick slices, the contrast and the noise of a low-field scanner), so no pairs of scans are needed.</p>
<p><b>Steps.</b> <i>Data</i>: add volumes or choose a folder, press <i>Check volumes</i>. <i>Simulate</i>: look at a
<i>Preview</i>; the defaults are the published ones. <i>Train</i>: give a name, press <i>Train</i>. <i>Jobs</i> shows
how it goes; the finished model is in the list of <i>IQT Enhance</i>.</p>
<p><b>People.</b> Volumes of one person stay together: some people validate (they choose the best state of a network),
some test the finished model, nothing is learned from either. Two people are the least, thirty are better.</p>
<p><b>Jobs</b> are processes of their own. They go on when Slicer closes, if you wish, and are found again. A job that
was stopped, or killed, or whose disk was full, can be resumed.</p>
<p><b>Limits.</b> A model knows the scanners and the people it was trained on; on others it can be worse than
interpolation. For research, not for diagnosis.</p>
<p><b>Please cite</b> Eldaly AK, Figini M, Alexander DC. <i>Alternative Learning Paradigms for Image Quality
Transfer.</i> Machine Learning for Biomedical Imaging 2024:027, and for the simulator Lin H et al., Medical Image
Analysis 2023.</p>
"""
