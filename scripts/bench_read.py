"""Time and memory of `stancelab read` over many articles.

The articles are invented: paragraphs of the articles for tuning, put together anew until each has the words that are
asked for. Other numbers and a place with an invented name make each sentence differ from all others, since equal
questions are answered once; the share of distinct questions is printed. Each article is read by the codebooks of all of
these together, over the whole way from files to the page.

    python scripts/bench_read.py outputs/run/quickstart/DATE/checkpoint --articles 1000 --words 500 --threads 2
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from stancelab.article.job import plan_reading, run_reading
from stancelab.article.known import key_of
from stancelab.article.pairs.examples import question_of
from stancelab.article.settings import ReadSettings
from stancelab.checkpoint import checkpoint_folder
from stancelab.files import hardware, size_text
from stancelab.inference.backends.threads import use_threads
from stancelab.inference.classifier import StanceClassifier

if TYPE_CHECKING:
    from stancelab.article.results import Reading

#: A sentence with the blanks behind it, or what is left of a paragraph; "Jan. 4" and "A. Smith" are no ends.
_SENTENCE: Final = re.compile(
    r".+?(?:(?<=\w{3})(?<!Mrs)[\"\u201d]?[.!?][\"\u201d\u2019']?\s+(?=[\"\u201cA-Z])|$)", re.DOTALL
)
#: Three of them make 13,824 names; each sentence of the articles for tuning is in one of some ten articles.
_SYLLABLES: Final = (
    "bel", "cor", "dar", "fen", "fos", "gan", "hul", "jat", "kir", "lom", "mar", "mun", "nes", "pav", "pol", "quin",
    "run", "sel", "sil", "tav", "tor", "vor", "wen", "zan",
)  # fmt: skip
ARTICLES = Path(__file__).resolve().parents[1] / "tests" / "end_to_end" / "articles" / "tuning"


def main() -> None:
    """Read invented articles and print time, speed and the largest memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="the folder of the checkpoint")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--words", type=int, default=500, help="words of each article")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    use_threads(given.threads)
    with tempfile.TemporaryDirectory() as folder:
        words = write_articles(Path(folder) / "articles", given.articles, given.words, given.seed)
        codebook = write_codebook(Path(folder) / "codebook.yaml")
        settings = ReadSettings(backend=given.backend, threads=given.threads, explain=given.explain)
        start = time.perf_counter()
        job = plan_reading(
            str(Path(folder) / "articles"),
            codebook,
            Path(folder) / "map",
            settings,
            checkpoint_folder(given.checkpoint),
        )
        classifier = StanceClassifier.from_pretrained(given.checkpoint, backend=given.backend)
        loaded = time.perf_counter()
        reading, told = run_reading(job, classifier)
        seconds = time.perf_counter() - loaded
        sizes = {path.name: size_text(path.stat().st_size) for path in sorted((Path(folder) / "map").iterdir())}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    for line in (
        f"{hardware()}; backend {classifier.backend.name}; seed {given.seed}",
        f"{given.articles:,} articles, {words:,} words, {told.counts['sentences']:,} sentences",
        f"{told.counts['answers']:,} answers for {told.counts['pairs']:,} pairs; {distinct_share(reading):.1%} of the "
        "questions are distinct",
        f"loaded in {loaded - start:.1f} s, read in {seconds:.1f} s: {given.articles / seconds:.1f} articles/s",
        f"largest memory {size_text(peak)}",
        f"files: {sizes}",
    ):
        sys.stdout.write(line + "\n")


def write_articles(folder: Path, count: int, words: int, seed: int) -> int:
    """Write invented articles and return how many words they have together."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    files = sorted(path for path in ARTICLES.glob("*.md") if path.with_suffix(".yaml").is_file())
    texts = [path.read_text(encoding="utf-8").split("\n\n") for path in files]
    headlines = [paragraphs[0] for paragraphs in texts]
    bodies = [paragraph for paragraphs in texts for paragraph in paragraphs[1:]]
    folder.mkdir()
    total = 0
    seen: set[str] = set()
    for number in range(count):
        parts, length = [varied(chance.choice(headlines), chance, seen)], 0
        while length < words:
            parts.append(varied(chance.choice(bodies), chance, seen))
            length += len(parts[-1].split())
        date = f"2026-{1 + number % 12:02}-{1 + number % 28:02}"
        head = f"---\ndate: {date}\noutlet: Outlet {number % 7}\n---\n"
        (folder / f"{number:06}.md").write_text(head + "\n\n".join(parts) + "\n", encoding="utf-8")
        total += length
    return total


def varied(paragraph: str, chance: random.Random, seen: set[str]) -> str:
    """Return a paragraph with other numbers and places, so that none of its sentences is one that was written before.

    Args:
        paragraph: The paragraph.
        chance: What numbers and names come from.
        seen: The sentences that were written before.
    """
    found = []
    for sentence in filter(str.strip, _SENTENCE.findall(paragraph)):
        new = _varied(sentence, chance)
        while new in seen and new != sentence:  # a rule of a table has nothing to vary
            new = _varied(sentence, chance)
        seen.add(new)
        found.append(new)
    return "".join(found)


def _varied(sentence: str, chance: random.Random) -> str:
    numbered = re.sub(r"\d+", lambda match: str(chance.randint(1, 9)) + _digits(len(match[0]) - 1, chance), sentence)
    body = numbered.rstrip("\n \"\u201d\u2019'*|.!?:;")
    place = "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()
    return f"{body} near {place}{numbered[len(body) :]}" if re.search(r"\w", body) else numbered


def _digits(count: int, chance: random.Random) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def distinct_share(reading: Reading) -> float:
    """Return the share of distinct questions among all that a reading has the answers of."""
    documents = {document.id: document for document in reading.documents}
    asked = set()
    for each in reading.evidence:
        document = documents[each.document]
        sentence = document.sentences[each.sentence].span
        asked.add(key_of(question_of(document.text, sentence, each.source_span, each.target_span)))
    return len(asked) / len(reading.evidence)


def write_codebook(path: Path) -> Path:
    """Write the codebooks of all articles as one; a name of two entries stays with the first."""
    entries: dict[str, object] = {}
    taken: set[str] = set()
    for file in sorted(ARTICLES.glob("*.yaml")):
        for name, entry in yaml.safe_load(file.read_text(encoding="utf-8"))["codebook"].items():
            if name.lower() in taken:
                continue
            aliases = [alias for alias in entry.get("aliases", []) if str(alias).lower() not in taken]
            taken.update({name.lower(), *(str(alias).lower() for alias in aliases)})
            entries[name] = entry | {"aliases": aliases}
    path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
