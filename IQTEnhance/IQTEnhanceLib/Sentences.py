"""What the library says in the panel's words: Slicer's language, volumes and buttons.

Stages, remarks, warnings and reasons have codes and words of the panel's own. Errors and the lines of a training's log
say here what they say everywhere, but in Slicer's language.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from IQTLib.sentences import Sentence, joined, sentences_in
from slicer.i18n import tr as _

from .Catalogue import translated

# By code. Those that other sentences quote begin with a small letter; `sentenceCase` makes whole sentences of them.
SENTENCES: dict[str, str] = {
    # stages
    "loading": _("loading the model"),
    "brain": _("finding the brain"),
    "network": _("network"),
    "contrast-map": _("contrast map"),
    "sparse-coding": _("sparse coding"),
    "neighbours": _("neighbour embedding"),
    "regression": _("regression"),
    "k-svd": _("learning the dictionary"),
    "convolutional-coding": _("convolutional sparse coding"),
    "learning-filters": _("learning filters"),
    "learning-map": _("learning the mapping"),
    "coupled-maps": _("coupled maps"),
    "synthesised": _("synthesised: not measured ({source} to {target})"),
    "no-descent": _("the objective no longer falls: the best filters so far are kept"),
    "lrtv": _("LRTV"),
    "slices": _("slices"),
    "planes": _("planes across the slices"),
    "back-projection": _("back-projection"),
    "back-projection-sharpened": _("back-projection after sharpening"),
    "back-projection-means": _("back-projection after non-local means"),
    "writing-dicom": _("writing DICOM"),
    "scans": _("looking for scans"),
    "reading": _("reading volumes"),
    "checking": _("checking volumes"),
    "simulating": _("simulating"),
    "training-patches": _("training patches"),
    "training": _("training"),
    "batch-normalisation": _("batch normalisation"),
    "testing": _("testing"),
    # is this a scan that the models know?
    "outside": _("this scan is unlike those that the models know: {reasons}"),
    "few-voxels": _("the brain has only {count} voxels, too few to judge the scan"),
    "no-brain": _("no brain of plausible size was found"),
    "low-anatomy": _("what was found does not look like brain tissue (likeness {value}; expected {least} or more)"),
    "low-shape": _("what was found does not have the shape of a brain (overlap {value}; expected {least} or more)"),
    "low-symmetry": _("left and right of the brain differ (overlap {value}; expected {least} or more)"),
    "low-volume": _("the brain is small ({value} L; expected {least} L or more)"),
    "low-noise": _("the scan is noisy (SNR {value}; expected {least} or more)"),
    "low-range": _("intensities in the brain hardly differ (range {value} of the median; expected {least} or more)"),
    "low-levels": _("the brain has few grey levels ({value} bits; expected {least} or more)"),
    "low-structure": _("the brain shows little structure (contrast {value}; expected {least} or more)"),
    "high-volume": _("the brain is large ({value} L; expected up to {most} L)"),
    "high-ghosts": _(
        "signal in the air around the head, as after motion ({value} of the brain's; expected up to {most})"
    ),
    "high-stripes": _("detail differs between in-plane directions, as after motion ({value}; expected up to {most})"),
    "high-motion": _("the brain looks as if the head had moved (score {value}; expected up to {most})"),
    "high-width": _("the resolution is coarse ({value} mm; expected up to {most} mm)"),
    "high-range": _("intensities differ more than those of tissues ({value} of the median; expected up to {most})"),
    "high-brightest": _("some voxels are far brighter than the brain ({value} times; expected up to {most})"),
    "high-air": _("the background is bright ({value} of the brain; expected up to {most})"),
    "high-structure": _("intensities differ more than those of tissues (contrast {value}; expected up to {most})"),
    "high-bias": _("brightness changes strongly across the brain ({value}; expected up to {most})"),
    "high-voids": _("parts of the brain have no signal, as near metal ({value} of it; expected up to {most})"),
    "high-pile-up": _("parts of the brain are far too bright, as near metal ({value} of it; expected up to {most})"),
    # the brain
    "brain-size": _("the brain measures {litres:.2g} L, brains measure {least} to {most} L: is this a brain MRI?"),
    "offset": _(
        "intensities in the brain range only from {low:.6g} to {high:.6g}: subtract the offset if there is one"
    ),
    "mask-shape": _(
        "the brain that was found has an unusual shape: check the orientation of the scan and that it shows the whole "
        "head, or choose a brain mask in the Advanced section"
    ),
    "flipped-front": _(
        "the head is flipped front to back: the orientation in the file is wrong, perhaps also left and right"
    ),
    "flipped-top": _("the head is upside down: the orientation in the file is wrong, perhaps also left and right"),
    "flipped-both": _(
        "the head is upside down and flipped front to back: the orientation in the file is wrong, perhaps also left "
        "and right"
    ),
    "flipping": _("no brain found in the orientation of the file: trying flipped orientations"),
    # the file
    "no-orientation": _("the file states no orientation: left and right may be swapped"),
    "two-forms": _("the two orientations in the file (sform, qform) differ by up to {mm:.1f} mm: the sform is used"),
    "two-sizes": _("the file states two voxel sizes, {sform} mm (sform) and {pixdim} mm (pixdim): the sform is used"),
    "not-mr": _("the series is of modality {modality}, not MR"),
    "lossy": _("the images were compressed with loss"),
    "not-measured": _("the file says of itself: {remark}"),
    # resolution and contrast
    "recovered": _("the scan was resampled or zero-filled to {before} mm: its own samples of {after} mm are recovered"),
    "resampled": _("the scan seems resampled: it resolves about {width} mm along its axes"),
    "keeps-contrast": _("{stated}: the result keeps the contrast of the scan"),
    "t1w-given": _("T1w: the result gets the contrast of high field"),
    "t1w-found": _("the scan looks like T1w: the result gets the contrast of high field"),
    "t1w-doubted": _("the scan is named T1w but does not look like it: the result keeps the contrast of the scan"),
    "not-t1w": _(
        "the scan does not look like T1w: the result keeps the contrast of the scan. If it is T1w, add T1w to the name "
        "of the volume or the file"
    ),
    "slice-gains": _("brightness differs from slice to slice by up to {percent:.0f} %: corrected"),
    # noise
    "noise-unknown": _("the noise of the scan cannot be measured ({reason}): the model works without knowing it"),
    "noise-rounded": _("it is smaller than the steps of {step:g} between intensities"),
    "noise-hidden": _("anatomy hides it: {why}"),
    "noise-edges": _("texture is {times:.1f} times stronger near edges"),
    "noise-few-voxels": _("the brain has too few voxels to tell noise from anatomy"),
    "noise-wide": _("noise would be correlated over {mm:.1f} mm"),
    "noise-texture": _("texture is correlated over {mm:.1f} mm"),
    "noise-axes": _("noise would be correlated over {mm:.1f} mm along several axes"),
    "filtering": _("noise is {percent:.1f} % of the brain's mean, more than in training: filtering first"),
    # does the model suit the scan?
    "isotropic": _(
        "slices along {axis} are {across:.2f} mm apart, voxels in plane {within:.2f} mm: the volume is isotropic "
        "already, so there is nothing to restore and it is returned unchanged"
    ),
    "sharp": _("the scan resolves {width} mm at an SNR of {snr:.0f}: nothing to restore, so it is returned unchanged"),
    "unused-axis": _("{model} does not use the slice axis: it looks at the resolution along every axis"),
    "unused-mask": _("{model} does not use the brain mask: it enhances the whole volume"),
    "spacing": _(
        "the slice spacing gives {voxel:.2f} mm voxels, but the model was trained for {finest:.2f} to "
        "{coarsest:.2f} mm: check the result carefully"
    ),
    "other-contrast": _(
        "dark tissue lies deeper ({dark:.1f} mm) than bright tissue ({bright:.1f} mm), unlike in the T1w brains for "
        "which the model was trained: use cubic interpolation for other contrasts"
    ),
    "snr": _(
        "the SNR of the scan is about {white:.0f} in white and {grey:.0f} in grey matter, but the model was trained "
        "for {least_white:.0f} to {most_white:.0f} and {least_grey:.0f} to {most_grey:.0f}: check the result carefully"
    ),
    "lesions-bright": _(
        "in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of "
        "bright ones: check the original scan"
    ),
    "lesions-dark": _(
        "in tests with artificial lesions{sizes} in white matter, this model showed {dark} % of the contrast of dark "
        "ones: check the original scan"
    ),
    "lesions-bright-dark": _(
        "in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of "
        "bright ones and {dark} % of that of dark ones: check the original scan"
    ),
    "lesion-sizes": _(" of {mm} mm"),
    "not-calibrated": _("no statement on how sure the result is: the model was not calibrated for such scans"),
    "other-settings": _(
        "no statement on how sure the result is: settings were changed that the model was calibrated with"
    ),
    "outside-calibration": _("no statement on how sure the result is: the scan is too unusual for one"),
    "not-converged": _(
        "LRTV had not converged after {iterations} iterations (the last one changed the image by {percent:.2g} %): "
        "the best image so far is kept; more iterations or a larger tolerance help"
    ),
    "scale": _(
        "the scan is enlarged {x:.1f} x {y:.1f} x {z:.1f} times, but the model was trained up to {largest:g} in slices "
        "and {thickest:g} across: check the result carefully"
    ),
    "noise-stays": _(
        "noise is {percent:.1f} % of the brain's mean, but the model was trained without noise: it stays in the "
        "result, and may look like structure"
    ),
    "trained-contrast": _("the scan is {stated}, but the model was trained on {contrast}: check the result carefully"),
    # DICOM
    "no-frame": _("the scan has no frame of reference: viewers will not overlay the two series automatically"),
    "face": _(
        "the header no longer names the patient, but the face can still be seen in the picture: remove it before you "
        "share the series"
    ),
    "other-scan": _("the volume differs from the scan (correlation {likeness:.2f}): check patient and series"),
    # volumes for training
    "of-scan": _("{scan}: {told}"),
    "tissues-swapped": _(
        "the brightest tissue does not lie deepest (ratio {ratio:.2f}): is this T1w? In other contrasts fluid and "
        "white matter swap: choose the tissues of the volume"
    ),
    "coarse": _("slices are {mm:.1f} mm apart: a model cannot learn finer detail from it"),
    "no-snr": _("its SNR cannot be measured: {error}"),
    # the computer
    "device-memory": _("the GPU has too little memory for this step ({what}): the processor does it"),
    "device-lacks": _("the GPU cannot do this step ({what}): the processor does it"),
    "network-work": _("the network"),
    "smaller-pieces": _("out of memory: continuing in smaller pieces"),
    "stale": _("{files} beside the result belong to an earlier one: delete them"),
}


def inOurWords(content: Any, known: Mapping[str, Any] | None = None) -> Any:
    """`content` (text, list or mapping) with each of the library's sentences in the panel's words.

    Args:
        known: code and values of sentences by their text, as events bring them; None takes those of the content itself.
    """
    known = sentences_in(content) if known is None else known
    if isinstance(content, str):
        return _said(content, known) if content in known else content
    if isinstance(content, Mapping):
        return {name: inOurWords(part, known) for name, part in content.items()}
    return [inOurWords(part, known) for part in content] if isinstance(content, (list, tuple)) else content


def spoken(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of the library in the panel's words."""
    known = event.get("sentences")
    plain = {name: part for name, part in event.items() if name != "sentences"}
    return inOurWords(plain, known) if isinstance(known, dict) else plain


def sentenceCase(text: str) -> str:
    """`text` as a whole sentence."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?")) else ".")


def codeOf(text: str) -> str:
    """The code of a sentence; of any other text the text itself."""
    return getattr(text, "code", "") or text


def _said(text: str, known: Mapping[str, Any]) -> str:
    with suppress(KeyError, ValueError, TypeError):  # of another version, or damaged
        code, values = known[text]["code"], known[text].get("values", {})
        if code not in SENTENCES and not _names(code, text, values):
            return text
        words = SENTENCES.get(code) or translated(code)
        quoted = {other: told for other, told in known.items() if other != text}  # one may only quote another
        return Sentence(words, code, **inOurWords(values, quoted))
    return text


def _names(code: str, text: str, values: Mapping[str, Any]) -> bool:
    """Whether `code` is what the `text` was made of."""
    return (code.format(**joined(values)) if values else code) == text
