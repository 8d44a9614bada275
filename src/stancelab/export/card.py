"""What the model card of an exported checkpoint says of the export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stancelab.checkpoint import ApproximateScores, ExportInfo

#: The section stands between these, so that another export replaces it.
BEGIN: Final = "<!-- export: begin -->"
END: Final = "<!-- export: end -->"


def with_export(card: str, export: ExportInfo) -> str:
    """Return a model card with the section on the export, in place of an earlier one.

    Args:
        card: The model card.
        export: What was measured.
    """
    before, begun, rest = card.partition(BEGIN)
    after = rest.partition(END)[2] if begun else ""
    return f"{before.rstrip()}\n\n{BEGIN}\n{_section(export)}\n{END}\n{after.lstrip()}"


def _section(export: ExportInfo) -> str:
    lines = [
        "## Without PyTorch",
        "",
        '`onnx/` holds the network for ONNX Runtime: `pip install "stancelab[onnx]"`, then '
        '`StanceClassifier.from_pretrained(FOLDER, backend="onnx")`.',
        f"On {export.rows:,} {export.compared_on} its probabilities differ from those of PyTorch by at most "
        f"{export.difference:.1e}.",
        *(f"**Warning**: {line}." for line in export.warnings),
    ]
    if export.int8 is not None:
        lines += _int8('`backend="onnx-int8"` takes the network with int8 weights', export.int8)
    if export.static_int8 is not None:
        lines += _int8(
            f'`backend="openvino-int8"` (`pip install "stancelab[openvino]"`) takes the network in int8 with fixed '
            f"scales, which were found by {export.calibrated_on}",
            export.static_int8,
        )
    if export.bf16:
        lines += [
            "",
            "In bf16, on the same rows:",
            "",
            "| backend | macro-F1 | expected calibration error, in points | rows with another stance "
            "| largest difference of a probability |",
            "|---|---:|---:|---:|---:|",
            *(
                f"| `{name}` | {100 * each.macro_f1:.1f} | {100 * each.ece:.1f} | {each.flips:,} | "
                f"{each.difference:.3f} |"
                for name, each in export.bf16.items()
            ),
        ]
    return "\n".join(lines)


def _int8(what: str, scores: ApproximateScores) -> list[str]:
    """Return what is said of an int8 network."""
    lines = [
        "",
        f"{what}; on the same rows:",
        "",
        "| | fp32 | int8 |",
        "|---|---:|---:|",
        f"| macro-F1 | {100 * scores.macro_f1_fp32:.1f} | {100 * scores.macro_f1:.1f} |",
        f"| expected calibration error, in points | {100 * scores.ece_fp32:.1f} | {100 * scores.ece:.1f} |",
        f"| rows with another stance | 0 | {scores.flips:,} |",
        f"| largest difference of a probability | 0 | {scores.difference:.2f} |",
    ]
    if scores.fp32_layers:
        lines += ["", f"{scores.fp32_layers} linear layers of it stay in fp32, which it needs to answer like this."]
    if scores.forced:
        lines += ["", "It is further from fp32 than is allowed, and was written all the same (`export.force=true`)."]
    return lines
