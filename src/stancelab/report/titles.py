"""Titles for people of what metrics.json names for machines; a name without a title is shown as it is."""

from __future__ import annotations

from typing import Final

#: Metrics, as they stand inside a sentence.
METRICS: Final = {
    "macro_f1": "macro-F1",
    "f_avg": "F_avg",
    "accuracy": "accuracy",
    "macro_precision": "macro precision",
    "macro_recall": "macro recall",
    "brier": "Brier score",
    "nll": "NLL",
    "ece": "ECE",
    "aurc": "AURC",
}

#: Attributes by which rows are sliced.
ATTRIBUTES: Final = {
    "stances_in_sentence": "stances in sentence",
    "targets_in_sentence": "targets in sentence",
    "target_in_train": "target in train",
    "document_in_train": "document in train",
    "source_mention": "source mention",
    "target_mention": "target mention",
}

#: Values of those attributes.
VALUES: Final = {
    ("targets_in_sentence", "three_or_more"): "three or more",
    ("source_mention", "in_text"): "in the text",
    ("source_mention", "not_in_text"): "not in the text",
    ("source_mention", "author"): "the author",
    ("target_mention", "first_third"): "first third",
    ("target_mention", "middle_third"): "middle third",
    ("target_mention", "last_third"): "last third",
    ("target_mention", "not_in_text"): "not in the text",
    ("source", "(author)"): "the author",
}

#: Perturbations.
PERTURBATIONS: Final = {
    "target_hidden": "target hidden",
    "source_hidden": "source hidden",
    "target_of_corpus": "target of another sentence",
    "source_of_corpus": "source of another sentence",
    "negation_flip": "negation flip",
    "lower_case": "lower case",
    "typos": "typos",
    "contractions": "contractions",
    "countries": "other countries",
    "people": "other people",
    "organizations": "other organizations",
}

#: How two systems were compared.
METHODS: Final = {
    "randomization": "approximate randomization",
    "seeds_and_data": "t-test over seeds and data",
    "paired_seeds_and_data": "t-test over paired seeds and data",
    "t_test": "t-test over documents and targets",
    "identical": "none: the same answers",
}

#: Resampling units, in the plural.
UNITS: Final = {"document": "documents", "text": "sentences", "document_and_target": "documents and targets"}


def metric(name: str) -> str:
    """Return the title of a metric."""
    return METRICS.get(name, name)


def attribute(name: str) -> str:
    """Return the title of a slice's attribute."""
    return ATTRIBUTES.get(name, name)


def value(attribute_name: str, name: str) -> str:
    """Return the title of a slice's value."""
    return VALUES.get((attribute_name, name), name)


def perturbation(name: str) -> str:
    """Return the title of a perturbation."""
    return PERTURBATIONS.get(name, name)


def method(name: str) -> str:
    """Return the title of a comparison's method."""
    return METHODS.get(name, name)


def unit(name: str) -> str:
    """Return the title of a resampling unit, in the plural."""
    return UNITS.get(name, name)


#: Filters of templates.
FILTERS: Final = {"metric_title": metric, "method_title": method}
