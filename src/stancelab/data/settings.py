"""What a person can set of a prepared dataset: its corpora, their columns and labels, the split and the audit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from stancelab.data.path_forms import path_problems
from stancelab.errors import did_you_mean, shorten
from stancelab.layout import is_word_character
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.offsets import CHARACTERS, problems_of_offsets
from stancelab.schema import AGAINST, EXAMPLE_COLUMNS, FAVOR, NEGATED_STANCE, NEGATED_TEXT, NEUTRAL, STANCES
from stancelab.tables.mending import NO_REPAIR, Mending, mending_problems
from stancelab.tables.options import TableOptions
from stancelab.tables.where import condition_problems

#: The names of the readers; `corpora` has the readers themselves.
READERS: Final = ("table", "newsmtsc", "semeval2016", "mpqa", "dse", "seesaw", "mpqa_stances")
#: The further columns that readers of public corpora give.
READER_COLUMNS: Final = {"seesaw": ("source_name", "target_name"), "mpqa_stances": ("kind",)}
#: Whose layout a table has; the annotation tools are those of `readers.exports`.
FORMATS: Final = ("auto", "table", "prodigy", "doccano", "label_studio", "argilla")
ON_BAD_ROWS: Final = ("fail", "drop")
REPEATS: Final = ("keep", "drop", "majority")
SPLIT_KINDS: Final = ("given", "random", "grouped", "unseen_targets", "kfold", "leave_target_out")
LEAKAGE: Final = ("remove", "keep")
#: Bytes of a corpus's name.
LONGEST_NAME: Final = 80
#: Columns of a span, of which a table has both or neither.
SPAN_PAIRS: Final = (("target_start", "target_end"), ("source_start", "source_end"))


@dataclass
class ColumnSettings:
    """What the file calls each field; None is the field's own name, where the file has such a column.

    `text`, `target` and `stance` must be there; so must every column that is named here.

    Attributes:
        id: The row's own id; where there is none a row is called after its text, source and target.
        text: The name of the column with the sentence; null is a column called like the field, "text".
        source: Whose stance it is; an empty cell is the author.
        target: What the stance is about.
        stance: The label; `data.labels` says what its values mean.
        target_start: First character of the target's mention in the text, counted as `offsets` says.
        target_end: Character after its last.
        source_start: First character of the source's mention.
        source_end: Character after its last.
        aliases: Other names of the row's target in the text, separated by "|" or ";".
        document: The article the sentence is from; `split=grouped` keeps documents whole.
        annotator: Who labeled the row.
        split: "train", "validation" or "test" (also with a suffix, "test_2024"), for `split=given`.
    """

    id: str | None = None
    text: str | None = None
    source: str | None = None
    target: str | None = None
    stance: str | None = None
    target_start: str | None = None
    target_end: str | None = None
    source_start: str | None = None
    source_end: str | None = None
    aliases: str | None = None
    document: str | None = None
    annotator: str | None = None
    split: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        owner: dict[str, str] = {}
        for name, column in self.named().items():
            other = owner.setdefault(column, name)
            if other != name:
                lines.append(f"{name}: found {column!r}, which is already the column of {other!r}")
            if not column:
                lines.append(f"{name}: found an empty name; leave it out (null) where the file has no such column")
        for start, end in SPAN_PAIRS:
            if (getattr(self, start) is None) != (getattr(self, end) is None):
                lines.append(f"{start}, {end}: only one is given; a span needs both")
        return lines

    def named(self) -> dict[str, str]:
        """Return the fields whose column the user named."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    def all_names(self) -> dict[str, str]:
        """Return what each field's column is called where there is one."""
        return {f.name: self.named().get(f.name, f.name) for f in fields(self)}


@dataclass
class LabelSettings:
    """The values that mean each stance, as the file writes them.

    Values are compared exactly first, then without regard to case and surrounding blanks, and as numbers where both
    are numbers: 6, "6.0" and 6.00 agree.

    Attributes:
        against: Values that mean "against", such as [AGAINST, contra, "0"].
        neutral: Values that mean "neutral".
        favor: Values that mean "favor".
    """

    against: list[str] = field(default_factory=lambda: [AGAINST])
    neutral: list[str] = field(default_factory=lambda: [NEUTRAL])
    favor: list[str] = field(default_factory=lambda: [FAVOR])

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = [f"{stance}: found an empty value" for stance in STANCES if "" in map(str.strip, self._values(stance))]
        owner: dict[str, str] = {}
        for stance in STANCES:
            for value in self._values(stance):
                other = owner.setdefault(canonical_label(value), stance)
                if other != stance:
                    lines.append(f"{stance}: found {value!r}, which already means {other!r}; a value has one meaning")
        if not any(self._values(stance) for stance in STANCES):
            lines.append("against, neutral, favor: all are empty; give the values that mean each stance")
        return lines

    def _values(self, stance: str) -> list[str]:
        values: list[str] = getattr(self, stance)
        return values


