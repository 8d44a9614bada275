"""`stancelab export`; what it writes is tested in tests/export, here with a stand-in for the work."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest

from stancelab.checkpoint import ApproximateScores, ExportInfo
from stancelab.cli.commands import COMMANDS
from stancelab.cli.commands.export import ExportConfig, execute
from stancelab.errors import MissingPackageError
from stancelab.export.settings import ExportSettings

if TYPE_CHECKING:
    from collections.abc import Callable

INT8 = ApproximateScores(flips=3, difference=0.21, macro_f1=0.701, macro_f1_fp32=0.704, ece=0.03, ece_fp32=0.021)
EXPORT = ExportInfo(rows=1200, compared_on="validation rows of toy (fingerprint 0a)", difference=2.34e-6, int8=INT8)
EXPORT = replace(EXPORT, int8=replace(INT8, fp32_layers=12), bf16={"torch-bf16": replace(INT8, flips=1)})
EXPORT = replace(EXPORT, static_int8=replace(INT8, flips=5), calibrated_on="512 training rows of toy (fingerprint 0a)")


def test_the_result_is_told_and_the_manifest_written(
    workplace: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def stand_in(folder: Path, settings: ExportSettings, output_root: str) -> ExportInfo:
        asked.append((folder, settings, output_root))
        return EXPORT

    monkeypatch.setattr("stancelab.export.write.export_checkpoint", stand_in)
    monkeypatch.setattr("stancelab.export.early.check_export", lambda *_: None)
    settings = ExportSettings(rows="rows")
    execute(ExportConfig(checkpoint=str(checkpoint), export=settings), Path("run"), "stancelab export")
    assert asked == [(checkpoint, settings, "outputs")]
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["checkpoint"]) == ("export", str(checkpoint))
    assert capsys.readouterr().out.splitlines() == [
        "fp32: probabilities differ by at most 2.3e-06, on 1,200 validation rows of toy (fingerprint 0a)",
        "int8: another stance in 3 rows, macro-F1 70.1 (fp32 70.4), calibration error 3.0 (fp32 2.1), "
        "12 linear layers in fp32",
        "static int8: another stance in 5 rows, macro-F1 70.1 (fp32 70.4), calibration error 3.0 (fp32 2.1)",
        "torch-bf16: another stance in 1 row, macro-F1 70.1 (fp32 70.4), calibration error 3.0 (fp32 2.1)",
        "static int8: its scales were found by 512 training rows of toy (fingerprint 0a)",
        f"export: {checkpoint / 'onnx'}",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["checkpoint=nowhere"], "nowhere: no such folder; expected a checkpoint made by 'stancelab train'"),
        ([], "not given: checkpoint; write for example checkpoint=VALUE"),
        (["checkpoint=nowhere", "export.int9=true"], "unknown setting 'export.int9'. Did you mean 'export.int8'?"),
        (
            ["checkpoint=nowhere", "export.force=true", "export.int8=false", "export.static_int8=false"],
            "export.force: is of the int8 networks",
        ),
        (["checkpoint=nowhere", "export.static_int8=maybe"], "export.static_int8"),
    ],
)
def test_what_cannot_be_exported(workplace: Path, refused: Callable[..., str], words: list[str], message: str) -> None:
    assert message in refused("export", *words)


def test_without_the_dataset_of_the_training_the_message_says_what_to_give(
    workplace: Path, checkpoint: Path, refused: Callable[..., str]
) -> None:
    assert "give the folder of a prepared dataset: export.rows=FOLDER" in refused("export", f"checkpoint={checkpoint}")


def test_what_is_refused_is_told_before_the_weights_are_read(
    workplace: Path, checkpoint_copy: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    given = f"checkpoint={checkpoint_copy}"
    assert "nothing: no such folder" in refused("export", given, "export.rows=nothing")
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.TemporaryFile", MagicMock(side_effect=PermissionError))
        assert f"{checkpoint_copy}: cannot be written to, and the export goes into it" in refused("export", given)
    (checkpoint_copy / "onnx").mkdir()
    assert "exists already; replace it with export.overwrite=true" in refused("export", given)


def test_predict_takes_either_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: set[str] = set()
    monkeypatch.setattr("stancelab.extras.is_installed", installed.__contains__)
    monkeypatch.setattr("stancelab.cli.commands.is_installed", installed.__contains__)
    both = (
        'predict needs PyTorch: pip install "stancelab[torch]", or "stancelab[onnx]" or "stancelab[openvino]" for an '
        "exported checkpoint"
    )
    with pytest.raises(MissingPackageError, match=re.escape(both)):
        COMMANDS["predict"].check_extras()
    installed.update({"torch"})
    with pytest.raises(MissingPackageError, match=r'predict needs transformers: pip install "stancelab\[torch\]", or'):
        COMMANDS["predict"].check_extras()
    installed.update({"transformers"})
    COMMANDS["predict"].check_extras()
    installed.clear()
    installed.update({"onnxruntime"})
    COMMANDS["predict"].check_extras()
    installed.clear()
    installed.update({"openvino"})
    COMMANDS["predict"].check_extras()
    with pytest.raises(MissingPackageError, match=r'export needs ONNX: pip install "stancelab\[export\]"$'):
        COMMANDS["export"].check_extras()
