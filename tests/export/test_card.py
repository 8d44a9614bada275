from __future__ import annotations

from dataclasses import replace

from stancelab.checkpoint import ApproximateScores, ExportInfo
from stancelab.export.card import with_export

INT8 = ApproximateScores(flips=3, difference=0.21, macro_f1=0.701, macro_f1_fp32=0.704, ece=0.03, ece_fp32=0.021)
EXPORT = ExportInfo(rows=1200, compared_on="validation rows of toy (fingerprint 0a)", difference=2.34e-6, int8=INT8)


def test_the_section_comes_at_the_end_and_says_what_was_measured() -> None:
    card = with_export("# mine\n\nText.\n", EXPORT)
    assert card.startswith("# mine\n\nText.\n\n<!-- export: begin -->\n## Without PyTorch\n")
    assert "On 1,200 validation rows of toy (fingerprint 0a) its probabilities differ" in card
    assert "by at most 2.3e-06." in card
    assert "| rows with another stance | 0 | 3 |" in card
    assert "| expected calibration error, in points | 2.1 | 3.0 |" in card


def test_layers_that_stay_in_fp32_are_said() -> None:
    assert "stay in fp32" not in with_export("", EXPORT)
    card = with_export("", replace(EXPORT, int8=replace(INT8, fp32_layers=12)))
    assert "\n12 linear layers of it stay in fp32" in card


def test_another_export_takes_its_place_and_leaves_the_rest() -> None:
    card = with_export("# mine\n", EXPORT) + "\n## My own words\n"
    again = with_export(card, replace(EXPORT, int8=None, rows=7))
    assert again.count("## Without PyTorch") == 1
    assert again.endswith("<!-- export: end -->\n## My own words\n")
    assert "On 7 validation" in again
    assert "int8" not in again


def test_the_int8_network_with_fixed_scales_has_a_table_and_says_which_rows_they_are_by() -> None:
    assert "openvino-int8" not in with_export("", EXPORT)
    static = replace(INT8, flips=5, macro_f1=0.7, forced=True)
    card = with_export(
        "", replace(EXPORT, static_int8=static, calibrated_on="512 training rows of toy (fingerprint 0a)")
    )
    own = card.partition('`backend="openvino-int8"`')[2]
    assert "found by 512 training rows of toy (fingerprint 0a); on the same rows:" in own
    assert "| macro-F1 | 70.4 | 70.0 |" in own
    assert "| rows with another stance | 0 | 5 |" in own
    assert "written all the same (`export.force=true`)" in own
    assert "written all the same" not in card.partition('`backend="openvino-int8"`')[0]


def test_what_speaks_against_the_figures_is_said() -> None:
    assert "Warning" not in with_export("", EXPORT)
    card = with_export("", replace(EXPORT, warnings=["answers are compared on 9 rows"]))
    assert "differ from those of PyTorch by at most 2.3e-06.\n**Warning**: answers are compared on 9 rows.\n" in card


def test_backends_in_bf16_have_a_table() -> None:
    assert "bf16" not in with_export("", EXPORT)
    bf16 = {"torch-bf16": replace(INT8, flips=1, difference=0.0141)}
    card = with_export("", replace(EXPORT, bf16=bf16))
    assert "| `torch-bf16` | 70.1 | 3.0 | 1 | 0.014 |" in card
