"""Corpora in, the folder of a prepared dataset out: read, audit, split, write.

Input is read in batches (JSON Lines twice, for their columns); texts, keys and signatures are kept in files that are
mapped, so that the system can take their pages back. What the process keeps for itself grows by 112 bytes a row
(`scripts/bench_prepare.py` measures it), and by 70 more where rows have no ids: 103 MB for 20,000 rows, of which the
libraries are most, and 213 MB for a million.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.data.card import corrected_tests, dataset_card
from stancelab.data.divide import check_result, divide
from stancelab.data.identity import data_key, dataset_key
from stancelab.data.ingest import ingest
from stancelab.data.manifest import DatasetDescription, DatasetSettings, write_dataset_manifest
from stancelab.data.path_forms import gives_splits
from stancelab.data.quality.audit import audit
from stancelab.data.quality.findings import write_audit
from stancelab.data.quality.mentions import marked_spans, mention_warnings
from stancelab.data.sources import check_unchanged, sources_of
from stancelab.data.store.codes import of_kind
from stancelab.data.store.split_files import GROUP_ROWS, write_splits
from stancelab.errors import ConfigError, count_of, list_problems
from stancelab.files import atomic_folder, write_text
from stancelab.layout import README, REJECTED
from stancelab.setting_types import type_problems
from stancelab.tables.batches import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stancelab.data.ingest import Ingested
    from stancelab.data.manifest import CountedFor
    from stancelab.data.quality.audit import Assigned
    from stancelab.data.quality.corrections import Corrections
    from stancelab.data.quality.findings import Audit
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.sources import Source
    from stancelab.data.split_settings import AuditSettings, SplitSettings
    from stancelab.schema import Example

_log = logging.getLogger(__name__)


def build(
    corpora: Sequence[CorpusSettings],
    split: SplitSettings,
    audit_settings: AuditSettings,
    output: Path,
    *,
    count_tokens: Callable[[Sequence[Example]], Sequence[int]] | None = None,
    max_length: int | None = None,
    counted_for: CountedFor | None = None,
    sources: Sequence[Source] | None = None,
    batch_rows: int = BATCH_ROWS,
    group_rows: int = GROUP_ROWS,
) -> Path:
    """Write a prepared dataset of one or more corpora.

    Several corpora are trained together and evaluated apart: one train and one validation file, a test file for each
    corpus and test ("test_newsmtsc_rw"), ids with the corpus in front.

    Args:
        corpora: What to read; their names differ.
        split: How rows are divided, each corpus for itself.
        audit_settings: What counts as a duplicate, and whether leaks are removed from train.
        output: The folder to write. A prepared dataset that is there is replaced as a whole.
        count_tokens: Returns for each example the length of the encoder's input, uncut; None where the share of
            truncated rows is not wanted.
        max_length: Tokens that the encoder takes; goes with `count_tokens`.
        counted_for: Which encoder and input the tokens were counted for, for the manifest.
        sources: What is read, as it was when the settings were checked; None looks now.
        batch_rows: About how many rows are read at a time; the dataset does not depend on it.
        group_rows: Rows in a row group of the Parquet files.

    Returns:
        `output`, complete.

    Raises:
        ConfigError: Settings are impossible.
        DataError: Files or rows cannot be used; nothing is written.
    """
    check_settings(corpora, split, audit_settings)
    sources = sources_of(corpora) if sources is None else sources
    with atomic_folder(output) as folder:
        with ingest(corpora, folder, count_tokens, batch_rows) as ingested:
            rows, removed = divide(corpora, ingested, split, audit_settings)
            check_result(rows, split)
            findings = audit(rows, audit_settings, removed, None if count_tokens is None else max_length)
            spans = marked_spans(ingested.offsets)
            findings = replace(findings, notes=ingested.notes, traces=ingested.traces, spans=spans)
            prefix_ids = len(corpora) > 1
            write_splits(ingested.store, rows.after, rows.names, folder, prefix_ids=prefix_ids, group_rows=group_rows)
            earlier = _earlier_labels(ingested, rows, prefix_ids=prefix_ids)
        check_unchanged(sources, corpora)
        settings = DatasetSettings(data=list(corpora), split=split, audit=audit_settings)
        description = _describe(settings, sources, ingested, findings, counted_for, earlier)
        write_audit(folder, findings)
        write_text(folder / README, dataset_card(description, findings))
        write_dataset_manifest(folder, description)
    if ingested.rejected:
        _log.warning(
            "%s: left out: %s; listed with reasons in %s",
            output,
            count_of(ingested.rejected, "row"),
            output / REJECTED,
        )
    for name, corrections in ingested.corrections.items():
        _log.info("%s: %s", name, corrections_told(corrections, findings))
    corrected = sum(map(len, earlier.values()))
    if corrected:
        _log.warning("%s: %s", output, corrected_tests(corrected))
    _log.info("%s: %s", output, ", ".join(f"{name} {part.rows:,}" for name, part in findings.splits.items()))
    for line in mention_warnings(findings):
        _log.warning("%s: %s", output, line)
    return output


def check_settings(corpora: Sequence[CorpusSettings], split: SplitSettings, audit_settings: AuditSettings) -> None:
    """Raise a `ConfigError` that lists all that is wrong with the settings."""
    lines = [f"data ({corpus.name}): {line}" for corpus in corpora for line in type_problems(corpus)]
    lines += [f"split.{line}" for line in type_problems(split)]
    lines += [f"audit.{line}" for line in type_problems(audit_settings)]
    if lines:
        raise ConfigError(f"the settings cannot be used\n{list_problems(lines)}")
    lines = [f"data ({corpus.name}): {line}" for corpus in corpora for line in corpus.problems()]
    lines += [f"split.{line}" for line in split.problems()] + [f"audit.{line}" for line in audit_settings.problems()]
    lines += [
        f"split.kind: found {split.kind!r}, but data.path of {corpus.name!r} gives each split a file; choose"
        " split=given, or name the files in a list: 'data.path=[FILE,FILE]'"
        for corpus in corpora
        if corpus.reader == "table" and split.kind != "given" and gives_splits(corpus.path)
    ]
    names = Counter(corpus.name for corpus in corpora)
    lines += [f"data: {n} corpora are called {name!r}; each needs its own name" for name, n in names.items() if n > 1]
    if not corpora:
        lines.append("data: no corpus is given")
    if lines:
        raise ConfigError(f"the settings cannot be used\n{list_problems(lines)}")


def _earlier_labels(ingested: Ingested, rows: Assigned, *, prefix_ids: bool) -> dict[str, dict[str, str]]:
    """Return what the corrected labels of test rows were: by split, id -> stance."""
    found: dict[str, dict[str, str]] = {}
    for row in np.flatnonzero(rows.corrected & of_kind(rows.names, rows.after, "test")).tolist():
        key = ingested.store.value("id", row)
        if prefix_ids:
            key = f"{rows.corpora[rows.keys.corpus[row]]}/{key}"
        found.setdefault(rows.names[rows.after[row]], {})[key] = ingested.earlier[int(rows.keys.id[row])]
    return found


def corrections_told(corrections: Corrections, findings: Audit) -> str:
    """Say what became of the corrections of a corpus."""
    changed = len(corrections.earlier)
    by_split = findings.corpora.get(corrections.corpus.name, findings.splits)
    counts = {name: part.corrected_rows for name, part in by_split.items() if part.corrected_rows}
    left_out = changed - sum(counts.values())
    places = [f"{name} {rows:,}" for name, rows in counts.items()] + ([f"left out {left_out:,}"] if left_out else [])
    told = f"{changed:,} of {count_of(len(corrections.by_id), 'correction')} changed a label"
    told += f": {', '.join(places)}" if places else ""
    if corrections.dropped:
        told += f"; {corrections.dropped:,} dropped a row"
    if corrections.unchanged:
        told += f"; {count_of(corrections.unchanged, 'row')} had the label already"
    return told


def _describe(
    settings: DatasetSettings,
    sources: Sequence[Source],
    ingested: Ingested,
    findings: Audit,
    counted_for: CountedFor | None,
    earlier: dict[str, dict[str, str]],
) -> DatasetDescription:
    """Return what the manifest says of the rows."""
    metrics = {corpus.metric for corpus in settings.data}
    return DatasetDescription(
        name="+".join(corpus.name for corpus in settings.data),
        # Corpora that choose by different metrics have none in common but the one that fits all.
        metric=metrics.pop() if len(metrics) == 1 else "macro_f1",
        counts={name: {"rows": part.rows, **part.stances} for name, part in findings.splits.items()},
        inputs=ingested.inputs(sources),
        rejected=ingested.rejected,
        skipped=dict(ingested.skipped),
        corrected=dict(ingested.corrected),
        earlier_labels=earlier,
        target_names=dict(ingested.names.names),
        aliases={name: list(others) for name, others in ingested.aliases.names.items()},
        columns={field: list(columns) for field, columns in ingested.columns.items()},
        settings=settings,
        counted_for=counted_for,
        key=dataset_key(settings, sources, counted_for),
        data_key=data_key(settings, sources),
    )
