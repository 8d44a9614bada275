"""Fixtures of several test folders: a fake system, a toy corpus, a tiny encoder, a checkpoint of it, a browser."""

from __future__ import annotations

import csv
import itertools
import json
import logging
import os
import select
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.schema import STANCE_ID, Example, System

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    import numpy as np

    from stancelab.data.prepared import PreparedDataset

# One thread: the suite runs in parallel processes, and sums in one order are the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# No test may reach the network; a hub name must fail at once.
os.environ["HF_HUB_OFFLINE"] = "1"

BENCHMARK_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

#: Seconds for which the browser may say nothing where an answer or a page is waited for.
PATIENCE = 120

#: The browser of tests that look at pages.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

WORDS = (  # noqa: SIM905 - a list of words reads better as text
    "norway iran kenya somalia china the a an ceasefire treaty sanctions pact ministry minister report talks on "
    "welcomed condemned rejected backed praised opposed met discussed held called for against and but did not ; , . : "
    "hailed urged envoy deal plan vote border summit [ ] ( ) t / s source target author news"
).split()


ACTORS = ("Norway", "Iran", "Kenya", "Somalia", "China")
VERBS = {"favor": ("welcomed", "backed"), "against": ("condemned", "rejected"), "neutral": ("discussed", "met")}
TARGETS = ("treaty", "ceasefire", "pact", "summit")
#: The user's own names for the stances, and the order in which the config lists them.
NAMES = {"favor": "FAVOR", "against": "0", "neutral": "6.0"}


@dataclass
class FakeSystem(System):
    """Predicts about the given share of rows rightly; the same name, seed and rows give the same answers.

    Attributes:
        name: Its name.
        seed: Its seed.
        accuracy: Share of rows predicted rightly.
        confidence: The confidence of every prediction; None for random ones from 0.5 to 0.99.
        is_baseline: Whether it is a baseline.
        always: The stance of every prediction, in place of `accuracy`.
        answer: What it returns, whatever the rows, in place of all else.
    """

    name: str
    seed: int | None = None
    accuracy: float = 0.8
    confidence: float | None = 0.7
    is_baseline: bool = False
    always: str | None = None
    answer: object = None

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        import numpy as np  # after the environment is set

        if self.answer is not None:
            return self.answer  # type: ignore[return-value]
        random = np.random.default_rng([*self.name.encode(), self.seed or 0])
        gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
        right = random.random(len(gold)) < self.accuracy
        predicted = np.where(right, gold, (gold + random.integers(1, 3, len(gold))) % 3)
        if self.always is not None:
            predicted = np.full_like(gold, STANCE_ID[self.always])
        confidence = random.uniform(0.5, 0.99, len(gold))
        if self.confidence is not None:
            confidence = np.full(len(gold), self.confidence)
        probabilities = np.repeat((1 - confidence)[:, None] / 2, 3, axis=1)
        probabilities[np.arange(len(gold)), predicted] = confidence
        return probabilities


