"""Check the project's own corpora against the rules that their datasheets state, and print what was found.

    python scripts/check_corpus.py             # a table of rules; exit code 1 where one is broken
    python scripts/check_corpus.py --write     # also recompute the figures of the datasheets

The corpora are data/diplomacy and data/mpqa_stances, each with its README.md as datasheet.
Without --write the figures in a datasheet must be those of the data.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from stancelab.baselines import make_baseline
from stancelab.baselines.settings import BaselineSettings
from stancelab.data.quality.agreement import agreement
from stancelab.data.quality.duplicates import near_duplicate_groups
from stancelab.layout import TEACHER, UNLABELED_ROWS
from stancelab.metrics.classification import scores_of
from stancelab.schema import PARTS as PARTS_OF_PAIR
from stancelab.schema import PROBABILITY_COLUMNS, STANCE_ID, STANCES, Example, normal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.data.quality.agreement import Agreement

DATA = Path(__file__).resolve().parents[1] / "data"
FOLDER = DATA / "diplomacy"
MPQA = DATA / "mpqa_stances"
KINDS = (
    *("explicit", "reported", "implicit", "negated", "concessive", "conditional"),
    *("third_party", "none", "author", "understatement", "absent"),
)
REGISTERS = ("wire", "briefing", "analysis", "communique", "headline", "opinion", "digest")
TESTS = ("test", "test_unseen", "test_plain", "test_opposites", "test_challenge")
SPLITS = ("train", "validation", *TESTS)
#: The tests whose articles are of the plain part.
PLAIN_TESTS = ("test_plain", "test_opposites", "test_challenge")
PARTS = ("literary", "plain")
#: Kinds whose rows are neutral by definition.
SILENT = ("third_party", "none", "absent")
#: Sources that only an earlier sentence can name: a pronoun, or an office that a state, a body or a firm has.
CARRIED_SOURCE = (
    r"he|she|it|they|(the|its|her|his|their) ([\w-]+ )?(adviser|ambassador|chancellery|delegate|embassy|envoy|governor|"
    r"ministry|minister|mission|negotiator|office|official|premier|president|speaker|spokesman|spokesperson|spokeswoman)s?"
)
#: What the datasheet says of lengths in words: the mean, from the shortest to the longest tenth, and the longest.
LENGTHS = ("mean words", "of 80% of the sentences", "of the longest")
#: What the datasheet says of agreement: alpha over the stances, and over the stances and the wish to drop the row.
ALPHAS = ("alpha", "alpha, drop as an answer")
DROP = "drop"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
CHANCE = 100 / len(STANCES)
MOST_WORDS_CHANGED = 6


@dataclass(frozen=True)
class Rule:
    """One rule of the datasheet: what it is, what was found, what is wanted, and whether it holds."""

    what: str
    found: str
    wanted: str
    holds: bool


def at_least(what: str, found: float, least: float, unit: str = "") -> Rule:
    """Return a rule that a figure must not be below."""
    shown = f"{found:,.1f}" if isinstance(found, float) else f"{found:,}"
    return Rule(what, f"{shown}{unit}", f"{least:,}{unit} or more", found >= least)


def none_of(what: str, found: list[str]) -> Rule:
    """Return a rule that there must be no such thing."""
    return Rule(what, "none" if not found else f"{len(found)}: {', '.join(found[:3])}", "none", not found)


def main() -> None:
    """Check, print, and leave with 1 where a rule is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="recompute the figures of the datasheet")
    write = parser.parse_args().write
    logging.disable(logging.INFO)
    table = pd.read_csv(FOLDER / "diplomacy.csv", keep_default_na=False)
    labels = pd.read_csv(FOLDER / "annotations.csv", keep_default_na=False)
    unlabeled = pd.read_csv(FOLDER / UNLABELED_ROWS, keep_default_na=False)
    partial = partial_input_baselines(table)
    unread = without_sentence(table)
    stances = pd.read_csv(MPQA / "mpqa_stances.csv", keep_default_na=False)
    stance_labels = pd.read_csv(MPQA / "annotations.csv", keep_default_na=False)
    rules = [
        *sizes(table),
        *plain_part(table),
        *contrasts(table),
        *words(table),
        *cells(table),
        *splits(table),
        *second_labels(table, labels),
        *negation_flips(table),
        *partial_input_limits(partial),
        *teachers_answers(table, pd.read_parquet(FOLDER / TEACHER), unlabeled),
        *unlabeled_rows(table, unlabeled),
    ]
    rules.append(datasheet_rule(FOLDER, datasheet_figures(table, labels, partial | unread), write=write))
    apart = [
        *labels_apart(stances, stance_labels),
        datasheet_rule(MPQA, labels_apart_figures(stances, stance_labels), write=write),
    ]
    console = Console(width=120)
    console.print(as_table("data/diplomacy", rules))
    console.print(as_table("data/mpqa_stances", apart))
    broken = [rule for rule in [*rules, *apart] if not rule.holds]
    console.print(f"{len(rules) + len(apart) - len(broken)} of {len(rules) + len(apart)} rules hold")
    sys.exit(1 if broken else 0)