@dataclass
class CorpusSettings:
    """A corpus: where it is, how it is read and what its columns and labels mean (group `data`).

    Attributes:
        name: What it is called in ids, split names and reports; also the prepared dataset's folder.
        reader: Which reader understands its files: table, newsmtsc, semeval2016, mpqa, dse, seesaw or mpqa_stances.
        path: A folder (of a public corpus), or of a table: a file, a pattern such as "part-*.csv", a list of files, a
            folder with train.csv, validation.csv and test.csv, the same as {train: FILE, test: FILE}, or "-" for
            standard input; null is the hub, or the project's own corpus.
        format: Whose layout a table has: "table", an annotation tool's ("prodigy", "doccano", "label_studio",
            "argilla"), or "auto", which finds it by the rows' keys and says so.
        delimiter: What separates the cells of CSV and TSV, such as ";" or "tab"; null finds it out.
        encoding: The encoding of a text file, such as "cp1252"; null finds it out.
        sheet: The sheet of a spreadsheet, by name or by number from 1; null takes the only one with cells.
        where: A condition that rows of a table have to meet, such as "annotator == 'A' and year >= 2020"; null keeps
            all.
        file_column: The name of a column to add, which holds the name of the file that a row is from; null for none.
        hub: The name of a hub dataset ("owner/name", or "owner/name:config"), used where path is null.
        columns: What a table calls its fields: the value of each key is the name of a column, null is a column called
            like the field. The public corpora's readers know their own.
        labels: The values that mean each stance.
        offsets: How the table counts its spans: "characters", "utf16" or "bytes" (of UTF-8), with "one_based" where the
            first is 1 and "inclusive" where the end is the last one itself, joined as in "utf16+inclusive". Spans that
            plainly follow another way to count are refused.
        target_names: Full names for targets that the corpus abbreviates.
        targets: A table with the columns target and canonical: names that mean the same target, such as "EU" and
            "European Union", which splits and the audit then take for one; null for none.
        aliases: A file of other names that texts use for a target or source, such as "Biden" for "Joe Biden": YAML with
            a list for each, or a table with the columns target and alias; null for none. Names of `targets` are
            looked for without it.
        extra: Further columns that travel with each row: those of a table that are named here, or what the reader of a
            public corpus gives (seesaw: source_name, target_name; mpqa_stances: kind).
        ignore: Columns of a table that are passed over, though their names are like those of fields; they are not told
            as unread either.
        quoting: How cells of CSV and TSV are quoted: "minimal", with double quotes where a cell needs them; "none", a
            quote is a character like others; "auto", CSV as "minimal", and TSV as what the file shows.
        missing_words: Words that mean nothing in the cells of a table, such as "nan" and "NULL": cells that hold one,
            in any letter case, count as empty; the stance's cells are not looked at.
        repair: "ftfy" mends mojibake and HTML entities in text, source and target; "none" leaves them as they are.
        on_bad_rows: "fail" lists what is wrong and writes nothing; "drop" leaves such rows out and lists them in
            `rejected.csv`. A row whose end nobody knows, since a quote is never closed, is not dropped.
        repeats: What becomes of rows of one split with the same text, source and target, such as those of several
            annotators: "keep"; "drop", which leaves one where their stances agree and none where they differ; or
            "majority", which leaves one with the most frequent stance, and none where two are equally frequent.
        label_file: The table of stand-off labels that the reader mpqa_stances joins with MPQA's sentences; null is the
            project's own.
        corrections: A table with the columns id and correction, as `stancelab inspect` writes it, or a list of such
            tables: labels that a person corrected, and rows to drop; null for none.
        about: Where it is from and under which terms, for the dataset card.
        metric: What a model is chosen by on dev: "macro_f1", "f_avg" (mean F1 of favor and against) or "accuracy".
    """

    name: str = "table"
    reader: str = "table"
    path: Any = None
    format: str = "auto"
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    where: str | None = None
    file_column: str | None = None
    hub: str | None = None
    columns: ColumnSettings = field(default_factory=ColumnSettings)
    labels: LabelSettings = field(default_factory=LabelSettings)
    offsets: str = CHARACTERS
    target_names: dict[str, str] = field(default_factory=dict)
    targets: str | None = None
    aliases: str | None = None
    extra: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    quoting: str = "auto"
    missing_words: list[str] = field(default_factory=list)
    repair: str = NO_REPAIR
    on_bad_rows: str = "fail"
    repeats: str = "keep"
    label_file: str | None = None
    corrections: Any = None
    about: str = ""
    metric: str = "macro_f1"

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if not isinstance(self.name, str) or not self.name or not all(map(is_word_character, self.name)):
            # It becomes part of split names and of files' names, which allow no more.
            lines.append(f"name: found {self.name!r}, allowed are letters and digits of any script, and '_'")
        elif len(self.name.encode()) > LONGEST_NAME:
            lines.append(f"name: found {shorten(self.name)!r}, allowed are {LONGEST_NAME} bytes; files' names hold it")
        lines += self._correction_problems()
        for key, allowed in (
            ("reader", READERS),
            ("format", FORMATS),
            ("on_bad_rows", ON_BAD_ROWS),
            ("repeats", REPEATS),
            ("metric", PRIMARY_METRICS),
        ):
            value = getattr(self, key)
            if value not in allowed:
                lines.append(f"{key}: found {value!r}, allowed {', '.join(allowed)}.{did_you_mean(value, allowed)}")
        lines += [f"columns.{line}" for line in self.columns.problems()]
        lines += [f"labels.{line}" for line in self.labels.problems()]
        lines += path_problems(self.path) + self.table_options().problems() + condition_problems(self.where)
        lines += problems_of_offsets(self.offsets)
        lines += self._reader_problems()
        lines += mending_problems(self.missing_words, self.repair)
        named = set(self.columns.named().values())
        lines += [
            f"ignore: found {column!r}, which columns or extra names"
            for column in self.ignore
            if column in named or column in self.extra
        ]
        for column in self.extra:
            if column in EXAMPLE_COLUMNS:
                lines.append(
                    f"extra: found {column!r}, which is a column of every prepared dataset; rename it in the file"
                )
            elif column in named:
                lines.append(f"extra: found {column!r}, which columns already names")
        if (NEGATED_TEXT in self.extra) != (NEGATED_STANCE in self.extra):
            lines.append(f"extra: {NEGATED_TEXT} and {NEGATED_STANCE} go together; name both or neither")
        lines += [f"extra: found {name!r} more than once" for name, n in Counter(self.extra).items() if n > 1]
        return lines

    def table_options(self) -> TableOptions:
        """Return how the table's file is read."""
        return TableOptions(self.delimiter, self.encoding, self.sheet, self.quoting, "data")

    @property
    def mending(self) -> Mending:
        """What is done to the cells."""
        return Mending(tuple(self.missing_words), self.repair)

    def _correction_problems(self) -> list[str]:
        """Return what is wrong with the tables of corrections that are named."""
        given = self.corrections
        files = given if isinstance(given, list | tuple) else [] if given is None else [given]
        lines = [
            f"corrections: found {each!r}, allowed is a file, a list of files, or null"
            for each in files
            if not isinstance(each, str | Path) or not str(each).strip()
        ]
        return lines + [
            f"corrections: found {each!r} more than once" for each, n in Counter(map(str, files)).items() if n > 1
        ]

    def _reader_problems(self) -> list[str]:
        """Return what does not go with the reader."""
        lines = []
        if self.reader != "table":
            if self.columns.named():
                lines.append(f"columns: are for tables; the reader {self.reader!r} knows its own columns")
            lines += [
                f"{key}: is for tables; the reader {self.reader!r} knows its own files"
                for key in ("delimiter", "encoding", "sheet", "where", "file_column")
                if getattr(self, key) is not None
            ]
            if not isinstance(self.path, str | Path | None):
                lines.append(f"path: found {self.path!r}, expected the folder that the reader {self.reader!r} reads")
            lines += [
                f"{key}: is for tables; the reader {self.reader!r} knows its own files"
                for key, value in (("ignore", self.ignore), ("missing_words", self.missing_words))
                if value
            ]
            if self.offsets != CHARACTERS:
                lines.append(f"offsets: are for tables; the reader {self.reader!r} knows how its spans are counted")
            allowed = READER_COLUMNS.get(self.reader, ())
            lines += [
                f"extra: found {name!r}, allowed for the reader {self.reader!r}: {', '.join(allowed) or 'none'}"
                for name in self.extra
                if name not in allowed
            ]
        if self.label_file is not None and self.reader != "mpqa_stances":
            lines.append("label_file: is for the reader mpqa_stances, whose labels are apart from the text")
        return lines


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


def canonical_label(value: str) -> str:
    """Return what two spellings of one value have in common."""
    plain = value.strip().casefold()
    try:
        # repr of the float, so that "6", "6.0" and "6.00" agree; "nan" and "inf" are words here, not numbers.
        # "1_0" is a number for Python alone.
        is_number = any(character.isdigit() for character in plain) and "_" not in plain
        return repr(float(plain)) if is_number else plain
    except ValueError:
        return plain
