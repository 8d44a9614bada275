"""Small tables, and the settings to prepare them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from stancelab.data.build import build
from stancelab.data.column_settings import LabelSettings
from stancelab.data.corpora import read_corpus
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.schema import Example

CONFIGS = Path(__file__).resolve().parents[2] / "configs" / "data"
STANCES = ("against", "neutral", "favor")
NAMES = (
    *("Norway", "Iran", "Kenya", "Somalia", "Japan", "Peru", "Chad", "Oman"),
    *("Fiji", "Malta", "Cuba", "Laos", "Togo", "Mali", "Nepal"),
)
VERBS = ("welcomed", "rejected", "discussed", "praised", "condemned", "noted", "backed", "opposed", "mentioned")
THINGS = (
    *("the fishing pact", "the border treaty", "new sanctions"),
    *("a ceasefire offer", "the grain deal", "the visa plan"),
)


@pytest.fixture
def rows() -> list[dict[str, str]]:
    """A hundred different sentences in 20 documents, of all stances, about six targets."""
    made = []
    for i in range(100):
        source, verb, target = NAMES[i % 15], VERBS[i % 9], THINGS[(i // 3) % 6]
        made.append(
            {
                "text": f"On day {i * 37 % 101} of the {NAMES[(i * 7 + i // 15) % 15]} round {source} {verb} {target}.",
                "source": source,
                "target": target,
                "stance": STANCES[i % 3],
                "document": f"report-{i // 5}",
            }
        )
    return made


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write dictionaries as a CSV file."""

    def write(rows: Sequence[dict[str, str]], name: str = "mine.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def prepared_from(tmp_path: Path, write_csv: Callable[..., Path]) -> Callable[..., Path]:
    """Prepare a table made of dictionaries."""

    def run(rows: Sequence[dict[str, str]], kind: str = "random", **settings: Any) -> Path:
        split = SplitSettings(kind=kind, **settings.pop("split", {}))
        # The hundred sentences differ in few words: at the default they are near duplicates of one another.
        audit = AuditSettings(**{"near_duplicates": 0.8, "ngram": 5, **settings.pop("audit", {})})
        name = settings.pop("output", "out")
        corpus = CorpusSettings(path=str(write_csv(rows)), **settings)
        return build([corpus], split, audit, tmp_path / name)

    return run


@pytest.fixture
def newsmtsc_folder(tmp_path: Path) -> Path:
    """NewsMTSC in miniature: a few sentences in each of its files."""
    folder = tmp_path / "newsmtsc"
    folder.mkdir()
    number = 0
    for name in ("train", "rw-dev", "mt-dev", "rw-test", "mt-test"):
        lines = []
        for _ in range(9 if name == "train" else 3):
            number += 1
            people = NAMES[number % 15], NAMES[(number + 4) % 15]
            text = f"{people[0]} {VERBS[number % 9]} what {people[1]} had proposed in paragraph {number * 13 % 97}."
            gid = f"allsides_{1000 + number // 2}_401_{number}_{people[0]}_0_{len(people[0])}"
            targets = [
                {
                    "Input.gid": gid.replace(people[0], person),
                    "from": text.index(person),
                    "to": text.index(person) + len(person),
                    "mention": person,
                    "polarity": (2.0, 4.0, 6.0)[(number + shift) % 3],
                }
                for shift, person in enumerate(people)
            ]
            lines.append(json.dumps({"primary_gid": gid, "sentence_normalized": text, "targets": targets}))
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def newsmtsc_settings() -> dict[str, Any]:
    labels = LabelSettings(against=["2", "-1"], neutral=["4", "0"], favor=["6", "1"])
    return {"name": "newsmtsc", "reader": "newsmtsc", "labels": labels}


@pytest.fixture
def mpqa_folder(tmp_path: Path) -> Path:
    """MPQA in miniature, with every oddity that it has."""
    folder = tmp_path / "mpqa"
    folder.mkdir()

    def opinion(text: str, source: str, target: str, polarity: str | None) -> dict[str, Any]:
        def part(words: str) -> list[list[str]]:
            return [[words], [f"{text.index(words)}:{text.index(words) + len(words)}"]] if words else [[], []]

        return {"Source": part(source), "Target": part(target), "Polarity": polarity, "Intensity": "Strong"}

    for split, places in (("train", NAMES[:6]), ("dev", NAMES[6:9]), ("test", NAMES[9:12])):
        sentences = []
        for i, place in enumerate(places):
            text = f"Officials in {place} said that the summit on water number {i * 31 + len(place)} went well ."
            polarity = ("Positive", "negative", "Neutral")[i % 3]
            opinions = [opinion(text, "Officials", "the summit", polarity)]
            if split == "train" and i == 0:
                opinions += [
                    opinions[0],
                    opinion(text, "", "water", "both"),
                    opinion(text, "Officials", "", "positive"),
                ]
                opinions += [opinion(text, "", place, None), opinion(text, "", "well", "positive")]
                opinions += [opinion(text, "", "well", "negative")]
                split_target = {"Source": [[], []], "Target": [["Officials", "water"], ["0:9", "50:55"]]}
                opinions.append({**split_target, "Polarity": "neutral", "Intensity": "Low"})
            sentences.append({"sent_id": f"20020510/{split}-{i}-0", "text": text, "opinions": opinions})
        (folder / f"{split}.json").write_text(json.dumps(sentences), encoding="utf-8")
    return folder


@pytest.fixture
def settings_of() -> Callable[..., CorpusSettings]:
    """Return the settings of a corpus that has a config, with changes."""

    def make(name: str, **changes: Any) -> CorpusSettings:
        values = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")) | changes
        if "labels" in values:
            values["labels"] = LabelSettings(**values["labels"])
        return CorpusSettings(**values)

    return make


@pytest.fixture
def read() -> Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]:
    """Read a corpus: its examples, its problems, and what was skipped."""

    def run(settings: CorpusSettings) -> tuple[list[Example], list[str], Counter[str]]:
        batches = list(read_corpus(settings))
        skipped: Counter[str] = Counter()
        for batch in batches:
            skipped.update(batch.skipped)
        problems = [str(problem) for batch in batches for problem in batch.problems]
        return [example for batch in batches for _, example in batch.rows], problems, skipped

    return run
