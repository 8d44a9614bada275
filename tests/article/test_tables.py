"""stances.csv and evidence.csv: a row for each pair and sentence, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from stancelab.article.tables import EVIDENCE_COLUMNS, STANCES_COLUMNS, further_columns, write_tables
from stancelab.layout import EVIDENCE_TABLE, STANCES_TABLE
from stancelab.tables.csv_lines import original_cell

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.results import Reading


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_per_source_target_and_document(one_article: Reading, tmp_path: Path) -> None:
    write_tables(tmp_path, one_article)
    rows = rows_of(tmp_path / STANCES_TABLE)
    assert list(rows[0]) == list(STANCES_COLUMNS)
    assert len(rows) == len(one_article.pairs)
    found = next(row for row in rows if (row["source"], row["target"]) == ("Sudria's Parliament", "Court of the Seas"))
    assert found["stance"] == "mixed"
    assert [found[name] for name in ("sentences", "favor", "against", "neutral", "left_out")] == [
        "3",
        "1",
        "1",
        "1",
        "0",
    ]
    assert (found["first_stance"], found["last_stance"]) == ("favor", "against")
    assert found["score"] == "0.0633"
    assert (found["source_group"], found["target_group"]) == ("parliaments", "courts")
    nothing = next(row for row in rows if row["source"] == "Eastern Alliance" and row["target"] == "Court of the Seas")
    assert [nothing[name] for name in ("stance", "score", "low", "sentences", "left_out")] == ["none", "", "", "0", "1"]
    assert (nothing["first_stance"], nothing["last_stance"]) == ("", "")


def test_a_score_on_the_other_side_than_its_stance_has_a_note(opposed: Reading, tmp_path: Path) -> None:
    write_tables(tmp_path, opposed)
    rows = rows_of(tmp_path / STANCES_TABLE)
    assert [(row["source"], row["stance"], row["score"], row["note"]) for row in rows[:2]] == [
        ("Norland", "favor", "-0.1267", "the score is the mean of all counted sentences, the stance that of the "
         "sentences that show one"),
        ("Sudria", "against", "-0.8800", ""),
    ]  # fmt: skip


def test_a_row_per_sentence_and_pair_with_offsets(one_article: Reading, tmp_path: Path) -> None:
    write_tables(tmp_path, one_article)
    rows = rows_of(tmp_path / EVIDENCE_TABLE)
    assert list(rows[0]) == list(EVIDENCE_COLUMNS)
    assert len(rows) == len(one_article.evidence)
    text = one_article.documents[0].text
    for row in rows:
        assert text[int(row["start"]) : int(row["end"])] == row["text"]
    carried = rows[2]
    assert text[int(carried["source_start"]) : int(carried["source_end"])] == "It"
    assert text[int(carried["target_start"]) : int(carried["target_end"])] == "the bloc"
    assert (carried["how"], carried["stance"], carried["p_favor"], carried["counted"]) == (
        "carried",
        "favor",
        "0.9600",
        "true",
    )
    quote = next(row for row in rows if row["how"] == "quote")
    assert (quote["source_start"], quote["source_end"]) == ("", "")
    assert [row["counted"] for row in rows].count("false") == 1


def test_no_cell_runs_in_a_spreadsheet_and_each_can_be_had_back(hostile: Reading, tmp_path: Path) -> None:
    write_tables(tmp_path, hostile)
    stances, evidence = rows_of(tmp_path / STANCES_TABLE), rows_of(tmp_path / EVIDENCE_TABLE)
    for row in (*stances, *evidence):
        for cell in row.values():
            assert not cell.startswith(("=", "@", "\t", "+"))
    formulas = [row for row in stances if row["target"].startswith("'=HYPERLINK")]
    assert {original_cell(row["target"]) for row in formulas} == {'=HYPERLINK("http://x","y")'}
    assert any(row["text"].startswith("'=cmd|") for row in evidence)
    assert all(float(row["score"]) < 0 for row in evidence if row["stance"] == "against")


def test_a_byte_order_mark_for_excel(one_article: Reading, tmp_path: Path) -> None:
    write_tables(tmp_path, one_article)
    plain = {name: (tmp_path / name).read_bytes() for name in (STANCES_TABLE, EVIDENCE_TABLE)}
    write_tables(tmp_path, one_article, byte_order_mark=True)
    assert {name: (tmp_path / name).read_bytes() for name in plain} == {
        name: b"\xef\xbb\xbf" + content for name, content in plain.items()
    }


def test_further_columns_keep_clear_of_the_own_ones(hostile: Reading, tmp_path: Path) -> None:
    assert further_columns(hostile) == {"=field<b>": "=field<b>", "title": "document_title", "__proto__": "__proto__"}
    write_tables(tmp_path, hostile)
    rows = rows_of(tmp_path / STANCES_TABLE)
    assert rows[0]["document_title"] == "clash"
    assert "'=field<b>" in rows[0]
