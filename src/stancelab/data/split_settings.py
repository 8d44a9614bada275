"""What a person can set of how corpora are divided and audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stancelab.errors import did_you_mean

SPLIT_KINDS: Final = ("given", "random", "grouped", "unseen_targets", "kfold", "leave_target_out")
LEAKAGE: Final = ("remove", "keep")


@dataclass
class SplitSettings:
    """How rows are divided (group `split`).

    Attributes:
        kind: "given" follows the corpus (validation is carved out of train where there is none; a given test is never
            divided again). The others pool all rows, whatever split the corpus gives: "random" is stratified by
            stance, "grouped" keeps documents whole, "unseen_targets" has no test target in train or validation, "kfold"
            tests on one of several folds of whole documents (of texts, where rows name no document), and
            "leave_target_out" on all rows of one target.
        seed: What chance follows.
        validation: Share of the rows for validation (of train's rows, where test is given or has unseen targets).
        test: Share of the rows for test.
        folds: Into how many folds "kfold" divides.
        fold: Which of them is the test, from 0; all in turn with split.fold=0,1,2,3,4 -m.
        target: The target that "leave_target_out" tests on.
        exclude_target: With "given", a target whose rows are taken out of train and validation, and which alone stays
            in the test files (cross-target on the corpus's own test).
        train_rows: Keep at most so many training rows, whole texts, stratified by stance; null keeps all. A smaller
            sample is part of a larger one of the same seed.
        train_share: Keep at most this share of the training rows, in the same way; null keeps all.
        sample_seed: The seed of the sample of training rows, which may vary while the test rows stay; null takes
            `seed`.
        shots: Keep only so many training rows of each stance, of different texts as far as there are enough;
            another `sample_seed` gives another sample; null keeps all.
    """

    kind: str = "given"
    seed: int = 13
    validation: float = 0.1
    test: float = 0.2
    folds: int = 5
    fold: int = 0
    target: str | None = None
    exclude_target: str | None = None
    train_rows: int | None = None
    train_share: float | None = None
    sample_seed: int | None = None
    shots: int | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if self.kind not in SPLIT_KINDS:
            lines.append(
                f"kind: found {self.kind!r}, allowed {', '.join(SPLIT_KINDS)}.{did_you_mean(self.kind, SPLIT_KINDS)}"
            )
        if self.seed < 0:
            lines.append(f"seed: found {self.seed}, allowed >= 0")
        shares = (("validation", self.validation), ("test", self.test))
        lines += [f"{name}: found {share}, allowed > 0 and < 1" for name, share in shares if not 0 < share < 1]
        if self.validation + self.test >= 1:
            lines.append(f"validation + test: found {self.validation + self.test:g}, allowed < 1; train needs rows")
        if not 2 <= self.folds <= 100:
            lines.append(f"folds: found {self.folds}, allowed 2 to 100")
        elif not 0 <= self.fold < self.folds:
            lines.append(f"fold: found {self.fold}, allowed 0 to {self.folds - 1}, since split.folds is {self.folds}")
        if (self.target is not None) != (self.kind == "leave_target_out"):
            lines.append("target: is to be given with split=leave_target_out, and with no other kind")
        if self.exclude_target is not None and self.kind != "given":
            lines.append(
                "exclude_target: is for split=given, whose test files it keeps; split=leave_target_out split.target="
                "NAME tests on all rows of a target"
            )
        if self.train_rows is not None and self.train_rows < 1:
            lines.append(f"train_rows: found {self.train_rows}, allowed >= 1, or null for all")
        if self.shots is not None and self.shots < 1:
            lines.append(f"shots: found {self.shots}, allowed >= 1, or null for all")
        if self.train_share is not None and not 0 < self.train_share <= 1:
            lines.append(f"train_share: found {self.train_share:g}, allowed > 0 and <= 1, or null for all")
        if self.sample_seed is not None and self.sample_seed < 0:
            lines.append(f"sample_seed: found {self.sample_seed}, allowed >= 0, or null for split.seed")
        given = [name for name in ("train_rows", "train_share", "shots") if getattr(self, name) is not None]
        if len(given) > 1:
            lines.append(f"{', '.join(given)}: are different ways to keep fewer training rows; give one of them")
        return lines

    @property
    def draw(self) -> int:
        """The seed of the sample of training rows."""
        return self.seed if self.sample_seed is None else self.sample_seed

    def most_rows(self, rows: int) -> int:
        """Return how many of so many training rows `train_rows` or `train_share` keeps at most."""
        if self.train_share is not None:
            return round(self.train_share * rows)
        return rows if self.train_rows is None else min(rows, self.train_rows)


@dataclass
class AuditSettings:
    """What counts as a duplicate, and what is done about leaks (group `audit`).

    Attributes:
        near_duplicates: Jaccard similarity of two texts' character n-grams from which they are near duplicates. At 0.7,
            with n-grams of 4, a sentence of 60 characters in which one name of 7 letters was replaced is one.
        ngram: Characters in an n-gram.
        leakage: What becomes of training rows whose text, or a near duplicate of it, is in validation or test:
            "remove" or "keep". They are counted either way.
    """

    near_duplicates: float = 0.7
    ngram: int = 4
    leakage: str = "remove"

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if not 0.3 <= self.near_duplicates <= 1:
            lines.append(f"near_duplicates: found {self.near_duplicates}, allowed >= 0.3 and <= 1")
        if not 1 <= self.ngram <= 20:
            lines.append(f"ngram: found {self.ngram}, allowed >= 1 and <= 20")
        if self.leakage not in LEAKAGE:
            allowed = ", ".join(LEAKAGE)
            lines.append(f"leakage: found {self.leakage!r}, allowed {allowed}.{did_you_mean(self.leakage, LEAKAGE)}")
        return lines