def sizes(table: pd.DataFrame) -> Iterator[Rule]:
    """Counts of sentences, rows, articles, registers, kinds, topics and stances."""
    sentences = table.drop_duplicates("text")
    yield at_least("sentences", len(sentences), 1200)
    yield at_least("rows", len(table), 3000)
    articles = table.groupby("document").agg(
        sentences=("text", "nunique"), sources=("source", lambda own: len(set(own) - {""}))
    )
    whole = articles[articles["sentences"].between(5, 12) & (articles["sources"] >= 3)]
    yield at_least("articles of 5 to 12 sentences with 3 sources or more", len(whole), 60)
    yield none_of("other articles", sorted(set(articles.index) - set(whole.index)))
    yield at_least("topics", table["topic"].nunique(), 40)
    for name in REGISTERS:
        yield at_least(f"sentences in the register {name}", int((sentences["register"] == name).sum()), 150)
    for name in KINDS:
        yield at_least(f"rows of the kind {name}", int((table["kind"] == name).sum()), 120)
    for name in STANCES:
        share = 100 * float((table["stance"] == name).mean())
        yield Rule(f"share of {name}", f"{share:.1f}%", "30% to 37%", 30 <= share <= 37)


def plain_part(table: pd.DataFrame) -> Iterator[Rule]:
    """Whether the plain part has its size, stances that differ within a kind, and continued reported speech."""
    plain = table[table["part"] == "plain"]
    yield at_least("plain part: sentences", plain["text"].nunique(), 1200)
    yield at_least("plain part: rows", len(plain), 4000)
    neutral = 100 * float((plain["stance"] == "neutral").mean())
    yield Rule("plain part: share of neutral", f"{neutral:.1f}%", "33.3% to 50%", 100 / 3 <= neutral <= 50)
    for kind in ("negated", "conditional", "concessive"):
        shares = plain["stance"][plain["kind"] == kind].value_counts(normalize=True).reindex(STANCES, fill_value=0)
        least, share = shares.idxmin(), 100 * float(shares.min())
        yield at_least(f"plain part: share of the rarest stance ({least}) of the kind {kind}", share, 25, "%")
    carried = plain["source"].str.fullmatch(CARRIED_SOURCE, case=False) & ~plain["kind"].isin(["third_party", "absent"])
    found = plain["text"][carried].nunique()
    yield at_least("plain part: sentences whose source is a pronoun or an office without a name", found, 150)


def contrasts(table: pd.DataFrame) -> Iterator[Rule]:
    """How often a sentence needs its source and its target to be read."""
    by_text = table.groupby("text")["stance"].nunique()
    yield at_least("sentences whose rows differ in stance", 100 * float((by_text > 1).mean()), 70, "%")
    for what, same in (("same target, different stances", "target"), ("same source, different stances", "source")):
        stances = table.groupby(["text", same])["stance"].nunique()
        yield at_least(f"sentences: {what}", stances[stances > 1].index.get_level_values("text").nunique(), 300)


