"""Models: a folder with `card.json` (what it is, how it was made) and `weights.safetensors` (what was learned).

Folders are looked for among the bundled models, then in the user's folder ($IQT_MODELS, else ~/.iqt/models); a path
is taken as it is. Weights are checked against the card's SHA-256. Pickles are refused: loading one can run any code.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, ModelError, OutputError
from ..io.files import check_output, heal, whole_folder
from ..io.reading import open_regular
from ..io.typed import built, renamed
from ..methods.base import Method
from ..methods.registry import builtin, described, method_class
from ..sentences import Sentence
from .card import CARD, ModelCard, read_card, write_card

WEIGHTS = "weights.safetensors"
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".npy", ".npz", ".joblib")
DEFAULT_MODEL = "iqt-any"
# settings that intervals have groups for, that change no number, or that err less with the same intervals
SAME_INTERVALS = {"transfer", "solver", "test_time_augmentation"}
MOST_WEIGHTS = 2**32  # bytes; the shipped ones hold some millions


@dataclass(frozen=True, eq=False)
class Model:
    """A card and the method it describes, ready to enhance."""

    card: ModelCard
    method: Method


def bundled_folder() -> Path:
    """Models that come with IQT: inside the pip package, beside an installed Slicer module, or atop a checkout."""
    here = Path(__file__).resolve().parents[1]
    candidates = (here / "Models", *(root / "Resources" / "Models" for root in here.parents[:2]))
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def user_folder() -> Path:
    """The user's own models; the environment variable IQT_MODELS names another folder."""
    return Path(os.environ.get("IQT_MODELS") or Path.home() / ".iqt" / "models")


def available() -> dict[str, Path | None]:
    """Names of all models and their folders; those without weights need none. A user's model hides a bundled one."""
    found: dict[str, Path | None] = dict.fromkeys(builtin())
    heal(user_folder())
    for root in (bundled_folder(), user_folder()):
        try:
            folders = sorted(root.iterdir()) if root.is_dir() else []
            found |= {one.name: one for one in folders if not one.name.startswith(".") and (one / CARD).is_file()}
        except OSError as error:
            raise ModelError(
                "the folder of models {root} cannot be read ({strerror}): change its permissions, or set "
                "IQT_MODELS to another",
                root=root,
                strerror=error.strerror,
            ) from None
    return found


def load(name: str | Path, *, options: Mapping[str, Any] | None = None) -> Model:
    """The model of that name, or in that folder; `options` change settings that the method calls tunable.

    Raises:
        ModelError: nothing of that name, foreign, damaged or pickled weights, an invalid card.
    """
    folder = find(name)
    card = _builtin(str(name)) if folder is None else read_card(folder)
    method = _method(card, options or {})
    if card.intervals is not None and options:  # they were calibrated with the card's own settings
        own = _method(card, {}).settings
        if any(getattr(own, name) != getattr(method.settings, name) for name in set(options) - SAME_INTERVALS):
            card = replace(card, intervals=replace(card.intervals, factors={}))
    if folder is not None:
        weights = _read_weights(folder, card)
        try:
            method.restore(weights)
        except ModelError as error:
            raise ModelError("{weights}: {why}", weights=folder / WEIGHTS, why=error) from None
    return Model(card, method)


def find(name: str | Path) -> Path | None:
    """Folder of a model, or None for one without weights."""
    models = available()
    if not isinstance(name, (str, Path)):
        raise ModelError("model {name!r}: give a loaded model, or the name or folder of one", name=name)
    if str(name) in models:
        return models[str(name)]
    path = Path(name)
    if path.suffix in PICKLES:
        raise ModelError(
            "{path} is not safetensors: pickled and foreign weights are refused, because they can run any code",
            path=path,
        )
    if path.is_file() and path.name in (CARD, WEIGHTS):
        path = path.parent
    if not path.exists():
        heal(path.parent)  # it may be in the middle of its replacement
    if path.is_dir():
        return path
    raise ModelError(
        "no model {name!r}: neither a folder nor one of {models}", name=str(name), models=", ".join(models)
    )


def check_target(folder: Path, *, overwrite: bool = False) -> Path:
    """Return `folder` if a model may be put there, raise `OutputError` otherwise: only models are overwritten."""
    if check_output(folder, overwrite=overwrite).exists() and not (folder / CARD).is_file():
        raise OutputError("{folder} is not a model, so it is not overwritten: choose another name", folder=folder)
    return folder


