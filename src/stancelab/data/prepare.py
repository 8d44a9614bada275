"""Prepared datasets as a person asks for them: by settings, in the folder that belongs to them, built when needed."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.build import build, check_settings
from stancelab.data.corpora import correction_files
from stancelab.data.folder_names import name_problem
from stancelab.data.identity import dataset_folder, dataset_key
from stancelab.data.manifest import CountedFor, DatasetSettings, manifest_of
from stancelab.data.neighbors import same_revision_unknown, told_apart, with_corrections
from stancelab.data.notes import tell
from stancelab.data.path_forms import plain_path
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.sources import sources_of
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings
from stancelab.errors import ConfigError, count_of
from stancelab.extras import require
from stancelab.files import locked
from stancelab.setting_types import check_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.data.sources import Source
    from stancelab.encoding import Builder
    from stancelab.schema import Example

ROOT: Final = "outputs"
_log = logging.getLogger(__name__)


def prepare(
    corpora: CorpusSettings | Sequence[CorpusSettings],
    *,
    split: SplitSettings | None = None,
    audit: AuditSettings | None = None,
    model: ModelSettings | None = None,
    root: Path | str = ROOT,
    name: str | None = None,
    reuse: bool = True,
) -> PreparedDataset:
    """Return the prepared dataset of some corpora; it is made where it is not there yet.

    Several corpora are trained together and evaluated apart: one train and one validation split, a test split for each
    corpus and test. Processes that ask for the same dataset at the same time make it once.

    Args:
        corpora: What to read: one corpus, or several of different names.
        split: How rows are divided, each corpus for itself; None follows the splits that the corpora give.
        audit: What counts as a duplicate, and whether leaks are removed from train.
        model: The encoder whose tokenizer counts how many rows are longer than its input; None counts none.
        root: The folder of all outputs; datasets are kept in `datasets` below it.
        name: What its folder is called, before what tells its split; None takes the names of the corpora. Behind both
            stand the first letters of its key, which tells all settings and what the input files hold.
        reuse: Whether a dataset that is there is used again, if its settings and input files are the same; False makes
            it again.

    Raises:
        ConfigError: Settings are impossible.
        DataError: Files or rows cannot be used.
        CheckpointError: The encoder's tokenizer cannot be loaded.
        MissingPackageError: The packages of the extra `train` are not installed.
    """
    require("rensa", "train", "prepare")
    each = _as_list(corpora)
    for argument, given, kind in (
        ("split", split, SplitSettings),
        ("audit", audit, AuditSettings),
        ("model", model, ModelSettings),
    ):
        if given is not None:
            check_kind(argument, given, kind)
    settings = DatasetSettings(data=each, split=split or SplitSettings(), audit=audit or AuditSettings())
    check_settings(each, settings.split, settings.audit)
    problem = None if name is None else name_problem(name)
    if problem is not None:
        raise ConfigError(problem)
    counted_for = None if model is None else _counted_for(model)
    sources = sources_of(each)
    key = dataset_key(settings, sources, counted_for)
    folder = dataset_folder(settings, key, root, name)
    _tell_of_corrections(folder, settings, sources)
    with locked(Path(root) / f".{folder.name}.lock"):
        found = _found(folder, key, settings, sources, counted_for) if reuse else None
        if found is not None:
            _log.info("using the prepared dataset %s", found)
            there = load_prepared(found)
            tell(there.audit.notes, _log)
            return there
        other = told_apart(folder, settings, counted_for)
        if other is not None:
            _log.info("%s: %s", folder, other)
        build(
            each,
            settings.split,
            settings.audit,
            folder,
            count_tokens=None if model is None else _token_counter(model),
            max_length=None if model is None else model.input.max_length,
            counted_for=counted_for,
            sources=sources,
        )
        return load_prepared(folder)


def _found(
    folder: Path, key: str, settings: DatasetSettings, sources: Sequence[Source], counted_for: CountedFor | None
) -> Path | None:
    """Return the folder of a dataset that is there already, None where it has to be made."""
    if manifest_of(folder, key) is not None:
        return folder
    unknown = [source.file for source in sources if source.of_hub and source.content is None]
    if not unknown:
        return None
    other = same_revision_unknown(folder, settings, sources, counted_for)
    if other is None:
        return None
    _log.warning(
        "%s: the hub does not answer, so that it is not known whether the dataset was changed there since %s",
        ", ".join(unknown),
        other.manifest.created,
    )
    return other.folder


def _tell_of_corrections(folder: Path, settings: DatasetSettings, sources: Sequence[Source]) -> None:
    """Warn where labels of the same data were corrected, and this command would work with the old ones."""
    for other in with_corrections(folder, settings, sources):
        files = [str(path) for corpus in other.manifest.settings.data for path in correction_files(corpus)]
        _log.warning(
            "%s holds the same data with %s; this command takes the labels as they were. "
            "data.corrections=%s takes the corrected ones",
            other.folder,
            count_of(sum(other.manifest.corrected.values()), "corrected label"),
            files[0] if len(files) == 1 else f"[{','.join(files)}]",
        )


def _as_list(corpora: CorpusSettings | Sequence[CorpusSettings]) -> list[CorpusSettings]:
    """Return the corpora with paths as strings, as a manifest holds them; from Python they may be `Path`s."""
    each: list[Any] = list(corpora) if isinstance(corpora, list | tuple) else [corpora]
    for corpus in each:
        check_kind("corpora", corpus, CorpusSettings)
    return [
        replace(
            corpus,
            path=plain_path(corpus.path),
            corrections=_strings(corpus.corrections),
            targets=_string(corpus.targets),
            aliases=_string(corpus.aliases),
            label_file=_string(corpus.label_file),
        )
        for corpus in each
    ]


def _string(path: Path | str | None) -> str | None:
    return str(path) if isinstance(path, Path) else path


def _strings(given: Any) -> Any:
    return [str(path) for path in given] if isinstance(given, list | tuple) else _string(given)


def _counted_for(model: ModelSettings) -> CountedFor:
    """Return what the audit's count of truncated rows depends on."""
    return CountedFor(encoder=model.name_or_path, head=model.head, input=model.input)


def _token_counter(model: ModelSettings) -> Callable[[Sequence[Example]], Sequence[int]]:
    """Return what counts tokens; the tokenizer is loaded for the first rows, as transformers takes seconds to import.

    Raises:
        CheckpointError: There is no such encoder.
    """
    from stancelab.encoders import resolve_encoder

    resolved = resolve_encoder(model.name_or_path, model.sha256)

    @cache
    def builder() -> Builder:
        from transformers import AutoTokenizer

        from stancelab.encoders import explain_hub_error
        from stancelab.encoding import make_builder

        with explain_hub_error(model.name_or_path):
            tokenizer = AutoTokenizer.from_pretrained(resolved)
        return make_builder(model.head, tokenizer, model.input)

    return lambda examples: builder().count_tokens(examples)
