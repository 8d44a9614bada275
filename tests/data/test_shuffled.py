"""A file whose rows stand in another order, or under another name, is the same dataset."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancelab.data.build import build
from stancelab.data.prepared import load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import DataError

if TYPE_CHECKING:
    from stancelab.schema import Example

_WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
_ROW = st.fixed_dictionaries(
    {
        "text": st.lists(_WORDS, min_size=1, max_size=8).map(" ".join),
        "source": st.sampled_from(["", "Kenya", "Ägypten", "日本"]),
        "target": st.sampled_from(["the pact", "der Vertrag", "条約"]),
        "stance": st.sampled_from(["against", "neutral", "favor"]),
    }
)


def _content(row: Any) -> tuple[str, ...]:
    return tuple(" ".join(str(row[name]).split()) for name in ("text", "source", "target"))


def _prepared(rows: list[dict[str, str]], name: str) -> set[tuple[Any, ...]] | None:
    """Return the rows of a prepared dataset, None where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        try:
            built = build(
                [CorpusSettings(name="mine", path=str(path), on_bad_rows="drop")],
                SplitSettings(kind="random"),
                AuditSettings(),
                Path(folder) / "out",
            )
        except DataError:
            return None
        dataset = load_prepared(built)
        found: list[Example] = [*dataset.train, *dataset.validation, *dataset.tests["test"]]
        return {(row.id, row.text, row.source, row.target, row.stance, row.split) for row in found}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_ROW, min_size=12, max_size=40, unique_by=_content), st.randoms(use_true_random=False))
def test_order_and_name_of_a_file_do_not_matter(rows: list[dict[str, str]], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert _prepared(shuffled, "renamed.jsonl") == _prepared(rows, "mine.jsonl")
