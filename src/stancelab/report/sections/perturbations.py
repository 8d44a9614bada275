"""Does a system read source and target? The text-only twin and the probes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.pages.formatting import p_value, percent, points
from stancelab.report.results import METRIC_TITLES, SEVERAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.report.results import ProbeResult, SliceResult, SystemResult, TestResult

#: How the changes are called, those first that ask something else, then those that ask the same in other words.
PROBE_TITLES: Final = {
    "target_hidden": "target hidden",
    "source_hidden": "source hidden",
    "target_of_sentence": "another target of the sentence",
    "source_of_sentence": "another source of the sentence",
    "target_of_corpus": "a target from elsewhere",
    "source_of_corpus": "a source from elsewhere",
    "negated": "negation turned",
    "lower_case": "lower case",
    "typos": "typos",
    "contractions": "contractions",
    "countries": "other countries",
    "people": "other people",
    "organizations": "other organizations",
}
#: These ask the same in other letters or names: the answer should stay.
SAME_QUESTION: Final = ("lower_case", "typos", "contractions", "countries", "people", "organizations")


def twins_in(context: Mapping[str, Any]) -> list[str]:
    """Return the systems that were trained with source and target hidden, as the run's context tells."""
    hidden = [
        (each.get("name"), (each.get("input") or {}).get("hide") or []) for each in context.get("checkpoints") or []
    ]
    return list(dict.fromkeys(name for name, hide in hidden if name and {"source", "target"} <= set(hide)))


def asked(test: TestResult) -> SystemResult | None:
    """Return the best system that was asked again about changed examples, None where none was."""
    return next((system for system in test.systems if any(system.name in probe.scores for probe in test.probes)), None)


def reliance(test: TestResult, twins: list[str], primary: str) -> list[str]:
    """Return the sentences on what the systems of a test file rely on, made from its numbers alone.

    Args:
        test: The test file.
        twins: The systems that were trained without source and target.
        primary: The metric that ranks the systems.
    """
    sentences = [line for twin in twins for line in _gap(test, twin, twins, primary)]
    if not twins:
        sentences.append(
            "No text-only twin, trained with source and target hidden, stands beside the systems; "
            "'model.input.hide=[source,target]' model.name=text_only trains one."
        )
    system = asked(test)
    if system is None:
        return [*sentences, "No system was asked again about changed examples; evaluation.probes=[all] does so."]
    found = {probe.name: (probe, probe.scores[system.name]) for probe in test.probes if system.name in probe.scores}
    sentences += [_other(name, *found[name], system.name) for name in found if name not in SAME_QUESTION]
    return sentences + _noise({name: scores for name, (_, scores) in found.items() if name in SAME_QUESTION})


def _gap(test: TestResult, twin: str, twins: list[str], primary: str) -> list[str]:
    """Say how far the best system that reads source and target is above its twin, and where it matters most."""
    with_twin = [each for each in test.differences if twin in (each.first, each.second)]
    baselines = [system.name for system in test.systems if system.is_baseline]
    rivals = [*twins, *baselines]
    pairs = [each for each in with_twin if each.first not in rivals or each.second not in rivals]
    if not pairs:
        return []
    pair = pairs[0]
    sign, other = (1, pair.first) if pair.second == twin else (-1, pair.second)
    low, high = sorted(sign * edge for edge in pair.interval)
    return [
        f"Reading source and target is worth {points(sign * pair.difference)} to {other} over {twin} "
        f"(95% interval {percent(low)} to {percent(high)}, p {p_value(pair.p_holm)}).",
        *(_on_several(each, other, twin, primary) for each in test.slices if each.key == SEVERAL and not each.is_small),
    ]


def _on_several(part: SliceResult, system: str, twin: str, primary: str) -> str:
    metric = primary if part.has_all_stances else "accuracy"
    score, blind = (percent(part.scores[name][metric].mean) for name in (system, twin))
    return (
        f"Where the sentence carries several stances ({part.rows:,} rows), {METRIC_TITLES[metric]} is {score} for "
        f"{system} and {blind} for {twin}."
    )


def _other(name: str, probe: ProbeResult, scores: dict[str, Any], system: str) -> str:
    changed, right = percent(scores["changed"]), ""
    if scores["accuracy_after"] is not None:
        right = (
            f"; it is right on {percent(scores['accuracy_after'])}% of the {probe.scored_rows:,} whose label is known"
        )
    if name in ("target_of_corpus", "source_of_corpus") and scores["accuracy_after"] is not None:
        right = f"; it says neutral, as it should, on {percent(scores['accuracy_after'])}%"
    return (
        f"With {_article(PROBE_TITLES[name])}, {system} answers otherwise on {changed}% of {probe.rows:,} rows{right}."
    )


def _article(title: str) -> str:
    return f"the {title}" if title.endswith("hidden") else title


def _noise(scores: Mapping[str, dict[str, Any]]) -> list[str]:
    if not scores:
        return []
    parts = [f"{percent(each['changed'])}% ({PROBE_TITLES[name]})" for name, each in scores.items()]
    return [f"What asks the same in other letters or names changes its answer on {', '.join(parts)} of the rows."]
