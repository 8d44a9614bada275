"""Reading files: checked first, then answered window by window with the answers kept, then written as one folder."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.asked import Asker
from stancelab.article.codebook import Matcher, read_codebook
from stancelab.article.codebook.write import codebook_text
from stancelab.article.documents.inputs import find_sources
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.read import documents_of
from stancelab.article.documents.unused import check_used
from stancelab.article.explain import chosen, weights_of
from stancelab.article.extracted import Extracted
from stancelab.article.kept import check_kept, open_kept
from stancelab.article.outputs import write_outputs
from stancelab.article.proposal.propose import HEAD, propose
from stancelab.article.provenance import provenance_of, threshold_of
from stancelab.article.read import reading_of
from stancelab.article.stances_file import MOST_BYTES
from stancelab.article.told import tell_of, told_of
from stancelab.article.windows import Answers, checked, digest_of
from stancelab.errors import DataError, count_of
from stancelab.extras import require
from stancelab.files import can_write, fingerprint, sha256_of, size_text, versions
from stancelab.inference.backends import AUTO
from stancelab.inference.backends import chosen as chosen_backend
from stancelab.inference.classifier import warn_of_cut
from stancelab.inference.jobs.progress import progress
from stancelab.layout import MANIFEST
from stancelab.setting_types import check_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stancelab.article.codebook import Codebook
    from stancelab.article.documents.inputs import Given, Source
    from stancelab.article.kept import Kept
    from stancelab.article.results import Evidence, Reading
    from stancelab.article.settings import ReadSettings
    from stancelab.article.told import Told
    from stancelab.article.types import Document
    from stancelab.article.windows import AnsweredDocument
    from stancelab.schema import System

logger = logging.getLogger(__name__)

#: Settings that change none of the answers: what they change is done at the end, from the answers that are kept.
_LEFT_OUT: Final = (
    "headlines", "min_confidence", "threshold", "evidence", "least", "mixed", "resamples", "seed", "explain",
    "explain_most", "title", "backend", "threads", "on_bad_files", "bom", "overwrite", "resume",
)  # fmt: skip


@dataclass(frozen=True)
class ReadJob:
    """Inputs, codebook and output that were checked and can be read.

    Attributes:
        sources: The files.
        notes: What was passed over where they were looked for.
        codebook: The codebook, given or proposed.
        named: The codebook in words; "" where it was proposed.
        output: The output folder.
        settings: The settings.
        key: What the answers belong to, by name; documents that are answered are compared one by one.
        checkpoint: The folder of the checkpoint, where there is one.
        extracted: The documents, where the codebook was proposed from them.
    """

    sources: Sequence[Source]
    notes: Notes
    codebook: Codebook
    named: str
    output: Path
    settings: ReadSettings
    key: dict[str, Any]
    checkpoint: Path | None = None
    extracted: Extracted | None = None

    def documents(self, notes: Notes) -> Iterator[Document]:
        """Yield the documents, none of which is extracted twice.

        Args:
            notes: Where it is counted what is passed over now.

        Raises:
            DataError: A document cannot be read, or not be written into the results.
        """
        if self.extracted is not None:
            return iter(self.extracted)
        return checked(documents_of(self.sources, self.settings.documents(), notes))


def plan_reading(
    given: Given,
    codebook: str | Path | Sequence[str | Path] | None,
    output: Path,
    settings: ReadSettings,
    checkpoint: Path | None = None,
) -> ReadJob:
    """Check inputs, codebook and output, before a model is loaded; where no codebook is given, propose one.

    Args:
        given: The inputs, as `read_documents` takes them.
        codebook: A file, "default", several of them, or None.
        output: The output folder.
        settings: The settings.
        checkpoint: The folder of the checkpoint, whose manifest has the hashes of its files.

    Raises:
        ConfigError: A setting cannot be used, or concerns nothing.
        DataError: An input is missing or cannot be read, the codebook is none, the output exists or cannot be written,
            or parts of it are there that cannot be used.
        MissingPackageError: A package of the extra `read` is not installed.
    """
    check_settings(read=settings)
    if codebook is not None:
        settings.check_codebook()
    require("ahocorasick", "read", "reading with a codebook")
    require("nupunkt", "read", "reading")
    require("jinja2", "read", "map.html")
    _check_output(output, may_replace=settings.overwrite)
    found = None if codebook is None else read_codebook(codebook)
    if found is not None:
        _check_roles(found, author=settings.author)
    notes = Notes(day_first=settings.day_first)
    sources = find_sources(given, settings.documents(), notes)
    check_used(sources, settings.documents())
    extracted = None
    if found is None:
        extracted = Extracted(output)
        taken = checked(documents_of(sources, settings.documents(), notes))
        documents = extracted.keep(taken, _count(sources))
        found = propose(documents, settings.candidates, settings.spacy_model, language=settings.pairs().language)
        told = count_of(len(found.entries), "entry", "entries")
        logger.info("proposed a codebook of %s; it is written into the output as codebook.yaml", told)
    key = {
        "codebook": fingerprint([asdict(entry) | {"where": ""} for entry in found.entries.values()]),
        "checkpoint": sha256_of(checkpoint / MANIFEST) if checkpoint is not None else "",
        "read.backend": _backend(settings, checkpoint),
        "version of stancelab": versions().get("stancelab", ""),
        **{f"read.{name}": value for name, value in asdict(settings).items() if name not in _LEFT_OUT},
    }
    check_kept(output, key, resume=settings.resume, overwrite=settings.overwrite)
    return ReadJob(sources, notes, found, _in_words(codebook), output, settings, key, checkpoint, extracted)


def _check_roles(codebook: Codebook, *, author: bool) -> None:
    """Raise a `DataError` where no entry of a given codebook may be a source, or none a target: no pair is found."""
    entries = codebook.entries.values()
    roles = {"source": author or any(each.source for each in entries), "target": any(each.target for each in entries)}
    for role, is_there in roles.items():
        if not is_there:
            instead = ", or let the author be one with read.author=true" if role == "source" else ""
            raise DataError(f"the codebook has no entry that may be a {role}; take '{role}: false' from one{instead}")


def _backend(settings: ReadSettings, checkpoint: Path | None) -> str:
    is_chosen = settings.backend == AUTO and checkpoint is not None
    return chosen_backend(checkpoint, settings.device) if is_chosen and checkpoint is not None else settings.backend


def _in_words(codebook: str | Path | Sequence[str | Path] | None) -> str:
    if codebook is None:
        return ""
    several = [codebook] if isinstance(codebook, str | Path) else codebook
    return ", ".join(map(str, several))


def _check_output(output: Path, *, may_replace: bool) -> None:
    """Raise a `DataError` where the output cannot be written, or is there and not to be replaced."""
    if output.exists() and not output.is_dir():
        raise DataError(f"{output}: is a file; name a folder")
    if output.is_dir() and any(output.iterdir()):
        if not (output / MANIFEST).exists():
            raise DataError(f"{output}: holds other files, and no {MANIFEST} of ours; name another folder")
        if not may_replace:
            raise DataError(f"{output}: exists already; name another folder, or replace it with read.overwrite=true")
    nearest = next(folder for folder in (output.absolute(), *output.absolute().parents) if folder.exists())
    above = nearest if nearest != output.absolute() else nearest.parent
    if not above.is_dir() or not can_write(above):
        raise DataError(f"{output}: {above} cannot be written to; name another output")


def run_reading(
    job: ReadJob, system: System, *, command: str = "", config: dict[str, Any] | None = None
) -> tuple[Reading, Told]:
    """Read the documents of a job and write the output folder, whose manifest comes last.

    Args:
        job: What `plan_reading` returned.
        system: What answers.
        command: The command line.
        config: The settings of the command, for the manifest.

    Returns:
        What was written, and what is told beside it.

    Raises:
        ConfigError: The checkpoint has no threshold of the name that the settings give.
        DataError: A document cannot be read, the inputs were changed, or the output cannot be written.
    """
    settings = job.settings
    threshold_of(system, settings)
    notes = deepcopy(job.notes)
    answers = Answers(Asker(Matcher(job.codebook), settings.pairs()), system)
    with open_kept(job.output, job.key, resume=settings.resume, overwrite=settings.overwrite) as kept:
        documents = job.documents(notes)
        with progress(_count(job.sources), "document") as tell:
            _skip_done(documents, kept, answers, tell)
            for window in answers.windows(documents):
                kept.add_documents(window)
                _check_size(job.output, kept)
                tell(len(window))
        weights = _weights(kept, answers, settings) if settings.explain else {}
        provenance = provenance_of(system, settings, checkpoint=job.checkpoint, codebook=job.named, command=command)
        found = (each for window in kept.windows() for each in window)
        reading = reading_of(found, job.codebook, settings, provenance, weights=weights)
        told = told_of(reading, notes, settings.pairs())
        text = codebook_text(job.codebook, "" if job.named else HEAD)
        write_outputs(job.output, reading, text, _manifest(job, told, command, config), bom=settings.bom)
    info = getattr(system, "info", None)
    if info is not None:
        warn_of_cut(answers.cut, info.input.max_length)
    tell_of(told)
    return reading, told


def _count(sources: Sequence[Source]) -> int | None:
    """Return how many documents there are at most, None where a table holds some."""
    return None if any(source.format == "table" for source in sources) else len(sources)


def _skip_done(documents: Iterator[Document], kept: Kept, answers: Answers, tell: Callable[..., None]) -> None:
    """Pass over the documents that were answered before, which have to be the same; their answers are used again."""
    for window in kept.windows():
        for done in window:
            document = next(documents, None)
            if document is None or digest_of(document) != done.digest:
                raise DataError(
                    f"{done.document.path or done.document.id}: {done.document.id!r} was changed since the reading was "
                    "interrupted; begin anew with read.overwrite=true and without read.resume"
                )
            answers.remember(done)
        tell(len(window), before=True)


def _check_size(output: Path, kept: Kept) -> None:
    """Raise a `DataError` as soon as the results are larger than what is written."""
    if kept.size > MOST_BYTES:
        raise DataError(
            f"{output}: the answers take more than {size_text(MOST_BYTES)}, the most for one stances.json; read the "
            "documents in several folders, with read.overwrite=true and without read.resume"
        )


def _weights(kept: Kept, answers: Answers, settings: ReadSettings) -> dict[int, Any]:
    """Return the weights of words, those that are kept and those that are computed now."""
    documents: list[AnsweredDocument] = [each for window in kept.windows() for each in window]
    evidence: list[Evidence] = [each for document in documents for each in document.evidence]
    places = chosen(evidence, settings.explain_most)
    found = {place: own for place, own in kept.weights().items() if place in set(places)}
    left = [place for place in places if place not in found]
    with progress(len(places), "explanation") as tell:
        tell(len(found), before=True)
        for batch in weights_of(left, [each.document for each in documents], evidence, answers.probabilities):
            kept.add_weights(batch)
            found |= batch
            tell(len(batch))
    return found


def _manifest(job: ReadJob, told: Told, command: str, config: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "kind": "read",
        "command": command,
        "config": config or {"read": asdict(job.settings)},
        "checkpoint": "" if job.checkpoint is None else str(job.checkpoint),
        "counts": dict(told.counts),
        "skipped": told.skipped,
        "duplicates": told.duplicates,
        "without_pairs": told.without_pairs,
        "other_language": told.other_language,
        "inputs": {source.name: source.url or sha256_of(source.path) for source in job.sources},
    }
