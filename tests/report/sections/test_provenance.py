from __future__ import annotations

from stancelab.report.sections.provenance import checkpoint_line, count_table, report_title
from stancelab.results import CheckpointProvenance, DatasetProvenance, Provenance


def test_a_report_is_called_by_its_title_or_its_dataset() -> None:
    dataset = DatasetProvenance(name="small")
    assert report_title(Provenance(title="mine", dataset=dataset)) == "mine"
    assert report_title(Provenance(dataset=dataset)) == "Stance on small"
    assert report_title(Provenance()) == "Stance evaluation"


def test_counts_by_split() -> None:
    table = count_table({"train": {"rows": 3, "against": 1}, "test": {"rows": 2}})
    assert table.columns == ["rows", "against"]
    assert table.rows == [("train", [3, 1]), ("test", [2, None])]


def test_what_is_not_known_of_a_checkpoint_is_empty() -> None:
    line = checkpoint_line(CheckpointProvenance(name="a"))
    assert (line.dataset, line.validation, line.seed) == ("", "", None)
    known = CheckpointProvenance(name="a", dataset="small", train_rows=1200, dev_metric="macro_f1", dev_score=0.7)
    line = checkpoint_line(known)
    assert (line.dataset, line.validation) == ("small, 1,200 rows", "macro-F1 70.0")


def test_a_checkpoint_from_which_a_training_went_on_is_named() -> None:
    assert checkpoint_line(CheckpointProvenance(name="a", encoder="minilm")).encoder == "minilm"
    further = CheckpointProvenance(name="a", encoder="minilm", start="run/checkpoint")
    assert checkpoint_line(further).encoder == "minilm, further from run/checkpoint"