def save(card: ModelCard, method: Method, folder: Path, *, overwrite: bool = False) -> ModelCard:
    """Write a model folder, whole or not at all; returns the card with the hash of its weights.

    Raises:
        ModelError: what was learned could not be loaded again (`checked_state`). OutputError: not to be written there.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    check_target(folder, overwrite=overwrite)
    learned = method.state()
    kind: Any = type(method)
    kind(method.settings).restore(learned)
    with whole_folder(folder, overwrite=overwrite) as part:
        state = {name: np.require(array, requirements="C") for name, array in learned.items()}
        try:
            save_file(state, part / WEIGHTS, metadata={"iqt": card.name})
        except SafetensorError as error:
            raise OutputError(
                "{weights} cannot be written: {why} (is the disk full?)", weights=folder / WEIGHTS, why=error
            ) from error
        (part / WEIGHTS).chmod(0o644)  # safetensors leaves it to the owner alone
        card = replace(card, sha256=_sha256(part / WEIGHTS))
        write_card(card, part)
    return card


def check(name: str | Path) -> Iterator[str]:
    """Load a model and try it on a small volume; yields a line for each thing found in order."""
    from ..methods.base import LowField, Run, Synthesises, check_finite

    model = load(name)
    yield Sentence("card: {method}, format {format}", method=model.card.method, format=model.card.format)
    if model.card.sha256:
        yield Sentence("weights: SHA-256 {found}... as the card says", found=model.card.sha256[:12])
    rng = np.random.default_rng(0)
    data = rng.uniform(0.5, 1.5, (24, 24, 6)).astype(np.float32)
    expected = (24, 24, 6 * model.card.profile.factor)
    if isinstance(model.method, Synthesises):  # slices, on a grid of their own
        expected, high = data.shape, np.stack([model.method.synthesise(one, Run()) for one in data.T], -1)
    else:
        low = LowField(data, np.ones(data.shape, bool), 0.01, model.card.profile, np.ones((1, 1, 1), np.float32))
        high = model.method.enhance(low, Run())
    check_finite(high, f"model {model.card.name}")
    if high.shape != expected:
        raise ModelError(
            "model {card} gives {shape} instead of {expected}: card and method do not fit",
            card=model.card.name,
            shape=high.shape,
            expected=expected,
        )
    told = "trial: 24 x 24 x 6 voxels become {shape}, all finite"
    yield Sentence(told, shape=" x ".join(map(str, high.shape)))


def _builtin(name: str) -> ModelCard:
    method = described(builtin()[name])
    return ModelCard(
        name=name,
        method=method.name,
        settings=dict(method.builtin[name].settings),
        grid={"factor": 4, "finest": 0.0, "coarsest": float("inf")},
        contrast="any",
        normalisation=method.builtin[name].normalisation,
        description=method.builtin[name].description,
    )


def _method(card: ModelCard, options: Mapping[str, Any]) -> Method:
    kind = method_class(card.method)
    tunable = described(card.method).tunable
    options = renamed(options)
    foreign = set(options) - set(tunable)
    if foreign:
        can = ", ".join(tunable) or "nothing"
        raise InputError(
            "{card} has no option {foreign}: {can} can be set",
            card=card.name,
            foreign=", ".join(sorted(foreign)),
            can=can,
        )
    settings = type(kind().settings)
    try:
        built(settings, card.settings)
    except InputError as error:
        raise ModelError("the card of {card} does not fit its method: {why}", card=card.name, why=error) from None
    return kind(built(settings, renamed(card.settings) | options))


def _read_weights(folder: Path, card: ModelCard) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / WEIGHTS
    if not path.is_file():
        pickled = [other.name for other in folder.iterdir() if other.suffix in PICKLES]
        hint = f" ({pickled[0]} is refused: pickles can run any code)" if pickled else ""
        raise ModelError("{folder} holds no {weights}{hint}", folder=folder, weights=WEIGHTS, hint=hint)
    try:
        found = _sha256(path)
    except OSError as error:
        raise ModelError("{path} cannot be read: {strerror}", path=path, strerror=error.strerror) from None
    if found != card.sha256:
        raise ModelError(
            "{path} is damaged or foreign: SHA-256 {found}..., the card says {card}...",
            path=path,
            found=found[:12],
            card=card.sha256[:12],
        )
    try:
        return load_file(path)
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:  # the last two: BF16, FP8
        raise ModelError(
            "{path} is not a safetensors file of numpy's number types: {why}", path=path, why=error
        ) from None


def _sha256(path: Path) -> str:
    with open_regular(path, most=MOST_WEIGHTS) as stream:
        digest = hashlib.sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
