"""The dataset card says what the manifest and the audit hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from stancelab.data.card import dataset_card
from stancelab.data.prepared import load_prepared
from stancelab.data.quality.agreement import Agreement
from stancelab.data.quality.findings import Spellings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.data.manifest import DatasetManifest
    from stancelab.data.quality.findings import Audit

Rows = list[dict[str, str]]


@pytest.fixture
def parts(rows: Rows, prepared_from: Callable[..., Path]) -> tuple[DatasetManifest, Audit]:
    """The manifest and the audit of a small dataset."""
    dataset = load_prepared(prepared_from(rows, name="mine", about="From the news, CC BY 4.0."))
    return dataset.manifest, dataset.audit


def test_the_front_matter_is_what_the_hub_reads(parts: tuple[DatasetManifest, Audit]) -> None:
    front = yaml.safe_load(dataset_card(*parts).split("---")[1])
    assert front["pretty_name"] == "mine"
    assert front["size_categories"] == ["n<1K"]
    assert front["tags"] == ["stance-detection"]
    assert [entry["path"] for entry in front["configs"][0]["data_files"]] == [
        "train.parquet", "validation.parquet", "test.parquet",
    ]  # fmt: skip


def test_origin_split_and_metric_are_told(parts: tuple[DatasetManifest, Audit]) -> None:
    manifest, audit = parts
    card = dataset_card(manifest, audit)
    assert "mine: From the news, CC BY 4.0." in card
    assert "Split: `random`, seed 13. Dev metric: `macro_f1`." in card
    [source] = manifest.inputs
    assert f"| mine | `{source.file}` | 100 | `{str(source.sha256)[:12]}` |" in card
    assert 'load_dataset("parquet", data_files={"train": "train.parquet", "validation": "validation.parquet"' in card
    assert "Left out:\n\n- nothing" in card
    assert "tokens" not in card


def test_what_was_left_out_cut_and_agreed_on_is_told(parts: tuple[DatasetManifest, Audit]) -> None:
    manifest, audit = parts
    audit = replace(
        audit,
        removed={**audit.removed, "rejected": 1_200, "leaked": 3},
        max_length=128,
        splits={
            name: replace(part, truncated_share=0.0125, corrected_rows=7 if name != "validation" else 0)
            for name, part in audit.splits.items()
        },
        spellings=Spellings(targets=3, spellings=7, rows=1234, examples=[{"tariffs": 1000, "the tariff": 30}]),
        agreement={
            "mine": Agreement(annotators=3, items=40, labels=90, observed=0.8, alpha=0.71234, interval=(0.6, 0.8))
        },
    )
    card = dataset_card(replace(manifest, skipped={"mine: no target": 7}), audit)
    assert "- 1,200 rows: unusable, see `rejected.csv`\n- 3 rows: training rows whose text is in" in card
    assert "Rows cut at the encoder's 128 tokens: train 1.25%, validation 1.25%, test 1.25%." in card
    assert "Krippendorff's alpha (nominal) 0.712 (95% interval 0.600 to 0.800, over items), observed" in card
    assert "observed agreement 80.0%; 40 items with two or more labels" in card
    assert "Labels that a person corrected: train 7, test 7.\n\n7 labels of test rows were corrected. Where" in card
    assert "count as one: 3 targets of 7 spellings, with 1,234 rows. Determiners" in card
    assert "\n- tariffs (1,000), the tariff (30)\n- and 2 more\n" in card
    assert "Skipped as no stance rows: 7 (mine: no target)." in card


def test_a_bar_in_a_cell_does_not_break_the_table(parts: tuple[DatasetManifest, Audit]) -> None:
    manifest, audit = parts
    [source] = manifest.inputs
    manifest = replace(manifest, inputs=[replace(source, file="a|b.csv")])
    assert "| mine | `a/b.csv` | 100 |" in dataset_card(manifest, audit)
