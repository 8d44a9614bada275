"""`stancelab export`: a checkpoint -> its network for prediction without PyTorch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omegaconf import MISSING

from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.errors import count_of
from stancelab.export.settings import ExportSettings
from stancelab.files import write_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.checkpoint import ExportInfo


@dataclass
class ExportConfig(CommandConfig):
    """Write a checkpoint's network as ONNX into its folder, for prediction without PyTorch.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken, or a name on the hub.
        export: What is written, and on which rows answers are compared.
    """

    examples = (
        "stancelab export checkpoint=FOLDER",
        "stancelab export checkpoint=RUN export.rows=outputs/datasets/NAME export.int8=false",
    )

    name: str = "export"
    checkpoint: str = MISSING
    export: ExportSettings = field(default_factory=ExportSettings)


def execute(config: ExportConfig, run_folder: Path, command_line: str) -> None:
    """Export a checkpoint."""
    from stancelab.checkpoint import checkpoint_folder
    from stancelab.export.early import check_export

    folder = checkpoint_folder(one_checkpoint(config.checkpoint, config.output_root))
    check_export(folder, config.export, config.output_root)
    from stancelab.export.write import export_checkpoint  # imports PyTorch, which takes seconds

    export = export_checkpoint(folder, config.export, config.output_root)
    manifest = {"kind": "export", "command": command_line, "config": as_plain(config), "checkpoint": str(folder)}
    write_manifest(run_folder, manifest)
    for line in _result(export):
        say(line)
    say(f"export: {folder / 'onnx'}")


def _result(export: ExportInfo) -> list[str]:
    """Return what was measured, one line for each network and backend."""
    lines = [f"fp32: probabilities differ by at most {export.difference:.1e}, on {export.rows:,} {export.compared_on}"]
    networks = {"int8": export.int8, "static int8": export.static_int8, **export.bf16}
    for name, scores in networks.items():
        if scores is None:
            continue
        left = f", {scores.fp32_layers} linear layers in fp32" if scores.fp32_layers else ""
        lines.append(
            f"{name}: another stance in {count_of(scores.flips, 'row')}, macro-F1 {100 * scores.macro_f1:.1f} "
            f"(fp32 {100 * scores.macro_f1_fp32:.1f}), calibration error {100 * scores.ece:.1f} "
            f"(fp32 {100 * scores.ece_fp32:.1f}){left}"
        )
    if export.static_int8 is not None:
        lines.append(f"static int8: its scales were found by {export.calibrated_on}")
    return lines
