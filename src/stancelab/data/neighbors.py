"""The prepared datasets beside one: which holds the same data, and in what its settings differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.identity import SHOWN, dataset_key
from stancelab.data.manifest import DatasetManifest, DatasetSettings, read_dataset_manifest
from stancelab.errors import DataError, shorten
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.data.manifest import CountedFor
    from stancelab.data.sources import Source

#: Settings that are named at most.
_NAMED: Final = 3


@dataclass(frozen=True)
class Neighbor:
    """Another prepared dataset in the same folder."""

    folder: Path
    manifest: DatasetManifest


def same_revision_unknown(
    folder: Path, settings: DatasetSettings, sources: Sequence[Source], counted_for: CountedFor | None
) -> Neighbor | None:
    """Return the newest dataset of these settings, where the revision of a hub dataset cannot be known now.

    Args:
        folder: The folder that the settings would have.
        settings: All settings.
        sources: What is read; a hub dataset has no revision.
        counted_for: What its tokens are counted for.
    """
    found = []
    for each in _beside(folder):
        revisions = {entry.corpus: entry.revision for entry in each.manifest.inputs if entry.revision}
        known = [
            replace(source, content=revisions.get(source.corpus)) if source.of_hub else source for source in sources
        ]
        if dataset_key(settings, known, counted_for) == each.manifest.key:
            found.append(each)
    return max(found, key=lambda each: each.manifest.created, default=None)


def with_corrections(folder: Path, settings: DatasetSettings, sources: Sequence[Source]) -> list[Neighbor]:
    """Return the datasets of the same files that were prepared with corrections, where these settings have none."""
    if any(corpus.corrections for corpus in settings.data):
        return []
    read = {(each.corpus, each.content) for each in sources if not each.beside}
    return [
        each
        for each in _beside(folder)
        if any(corpus.corrections for corpus in each.manifest.settings.data)
        and read <= {(entry.corpus, entry.sha256 or entry.revision) for entry in each.manifest.inputs}
    ]


def told_apart(folder: Path, settings: DatasetSettings, counted_for: CountedFor | None) -> str | None:
    """Return how a new dataset differs from the last one of the same name, None where there is none.

    Args:
        folder: The folder of the new one.
        settings: Its settings.
        counted_for: What its tokens are counted for.
    """
    name = folder.name[: -SHOWN - 1]
    same = [each for each in _beside(folder) if each.folder.name[: -SHOWN - 1] == name]
    last = max(same, key=lambda each: each.manifest.created, default=None)
    if last is None:
        return None
    there = _flat(asdict(last.manifest.settings) | {"model": asdict(last.manifest.counted_for or settings)})
    here = _flat(asdict(settings) | {"model": asdict(counted_for or settings)})
    keys = [key for key in {**here, **there} if here.get(key) != there.get(key)]
    shown = [f"{key}={_shown(here.get(key))} (there {_shown(there.get(key))})" for key in keys[:_NAMED]]
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    what = ", ".join(shown) + more if keys else "its files, or the version of stancelab, were others"
    return f"not the dataset {last.folder}, which stays as it is: {what}"


def _beside(folder: Path) -> Iterator[Neighbor]:
    """Yield the complete datasets of this format beside a folder."""
    for path in sorted(folder.parent.glob(f"*/{MANIFEST}")):
        if path.parent.name == folder.name or path.parent.name.startswith("."):
            continue
        try:
            yield Neighbor(path.parent, read_dataset_manifest(path.parent))
        except DataError:  # of another version, or broken: nothing to compare with
            continue


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Return settings by dotted keys; the corpora by their places."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = dict(enumerate(value)) if len(value) > 1 else value[0]
    if not isinstance(value, dict) or not value:
        return {prefix: value}
    found: dict[str, Any] = {}
    for key, part in value.items():
        found |= _flat(part, f"{prefix}.{key}" if prefix else str(key))
    return found


def _shown(value: Any) -> str:
    return "null" if value is None else shorten(value, 40)
