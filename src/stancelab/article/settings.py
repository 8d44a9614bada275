"""What a person can set of reading articles."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Final, cast

from stancelab.article.aggregate import StanceSettings
from stancelab.article.documents.settings import DocumentSettings
from stancelab.article.pairs.settings import Language, PairSettings
from stancelab.errors import ConfigError, did_you_mean
from stancelab.inference.backends import AUTO, problem_of
from stancelab.inference.backends.base import BATCH_SIZE, BATCH_TOKENS
from stancelab.inference.settings import DEVICES

#: What may be done with headlines.
COUNT, ALONE, NEVER = "count", "alone", "never"
HEADLINES: Final = (COUNT, ALONE, NEVER)
_LONGEST_TITLE: Final = 1_000
_EXPLAINED: Final = 400
_CANDIDATES: Final = 60
#: What holds where nothing is set.
_PAIRS: Final = PairSettings()
_STANCES: Final = StanceSettings()


@dataclass
class ReadColumns:
    """The columns of tables that are read, and the keys of a Markdown file's head; null finds the usual names.

    Attributes:
        text: The name of the column with the article.
        title: Its title.
        date: When it was published.
        outlet: Where it was published.
        id: What it is called in the results; rows without one are called after their text.
    """

    text: str | None = None
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    id: str | None = None


@dataclass
class ReadSettings:
    """How articles are read.

    Attributes:
        format: Of what format the inputs are: text, markdown, html, mhtml, docx, pdf, table, or auto, which goes by the
            ending of a name, and of standard input by its first bytes.
        columns: The columns of tables, and the keys of a Markdown file's head.
        encoding: The encoding of text, Markdown and tables, such as "cp1252"; null finds it out.
        delimiter: What separates the cells of CSV and TSV, such as ";" or "tab"; null finds it out.
        sheet: The sheet of a spreadsheet, by name or by number from 1; null takes the only one with cells.
        quoting: How cells of CSV and TSV are quoted: auto, none or minimal.
        day_first: Whether 03/04/2026 is 3 April (true) or March 4 (false); null leaves such dates out and tells them.
        on_bad_files: What is done with a file, or a row of a table, that cannot be read: "fail" writes nothing, "skip"
            leaves it out and lists it in manifest.json.
        fetch: Whether pages are fetched where an input is a URL.
        author: Whether the author is a source too, in sentences that report nobody's words; for editorials.
        memory: Sentences after its last words for which a source or target is carried to pronouns, offices and general
            words ("the measure"); 0 carries none.
        language: Whether the rules of carried sources and targets apply, which know English alone: english, other, or
            auto, which tells by the words of the document.
        headlines: Whether headlines count: "count" as other sentences, "alone" where no other sentence of the article
            counts for the pair, "never". They are asked and shown in any case.
        min_confidence: Confidence threshold, 0 to 1; sentences with a lower confidence are shown, marked, and not
            counted.
        threshold: In its place the name of a confidence threshold that the checkpoint chose on validation rows, such as
            "accuracy_90".
        evidence: The probability from which a sentence is evidence for a stance, 0 to 1.
        least: The sum of such probabilities below which an article shows no stance.
        mixed: The share of the smaller side from which an article shows both, 0 to 0.5.
        resamples: Resamples for the intervals of scores.
        seed: Their seed.
        explain: Whether to compute which words spoke for the answers, by leaving out one word at a time.
        explain_most: For how many sentences at most, those with a stance and the most confident ones first.
        spacy_model: The folder of a spaCy model for English, whose entities and noun chunks are proposed where no
            codebook is given; null proposes by rules.
        candidates: How many entries are proposed at most where no codebook is given, besides those of the default one.
        title: What the page is called; "" makes a title of the documents.
        backend: What computes: "torch", "onnx" (an export in fp32), "torch-bf16", "onnx-int8", "openvino-bf16",
            "openvino-int8", or "auto", as in `predict.backend`.
        device: Such as "cpu" or "cuda"; null takes a GPU where there is one.
        threads: Threads that compute on the CPU; null takes as many as the process may use cores.
        batch_size: Sentences in a batch at most.
        batch_tokens: Tokens in a batch at most, with padding.
        bom: Whether stances.csv and evidence.csv begin with a byte order mark, by which Excel knows UTF-8.
        overwrite: Whether an output that exists is replaced.
        resume: Whether to go on with a reading that was interrupted or killed, of the same inputs, codebook, checkpoint
            and settings; where nothing is kept of one, it begins at the beginning.
    """

    format: str = "auto"
    columns: ReadColumns = field(default_factory=ReadColumns)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    quoting: str = "auto"
    day_first: bool | None = None
    on_bad_files: str = "fail"
    fetch: bool = False
    author: bool = _PAIRS.author
    memory: int = _PAIRS.memory
    language: str = _PAIRS.language
    headlines: str = COUNT
    min_confidence: float = 0.0
    threshold: str | None = None
    evidence: float = _STANCES.evidence
    least: float = _STANCES.least
    mixed: float = _STANCES.mixed
    resamples: int = _STANCES.resamples
    seed: int = _STANCES.seed
    explain: bool = False
    explain_most: int = _EXPLAINED
    spacy_model: str | None = None
    candidates: int = _CANDIDATES
    title: str = ""
    backend: str = AUTO
    device: str | None = None
    threads: int | None = None
    batch_size: int = BATCH_SIZE
    batch_tokens: int = BATCH_TOKENS
    bom: bool = False
    overwrite: bool = False
    resume: bool = False

    def documents(self) -> DocumentSettings:
        """Return how documents are read."""
        return DocumentSettings(
            format=self.format,
            columns={name: column for name, column in asdict(self.columns).items() if column is not None},
            encoding=self.encoding,
            delimiter=self.delimiter,
            sheet=self.sheet,
            quoting=self.quoting,
            day_first=self.day_first,
            on_bad_files=self.on_bad_files,
            fetch=self.fetch,
        )

    def pairs(self) -> PairSettings:
        """Return which pairs are asked."""
        return PairSettings(author=self.author, memory=self.memory, language=cast("Language", self.language))

    def stances(self) -> StanceSettings:
        """Return how the answers for sentences become the stance of an article."""
        return StanceSettings(
            evidence=self.evidence, least=self.least, mixed=self.mixed, resamples=self.resamples, seed=self.seed
        )

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = [*self.documents().problems(), *self.pairs().problems(), *self.stances().problems()]
        if self.headlines not in HEADLINES:
            near = did_you_mean(self.headlines, HEADLINES)
            found.append(f"headlines: found {self.headlines!r}, allowed are {', '.join(HEADLINES)}.{near}")
        if (problem := problem_of(self.backend)) is not None:
            found.append(f"backend: {problem}")
        if self.device is not None and re.fullmatch(rf"({'|'.join(DEVICES)})(:\d+)?", self.device) is None:
            near = did_you_mean(self.device, DEVICES)
            found.append(f"device: found {self.device!r}, allowed is {', '.join(DEVICES)}, or null.{near}")
        for name in ("explain_most", "candidates", "threads", "batch_size", "batch_tokens"):
            count = getattr(self, name)
            if count is not None and count < 1:
                found.append(f"{name}: found {count}, allowed is 1 or more")
        if self.explain_most != _EXPLAINED and not self.explain:
            found.append(f"explain_most: found {self.explain_most}, which read.explain=true alone uses")
        if len(self.title) > _LONGEST_TITLE:
            found.append(f"title: has {len(self.title):,} characters, allowed are {_LONGEST_TITLE:,}")
        return found + self._problems_of_threshold()

    def check_codebook(self) -> None:
        """Check that nothing is set of how a codebook is proposed, where one is given.

        Raises:
            ConfigError: Names the setting.
        """
        given = {"spacy_model": self.spacy_model is not None, "candidates": self.candidates != _CANDIDATES}
        for name, is_given in given.items():
            if is_given:
                raise ConfigError(
                    f"read.{name}: is for proposing a codebook, and one is given; leave one of the two out"
                )

    def _problems_of_threshold(self) -> list[str]:
        found = []
        if not 0 <= self.min_confidence <= 1:
            hint = f"; write {self.min_confidence / 100:g} for {self.min_confidence:g}%"
            is_percent = 1 < self.min_confidence <= 100
            found.append(f"min_confidence: found {self.min_confidence}, allowed is 0 to 1{hint if is_percent else ''}")
        if self.threshold is not None and self.min_confidence:
            found.append("threshold: stands beside min_confidence; give one of the two")
        return found
