"""The dataset card says what the manifest and the audit hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from stancelab.data.card import dataset_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]


@pytest.fixture
def parts(rows: Rows, prepared_from: Callable[..., Path]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest and the audit of a small dataset."""
    folder = prepared_from(rows, name="mine", about="From the news, CC BY 4.0.")
    return tuple(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("manifest", "audit"))


def test_the_front_matter_is_what_the_hub_reads(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    front = yaml.safe_load(dataset_card(*parts).split("---")[1])
    assert front["pretty_name"] == "mine"
    assert front["size_categories"] == ["n<1K"]
    assert front["tags"] == ["stance-detection"]
    assert [entry["path"] for entry in front["configs"][0]["data_files"]] == [
        "train.parquet", "validation.parquet", "test.parquet",
    ]  # fmt: skip


def test_origin_split_and_metric_are_told(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    manifest, audit = parts
    card = dataset_card(manifest, audit)
    assert "mine: From the news, CC BY 4.0." in card
    assert "Split: `random`, seed 13. Dev metric: `macro_f1`." in card
    [source] = manifest["inputs"]
    assert f"| mine | `{source['file']}` | 100 | `{source['sha256'][:12]}` |" in card
    assert 'load_dataset("parquet", data_files={"train": "train.parquet", "validation": "validation.parquet"' in card
    assert "Left out:\n\n- nothing" in card
    assert "tokens" not in card


def test_what_was_left_out_cut_and_agreed_on_is_told(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    manifest, audit = parts
    audit["removed"] |= {"rejected": 1_200, "leaked": 3}
    audit["max_length"] = 128
    for part in audit["splits"].values():
        part["truncated_share"] = 0.0125
    audit["agreement"]["mine"] = {"annotators": 3, "items": 40, "labels": 90, "observed": 0.8, "alpha": 0.71234}
    manifest["skipped"] = {"mine: no target": 7}
    card = dataset_card(manifest, audit)
    assert "- 1,200 rows: unusable, see `rejected.csv`\n- 3 rows: training rows whose text is in" in card
    assert "Rows cut at the encoder's 128 tokens: train 1.25%, validation 1.25%, test 1.25%." in card
    assert "Krippendorff's alpha (nominal) 0.712, 80.0% of label pairs agree; 40 items" in card
    assert "Skipped as no stance rows: 7 (mine: no target)." in card


def test_a_bar_in_a_cell_does_not_break_the_table(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    manifest, audit = parts
    manifest["inputs"][0]["file"] = "a|b.csv"
    assert "| mine | `a/b.csv` | 100 |" in dataset_card(manifest, audit)
