"""Trainings that ended in a traceback, found a mistake late, or went on from the wrong state."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cases.bench import BASE, Bench, Case, Finding, lines_of, together
from stancelab.training.progress import DevProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REDDIT = "22-late-errors/reddit.csv"
INTERRUPTED = 130


def late_errors(bench: Bench) -> Finding:
    """Mistyped settings are found before the training."""
    mistakes = {
        "'data.extra=[score]'": "score",
        "'evaluation.tests=[tset]'": "tset",
        "model.name=majority baselines=fast": "majority",
        "'demo=[{text: a b c, traget: b}]'": "traget",
    }
    findings = [bench.run(REDDIT, words).refused(word) for words, word in mistakes.items()]
    return together(findings, f"all {len(mistakes)} found before the training")


def one_bad_run(bench: Bench) -> Finding:
    """A bad value of a sweep is found before its first run."""
    outcome = bench.run(BASE, "split=kfold split.folds=4 split.fold=0,9,1 -m")
    started = list(outcome.folder.glob("outputs/**/report.html"))
    refused = outcome.refused("split.fold", "9")
    return Finding(f"{refused.found}; {len(started)} runs done", refused.right and not started)


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


#: How the last state is harmed, and what is told of it: a file that is cut, empty, or ends in the middle.
HARMED = (("optimizer.pt", 1000), ("trainer_state.json", 0), ("trainer_state.json", 100))


def damaged_state(bench: Bench) -> Finding:
    """A training goes on from the sound state before a damaged one, and says so."""
    findings = []
    for name, length in HARMED:
        folder, words = bench.folder(), "training.epochs=4 training.learning_rate=1e-3 name=parted"
        with _interrupted_at_epoch(3):
            bench.run(BASE, words, folder=folder)
        states = sorted(folder.glob(f"outputs/interrupted/*/**/{name}"), key=_update)
        if len(states) < 2:
            return Finding(f"{len(states)} states were kept", right=False)
        states[-1].write_bytes(states[-1].read_bytes()[:length])
        resumed = bench.run(BASE, f"{words} training.resume=true", folder=folder)
        sound, damaged = map(_update, states[-2:])
        told = resumed.says(f"after update {damaged} ({name} is damaged)", f"resuming after update {sound}")
        found = f"{name}, {length} bytes: exit code {resumed.code}, told and resumed from the one before: {told}"
        findings.append(Finding(found, resumed.code == 0 and told))
    return together(findings, f"{len(findings)} of {len(findings)} told, and resumed from the state before")


def _update(path: Path) -> int:
    return int(path.parent.name.rpartition("-")[2])


def absent_targets(bench: Bench) -> Finding:
    """A training whose input never names the target, since no text mentions it, says so in log, files and report.

    Where `model.input.name_absent` is left on, the target stands in a second segment, and nothing is said.
    """
    table = lines_of(bench.inputs / BASE)
    table["target"] = [("nuclear weapons", "free school meals")[row % 2] for row in range(len(table))]
    path = bench.folder() / "topics.csv"
    table.to_csv(path, index=False)
    words = "model.head=sequence model.input.pair=false 'model.input.mark=[target,source]'"
    outcome = bench.run(path, f"{words} model.input.name_absent=false")
    if outcome.code:
        return outcome.refused("target")
    [kept] = outcome.folder.glob("outputs/run/*/*/training.json")
    cut = json.loads(kept.read_text(encoding="utf-8"))["cut"]["train"]
    said = outcome.says(f"train: of {cut['rows']} rows the input says neither by a mark nor by name the target of")
    reported = "a target that the input does not tell" in (kept.parent / "report.md").read_text(encoding="utf-8")
    usual = bench.run(path, words)
    silent = usual.code == 0 and not usual.says("neither by a mark nor by name")
    found = (
        f"{cut['untold_targets']} of {cut['rows']} rows; in the log: {said}, in the report: {reported}; "
        f"as usual, in a second segment: {silent}"
    )
    return Finding(found, cut["untold_targets"] == cut["rows"] and said and reported and silent)


CASES = (
    Case("11", "target not in the text, in training", absent_targets),
    Case("22", "errors after the training", late_errors),
    Case("26", "damaged last state", damaged_state),
    Case("42", "patience forgotten on resume", patience_on_resume),
    Case("46", "one bad value in a sweep", one_bad_run),
)
