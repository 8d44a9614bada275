"""What reading source and target is worth: ablations beside their own systems, and the best reader of the text alone.

A system that reads the text alone is a partial-input baseline (Gururangan et al., NAACL 2018; Poliak et al., *SEM
2018). One such reader may be bad for reasons of its own, so that a system is compared with the best of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, percent, points
from stancelab.report import titles
from stancelab.report.sections.headline import not_informative, test_words
from stancelab.report.sections.slices import SEVERAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView, SliceView


def text_only_sentences(test: FileView) -> list[str]:
    """Return the sentences on the systems of a test file that read the text alone."""
    sentences = [line for name, full in test.readers.full.items() for line in _ablation(test, full, name)]
    sentences += [
        f"What source and target are worth cannot be said from {name}: {why}."
        for name, why in test.readers.unmatched.items()
    ]
    if not test.text_only:
        sentences.append(
            "No text-only ablation was evaluated: 'model.input.hide=[source,target]' model.name=text_only trains one."
        )
    return sentences + _best_reader(test)


def _ablation(test: FileView, full: str, ablation: str) -> list[str]:
    """Say how far a system is above its ablation, overall and where it matters."""
    pair = next((pair for pair in test.pairs if set(pair.systems) == {full, ablation}), None)
    if pair is None:
        return []
    is_above = pair.systems[0] == full
    several = [each for each in test.slices if each.facts.key == SEVERAL and not each.is_small]
    return [
        f"{full} is {points(abs(pair.difference))} {'above' if is_above else 'below'} {ablation}, its text-only "
        f"ablation: the same encoder, settings, rows and seeds ({test_words(pair)}).",
        *not_informative(test, pair),
        *(_on_several(each, full, ablation, test.primary) for each in several),
    ]


def _on_several(part: SliceView, system: str, ablation: str, primary: str) -> str:
    metric = primary if part.has_all_classes else "accuracy"
    both = [part.estimate(name, metric) for name in (system, ablation)]
    own, other = ("–" if each is None else percent(each.mean) for each in both)
    return (
        f"On sentences that carry several stances (n={count(part.rows)}), {titles.metric(metric)} is {own} for "
        f"{system} and {other} for {ablation} (not tested)."
    )


def _best_reader(test: FileView) -> list[str]:
    """Say how far the best trained system is above the best reader of the text alone, and what chance is."""
    names = {*test.text_only, *test.readers.baselines}
    readers = [system for system in test.systems if system.name in names]
    trained = [system for system in test.systems if system.name not in names and not system.is_baseline]
    if not readers:
        return []
    best = readers[0]
    what = "The one reader" if len(readers) == 1 else f"The best of {len(readers)} readers"
    sentences = [f"{what} of the text alone, {best.name}, scores {_scores(test, best)}.", _chance(test)]
    highest = max(readers, key=lambda system: system.mean("accuracy"))
    if test.primary != "accuracy" and highest.mean("accuracy") > best.mean("accuracy"):
        sentences.append(f"{highest.name} has the highest accuracy of them, {percent(highest.mean('accuracy'))}.")
    return sentences + _above(test, trained, best)


def _above(test: FileView, trained: Sequence[SystemView], reader: SystemView) -> list[str]:
    if not trained:
        return []
    best = trained[0]
    pair = next((pair for pair in test.pairs if set(pair.systems) == {best.name, reader.name}), None)
    gap = best.mean(test.primary) - reader.mean(test.primary)
    tested = "not tested" if pair is None else test_words(pair)
    line = f"{best.name} is {points(abs(gap))} {'above' if gap >= 0 else 'below'} it in {test.primary_title} ({tested})"
    if test.primary != "accuracy":
        gap = best.mean("accuracy") - reader.mean("accuracy")
        line += f", and {points(abs(gap))} {'above' if gap >= 0 else 'below'} it in accuracy (not tested)"
    return [f"{line}.", *([] if pair is None else not_informative(test, pair))]


def _chance(test: FileView) -> str:
    """Say what chance is on each metric: guesses by the class shares, and the majority class."""
    guesses = _listed_scores(test, [float(getattr(test.facts.guessing, name)) for name in _metrics(test)])
    majority = _listed_scores(test, [test.majority(name) for name in _metrics(test)])
    return (
        f"By chance, guesses by the class shares score {guesses}; always answering {test.facts.majority.stance} scores "
        f"{majority}."
    )


def _metrics(test: FileView) -> list[str]:
    return list(dict.fromkeys([test.primary, "accuracy"]))


def _scores(test: FileView, system: SystemView) -> str:
    return _listed_scores(test, [system.mean(name) for name in _metrics(test)])


def _listed_scores(test: FileView, values: Sequence[float]) -> str:
    return " and ".join(
        f"{percent(value)} in {titles.metric(name)}" for name, value in zip(_metrics(test), values, strict=True)
    )
