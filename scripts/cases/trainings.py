"""Trainings that ended in a traceback, found a mistake late, or went on from the wrong state."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from transformers import AutoTokenizer

from cases.bench import Bench, Case, Finding
from stancelab.encoding import InputSettings, make_builder
from stancelab.encoding.builders import HEADS
from stancelab.schema import Example
from stancelab.training.trainer import DevProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cases.bench import Outcome

BASE = "42-resume-patience/base.csv"
REDDIT = "22-late-errors/reddit.csv"
INTERRUPTED = 130


def _trained(outcome: Outcome) -> Finding:
    found = f"exit code {outcome.code}" + (f": {outcome.reason()}" if outcome.code else ", trained")
    return Finding(found, outcome.code == 0 and bool(list(outcome.folder.glob("outputs/run/*/*/report.html"))))


def no_padding_token(bench: Bench) -> Finding:
    """An encoder without a padding token is trained, or refused before the training."""
    outcome = bench.run(BASE, encoder="gpt2")
    return outcome.refused("gpt2") if outcome.code else _trained(outcome)


def other_head(bench: Bench) -> Finding:
    """An encoder that was saved with a head of another size is trained with a new head."""
    findings = [_trained(bench.run(BASE, encoder=name)) for name in ("head2", "head5")]
    return Finding("; ".join(each.found for each in findings), all(each.right for each in findings))


def last_positions(bench: Bench) -> Finding:
    """The length of the input is at most the positions that RoBERTa has for tokens."""
    config = json.loads((bench.encoders / "roberta/config.json").read_text(encoding="utf-8"))
    positions = config["max_position_embeddings"]
    usable = positions - config["pad_token_id"] - 1
    outcome = bench.run("18-roberta-514/long.csv", f"model.input.max_length={positions}", encoder="roberta")
    return outcome.refused("model.input.max_length", f"{usable} positions")


def late_errors(bench: Bench) -> Finding:
    """Mistyped settings are found before the training."""
    mistakes = {
        "'data.extra=[score]'": "score",
        "'evaluation.tests=[tset]'": "tset",
        "model.name=majority baselines=fast": "majority",
        "'demo=[{text: a b c, traget: b}]'": "traget",
    }
    findings = [bench.run(REDDIT, words).refused(word) for words, word in mistakes.items()]
    wrong = [each.found for each in findings if not each.right]
    return Finding("; ".join(wrong) or f"{len(findings)} of {len(mistakes)} found before the training", not wrong)


def one_bad_run(bench: Bench) -> Finding:
    """A bad value of a sweep is found before its first run."""
    outcome = bench.run(BASE, "split=kfold split.folds=4 split.fold=0,9,1 -m")
    started = list(outcome.folder.glob("outputs/**/report.html"))
    refused = outcome.refused("split.fold", "9")
    return Finding(f"{refused.found}; {len(started)} runs done", refused.right and not started)


def glued_segments(bench: Bench) -> Finding:
    """Text and second segment are apart for a tokenizer without a separator."""
    tokenizer = AutoTokenizer.from_pretrained(bench.encoders / "gpt2")
    example = Example(id="1", text="Kenya hailed it without delay", target="the maritime pact", source="Kenya")
    glued = []
    for head in HEADS:
        builder = make_builder(head, tokenizer, InputSettings())
        [encoded] = builder.encode_whole([example])
        words = str(builder.tokenizer.decode(encoded.inputs["input_ids"]))
        if "delayKenya" in words or "delaythe" in words:
            glued.append(words)
    return Finding("; ".join(glued) or "segments are apart", not glued)


@contextmanager
def _interrupted_at_epoch(epoch: int) -> Iterator[None]:
    """Interrupt a training when it saves its state for this time."""
    before, saved = DevProgress.on_save, 0

    def on_save(*args: object, **options: object) -> None:
        nonlocal saved
        saved += 1
        if saved == epoch:
            raise KeyboardInterrupt
        before(*args, **options)  # type: ignore[arg-type]

    DevProgress.on_save = on_save  # type: ignore[method-assign]
    try:
        yield
    finally:
        DevProgress.on_save = before  # type: ignore[method-assign]


def _weights(folder: Path, name: str) -> dict[str, bytes]:
    [path] = folder.glob(f"outputs/run/{name}/*/checkpoint")
    return {each.name: each.read_bytes() for each in sorted(path.glob("*.safetensors"))}


def patience_on_resume(bench: Bench) -> Finding:
    """A resumed training keeps its patience and ends with the weights of one that was not interrupted."""
    folder = bench.folder()
    words = "training.epochs=12 training.learning_rate=1e-3 training.patience=2 training.min_updates=0"
    whole = bench.run(BASE, f"{words} name=whole", folder=folder)
    with _interrupted_at_epoch(3):
        parted = bench.run(BASE, f"{words} name=parted", folder=folder)
    resumed = bench.run(BASE, f"{words} name=parted training.resume=true", folder=folder)
    codes = (whole.code, parted.code, resumed.code)
    if codes != (0, INTERRUPTED, 0):
        return Finding(f"exit codes {codes}: {resumed.reason()}", right=False)
    same = _weights(folder, "whole") == _weights(folder, "parted")
    went_on = "resuming after update" in resumed.told
    ended = "epoch 12.00" not in whole.told  # else patience changes nothing, and the check says nothing
    found = f"ended by patience: {ended}; resumed: {went_on}; the same weights: {same}"
    return Finding(found, ended and went_on and same)


def damaged_state(bench: Bench) -> Finding:
    """A training goes on from the sound state before a damaged one, and says so."""
    folder, words = bench.folder(), "training.epochs=4 training.learning_rate=1e-3 name=parted"
    with _interrupted_at_epoch(3):
        bench.run(BASE, words, folder=folder)
    states = sorted(
        folder.glob("outputs/interrupted/*/**/optimizer.pt"), key=lambda path: int(path.parent.name.rpartition("-")[2])
    )
    if len(states) < 2:
        return Finding(f"{len(states)} states were kept", right=False)
    states[-1].write_bytes(states[-1].read_bytes()[:1000])
    sound, damaged = (state.parent.name.rpartition("-")[2] for state in states[-2:])
    resumed = bench.run(BASE, f"{words} training.resume=true", folder=folder)
    told = resumed.says(f"after update {damaged} (optimizer.pt is damaged)", f"resuming after update {sound}")
    return Finding(
        f"exit code {resumed.code}; told, and resumed from the one before: {told}", resumed.code == 0 and told
    )


CASES = (
    Case("17", "no padding token", no_padding_token),
    Case("18", "RoBERTa's positions", last_positions),
    Case("19", "encoder with a head of another size", other_head),
    Case("22", "errors after the training", late_errors),
    Case("26", "damaged last state", damaged_state),
    Case("40", "no separator token", glued_segments),
    Case("42", "patience forgotten on resume", patience_on_resume),
    Case("46", "one bad value in a sweep", one_bad_run),
)
