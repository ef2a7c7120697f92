<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>IQTEnhance</name>
    <message>
        <source>IQT Enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes low-field brain MRI look like high-field MRI: isotropic voxels and stronger contrast, with the position and units of the scan. For research, not for diagnosis. See the Help section of the panel and the README.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before the first run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the missing packages into Slicer&apos;s Python. The log below shows the progress.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a folder of wheels...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install without internet, from files that were downloaded elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan to enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The low-field brain MRI to enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tell whether the models know scans like this one, before enhancing it: noise, resolution, motion, metal, contrast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The enhancement method; the Help section describes them all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trained weights and the scans that they were trained on. Your own models are listed too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the recommended model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the model that suits most scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that receives the result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create new volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voxels:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voxels of the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The voxels of the result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the result when it is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the comparison after Apply. If unticked, your views do not change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also compute how sure the result is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a map of how far the true value may lie from the result. Only some models can tell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Even out the brightness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take out the slow change of brightness across the head that the coil causes (bias field, N4). It stays in the result otherwise.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain mask:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A brain mask on the volume&apos;s own voxels. If left empty, the brain is found automatically.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find the brain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device to compute on, with its free memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search again for GPUs and their free memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Across slices:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Across slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The axis across the slices, if it is not the one with the largest spacing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An empty field keeps the model&apos;s own value, shown in grey.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the volumes of the scene, with the studies they were loaded from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the volumes and DICOM series of a folder. They need not be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scans to enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick the scans to enhance. Hover over a row to read its remarks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick all scans that can be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untick all scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick all scans of the selected row&apos;s study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected row&apos;s result next to its scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the ticked scans one after the other. If one fails, the others continue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of all scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send results to a server...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send all results of the table to a PACS or a DICOMweb server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log of the worker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three planes, or one plane in larger views. Your choice is remembered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One plane, large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show input and enhanced volume in linked views with the same window and level.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toggle (F8)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch between input and enhanced volume in the views of the input. Press F8 repeatedly to flicker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show enhanced minus input in the views of the input, with a colour bar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show where the enhanced volume, degraded again, contradicts the input by more than its noise: structure that was invented (red) or lost (blue).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the enhanced volume in a lens around the mouse pointer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snapshot...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the views, with names and scale bar, as a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore the layout from before the comparison.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fade:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fade</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlay the enhanced volume on the input in the views of the input.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How sure is the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show how far the true value may lie from the result, in colours over the enhanced volume. The Data Probe shows the number under the pointer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How strongly the map covers the enhanced volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide below:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least half-width that is shown, as a share of the colour bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the surest places: half-widths below this share of the colour bar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A high-field volume of the same subject, aligned with the input, if available.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure against reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NRMSE, SSIM and PSNR of the input and of the enhanced volume, in a table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without the patient&apos;s identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the patient&apos;s identity and the date and place of the scan. The face remains visible in the images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the DICOM database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From there, the DICOM module can send the series to a PACS or DICOMweb server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export to DICOM...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the enhanced volume as a DICOM series derived from the scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send to a server...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the result to a PACS or a DICOMweb server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All models on this computer. Select one to read its card. Nothing is ever downloaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import file...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model from a zip file or its card.json to your folder, after a check.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model from its folder to yours, after a check.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the folder of your own models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the card and weights of the selected model and run it on a small volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the selected model from your folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.BatchPanel</name>
    <message>
        <source>Scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scans in {folder}: {count}. Results go into its folder {results}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance {count} scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching for scans: folder {done} of {total}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send all results of the table to a PACS or a DICOMweb server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick the scans to enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan {position} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done, with warnings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching for scans in {folder}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volumes of the scene: {count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance 1 scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, about {left} left for all</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.BatchRows</name>
    <message>
        <source>Cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See remarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} voxels of {spacing} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {all} scans are done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} stopped</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Cards</name>
    <message>
        <source>T1-weighted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T2-weighted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;For&lt;/b&gt; {contrast} brain scans with slices {least:.1f} to {most:.1f} mm apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;Tested&lt;/b&gt; on held-out data of {people}: {result}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis, other contrasts, or measuring intensities{lesions}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done in {time} with {model}: {output} is next to {input} in the Data module.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recommended: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;For&lt;/b&gt; brain scans of any contrast and voxel size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;Not tested&lt;/b&gt; on held-out subjects.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; lesions can look weaker or stronger than they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis, or measuring intensities{lesions}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about the same error as interpolation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{change:.0f} % less error than interpolation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{change:.0f} % more error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the warnings above Apply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{people} subjects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is an estimate: in tests it had {result}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Catalogue</name>
    <message>
        <source>On {people} held-out subjects ({set}): {scores}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No test figures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On 1 held-out subject ({set}): {scores}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model {name} is for {its}, not for {other}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{measure} {mean:.3f} ({ratio:.3f} times that of interpolation)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model of method &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only models in your own folder can be deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained for {contrast}, x{factor}, voxels of {low:.2f} to {high:.2f} mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is part of the extension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolation (baseline)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth slices between those that were measured. Nothing is learned, so nothing is invented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nearest interpolation along the slice axis, a baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>linear interpolation along the slice axis, a baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cubic interpolation along the slice axis, a baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LRTV: low rank and total variation, any scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight of the low rank, times the scan&apos;s noise, 0 to 10; 0 leaves it out, which is quicker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>relative change of an iteration that counts as converged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ELRTV (our reconstruction): LRTV and more, any scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tuned for slices of scale x2 or x4 by the authors (study-x2, study-x4), or by us (ours)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A classic baseline: a scan of any contrast restored with low rank and total variation; nothing is learned. In practice, wiener is quicker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{measure} {ratio:.3f} times that of interpolation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight of total variation, times the scan&apos;s noise, 0 to 10: larger values are smoother</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>greatest number of iterations, 10 to 2000</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>low rank and total variation for any scan: a classic baseline, nothing is learned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A classic baseline: LRTV, back-projection, sharpening and non-local means for a scan of any contrast. Our reconstruction of an unpublished program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>non-local means, times the scan&apos;s noise, 0 to 5: larger values are smoother</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>our reconstruction of ELRTV for any scan: a classic baseline, nothing is learned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ScSR: coupled dictionaries by lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yang 2010: the lasso code of a patch&apos;s features gives the patch itself, scaled to the scan&apos;s contrast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning dictionaries needs spams, which is GPL-3; enhancement also works without it, more slowly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxels between patches: smaller values are smoother and slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false: apply a Wiener filter first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSC-SR: convolutional sparse coding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds the detail that goes with small patterns of the scan in other brains.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It needs sporco (BSD-3): pip install &apos;image-quality-transfer[csc]&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lambda: smaller values keep more detail and more noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of the coding: more take longer and change little</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false: enforce agreement with the measured slices at the end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WEENIE: another contrast, synthesised, not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guesses what a scan of another contrast would look like. Nothing of it was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sparsity weight lambda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast of a patch, as a multiple of the interpolated one&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NE+LLE: neighbour embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chang 2004: the nearest atoms, weighted so that they give the patch&apos;s features, give its detail.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>atoms that a patch is made of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zeyde: K-SVD dictionaries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ancestor of IQT-SRep: sparse codes in dictionaries learned by K-SVD.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>atoms of a patch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GR: global regression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timofte 2013: one matrix for all patches, the simplest of the regressors.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ANR: anchored neighbourhood regression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timofte 2013: a matrix for each atom, from the atoms near it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A+: adjusted anchored regression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds the detail that places like these had in other brains, by one multiplication each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IQT-SRep: sparse dictionaries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds the detail that a learned dictionary knows for similar places in other brains.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>omp or lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>atoms per patch (omp)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sparsity weight lambda (lasso)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto, spams or torch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wiener restoration: any scan, no training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharper and less noisy, as far as the scan&apos;s own noise allows. Nothing is learned, so nothing is invented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>factor on the assumed noise, 0.1 to 10: above 1 gives a smoother result, below 1 a sharper one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best linear restoration of any scan: sharper, less noisy, no training data, nothing invented</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IQT-DDL: deep dictionaries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A network finds the mix of learned pieces that fits each place best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its feature extractor follows UNet++, which its authors call patent pending and license for research only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>edge in voxels of the windows that a volume is cut into; for the U-Net, the size of its patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>overlap of neighbouring windows, 0 to 0.75</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise (share of the brain&apos;s mean) above which a scan is filtered first; 0 means never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>average over 1, 2 or 4 flips of the scan; each takes a full pass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharper slices at any voxel size. It learned from one kind of scan, so use it for that kind only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoration of any scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharper and less noisy, for any kind of brain scan. T1-weighted scans look like those of a stronger scanner; all others keep their contrast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 gives T1w scans the contrast of high field, 0 keeps the scan&apos;s contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 keeps the network&apos;s estimate, 1 moves it towards agreement with the scan as far as its noise allows; where the contrast changes, only bright spots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>average over 1, 2, 4 or 8 flips of the scan; each takes a full pass of the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IQT-DL: anisotropic U-Net</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A neural network that fills in the slices between those that were measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any brain scan: sharper and less noisy; T1w scans get the contrast of high field, all others keep their own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no support map: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{output}: results are written as {writable}, or to a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several inputs have the same name: enhance them into different folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{output} is a single file for {count} volumes: give a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{output}: results are written as {writable}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} of {inputs} volumes failed: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is a file: name a folder for the series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} contains other files than an exported series: choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} contains the scan itself: choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}: no such file or folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} is not a DICOM file: name the folder of the scan&apos;s DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{enhanced} is not at the position of the scan {source}: only {share:.0f} % of it overlaps. Choose the scan that it was made from (or did a conversion lose its position?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the volume&apos;s axes are not orthogonal, a corner would move by {skew:.2f} mm: resample it to a grid with orthogonal axes first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{estimate} {shape} is not on the grid of {truth} {shape2}: resample one of them first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the one that holds the scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by its name these are labels, not a scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several scans have the same name: simulate them into different folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target} holds the scans to simulate from: choose a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} holds no scans but those below {target}, which earlier runs have made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target}: {share:.1%} of the brain&apos;s voxels are not supported by the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} does not exist: choose a folder or a volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{other} and {name} would both become sub-{person}: rename one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several scans are called {scan}: they count as one subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{person}: no voxel is {name} alone: check the tissue labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{person}: CSF, grey and white matter are at {told}: not a T1w volume, exclude it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no usable high-field volume: see the warnings above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is skipped: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is damaged ({why}): packing {person} again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a valid pseudonym key: restore it, or delete it to start with new pseudonyms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing to prepare: name files or folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none of {count} volumes can be used: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sub-{person}: {sidecar} was prepared from a file elsewhere, which is replaced now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target} is a file, or a link that leads nowhere: choose a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target} contains the scans to prepare: choose a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the folder of the scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} contains no *_{suffix} volume (NIfTI, NRRD or MetaImage)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} subjects are too few: {validated} for validation and {tested} for the test leave none to train on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} holds labels or a mask by its name ({names}): give the scan itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: tissues cannot be segmented from {suffix} intensities, only from {contrasts}: put tissue labels (&lt;scan&gt;_dseg, 1 CSF, 2 GM, 3 WM) or maps (&lt;scan&gt;_label-{{CSF,GM,WM}}_probseg) beside it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: no tissue maps beside it, estimating them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{mask} is empty: brain voxels must be above 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{person}: voxels of {spacing} mm resampled to {edge:.2f} mm isotropic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not on the grid of its volume {shape}: resample it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suffix {suffix}: write letters and digits, as BIDS has it (T1w, FLAIR)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sub-{person}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device {name!r}: choose auto, cpu, cuda, cuda:NUMBER or mps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped: the program that reads the events has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped: the unfinished part was not written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interpolation {kind!r}: choose one of {interpolations}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities in the brain range from {low:.6g} to {high:.6g}: make 0 mean no signal, as methods assume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>modality {given}: choose {modalities}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>resolution {told}: give the width of the point spread along i, j and k in mm, for example 1.6,1.6,5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice axis {override}: choose 0, 1 or 2 (i, j or k)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a grid of {told} voxels is too large: crop the volume first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>output grid {asked!r}: choose model, isotropic or voxels of {least:g} to {most:g} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the truth has mean {mean:.4g} inside the mask: NRMSE needs a positive mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the truth is {top:g} everywhere inside the mask: there is no structure to compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>truth {shape} and estimate {shape2} differ in shape: resample one first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask {shape} and truth {shape2} differ in shape: resample one first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the volume has shape {shape}: SSIM needs {reach} voxels along every axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mask is empty: nothing to compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the tissue maps have shape {shape}, the volume {shape2}: they must share a grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the noise has standard deviation {sigma:g}: the signal-to-noise ratio is undefined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the noise cannot be measured ({reason}), so there is no signal-to-noise ratio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only {pure} voxels of pure {name}, but {minimum_voxels} are needed: check the tissue maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} voxels along an axis are fewer than a patch of {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tissue maps can be estimated only for {brightness}, not for contrast {contrast!r}: pass maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mask has shape {shape}, the volume {shape2}: they must share a grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mask has only {mask} voxels: pass one that covers the brain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the volume is constant ({low:g}) inside the mask: there are no tissues to separate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tissue maps differ in shape: {shape}, {shape2}, {shape3}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tissue maps must be fractions: lowest {lowest:g}, largest sum {highest:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown tissue label {unknown:g}: expected 0 none, 1 CSF, 2 GM, 3 WM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bad} of {size} voxels are NaN or infinite: replace them (for instance by 0) first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxels range from {low:g} to {high:g}, too wide for 32-bit numbers: rescale them first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all voxels are {low:g}, so there is nothing to enhance: check the file or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read as {kind}: {why} (damaged? export it again)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>series {series!r} was asked for, but only DICOM has series: leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is empty: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask {path} is not on the grid of the volume {shape}: resample it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask {path} is empty: brain voxels must be above 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: cannot write this kind of file, choose one of {writable}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not written: {bad} of {size} voxels would be NaN or infinite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be written: {why} (is the disk full?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the affine {affine} is not 4x4 with finite numbers: correct the header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the affine&apos;s last row is {affine} instead of 0, 0, 0, 1: correct the header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxel sizes {spacing} mm are invalid: correct the header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxel axes meet at {angle:.2f} instead of 90 degrees: resample to a right-angled grid first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxels of {told} mm are not those of a head scan ({finest:g} to {coarsest:g} mm): correct the sizes or their unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a field of view of {told} mm is too wide for a head: correct the voxel sizes, or crop the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the array has shape {shape}: pass a 3D one with voxels in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxels are of type {dtype}: pass real numbers, one per voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the one that holds the DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown image format: give .nii, .nii.gz, .nrrd, .mha or a folder of DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} and {path2} are different images with the same SOPInstanceUID: one of them would be lost, export the series again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no DICOM images here: choose the folder that holds the files of one series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>multi-frame (enhanced, mosaic) DICOM is not supported: convert it with dcm2niix first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images are in colour: choose the series with the scan itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images are inverted (MONOCHROME1): choose the series with the scan itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series is a single slice: give a whole volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices differ in frame of reference: choose a series of a single scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices differ in {name}: a localiser or a mixed series, choose one of a single volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices lack position, orientation or pixel spacing: export the original series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has a position or a rescale slope that is not a number: export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has pixels of {spacing} mm: export the original series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has direction cosines of length {found} instead of 1: export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several slices share one position (echoes, times?): export each volume as a separate series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are {gaps:.3f} to {gaps2:.3f} mm apart, farthest after {path}: some are missing, copy or export the series again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series is of modality {first}: choose the MR scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series names no study (StudyInstanceUID): export it from the archive again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the slices differ in {keyword}: choose a series of one scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {path2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more pixels than the header tells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a damaged DICOM file: copy it again, or remove it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is deflated DICOM, which is not supported: save it uncompressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{existing} is not writable: choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{existing} is a link that leads nowhere: choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{existing} is a file, not a folder: choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be written ({strerror}): choose another name or folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target} is also an input, and inputs are never replaced: choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was not written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program is writing to {folder}: wait for it, or choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot write to {parent}: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot write to {parent}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program has just written {path}: choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program has just written {target}: choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other programs keep writing {target}: wait until they have finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot write into {folder}: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a link to a file that is not here: fetch its content first (git annex get, datalad get)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shut} cannot be read: change its permissions, or move it out of {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the voxels are colours, vectors or complex numbers ({kind}): save one real number per voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds {unpacked} bytes of voxels instead of {claim}: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>direction vectors in the header have lengths {lengths} instead of 1: correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is incomplete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the NRRD header is damaged: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the voxels are encoded as {encoding}: save them raw or with gzip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the NRRD header skips bytes before compressed voxels: save the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the NRRD header does not name its voxel file: copy or export the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the NRRD header states {name} twice: correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>positions are in {units}: convert the header to mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header states voxel sizes of {known} axes: add all three, or convert the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image does not have 2 to 4 dimensions: give a whole volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the MetaImage header is damaged: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header&apos;s {name} ({name2}) does not fit {dimensions} dimensions: correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file size does not match its header: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>positions are in {unit}: convert the header to mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header is damaged ({why}): copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header has {told} voxel sizes: add sizes in mm, or convert the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is cut short: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not a NIfTI image despite its name: convert it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the voxels are colours or complex numbers ({dtype}): save one real number per voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header places the voxels at byte {raw:g}: correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header scales voxels by {raw:g} and adds {raw2:g}: correct scl_slope</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header has voxels of {bits} bits, and of a type that takes {stored}: convert it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header has voxels of {told} mm and no sform: correct its pixdim, or convert it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds far more than its header says: copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{purpose} needs about {needed} of memory, but only {available} is available: close other programs, or crop or resample the image first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the voxels are spread over several files ({name}): save them as one file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header points to {name!r}, outside the header&apos;s folder: for safety that file is not opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image is empty (shape {shape}): export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image holds several volumes (shape {shape}): save the one to use in a file of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image is a single slice (shape {shape}): give a whole volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header claims {voxels} voxels (shape {shape}), which is not a brain scan: correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is too short for its shape {shape}: it is truncated, copy or export it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{old} and {old2} are the same setting: give one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where}{unknown} is unknown: choose from {hints}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where}{name} is not a name: names are text, in quotes where they look like numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where}{entry} is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is {value}: it must be {fits}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is {value}: choose one of {named}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is {value}: it must be a list of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the connection to the cluster was lost: repeat the command to continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parent} already has a thousand jobs from this second: try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program is creating a job in {parent}: try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the job {other} is already writing {target}: wait for it or stop it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a job: date or details in {job} are invalid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a job: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the job {value} is not finished: stop it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot ask the job {value} to {request}: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} cannot be started for {folder}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another process is already working on {folder}: wait until it has finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot write to {folder}: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped while waiting for its turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>method {method} states no interval: choose a model that does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the result has voxels of {own:g} mm, the scan {finest:g} mm: for these choose the output grid isotropic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the result does not resemble the scan (correlation {likeness:.2f}): give the scan before it was resampled, without an offset in its intensities, or state its resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} makes {bad} of {size} voxels NaN or infinite: its weights are damaged or cannot cope with this scan, choose another model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain mask is empty on the model&apos;s grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normalisation {normalisation!r}: this version knows {normalisations}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean intensity inside the brain is {scale:.4g}: it must be positive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an image of {shape} is too small for filters of {support}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is of other settings: start the training again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read ({why}): start the training again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no registered pairs of {source} and {target}: WEENIE needs at least one subject with both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WEENIE makes slices of another contrast: it does not enhance thick slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pseudo-pairs count {weight:.2f} of a pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>total variation {tv}, rank {rank}: penalties must be 0 or above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{atoms} atoms: IQT-DDL grows its dictionary by doubling, choose a power of two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>factor {factor}: choose 2 to 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>filters {filters}: choose 4 to 256, with filters + atoms a multiple of 4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>complement {complement!r}: choose centred or literal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>planes of a scan of {told} voxels are too small for LIIF: it needs {smallest} each way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>window {window}: choose a multiple of 16 from 32 to 256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>overlap {overlap}: choose 0 to 0.75</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test-time augmentation {flips}: choose 1, 2 or 4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>out of memory: {advice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>channels {channels}, blocks {blocks}: choose 4 to 256 and 1 to 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>factor {factor}: the anisotropic U-Net has 2, 4 or 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>filters {filters}: choose an even number from 2 to 64</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are no pairs to learn from: add volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} patches; principal components</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only {count} textured patches for {atoms} atoms: add volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reduced} components; learning {atoms} atoms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain of {person} is too thin for patches of {size} voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch {patch}: choose 3, 5 or 7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{atoms} atoms: choose 16 to 4096</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stride {stride}: choose 1 to the patch size {patch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{patches} training patches for {atoms} atoms: choose more patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LIIF: slices of one contrast at any scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stated:g} mm are stated as resolution along {axis}, but voxels are {spacing:g} mm: name i, j, k in turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not all of its numbers are finite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have atoms that are zero: they are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a model grid of {size} voxels is smaller than a patch of {patch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown method {name!r}: this version has {methods}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>K-SVD does not converge: the training patches are not finite, check the volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>codes and high-field dictionary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights {found}: they do not match the method and settings of the card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have {name} in 8 bits without factors that fit it: they are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have {name} of shape {shape}, but the card requires {shape2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have {name} of type {dtype}: expected {kind} numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have {bad} values in {name} that are not finite: they are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have a variance of {least:g} in {name}: they are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the weights have {least:g} in {name}, which must be above 0: they are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a model card of format {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has unknown keys {names}: is it from a newer version?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a valid card: grid {grid} with thickness {thickness} and gap {gap}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} holds no {card}: it is not a model folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a valid card: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no interval: the scan is returned as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{weights}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model {name!r}: neither a folder nor one of {models}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {name!r}: give a loaded model, or the name or folder of one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not safetensors: pickled and foreign weights are refused, because they can run any code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a model, so it is not overwritten: choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{weights} cannot be written: {why} (is the disk full?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>card: {method}, format {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} gives {shape} instead of {expected}: card and method do not fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trial: 24 x 24 x 6 voxels become {shape}, all finite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights: SHA-256 {found}... as the card says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{card} has no option {foreign}: {can} can be set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the card of {card} does not fit its method: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} holds no {weights}{hint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is damaged or foreign: SHA-256 {found}..., the card says {card}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a safetensors file of numpy&apos;s number types: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}: {name!r} cannot be the name of a model: use letters, digits, &apos;.&apos;, &apos;_&apos; and &apos;-&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is a model {name} already: delete it first, or change the name on the card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} is not there: choose a zip file, or the folder of a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no temporary folder to unpack into ({strerror}): set TMPDIR to one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} cannot be unpacked ({why}): give a zip file of card and weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} cannot be unpacked into {parent}: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} holds {count} files {file}: give a zip file of one model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}: {file} would grow from {packed} to {size}: far too large for a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice thickness {thickness} and gap {gap}: need thickness &gt;= 1 and gap &gt;= 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice factor {factor} (thickness + gap) is outside 2 to 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blur of {width} voxels with profile {profile!r}: choose 0 to 64 and gaussian or box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>damping {damping}: it must be positive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length {length}, noise {noise} and spread {spread} must be positive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR distribution {name}: means and spreads must be {least:g} to {most:g}, correlation between -1 and 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no SNR preset {name!r}: choose one of {presets}, or write five numbers (means of WM and GM, their spreads, correlation), comma-separated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise {kind!r}: choose gaussian or rician</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fixed tissue {fixed!r}: choose WM or GM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no pure white or grey matter on the low-field grid: are the tissue maps right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean intensity of WM {wm_mean:.4g} and GM {gm_mean:.4g}: both must be positive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the bounds of the SNR distribution reject almost every draw: widen them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tissue maps {shape} and volume {shape2} differ in shape: resample one first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{high} slices along axis {slice_axis} are too few for factor {factor}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR {snr}: both must be positive, at least {least:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain mask is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the enhanced volume does not lie where the scan&apos;s brain is: compare it as it was written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the enhanced volume does not show the scan (rank correlation {alike:.2f}): compare it with the scan that it was made from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the enhanced volume is rotated relative to the scan: compare it as it was written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the bias field was taken out of it all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} is for axial slices with pixels of {finest:g} to {coarsest:g} mm, these have {sizes}: resample the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a training of {method} has no parts to resume from: start it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights of {bits} bits change the score by {change:+.3f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a restoration is trained on scans of any kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a network on slices is trained on slices as they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is missing: to learn from volumes choose the recipe liif-volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no slice is left to learn from: leave out fewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>source and target are both {contrast}: name two contrasts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voxels of {spacing} mm, but the recipe is for pixels of about {pixel:g} mm (slices.pixel)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans.weights: {pattern} fits no subject to train on ({known}): correct it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} is loaded: give the options to `store.load` instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} does not use a resolution: only any-scan methods do, such as wiener</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} does not use a modality: only models that give another contrast do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} returns an empty brain: its weights do not suit this scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} states no interval: choose a model that does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask {shape} and volume {other} differ in shape: resample one first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no improvement in {waited} validations: stopping at step {global_step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step {global_step}: {text_}{better}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (best so far)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a checkpoint of another network: use the recipe that it was made with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not there: nothing to resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a complete checkpoint: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recipe {name} is not one of method {method}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} has only subjects that are excluded or held out: none is left to train on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no usable volume below {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>method {method} has no dictionaries: write a recipe of its own for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice_axes is empty: choose from i, j and k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{both} would be in both validation and test: choose one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training needs at least one subject to train on and another for validation: add volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no subject below {source} is left to train on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} became not finite at step {step} (subjects in the batch: {people}): stopped, {best} and {last} keep the last good state; a lower training.learning_rate or training.clip=1 helps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{last} is at step {first} of {steps}: there is nothing left to train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the memory of {device} ran out in training: {advice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{card} was trained on {both}, who are for validation here: choose other subjects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{card} is a model of method {method}, the recipe is one of {method2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch normalisation over {count} batches: score {again:.4f} after {scores:.4f}{better}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, not kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice axes {letters!r}: choose from i, j and k, comma-separated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is {held}: it must be a set of named values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans: only a restoration is trained on whole scans, {method} is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>data.patch: whole_scans.sizes says how large patches are, leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training.{name}: whole_scans.sizes has the patches of a batch, leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no recipe {path!r}: neither a .toml or .yaml file nor one of {shipped}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean intensity inside the brain is {scale:.4g}: give a scan in which 0 is no signal, or a mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} synthesises slices as they are, on its own voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {card} finds no brain, which a bias field is estimated in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recipe {path} holds no named values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recipe {path} cannot be read: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>data.validation_sets is empty: name at least one SNR preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch {batch} is not a multiple of people {people}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice profiles of factor {factors} contradict factor {factor}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recipes are for the deep methods: {method} is not one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>settings.factor {factor} contradicts data.factor {other}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch {edge}: choose a multiple of {multiple}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices: only a network on slices has this section, {method} is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{told}: {why}, leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it repeats parts by aliases (*name): write them out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} holds no scan of the subjects for validation: check the names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no scan of {strangers}, named in the recipe: are the names right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} holds no training run: nothing to resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the recipe is not the one of {kept}: resume with that, or train under another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a training run, so it is not touched: choose another name for the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be moved aside: {strerror}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the older run stays in {free} until the new model is written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parent} began with other scans or roles of {told}: resume it with the same ones, or train under another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read ({why}): the run cannot be resumed, train under another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{person}: a brain of {size} voxels is smaller than a patch of {patch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch {patch}: choose at least 16, a multiple of the factor {factor}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{people} subjects in a batch are too few for {world} processes: choose fewer processes, or set training.people={world} and a multiple of it as training.batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{fewest} patches in a batch are too few for {world} processes: choose fewer, or more patches in whole_scans.sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training.precision is {chosen!r}: {device} trains in {able} only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>variation.profiles is empty: name at least one thickness and gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>variation.{name} {low} to {high}: the first number must not be larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices.scales is empty: name at least one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices.free {free} and slices.thick {thick}: together they may be 1 at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices of {smallest} pixels are too small for a patch of {patch} at scale {largest:g}: choose data.patch={largest2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}: {both} would be in both training and validation: choose one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no slice of {strangers}, named in the recipe: are the names right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no slice is left to train on or to validate with: exclude fewer subjects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tested; subjects: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model was not tested: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none of {plan} has a usable scan below {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is left out of the test: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans.sizes is empty: name an edge and a number of patches, [[64, 32]]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans.contrast {told}: CSF, grey and white matter must ascend between 0 and {brightest}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans.pool {pool} is smaller than a batch of {count} patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole_scans.rim {rim} leaves nothing of a patch of {edge}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.CommandNode</name>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ComparePanel</name>
    <message>
        <source>Measuring...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the new DICOM series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing DICOM...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a DICOM series that is derived from the scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the result to a PACS or a DICOMweb server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrote the DICOM series into {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is in the DICOM database.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Comparison</name>
    <message>
        <source>{enhanced} over {input}, {share:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{enhanced} - {input}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Dependencies</name>
    <message>
        <source>Without internet: install the PyTorch extension and the packages in IQTEnhance/Resources/requirements.txt from files, as the page &apos;Install without internet&apos; of the documentation describes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PyTorch extension is needed. Install it now? Slicer must be restarted afterwards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package spams is not installed: sparse coding runs on PyTorch, more slowly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PyTorch extension is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install it in the Extensions Manager.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PyTorch extension could not be installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart Slicer, then press Apply again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python packages are missing: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Apply again and agree.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Apply again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch could not be installed: {error}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Devices</name>
    <message>
        <source>Automatic (GPU if there is one)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {free:.1f} of {total:.1f} GiB free</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Difference</name>
    <message>
        <source>a map of differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a map of what the scan does not support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not supported by the scan
(noise)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grey levels of the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhanced - input
({units})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A volume was deleted while it was compared</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Exchange</name>
    <message>
        <source>{name} has {count} numbers per voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The temporary folder has {free} MiB left, but {needed} MiB may be needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No volume was chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load a brain MRI and choose it as the input volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a volume with an image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a grey-scale volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harden that transform (Data module, right click), then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be written to the temporary folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has a non-linear parent transform</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; if it happens again, please report it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker&apos;s result cannot be read ({error})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Export</name>
    <message>
        <source>Load the scan from the DICOM database, then enhance that volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume&apos;s scan is not in the scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{missing} of {all} DICOM files of {name} are gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an enhanced volume and keep its input.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import it in the module DICOM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be added to the DICOM database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not loaded from DICOM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not a DICOM series</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Folder</name>
    <message>
        <source>Load the scan in the DICOM module first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be created ({error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that they are still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} already exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it out of {folder} to enhance the scan again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose scans in a folder that you may write to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files cannot be loaded ({error})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.GaugePanel</name>
    <message>
        <source>The models know scans like this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This scan is a little unusual.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This scan is unlike those that the models know: do not rely on the result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the scan...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another volume was chosen</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Help</name>
    <message>
        <source>
&lt;p&gt;&lt;b&gt;Image Quality Transfer&lt;/b&gt; estimates what a low-field brain MRI with thick slices would look like from a
high-field scanner: isotropic voxels, stronger contrast, less noise, with the position and units of the scan.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Models.&lt;/b&gt; The default, &lt;tt&gt;iqt-any&lt;/tt&gt;, takes any brain scan. Below the list, the panel says what the chosen
model is for, how it did on held-out subjects and what it must not be used for.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limits.&lt;/b&gt; For research, not for diagnosis. The result is an estimate: detail between slices was never measured,
small lesions can fade, and intensities must not be used for quantitative measurements. Only the brain is enhanced.
Every trained model except &lt;tt&gt;iqt-any&lt;/tt&gt; is for one contrast (mostly T1w) and a range of voxel sizes; the panel warns
if a scan is outside.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Offline installation.&lt;/b&gt; Install the PyTorch extension from a file in the Extensions Manager and the packages in
&lt;tt&gt;requirements.txt&lt;/tt&gt; (in the module&apos;s Resources folder) from wheels;
the page &lt;i&gt;Install without internet&lt;/i&gt; of the documentation says how.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Please cite&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027. &lt;a href=&quot;https://doi.org/10.59275/j.melba.2024-1656&quot;&gt;
doi 10.59275/j.melba.2024-1656&lt;/a&gt;&lt;/p&gt;
</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Interval</name>
    <message>
        <source>a map of the interval&apos;s half-width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{coverage:.0%} interval
(+- grey levels)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Jobs</name>
    <message>
        <source>The mask {mask} is not on the grid of {volume}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input or output volume was deleted while it was enhanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resample it to that volume first (module Resample Scalar/Vector/DWI Volume), or choose no mask.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output is the input volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another output, or a new volume.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Logic</name>
    <message>
        <source>No volume was given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pass one volume node or a list of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pass lists of equal length, or None.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One mask was given for several volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance them one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of the scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{outputs} outputs for {inputs} volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} contains no scan that can be enhanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Measurement</name>
    <message>
        <source>NRMSE (RMSE / mean of the reference)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NRMSE (RMSE / maximum)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SSIM (sigma 2.5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SSIM (sigma 1.5, whole volume)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PSNR (dB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Messages</name>
    <message>
        <source>The worker was called with wrong arguments ({what})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker ended without a result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker lacks a Python package ({what})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker process was terminated (code {code})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker process ended with code {code}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ModelPanel</name>
    <message>
        <source>The device to compute on, with its free memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other methods: the paper&apos;s, and classic ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPUs cannot be listed yet: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ModelsPanel</name>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Origin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the selected model from your folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model to import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models (*.zip card.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>built in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the model to import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking {name}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only your own models can be deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} passed all checks: card, weights and a trial run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is now in your models folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the model {name} from disk?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be deleted ({error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete its folder by hand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained on {people}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version}, weights {sha}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Parameters</name>
    <message>
        <source>Largest spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Isotropic, slice spacing / factor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Isotropic, in-plane voxel size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Process</name>
    <message>
        <source>Check the installation of Slicer, or install it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{program} cannot be started ({error})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Reveal</name>
    <message>
        <source>This Slicer has no Compare Volumes module, which reveals one volume in another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use Fade or Toggle instead.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Run</name>
    <message>
        <source>The scene was closed during the enhancement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not scored: {error}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.RunPanel</name>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop; the scene is left unchanged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the volume. You can use Slicer meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume {position} of {total}: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, about {left} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Send</name>
    <message>
        <source>The DICOM database is not open. Open it in the module DICOM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is in the DICOM database. Choose the server in the window that has opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slicer&apos;s DICOM module is not available. Export to a folder instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing DICOM...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no result to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance a scan first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The DICOM database has {stored} of {files} files of the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent. Check the disk of the database in the module DICOM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Left out, as not from DICOM: {count}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Sentences</name>
    <message>
        <source>loading the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>finding the brain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sparse coding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>neighbour embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>regression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning the dictionary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>convolutional sparse coding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning the mapping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>coupled maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>synthesised: not measured ({source} to {target})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the objective no longer falls: the best filters so far are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LRTV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>planes across the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>back-projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>back-projection after sharpening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>back-projection after non-local means</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>writing DICOM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looking for scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>checking volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>simulating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch normalisation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>testing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this scan is unlike those that the models know: {reasons}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain has only {count} voxels, too few to judge the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no brain of plausible size was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what was found does not look like brain tissue (likeness {value}; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what was found does not have the shape of a brain (overlap {value}; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left and right of the brain differ (overlap {value}; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain is small ({value} L; expected {least} L or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan is noisy (SNR {value}; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities in the brain hardly differ (range {value} of the median; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain has few grey levels ({value} bits; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain shows little structure (contrast {value}; expected {least} or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain is large ({value} L; expected up to {most} L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>signal in the air around the head, as after motion ({value} of the brain&apos;s; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>detail differs between in-plane directions, as after motion ({value}; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain looks as if the head had moved (score {value}; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the resolution is coarse ({value} mm; expected up to {most} mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities differ more than those of tissues ({value} of the median; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>some voxels are far brighter than the brain ({value} times; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the background is bright ({value} of the brain; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities differ more than those of tissues (contrast {value}; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness changes strongly across the brain ({value}; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>parts of the brain have no signal, as near metal ({value} of it; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>parts of the brain are far too bright, as near metal ({value} of it; expected up to {most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain measures {litres:.2g} L, brains measure {least} to {most} L: is this a brain MRI?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities in the brain range only from {low:.6g} to {high:.6g}: subtract the offset if there is one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain that was found has an unusual shape: check the orientation of the scan and that it shows the whole head, or choose a brain mask in the Advanced section</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the head is flipped front to back: the orientation in the file is wrong, perhaps also left and right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the head is upside down: the orientation in the file is wrong, perhaps also left and right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the head is upside down and flipped front to back: the orientation in the file is wrong, perhaps also left and right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no brain found in the orientation of the file: trying flipped orientations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file states no orientation: left and right may be swapped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the two orientations in the file (sform, qform) differ by up to {mm:.1f} mm: the sform is used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file states two voxel sizes, {sform} mm (sform) and {pixdim} mm (pixdim): the sform is used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series is of modality {modality}, not MR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images were compressed with loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file says of itself: {remark}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan was resampled or zero-filled to {before} mm: its own samples of {after} mm are recovered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan seems resampled: it resolves about {width} mm along its axes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stated}: the result keeps the contrast of the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T1w: the result gets the contrast of high field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan looks like T1w: the result gets the contrast of high field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan is named T1w but does not look like it: the result keeps the contrast of the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan does not look like T1w: the result keeps the contrast of the scan. If it is T1w, add T1w to the name of the volume or the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness differs from slice to slice by up to {percent:.0f} %: corrected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the noise of the scan cannot be measured ({reason}): the model works without knowing it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is smaller than the steps of {step:g} between intensities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>anatomy hides it: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>texture is {times:.1f} times stronger near edges</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brain has too few voxels to tell noise from anatomy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise would be correlated over {mm:.1f} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>texture is correlated over {mm:.1f} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise would be correlated over {mm:.1f} mm along several axes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise is {percent:.1f} % of the brain&apos;s mean, more than in training: filtering first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices along {axis} are {across:.2f} mm apart, voxels in plane {within:.2f} mm: the volume is isotropic already, so there is nothing to restore and it is returned unchanged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan resolves {width} mm at an SNR of {snr:.0f}: nothing to restore, so it is returned unchanged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} does not use the slice axis: it looks at the resolution along every axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} does not use the brain mask: it enhances the whole volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the slice spacing gives {voxel:.2f} mm voxels, but the model was trained for {finest:.2f} to {coarsest:.2f} mm: check the result carefully</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark tissue lies deeper ({dark:.1f} mm) than bright tissue ({bright:.1f} mm), unlike in the T1w brains for which the model was trained: use cubic interpolation for other contrasts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the SNR of the scan is about {white:.0f} in white and {grey:.0f} in grey matter, but the model was trained for {least_white:.0f} to {most_white:.0f} and {least_grey:.0f} to {most_grey:.0f}: check the result carefully</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of bright ones: check the original scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {dark} % of the contrast of dark ones: check the original scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of bright ones and {dark} % of that of dark ones: check the original scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> of {mm} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no statement on how sure the result is: the model was not calibrated for such scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no statement on how sure the result is: settings were changed that the model was calibrated with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no statement on how sure the result is: the scan is too unusual for one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LRTV had not converged after {iterations} iterations (the last one changed the image by {percent:.2g} %): the best image so far is kept; more iterations or a larger tolerance help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan is enlarged {x:.1f} x {y:.1f} x {z:.1f} times, but the model was trained up to {largest:g} in slices and {thickest:g} across: check the result carefully</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise is {percent:.1f} % of the brain&apos;s mean, but the model was trained without noise: it stays in the result, and may look like structure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan is {stated}, but the model was trained on {contrast}: check the result carefully</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scan has no frame of reference: viewers will not overlay the two series automatically</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header no longer names the patient, but the face can still be seen in the picture: remove it before you share the series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the volume differs from the scan (correlation {likeness:.2f}): check patient and series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{scan}: {told}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the brightest tissue does not lie deepest (ratio {ratio:.2f}): is this T1w? In other contrasts fluid and white matter swap: choose the tissues of the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are {mm:.1f} mm apart: a model cannot learn finer detail from it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its SNR cannot be measured: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the GPU has too little memory for this step ({what}): the processor does it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the GPU cannot do this step ({what}): the processor does it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>out of memory: continuing in smaller pieces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files} beside the result belong to an earlier one: delete them</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Setup</name>
    <message>
        <source>Look into the log. With a network behind a proxy, or without one, use a folder of wheels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk of Slicer has {free:.1f} GiB left, and up to {room:.0f} GiB may be needed: free some first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch comes from Slicer&apos;s extension PyTorch and takes some GiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These are needed once: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder that `pip download` has filled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} holds no wheels</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.SetupPanel</name>
    <message>
        <source>Installing...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Snapshot</name>
    <message>
        <source>Choose another folder, and a name that ends with .png.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Views</name>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ViewsPanel</name>
    <message>
        <source>Image of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One plane, large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computing the map...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrote {path}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Widget</name>
    <message>
        <source>Several scans are being enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packages are being installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is {what}, not a scan. Choose a brain MRI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output is the input volume. Choose another output, or a new volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A volume is being enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Words</name>
    <message>
        <source>Free disk space, or choose another temporary folder in Edit / Application Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may have run out of memory: close other programs, crop the volume, or choose CPU as the device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Apply again to install what is missing, or see &apos;Offline installation&apos; in the Help section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a bug in the module: please report it with the log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the log below the button; if it does not help, please report the problem.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker failed unexpectedly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scene has not been changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another volume, or correct this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another model, or install this one again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file or folder of that name already exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No brain of plausible size was found in the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a brain mask in the Advanced section, or a volume that shows the whole head.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package that finds the brain (deepbet) is missing or damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Apply again to install it, or choose a brain mask in the Advanced section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A required Python package is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the button again and agree to install it; the log names it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resuming a training run needs PyTorch 2.6 or later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update PyTorch with the PyTorch extension, or restart the training from the beginning.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selected GPU is not available</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose Automatic or Processor as the device in the Advanced section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package spams is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the button again and agree to install it, or set the solver to torch in the Advanced section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package sporco is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type slicer.util.pip_install(&apos;sporco&apos;) in the Python console, then press the button again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The computer ran out of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, crop the volume to the head, or choose another model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder holds several DICOM series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the right series in the DICOM module, then choose that volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One mask was given for several volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance them one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mean of the volume is not positive inside the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another mask.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the volumes can be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table shows why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model cannot state how sure its results are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untick &apos;Also compute how sure the result is&apos;, or choose the recommended model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it in the advanced settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.WorkerJob</name>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the temporary folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the extension again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The temporary folder {folder} cannot be used ({error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report it with the log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker&apos;s result is incomplete: it lacks {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unexpected {kind}: {error}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTraining</name>
    <message>
        <source>IQT Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulates low-field scans of high-field brain MRI and trains models for IQT Enhance, in the background. For research. See the Help section of the panel and the README.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data: high-field volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The contrast of the volumes. The simulator&apos;s published numbers are for T1w and FLAIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume to add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A high-field brain MRI in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add this volume and its tissues to the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its tissues:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its tissues</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tissue labels (1 CSF, 2 grey, 3 white matter) or a segmentation with segments of these names. If left empty, they are found automatically.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scans on disk: NIfTI, NRRD, MetaImage or DICOM, also as a BIDS data set with tissue labels beside them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder of high-field scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prepared in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prepared in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the prepared volumes, masks and tissue maps used in training. The originals are not changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder for prepared volumes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each volume with the findings of the check. Untick a subject to exclude it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find brain and tissues of each volume and measure its SNR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the selected volume from the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validate / test / seed:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validate, per cent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the subjects used for validation: they select the best checkpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test, per cent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the subjects held out for the final test; they are never trained on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed of the split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same split.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulate: low-field scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR distribution:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The distribution from which the SNR of white and grey matter is drawn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Means white, grey:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean SNR, white matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean SNR of white matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean SNR, grey matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean SNR of grey matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spreads, correlation:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spread of SNR, white matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of white matter&apos;s SNR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spread of SNR, grey matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of grey matter&apos;s SNR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correlation of SNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correlation of the two.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Across slices:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Across slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The voxel axis across the simulated slices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thickness, gap:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice thickness in high-field voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap between slices in high-field voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise, seed:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gaussian as published, or Rician, the noise of magnitude images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed of the simulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pairs drawn, with the Mahalanobis ellipses of distance 1 and 3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a simulated scan of the selected volume to the scene and its SNR to a table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pairs into:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pairs into</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for low-field scans, their truths and JSON sidecars.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of the pairs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a low-field scan of every volume with its truth, in the background. Training does not need these files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulate all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The method to train.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe, size:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick look: minutes, to check the data. Standard: as the shipped models. Paper: the published sizes, days on a GPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of the model; larger models take longer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device for training networks. Jobs on one device run one after another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for GPUs again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new model&apos;s name, which IQT Enhance will list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>my-model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In folder:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the model is saved. IQT Enhance lists only those in your models folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder for the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start from:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine-tune an existing model instead of starting from scratch; networks only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data and licence:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data and licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the volumes come from and their licence, for the model&apos;s card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values that differ from the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time a few steps on this computer and estimate time, memory and disk space of the whole training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command that runs the same training in a terminal or on a cluster.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy command line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep jobs started here running when Slicer closes; otherwise they stop and can be resumed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running when Slicer closes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All jobs on this computer, latest first. The selected one is shown below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause after the current step; memory and place in the queue are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop after the current step. Press again after a while to stop by force.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume from the last checkpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the job&apos;s folder; its results are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot loss, validation NRMSE and SSIM in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The latest validation slice: low field, estimate, truth.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open IQT Enhance with this model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use in IQT Enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores of the test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores on held-out subjects, next to those of interpolation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log of the worker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Charts</name>
    <message>
        <source>Scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subjects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR white matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR grey matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a picture of a training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} low field, estimate, truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low:.3f} to {high:.3f}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.DataPanel</name>
    <message>
        <source>Subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SNR white / grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain (L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tissues</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bad} of {all} cannot be used: see their status.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add volumes or choose a folder, then check the volumes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High-field volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prepared volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check more volumes, or make the shares 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train: {people}. Validate: {validate}. Test: {test}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, about {left} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Following</name>
    <message>
        <source>Warning: {message}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Help</name>
    <message>
        <source>
&lt;p&gt;&lt;b&gt;IQT Training&lt;/b&gt; trains models on your own high-field volumes. It simulates low-field scans of them (thick
slices, the contrast and the noise of a low-field scanner), so no pairs of scans are needed.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Steps.&lt;/b&gt; &lt;i&gt;Data&lt;/i&gt;: add volumes or choose a folder, press &lt;i&gt;Check volumes&lt;/i&gt;. &lt;i&gt;Simulate&lt;/i&gt;: look at a
&lt;i&gt;Preview&lt;/i&gt;; the defaults are the published ones. &lt;i&gt;Train&lt;/i&gt;: give a name, press &lt;i&gt;Train&lt;/i&gt;. &lt;i&gt;Jobs&lt;/i&gt; shows
the progress; the finished model appears in the list of &lt;i&gt;IQT Enhance&lt;/i&gt;.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Subjects.&lt;/b&gt; All volumes of a subject belong to the same split: training, validation (to choose the best state
of a network) or test (of the finished model). You need at least two subjects; thirty are better.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Jobs&lt;/b&gt; are separate processes. If you wish, they continue when Slicer closes, and appear again at its next
start. A job that was stopped or killed, or ran out of disk space, can be resumed.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limits.&lt;/b&gt; A model suits the scanners and subjects it was trained on; on others it can be worse than
interpolation. For research, not for diagnosis.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Please cite&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027, and for the simulator Lin H et al., Medical Image
Analysis 2023.&lt;/p&gt;
</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.JobWords</name>
    <message>
        <source>validation NRMSE {nrmse:.3f} ({ratio:.2f} times that of interpolation), SSIM {ssim:.3f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listed in IQT Enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IQT Enhance lists only models in its own folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then press Resume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the log, then press Resume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume starts over: dictionaries have no checkpoints.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume continues it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> at {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped{done}. {again}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done in {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {left} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.JobsPanel</name>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a job.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No job yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Force stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} test</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Logic</name>
    <message>
        <source>Restart Slicer, press Train and agree to install it (it is GPL-3), or train a network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type slicer.util.pip_install(&apos;sporco&apos;) in the Python console, then press Train again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See IQTTrainingLogic().jobs().</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it out, or correct it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name or folder, or wait.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the installation of Slicer, and whether the disk is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning dictionaries needs the package {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See its log; it can be resumed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Parameters</name>
    <message>
        <source>T2w (with tissue labels)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gaussian (published)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rician</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the recipe has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper&apos;s sizes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Plan</name>
    <message>
        <source>edge of the patches in voxels: 3, 5 or 7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>size of the dictionary, 16 to 4096</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number of training patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seed of every random draw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number of optimiser steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patches per step; a multiple of the subjects per step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>subjects per step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>initial learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps between validations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps between checkpoints: all that an interruption can lose</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stop after this many validations without improvement; 0 means never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>edge of the training patches in voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scanner (the estimate keeps the scan&apos;s units) or free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copies of each subject with the contrast of other scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark and bright blobs added to each subject, so that lesions are preserved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the contrast to be made, as files name it: T2w, FLAIR, T1w</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder of mid-slices of that contrast without partner, if there is one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices of each subject with both contrasts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices of each subject with the first contrast only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>how many times finer the result is in axial slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number of filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} does not support factor {factor}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose thickness + gap of {some} or {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this training takes is not estimated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It takes minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train it from scratch: it takes minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a recipe file instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it in the Simulate section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no method &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no size &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} cannot be fine-tuned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{names} cannot be set here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of {names}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Scans</name>
    <message>
        <source>Rename one of them: names identify subjects.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tissue labels are 0 none, 1 CSF, 2 grey, 3 white matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name its segments CSF, grey matter and white matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two volumes are called {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} holds the label {label:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{segmentation} cannot be put on {volume}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no segments of grey and white matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check its geometry.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.SimulatePanel</name>
    <message>
        <source>IQT SNR distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulating...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IQT preview SNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check volumes first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low field, simulated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>white matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grey matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>factor {factor}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: SNR of white / grey matter {white:.0f} / {grey:.0f}, requested {a:.0f} / {b:.0f}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.TrainPanel</name>
    <message>
        <source>A model or an unfinished training run called {name} already exists. Replace it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timing a few steps...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter one in the Train section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s name is not a valid folder name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use letters, digits, - and _.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This method learns from a folder with two contrasts, such as sub-01_T1w and sub-01_T2w</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose it in the Data section; its volumes need no check.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start; you can use Slicer meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: train from scratch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied: {line}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as in the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} already exists</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.TrainingWords</name>
    <message>
        <source>starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>simulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>estimated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished parts are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it in the Data, Simulate or Train section, then start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another model to fine-tune, or train from scratch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free disk space, or choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No brain of plausible size was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose its tissues in the Data section, or exclude the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package that finds the brain (deepbet) is missing or damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the button again to install it, or choose the volumes&apos; tissues in the Data section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selected GPU is not available</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose Automatic or Processor as the device in the Train section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The computer ran out of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller size, batch or patch in the Train section.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A value cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it in the advanced values of the Train section: the log names it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it in the advanced values of the Train section.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Widget</name>
    <message>
        <source>{job}: {state}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Work</name>
    <message>
        <source> ({size} on the GPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About {time}, {memory} of memory{graphics}, {disk} of disk.{lacking}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add volumes of the scene, or choose a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot write {path} ({error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Only {size} of disk space is free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free disk space, or choose another training folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} low field</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