@dataclass(frozen=True)
class Toy:
    """How the toy corpus is given on the command line.

    Attributes:
        encoder: The encoder of two small layers.
    """

    encoder: Path
    names = NAMES
    training = ("training.learning_rate=1e-3", "training.batch_size=8", "training.precision=fp32")
    columns = ("predict.columns.text=Tweet", "predict.columns.source=Who", "predict.columns.target=About")

    def write_table(self, path: Path, names: dict[str, str] = NAMES) -> Path:
        """Write the corpus with the user's names for the stances."""
        rows: list[dict[str, str]] = []
        verbs = [(stance, verb) for stance, words in VERBS.items() for verb in words]
        for actor, (stance, verb), target in itertools.product(ACTORS, verbs, TARGETS):
            rows.append(
                {
                    "Tweet": f"{actor} {verb} the {target} .",
                    "Who": actor,
                    "About": f"the {target}",
                    "Label": names[stance],
                    "split": ("train", "train", "train", "validation", "test")[len(rows) % 5],
                }
            )
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def data(self, table: Path, names: dict[str, str] = NAMES) -> list[str]:
        """Return the words that name the corpus and the encoder."""
        return [
            "data=table", f"data.path={table}", "data.name=toy",
            "data.columns.text=Tweet", "data.columns.source=Who", "data.columns.target=About",
            "data.columns.stance=Label", *(f"data.labels.{stance}=[{name}]" for stance, name in names.items()),
            "audit.leakage=keep", *self.model,
        ]  # fmt: skip

    @property
    def model(self) -> list[str]:
        """The words that name the encoder."""
        path = f"model.name_or_path={self.encoder}"
        return [path, "model.sha256=null", "model.name=tiny", "model.input.max_length=32"]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, Any, Any]:
    """Begin a test, and the fixtures that it is the first to ask for, as if none had run before in this process.

    Its random numbers are the same, and what a command leaves in a process that is about to end is taken back:
    variables of the environment, level and handlers of the root logger, warnings that go to the log.
    """
    import numpy as np  # after the environment is set

    np.random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
    root, environment = logging.getLogger(), dict(os.environ)
    level, handlers = root.level, [*root.handlers]
    try:
        return (yield)
    finally:
        for handler in [each for each in root.handlers if each not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
        os.environ.update(environment)


@pytest.fixture(scope="session")
def fake_system() -> type[FakeSystem]:
    return FakeSystem


@pytest.fixture
def benchmark_data() -> Path:
    if not BENCHMARK_DATA.is_dir():
        pytest.skip("no benchmark data beside the clone (../shared/data)")
    return BENCHMARK_DATA


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two small layers with random weights, saved as any encoder is."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *WORDS,
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ]
    ids = {token: index for index, token in enumerate(dict.fromkeys(vocabulary))}
    backend = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=64,
    )
    torch.manual_seed(0)
    model = BertModel(
        BertConfig(
            vocab_size=len(ids),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
        )
    )
    folder = tmp_path_factory.mktemp("tiny_encoder")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def family_tokenizer() -> Callable[[str], Any]:
    """A function that returns a small tokenizer of a family of encoders, by transformers' own class."""
    import transformers
    from tokenizers import pre_tokenizers

    words = [*dict.fromkeys(WORDS), *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
    letters = [*"abcdefghijklmnopqrstuvwxyz.,:;[]()/|ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
    pieces = [*(f"\u2581{word}" for word in dict.fromkeys(WORDS)), "\u2581", *letters]

    def numbered(*tokens: str) -> dict[str, int]:
        return {token: number for number, token in enumerate(dict.fromkeys(tokens))}

    def tokenizer_of(family: str) -> Any:
        if family == "DebertaV2":
            special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
            scores = [(piece, 0.0 if piece in special else -float(len(special))) for piece in [*special, *pieces]]
            return transformers.DebertaV2Tokenizer(vocab=scores)
        if family == "Roberta":
            special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
            return transformers.RobertaTokenizer(
                vocab=numbered(*special, *sorted(pre_tokenizers.ByteLevel.alphabet())), merges=[]
            )
        if family == "MPNet":
            return transformers.MPNetTokenizer(vocab=numbered("<s>", "<pad>", "</s>", "[UNK]", "<mask>", *words))
        return transformers.BertTokenizer(vocab=numbered("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words))

    return tokenizer_of


@pytest.fixture(scope="session")
def family_checkpoint(family_tokenizer: Callable[[str], Any]) -> Callable[[str, str, Path], Path]:
    """A function that saves a checkpoint of a small random encoder of a family, with one of the heads, in a folder."""
    import torch
    import transformers

    from stancelab.checkpoint import CheckpointInfo, TrainingData, save_checkpoint
    from stancelab.encoding import InputSettings, make_builder
    from stancelab.heads.pair import PairClassifier

    def save(family: str, head: str, folder: Path) -> Path:
        info = CheckpointInfo(
            name="tiny",
            head=head,
            input=InputSettings(max_length=32, mark=["target", "source"]),
            temperature=0.2,
            dataset=TrainingData(name="toy", fingerprint="f"),
        )
        tokenizer = family_tokenizer(family)
        make_builder(head, tokenizer, info.input)
        sizes: dict[str, Any] = {
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 64,
        }
        if family == "DebertaV2":  # as version 3 of DeBERTa is
            sizes |= {"relative_attention": True, "position_buckets": 8, "share_att_key": True}
            sizes |= {"pos_att_type": ["p2c", "c2p"], "norm_rel_ebd": "layer_norm", "type_vocab_size": 0}
        config = getattr(transformers, f"{family}Config")(
            **sizes,
            vocab_size=len(tokenizer),
            max_position_embeddings=80,
            pad_token_id=tokenizer.pad_token_id,
            num_labels=3,
            initializer_range=0.5,
        )
        torch.manual_seed(0)
        model: Any
        if head == "pair":
            getattr(transformers, f"{family}Model")(config).save_pretrained(folder)
            model = PairClassifier.from_encoder(folder)
        else:
            model = getattr(transformers, f"{family}ForSequenceClassification")(config)
        save_checkpoint(folder, model, tokenizer, info, "# tiny\n")
        return folder

    return save


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCELAB_CONFIG_DIR", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def toy(tiny_encoder: Path) -> Toy:
    return Toy(tiny_encoder)


@pytest.fixture(scope="session")
def checkpoint(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of the tiny encoder that nobody trained."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from stancelab.checkpoint import CheckpointInfo, save_checkpoint
    from stancelab.encoding import InputBuilder, InputSettings

    thresholds = {"accuracy_80": 0.3, "accuracy_90": 0.999, "accuracy_95": None, "guaranteed_95": None}
    info = CheckpointInfo(name="tiny", input=InputSettings(max_length=32), temperature=2.0, thresholds=thresholds)
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    torch.manual_seed(0)
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    InputBuilder(tokenizer, info.input)
    model.resize_token_embeddings(len(tokenizer))
    folder = tmp_path_factory.mktemp("checkpoint")
    save_checkpoint(folder, model, tokenizer, info, "card")
    return folder


@pytest.fixture
def checkpoint_copy(checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(checkpoint, tmp_path / "checkpoint")


@pytest.fixture(scope="session")
def export_dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    """Sentences with one or two rows, in train, validation and test."""
    from stancelab.data.build import build
    from stancelab.data.column_settings import ColumnSettings
    from stancelab.data.prepared import load_prepared
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import AuditSettings, SplitSettings

    folder = tmp_path_factory.mktemp("export_dataset")
    verbs = {"favor": "welcomed", "against": "condemned", "neutral": "discussed"}
    rows = []
    for number, actor in enumerate(("Norway", "Iran", "Kenya", "Somalia")):
        for place, (stance, verb) in enumerate(verbs.items()):
            text = f"{actor} {verb} the treaty and the pact ." + " China met Iran for talks ." * ((number + place) % 4)
            split = ("validation", "train", "test", "validation")[number]
            rows += [(text, actor, "the treaty", stance, split), (text, "", "China", stance, split)]
    with (folder / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "source", "target", "stance", "split"])
        writer.writerows(rows)
    corpus = CorpusSettings(name="toy", path=str(folder / "rows.csv"), columns=ColumnSettings(split="split"))
    build([corpus], SplitSettings(kind="given"), AuditSettings(leakage="keep"), folder / "prepared")
    return load_prepared(folder / "prepared")


@pytest.fixture(scope="session")
def exported(
    family_checkpoint: Callable[[str, str, Path], Path],
    export_dataset: PreparedDataset,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], Path]:
    """A function that returns the exported checkpoint of a family and a head, which no test may change."""
    from stancelab.export.settings import ExportSettings
    from stancelab.export.write import export_checkpoint

    made: dict[tuple[str, str], Path] = {}

    def export(family: str, head: str) -> Path:
        if (family, head) not in made:
            folder = family_checkpoint(family, head, tmp_path_factory.mktemp(f"{family}_{head}"))
            export_checkpoint(folder, ExportSettings(rows=str(export_dataset.folder), force=True))
            made[family, head] = folder
        return made[family, head]

    return export


@dataclass
class Browser:
    """Chromium over its DevTools pipe, which needs no package and works whatever the page's policy is."""

    process: subprocess.Popen[bytes]
    to: int
    back: int
    session: str = ""

    def __post_init__(self) -> None:
        self.numbers = itertools.count(1)
        self.rest = b""
        self.told: list[str] = []
        #: What loaded the pages that are loaded since the last one that was waited for.
        self.loaded: list[str] = []
        #: The frame of the page itself has the id of its target.
        self.frame: str = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=self.frame, flatten=True)["sessionId"]
        for name in ("Page", "Runtime", "Log"):
            self.ask(f"{name}.enable")
        self.ask("Page.setLifecycleEventsEnabled", enabled=True)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result; what the page says on its console meanwhile is kept in `told`."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self._keep(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            assert select.select([self.back], [], [], PATIENCE)[0], f"Chromium has said nothing for {PATIENCE} seconds"
            found = os.read(self.back, 1 << 20)
            assert found, "Chromium has ended"
            self.rest += found
        line, _, self.rest = self.rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _keep(self, event: dict[str, Any]) -> None:
        if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.told.append(json.dumps(event["params"]))
        about = event.get("params", {})
        if event.get("method") == "Page.lifecycleEvent" and (about["name"], about["frameId"]) == ("load", self.frame):
            self.loaded.append(about["loaderId"])

    def open(self, page: Path | str, *, width: int = 1200, height: int = 1600, scripts: bool = True) -> None:
        """Open a file or an address in a window of some size."""
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.told.clear()
        begun = self.ask("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        assert "errorText" not in begun, begun
        while begun["loaderId"] not in self.loaded:
            self._keep(self._receive())
        self.loaded.clear()

    def wait(self) -> None:
        """Wait until the page is loaded that a click leads to; it may have been while the click was answered."""
        while not self.loaded:
            self._keep(self._receive())
        self.loaded.clear()

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press and release a key."""
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium; the tests that use it skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    ours_read, theirs_write = os.pipe()
    theirs_read, ours_write = os.pipe()
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-pipe",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ]
    # Chromium reads commands from descriptor 3 and answers on 4.
    shell = ["bash", "-c", f'exec "$@" 3<&{theirs_read} 4>&{theirs_write}', "bash", *command]
    with subprocess.Popen(shell, pass_fds=(theirs_read, theirs_write), stderr=subprocess.DEVNULL) as process:
        os.close(theirs_read)
        os.close(theirs_write)
        try:
            yield Browser(process, ours_write, ours_read)
        finally:
            process.terminate()
            os.close(ours_write)
            os.close(ours_read)
