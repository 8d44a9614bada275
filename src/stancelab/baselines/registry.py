"""The one table of baselines: name, class, and whether it is fitted by default. Imports none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import did_you_mean
from stancelab.extras import require

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Entry:
    """One baseline of the table.

    Attributes:
        path: Its class, as "module:Class" in this package; the module is imported when the baseline is made.
        options: Further arguments of the class.
        default: Whether it is fitted where nobody names baselines.
        package: The package that it needs besides those of every installation, "" for none.
        extra: The extra of stancelab that brings that package.
    """

    path: str
    options: Mapping[str, Any] = field(default_factory=dict)
    default: bool = True
    package: str = ""
    extra: str = ""


#: In the order of tables. Those that share features stand beside each other.
BASELINES: Final[dict[str, Entry]] = {
    "majority": Entry("majority:MajorityBaseline"),
    "majority_per_target": Entry("majority:MajorityPerTargetBaseline"),
    "lexicon": Entry("lexicon:LexiconBaseline"),
    "ngram_svm": Entry("ngrams:NgramBaseline", {"kind": "svm"}),
    "ngram_svm_per_target": Entry("ngrams:NgramPerTargetBaseline", {"kind": "svm"}),
    "ngram_logreg": Entry("ngrams:NgramBaseline", {"kind": "logreg"}),
    "ngram_logreg_per_target": Entry("ngrams:NgramPerTargetBaseline", {"kind": "logreg"}),
    "text_only_ngram_logreg": Entry("ngrams:NgramBaseline", {"kind": "logreg", "text_only": True}),
    "frozen_encoder": Entry("frozen:FrozenEncoderBaseline"),
    "text_only_frozen_encoder": Entry("frozen:FrozenEncoderBaseline", {"text_only": True}, default=False),
    # Its pairs take minutes to hours on thousands of rows.
    "setfit": Entry("setfit:SetFitBaseline", default=False, package="setfit", extra="few_shot"),
}
#: Those that take seconds or minutes on thousands of rows, with what every installation has.
DEFAULT: Final = tuple(name for name, entry in BASELINES.items() if entry.default)


def check_package(name: str) -> None:
    """Check that the package of a baseline is installed.

    Raises:
        MissingPackageError: It is not; the message says what to install.
    """
    entry = BASELINES[name]
    if entry.package:
        require(entry.package, entry.extra, f"the baseline {name}")


def unknown_name(name: str) -> str:
    """Return the line that says that there is no baseline of this name, and which there are."""
    return f"names: found {name!r}, allowed {', '.join(BASELINES)}.{did_you_mean(name, BASELINES)}"