def words(table: pd.DataFrame) -> Iterator[Rule]:
    """Whether sentences were written one by one: no templates, no near duplicates."""
    texts = table["text"].unique().tolist()
    openings = {" ".join(text.split()[:3]).lower() for text in texts}
    yield at_least("distinct opening trigrams", 100 * len(openings) / len(texts), 85, "%")
    where: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for gram in plain_fivegrams(text):
            where[gram].add(number)
    most = max(where, key=lambda gram: len(where[gram]))
    found = len(where[most])
    yield Rule("sentences that share a 5-gram without names", f'{found} ("{most}")', "6 or fewer", found <= 6)
    groups = text_groups(texts)
    rate = 100 * (1 - len(np.unique(groups)) / len(texts))
    yield Rule("near-duplicate sentences", f"{rate:.2f}%", "below 1%", rate < 1)
    analysis = table[table["register"] == "analysis"].drop_duplicates("id")
    lengths = analysis["text"].map(lambda text: len(text.split()))
    yield none_of("analysis sentences not of 30 to 60 words", analysis["id"][~lengths.between(30, 60)].tolist())


def text_groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the group of near duplicates of each text; texts that differ in case and blanks alone share one."""
    normal = [normal_text(text) for text in texts]
    different = list(dict.fromkeys(normal))
    groups = near_duplicate_groups(
        len(different), [(np.arange(len(different)), different)], different.__getitem__, threshold=0.8, size=5
    )
    place = {text: number for number, text in enumerate(different)}
    return groups[[place[text] for text in normal]]


def plain_fivegrams(text: str) -> set[str]:
    """Return the 5-grams of a sentence that hold no name: no capital letter but at the start of the sentence."""
    tokens = re.findall(r"[\w'-]+", text)
    named = [place > 0 and not token.islower() for place, token in enumerate(tokens)]
    return {
        " ".join(tokens[start : start + 5]).lower()
        for start in range(len(tokens) - 4)
        if not any(named[start : start + 5])
    }


def cells(table: pd.DataFrame) -> Iterator[Rule]:
    """Whether every cell has an allowed value, as the datasheet states."""
    yield none_of("ids that occur twice", table["id"][table["id"].duplicated()].tolist())
    for column, allowed in (
        *(("stance", STANCES), ("kind", KINDS), ("register", REGISTERS)),
        *(("part", PARTS), ("split", SPLITS)),
    ):
        yield none_of(f"unknown values in {column}", table["id"][~table[column].isin(allowed)].tolist())
    repeats = table.duplicated(["text", "source", "target"])
    yield none_of("rows of one text, source and target", table["id"][repeats].tolist())
    yield none_of("rows whose source is their target", table["id"][table["source"] == table["target"]].tolist())
    author = (table["kind"] == "author") != (table["source"] == "")
    yield none_of("kind author without empty source, or the reverse", table["id"][author].tolist())
    silent = table["kind"].isin(SILENT) & (table["stance"] != "neutral")
    yield none_of("rows without a stance that are not neutral", table["id"][silent].tolist())
    absent = table[table["kind"] == "absent"]
    named = [
        str(row["id"])
        for row in absent.to_dict("records")
        if not row["source"] or re.search(rf"(?<!\w){re.escape(row['source'])}(?!\w)", row["text"])
    ]
    yield none_of("rows of the kind absent whose source is empty or in the text", named)
    spans = (absent["source_start"] != "") | (absent["source_end"] != "")
    yield none_of("rows of the kind absent with a span of the source", absent["id"][spans].tolist())
    for part, rows in (("target", table), ("source", table[table["kind"] != "absent"])):
        wrong = [
            str(row["id"])
            for row in rows.to_dict("records")
            if row[part] and row["text"][int(row[f"{part}_start"]) : int(row[f"{part}_end"])] != row[part]
        ]
        yield none_of(f"spans of the {part} that do not hold it", wrong)


def splits(table: pd.DataFrame) -> Iterator[Rule]:
    """Whether articles are whole, test_unseen is unseen, and each test is of its part."""
    per_article = table.groupby("document")["split"].nunique()
    yield none_of("articles in two splits", per_article[per_article > 1].index.tolist())
    per_text = table.groupby("text")["split"].nunique()
    yield none_of("sentences in two splits", per_text[per_text > 1].index.tolist())
    train, unseen = (table[table["split"] == name] for name in ("train", "test_unseen"))
    yield at_least("rows of test_unseen", len(unseen), 300)
    yield none_of("topics of test_unseen in train", sorted(set(unseen["topic"]) & set(train["topic"])))
    shared = set(unseen["target"].map(bare)) & set(train["target"].map(bare))
    yield none_of("targets of test_unseen in train", sorted(shared))
    parts = table.groupby("document")["part"].nunique()
    yield none_of("articles in two parts", parts[parts > 1].index.tolist())
    tests = table[table["split"].isin(TESTS)]
    misplaced = tests["id"][tests["split"].isin(PLAIN_TESTS) != (tests["part"] == "plain")]
    yield none_of("plain rows in a literary test, or the reverse", misplaced.tolist())
    for name, least in (("test_plain", 600), ("test_opposites", 300), ("test_challenge", 250)):
        yield at_least(f"rows of {name}", int((table["split"] == name).sum()), least)


def bare(target: str) -> str:
    """Return a target without case and leading article or possessive, as it is compared with those of train."""
    return re.sub(r"^(the|a|an|this|that|its|their|his|her) ", "", target.casefold())


def second_labels(table: pd.DataFrame, labels: pd.DataFrame) -> Iterator[Rule]:
    """Whether every row was labeled twice and kept by the rules."""
    kept = labels[labels["status"] == "kept"]
    yield none_of("rows without two labels", sorted(set(table["id"]) ^ set(kept["id"])))
    both = table.merge(kept, on="id")
    differ = both[(both["first"] != both["stance"]) | (both["second"] != both["stance"])]
    yield none_of("kept rows on which the labels differ", differ["id"].tolist())
    dropped = labels[labels["status"] != "kept"]
    yield none_of("rows left out without a reason", dropped["id"][dropped["reason"] == ""].tolist())
    found = alpha_of(labels)
    yield at_least("Krippendorff's alpha, all labels", round(found, 4), 0.8)


def negation_flips(table: pd.DataFrame) -> Iterator[Rule]:
    """Whether negation flips are small changes of test sentences that change the stance."""
    flipped = table[table["negated_text"] != ""]
    yield at_least("rows with a negation flip", len(flipped), 100)
    yield none_of("negation flips outside the tests", flipped["id"][~flipped["split"].str.startswith("test")].tolist())
    unchanged = (flipped["stance"] == flipped["negated_stance"]) | ~flipped["negated_stance"].isin(STANCES)
    yield none_of("negation flips that leave the stance", flipped["id"][unchanged].tolist())
    nameless = [
        str(row["id"])
        for row in flipped.to_dict("records")
        if row["target"] not in row["negated_text"] or row["source"] not in row["negated_text"]
    ]
    yield none_of("negation flips without their source or target", nameless)
    changed = [
        str(row["id"])
        for row in flipped.to_dict("records")
        if words_changed(row["text"], row["negated_text"]) > MOST_WORDS_CHANGED
    ]
    yield none_of(f"negation flips that change more than {MOST_WORDS_CHANGED} words", changed)


def words_changed(text: str, other: str) -> int:
    """Return how many words of the two texts the other one lacks, the larger count of both."""
    ours, theirs = text.split(), other.split()
    same = sum(block.size for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks())
    return max(len(ours), len(theirs)) - same


def agreement_of(labels: pd.DataFrame, *, with_drop: bool = False) -> Agreement | None:
    """Return how far two labels a row agree.

    Args:
        labels: The rows that were labeled.
        with_drop: Whether "drop", what an annotator says who would leave the row out, is an answer like the others;
            otherwise rows that an annotator would drop lack that one's label.
    """
    answers: tuple[str, ...] = (*STANCES, DROP) if with_drop else STANCES
    known = labels[labels["first"].isin(answers) & labels["second"].isin(answers)]
    items = np.tile(known["id"].to_numpy(), 2)
    people = np.repeat(["first", "second"], len(known))
    said = np.array([answers.index(label) for label in [*known["first"], *known["second"]]])
    return agreement(items, people, said, len(answers))


def alpha_of(labels: pd.DataFrame, *, with_drop: bool = False) -> float:
    """Return alpha over two labels a row, NaN where there is none."""
    found = agreement_of(labels, with_drop=with_drop)
    return float("nan") if found is None or found.alpha is None else found.alpha


def alphas(labels: pd.DataFrame) -> list[object]:
    """Return alpha with its interval, and alpha with "drop" as an answer, as the datasheet shows them."""
    found, dropping = agreement_of(labels), alpha_of(labels, with_drop=True)
    if found is None or found.alpha is None:
        return ["–", "–" if np.isnan(dropping) else f"{dropping:.3f}"]
    interval = "" if found.interval is None else f" [{found.interval[0]:.3f}, {found.interval[1]:.3f}]"
    return [f"{found.alpha:.3f}{interval}", f"{dropping:.3f}"]


def partial_input_baselines(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return macro-F1 in percent on the test splits, of baselines that see the target alone or the text alone."""
    examples = {name: examples_of(table[table["split"] == name]) for name in SPLITS}
    hidden = {
        name: [replace(row, source="", target="it", target_span=None) for row in examples[name]] for name in SPLITS
    }
    found: dict[str, dict[str, float]] = {}
    for title, name, rows in (
        ("majority per target", "majority_per_target", examples),
        ("n-gram SVM, text only", "ngram_svm", hidden),
    ):
        baseline = make_baseline(name, BaselineSettings()).fit(rows["train"], rows["validation"])
        found[title] = {}
        for split in TESTS:
            gold = np.array([STANCE_ID[row.stance or ""] for row in rows[split]])
            predicted = baseline.predict_proba(rows[split]).argmax(axis=1)
            found[title][split] = 100 * float(scores_of(gold, predicted).macro_f1)
    return found


