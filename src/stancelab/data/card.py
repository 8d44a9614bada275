"""The dataset card: what a prepared dataset holds, where it is from, and what its audit found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.quality.mentions import not_in_text, span_sentences
from stancelab.errors import count_of
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stancelab.data.manifest import DatasetDescription
    from stancelab.data.quality.agreement import Agreement
    from stancelab.data.quality.findings import Audit, Duplicates, SharedWithTrain, Spellings, SplitComposition
    from stancelab.tables.careless import Traces

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_REMOVED: Final = {
    "rejected": "unusable, see `rejected.csv`",
    "repeated": "repeated text, source, target and stance of another row",
    "conflicting": "same text, source and target as another row, but another stance",
    "straddling": "other targets of a text, document or test file that is held out, and held-out targets elsewhere",
    "leaked": "training rows whose text is in validation or test, exactly or nearly",
    "not_sampled": "training rows left out by split.train_rows, train_share or shots",
}


def dataset_card(dataset: DatasetDescription, audit: Audit) -> str:
    """Return the card as Markdown, with the front matter that the Hugging Face hub reads."""
    parts = [
        _front_matter(dataset, audit),
        f"# {dataset.name}, prepared for stance classification\n",
        "One row is `(text, source, target, stance)`: what the text gives the source toward the target, `against`,"
        " `neutral` or `favor`. An empty source is the author of the text.\n",
        "## Rows\n",
        _classes(dataset.classes),
        _rows(audit.splits, dataset.classes),
    ]
    if len(audit.corpora) > 1:
        for name, splits in audit.corpora.items():
            parts += [f"### {name}\n", _rows(splits, dataset.classes)]
    parts += ["## Origin\n", _origin(dataset), "## Audit\n", _removed(audit.removed)]
    parts += [_within(audit.splits), _across(audit.duplicates), _shared(audit.shared), _truncated(audit)]
    parts += [_mentions(audit), _spellings(audit.spellings), _traces(audit.traces)]
    parts += [_corrected(audit.splits), _agreement(audit.agreement)]
    parts += ["## Use\n", _use(dataset)]
    return "\n".join(part for part in parts if part)


def _front_matter(dataset: DatasetDescription, audit: Audit) -> str:
    total = sum(part.rows for part in audit.splits.values())
    size = next((name for limit, name in _SIZES if total < limit), "n>1M")
    files = dict.fromkeys("validation" if name.startswith("validation") else name for name in audit.splits)
    lines = ["---", f"pretty_name: {dataset.name}", "task_categories:", "- text-classification"]
    lines += ["tags:", "- stance-detection", "size_categories:", f"- {size}", "configs:", "- config_name: default"]
    lines += ["  data_files:"]
    for name in files:
        lines += [f"  - split: {name.replace('-', '_')}", f"    path: {name}.parquet"]
    return "\n".join([*lines, "---", ""])


def _classes(classes: Sequence[str]) -> str:
    if len(classes) == len(STANCES):
        return ""
    absent = ", ".join(f"`{stance}`" for stance in STANCES if stance not in classes)
    return f"The classes are {', '.join(f'`{stance}`' for stance in classes)}: no row is {absent}.\n"


def _rows(splits: dict[str, SplitComposition], classes: Sequence[str]) -> str:
    head = ["split", "rows", *classes, "texts", "targets", "documents"]
    body = [
        [
            name,
            part.rows,
            *(f"{part.stances[stance]:,} ({part.stances[stance] / max(part.rows, 1):.0%})" for stance in classes),
            part.texts,
            part.targets,
            part.documents,
        ]
        for name, part in splits.items()
    ]
    return _table(head, body)


def _origin(dataset: DatasetDescription) -> str:
    body = [[entry.corpus, f"`{entry.file}`", entry.rows, f"`{(entry.sha256 or '')[:12]}`"] for entry in dataset.inputs]
    split = dataset.settings.split
    lines = [f"{corpus.name}: {corpus.about}\n" for corpus in dataset.settings.data if corpus.about]
    lines.append(_table(["corpus", "file", "rows", "SHA-256"], body))
    lines.append(f"Split: `{split.kind}`, seed {split.seed}. Dev metric: `{dataset.metric}`.\n")
    for reason, count in dataset.skipped.items():
        lines.append(f"Skipped as no stance rows: {count:,} ({reason}).\n")
    return "\n".join(lines)


def _removed(removed: dict[str, int]) -> str:
    lines = [f"- {count_of(count, 'row')}: {_REMOVED[reason]}" for reason, count in removed.items() if count]
    return "\n".join(["Left out:\n", *(lines or ["- nothing"]), ""])


def _within(splits: dict[str, SplitComposition]) -> str:
    body = [
        [name, part.repeated_rows, part.conflicting_rows, part.near_duplicate_texts] for name, part in splits.items()
    ]
    return _table(["within the split", "repeated rows", "rows in conflict", "texts nearly the same as another"], body)


def _across(duplicates: Duplicates) -> str:
    intro = (
        f"Texts in two splits (near: Jaccard similarity of character {duplicates.ngram}-grams at least"
        f" {duplicates.similarity:g}; leaks into train: {duplicates.leakage}):\n"
    )
    pairs = duplicates.across_before_removal
    if not pairs:
        return f"{intro}\n- none\n"
    left = {pair: found.rows for pair, found in duplicates.across.items()}
    body = [[pair, found.exact_texts, found.near_texts, found.rows, left.get(pair, 0)] for pair, found in pairs.items()]
    return f"{intro}\n{_table(['pair', 'exact', 'near', 'rows', 'rows left'], body)}"


def _shared(shared: dict[str, SharedWithTrain]) -> str:
    head = ["shared with train", "targets", "rows", "documents", "rows of these"]
    body = [
        [
            name,
            f"{part.targets_in_train:,} of {part.targets:,}",
            part.rows_of_targets_in_train,
            f"{part.documents_in_train:,} of {part.documents:,}",
            part.rows_of_documents_in_train,
        ]
        for name, part in shared.items()
    ]
    return _table(head, body)


def _truncated(audit: Audit) -> str:
    if audit.max_length is None:
        return ""
    found = ", ".join(f"{name} {part.truncated_share:.2%}" for name, part in audit.splits.items())
    return f"Rows cut at the encoder's {audit.max_length} tokens: {found}.\n"


def _mentions(audit: Audit) -> str:
    found = not_in_text(audit.splits)
    lines = [_table(["not in the text", "target", "source"], found)] if found else []
    return "\n".join([*lines, *(f"{line}\n" for line in span_sentences(audit.spans))])


def _spellings(found: Spellings) -> str:
    if not found.targets:
        return ""
    lines = [
        "Targets that are written in several ways, or that data.targets puts together, count as one:"
        f" {count_of(found.targets, 'target')} of {count_of(found.spellings, 'spelling')}, with"
        f" {count_of(found.rows, 'row')}. Determiners in front (the, a, its) and the plural of the last word do not"
        " count, nor does letter case.\n"
    ]
    lines += ["- " + ", ".join(f"{name} ({rows:,})" for name, rows in each.items()) for each in found.examples]
    if (more := found.targets - len(found.examples)) > 0:
        lines.append(f"- and {more:,} more")
    return "\n".join([*lines, ""])


def _traces(found: dict[str, Traces]) -> str:
    lines = [f"- {line}" for corpus, traces in found.items() for line in traces.lines(corpus, None)]
    return "\n".join(["Traces of careless exports, as the rows were read:\n", *lines, ""]) if lines else ""


def _corrected(splits: dict[str, SplitComposition]) -> str:
    counts = {name: part.corrected_rows for name, part in splits.items() if part.corrected_rows}
    if not counts:
        return ""
    line = f"Labels that a person corrected: {', '.join(f'{name} {rows:,}' for name, rows in counts.items())}.\n"
    tests = sum(rows for name, rows in counts.items() if name.startswith("test"))
    return f"{line}\n{corrected_tests(tests)}\n" if tests else line


def corrected_tests(rows: int) -> str:
    """Say what the correction of test labels does to scores on them."""
    labels = f"{count_of(rows, 'label')} of test rows {'was' if rows == 1 else 'were'}"
    return (
        f"{labels} corrected. Where the rows were found by a model, scores on them favor that model and others like"
        " it; a random sample that is labeled again without sight of labels and models does not (stancelab inspect"
        " writes one)."
    )


def _agreement(found: dict[str, Agreement | None]) -> str:
    lines = [
        f"Annotator agreement, {corpus}: Krippendorff's alpha (nominal) {_alpha(each)}, observed agreement"
        f" {each.observed:.1%}; {count_of(each.items, 'item')} with two or more labels ({each.labels:,} labels) by"
        f" {each.annotators:,} annotators.\n"
        for corpus, each in found.items()
        if each is not None
    ]
    return "\n".join(lines)


def _alpha(found: Agreement) -> str:
    if found.alpha is None:
        return "undefined, all labels are the same"
    if found.interval is None:
        return f"{found.alpha:.3f}"
    return f"{found.alpha:.3f} (95% interval {found.interval[0]:.3f} to {found.interval[1]:.3f}, over items)"


def _use(dataset: DatasetDescription) -> str:
    names = [name for name in dataset.counts if not name.startswith("validation")]
    files = [*names[:1], "validation", *names[1:]]
    mapping = ", ".join(f'"{name}": "{name}.parquet"' for name in files)
    return f'```python\nfrom datasets import load_dataset\n\nload_dataset("parquet", data_files={{{mapping}}})\n```\n'


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table, columns of numbers to the right."""
    body = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    numbers = [all(row[column][:1].isdigit() for row in body) for column in range(len(head))]
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join('---:' if right else '---' for right in numbers)}|"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in body]
    return "\n".join([*lines, ""])