def without_sentence(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return macro-F1 in percent on the test splits, of source, target and their positions without the sentence.

    No rule limits these: a system that is given source and target may use them. They are partial-input baselines: the
    score that a system can reach without the words of the sentence.
    """
    parts = {name: table[table["split"] == name] for name in SPLITS}
    positions = {name: positions_of(rows) for name, rows in parts.items()}
    names = {name: (rows["source"] + " | " + rows["target"]).tolist() for name, rows in parts.items()}
    found: dict[str, dict[str, float]] = {}
    for title, model, features in (
        (
            "positions and lengths of source and target, no words",
            HistGradientBoostingClassifier(max_depth=4, random_state=0),
            positions,
        ),
        (
            "words of source and target, no sentence",
            make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC()),
            names,
        ),
    ):
        model.fit(features["train"], parts["train"]["stance"])
        found[title] = {
            split: 100 * float(f1_score(parts[split]["stance"], model.predict(features[split]), average="macro"))
            for split in TESTS
        }
    return found


def positions_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return where source and target begin (-1: not in the text), how far apart, and how long they and the text are."""
    start, target = (
        pd.to_numeric(table[column].replace("", "-1")).to_numpy(dtype=float)
        for column in ("source_start", "target_start")
    )
    lengths = [table[column].map(len).to_numpy(dtype=float) for column in ("text", "source", "target")]
    return np.stack([start, target, target - start, *lengths], axis=1)


def examples_of(table: pd.DataFrame) -> list[Example]:
    """Return rows as examples."""
    fields = ("id", "text", "source", "target", "stance")
    return [Example(**{name: row[name] for name in fields}) for row in table.to_dict("records")]


def partial_input_limits(partial: dict[str, dict[str, float]]) -> Iterator[Rule]:
    """Whether baselines that see the target alone or the text alone stay near chance on the literary tests."""
    for title, scores in partial.items():
        for split in ("test", "test_unseen"):
            score = scores[split]
            wanted = f"at most {CHANCE + 6:.1f}"
            yield Rule(f"macro-F1 of {title} on {split}", f"{score:.1f}", wanted, score <= CHANCE + 6)


def teachers_answers(table: pd.DataFrame, answers: pd.DataFrame, unlabeled: pd.DataFrame) -> Iterator[Rule]:
    """Whether the teacher's table answers each row of train and each unlabeled text, and no other text."""
    parts = ["text", "source", "target"]
    train = table[table["split"] == "train"]
    both = train.merge(answers.drop_duplicates(parts), on=parts, how="left")
    yield none_of("rows of train without a teacher's answer", both["id"][both[PROBABILITY_COLUMNS[0]].isna()].tolist())
    answered, without_labels = set(answers["text"]), set(unlabeled["text"])
    yield none_of("unlabeled texts without a teacher's answer", sorted(without_labels - answered))
    yield none_of("texts of the teacher that are neither", sorted(answered - set(train["text"]) - without_labels))
    sums = answers[list(PROBABILITY_COLUMNS)].astype(float).sum(axis=1)
    yield none_of("answers whose probabilities do not sum to 1", answers["text"][(sums - 1).abs() > 0.002].tolist())


def unlabeled_rows(table: pd.DataFrame, unlabeled: pd.DataFrame) -> Iterator[Rule]:
    """Whether spans stand for their words, and no unlabeled text is one of the corpus or nearly one of a test."""
    wrong = [
        str(row["text"])
        for row in unlabeled.to_dict("records")
        for part in PARTS_OF_PAIR
        if str(row["text"])[int(row[f"{part}_start"]) : int(row[f"{part}_end"])] != row[part]
    ]
    yield none_of("unlabeled rows whose spans are not their words", wrong)
    texts = list(dict.fromkeys(unlabeled["text"]))
    known = {normal_text(text) for text in table["text"]}
    yield none_of("unlabeled texts that the corpus has", [text for text in texts if normal_text(text) in known])
    held_out = list(dict.fromkeys(table[table["split"] != "train"]["text"]))
    groups = text_groups([*texts, *held_out])
    shared = {groups[len(texts) + place] for place in range(len(held_out))}
    near = [text for place, text in enumerate(texts) if groups[place] in shared]
    yield none_of("unlabeled texts that nearly are held-out ones", near)


def datasheet_figures(table: pd.DataFrame, labels: pd.DataFrame, partial: dict[str, dict[str, float]]) -> str:
    """Return the tables of the datasheet as Markdown."""
    sentences = table.drop_duplicates("text")
    by_split: list[list[object]] = [
        [name, rows["document"].nunique(), rows["text"].nunique(), len(rows), rows["topic"].nunique()]
        + [f"{(rows['stance'] == stance).sum():,} ({(rows['stance'] == stance).mean():.1%})" for stance in STANCES]
        for name, rows in [*((name, table[table["split"] == name]) for name in SPLITS), ("all", table)]
    ]
    of_plain = labels["id"].str.partition("-")[0].isin(set(table["document"][table["part"] == "plain"]))
    parts = {name: (table[table["part"] == name], labels[of_plain == (name == "plain")]) for name in PARTS}
    by_part: list[list[object]] = [
        [name, rows["document"].nunique(), rows["text"].nunique(), len(rows), rows["topic"].nunique()]
        + [f"{(rows['stance'] == stance).mean():.1%}" for stance in STANCES]
        + lengths(rows["text"].unique())
        + [f"{(rows.groupby('text')['stance'].nunique() > 1).mean():.0%}", len(own)]
        + [int((own["first"] != own["second"]).sum()), *alphas(own)]
        for name, (rows, own) in parts.items()
    ]
    by_register: list[list[object]] = [
        [
            name,
            int((sentences["register"] == name).sum()),
            int((table["register"] == name).sum()),
            *lengths(sentences["text"][sentences["register"] == name]),
        ]
        for name in REGISTERS
    ]
    partial_rows: list[list[object]] = [
        [title, *(f"{scores[split]:.1f}" for split in TESTS)] for title, scores in partial.items()
    ]
    head = ["split", "articles", "sentences", "rows", "topics", *STANCES]
    part_head = [*("part", "articles", "sentences", "rows", "topics"), *STANCES, *LENGTHS]
    return "\n\n".join(
        [
            markdown(head, by_split),
            markdown(
                [*part_head, "sentences whose rows differ", "labeled twice", "labels differ", *ALPHAS],
                by_part,
            ),
            "Both parts:",
            by_kind(table, labels, KINDS),
            "The plain part alone:",
            by_kind(*parts["plain"], [kind for kind in KINDS if (parts["plain"][0]["kind"] == kind).any()]),
            markdown(["register", "sentences", "rows", *LENGTHS], by_register),
            markdown(["macro-F1 of a partial-input baseline", *TESTS], partial_rows),
            *(f"{left_out(own)[:-1]} ({name} part)." for name, (_, own) in parts.items()),
        ]
    )


def lengths(texts: Iterable[str]) -> list[object]:
    """Return the mean number of words of sentences, and how long the shorter and the longer tenth of them are."""
    words = [len(text.split()) for text in texts]
    tenth, nine_tenths = np.quantile(words, [0.1, 0.9])
    return [round(np.mean(words)), f"{tenth:.0f} to {nine_tenths:.0f}", max(words)]


def by_kind(table: pd.DataFrame, labels: pd.DataFrame, kinds: Sequence[str]) -> str:
    """Return the table of kinds: rows, stances and agreement."""
    lines: list[list[object]] = []
    for name in (*kinds, "all"):
        rows = table if name == "all" else table[table["kind"] == name]
        left = (labels["status"] != "kept") & (labels["kind"] == name)
        own = labels if name == "all" else labels[labels["id"].isin(rows["id"]) | left]
        counts = [int((rows["stance"] == stance).sum()) for stance in STANCES]
        alpha = ["–", "–"] if name in SILENT else alphas(own)
        lines.append([name, len(rows), *counts, len(own), int((own["first"] != own["second"]).sum()), *alpha])
    return markdown(["kind", "rows", *STANCES, "labeled twice", "labels differ", *ALPHAS], lines)


def left_out(labels: pd.DataFrame) -> str:
    """Return how many labeled rows were left out, by reason, the most frequent first."""
    reasons = labels["reason"][labels["status"] != "kept"].value_counts()
    counted = sorted(reasons.items(), key=lambda item: (-item[1], str(item[0])))
    return f"Left out of the rows that were labeled: {'; '.join(f'{count} ({why})' for why, count in counted)}."


def labels_apart(table: pd.DataFrame, labels: pd.DataFrame) -> Iterator[Rule]:
    """Whether the labels of MPQA's sentences keep to their rules, as far as can be told without the text."""
    yield at_least("sentences", table["sent_id"].nunique(), 500)
    yield at_least("rows", len(table), 1300)
    yield none_of("ids that occur twice", table["id"][table["id"].duplicated()].tolist())
    spans = ["source_start", "source_end", "target_start", "target_end"]
    repeats = table.duplicated(["sent_id", *spans])
    yield none_of("rows of one sentence, source and target", table["id"][repeats].tolist())
    for column, allowed in (("stance", STANCES), ("kind", KINDS), ("split", ("train", "validation", "test"))):
        yield none_of(f"unknown values in {column}", table["id"][~table[column].isin(allowed)].tolist())
    author = (table["kind"] == "author") != (table["source_start"] == "")
    yield none_of("kind author with a span of the source, or the reverse", table["id"][author].tolist())
    silent = table["kind"].isin(SILENT) & (table["stance"] != "neutral")
    yield none_of("rows without a stance that are not neutral", table["id"][silent].tolist())
    places = table[spans].replace("", "-1").astype(int)
    begin, end, target_begin, target_end = (places[name] for name in spans)
    overlap = (begin >= 0) & (begin < target_end) & (target_begin < end)
    yield none_of("rows whose source and target overlap", table["id"][overlap].tolist())
    per_document = table.groupby(document_of(table))["split"].nunique()
    yield none_of("documents in two splits", per_document[per_document > 1].index.tolist())
    yield from second_labels(table.drop(columns="kind"), labels)


def document_of(table: pd.DataFrame) -> pd.Series[str]:
    """Return the document of MPQA that each row's sentence is in: its id without the number of the sentence."""
    return table["sent_id"].str.rpartition("-")[0]


def labels_apart_figures(table: pd.DataFrame, labels: pd.DataFrame) -> str:
    """Return the tables of the datasheet of the labels of MPQA's sentences as Markdown."""
    by_split: list[list[object]] = [
        [name, document_of(rows).nunique(), rows["sent_id"].nunique(), len(rows)]
        + [f"{(rows['stance'] == stance).sum():,} ({(rows['stance'] == stance).mean():.1%})" for stance in STANCES]
        for name, rows in [
            *((name, table[table["split"] == name]) for name in ("train", "validation", "test")),
            ("all", table),
        ]
    ]
    kinds = [kind for kind in KINDS if (table["kind"] == kind).any()]
    return "\n\n".join(
        [
            markdown(["split", "documents", "sentences", "rows", *STANCES], by_split),
            by_kind(table, labels, kinds),
            left_out(labels),
        ]
    )


def markdown(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table, all columns but the first to the right."""
    lines = [f"| {' | '.join(head)} |", f"|---{'|---:' * (len(head) - 1)}|"]
    for row in rows:
        shown = [f"{cell:,}" if isinstance(cell, int | np.integer) else str(cell) for cell in row]
        lines.append(f"| {' | '.join(shown)} |")
    return "\n".join(lines)


def datasheet_rule(folder: Path, figures: str, *, write: bool) -> Rule:
    """Return the rule that a datasheet holds these figures, which are first put there with `write`."""
    if write:
        write_figures(folder / "README.md", figures)
    holds = are_in_datasheet(folder / "README.md", figures)
    return Rule("figures of the datasheet", "as in the data" if holds else "others", "as in the data", holds)


def are_in_datasheet(path: Path, figures: str) -> bool:
    """Tell whether the datasheet holds these figures; scores of fitted systems may differ by half a point elsewhere."""
    stated = path.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    number = r"\d[\d,]*(?:\.\d+)?"
    if re.sub(number, "0", stated) != re.sub(number, "0", figures):
        return False
    pairs = zip(re.findall(number, stated), re.findall(number, figures), strict=True)
    return all(a == b or (a.count(".") == 1 and abs(float(a) - float(b)) <= 0.5) for a, b in pairs)


def write_figures(path: Path, figures: str) -> None:
    """Put the figures between their marks in the datasheet."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8", newline="\n")


def as_table(title: str, rules: list[Rule]) -> Table:
    """Return the rules as a table for the terminal."""
    table = Table(title=title, title_justify="left")
    for name in ("rule", "found", "wanted", ""):
        table.add_column(name, overflow="fold")
    for rule in rules:
        table.add_row(rule.what, rule.found, rule.wanted, "ok" if rule.holds else "BROKEN")
    return table


if __name__ == "__main__":
    main()
