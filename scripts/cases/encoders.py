"""Encoders of unusual kinds, and damaged ones: each works, or is refused before any work."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import torch
from transformers import AutoTokenizer, BertweetTokenizer, RobertaConfig, RobertaModel

from cases.bench import BASE, Bench, Case, Finding, lines_of, together
from stancelab.encoding import InputSettings, make_builder
from stancelab.encoding.builders import HEADS
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from pathlib import Path

    from cases.bench import Outcome

SEQUENCE = "model.head=sequence"
#: What a download that was interrupted has left of the weights.
CUT = 20_000


def no_padding_token(bench: Bench) -> Finding:
    """An encoder without a padding token is trained, or refused before the training."""
    outcome = bench.run(BASE, encoder="gpt2")
    return outcome.refused("gpt2") if outcome.code else outcome.trained()


def last_positions(bench: Bench) -> Finding:
    """The length of the input is at most the positions that RoBERTa has for tokens."""
    config = json.loads((bench.encoders / "roberta/config.json").read_text(encoding="utf-8"))
    positions = config["max_position_embeddings"]
    usable = positions - config["pad_token_id"] - 1
    outcome = bench.run("18-roberta-514/long.csv", f"model.input.max_length={positions}", encoder="roberta")
    return outcome.refused("model.input.max_length", f"{usable} positions")


def other_head(bench: Bench) -> Finding:
    """An encoder that was saved with a head of another size is trained with a new head."""
    return together(
        [bench.run(BASE, words, encoder=name).trained() for name in ("head2", "head5") for words in ("", SEQUENCE)],
        "both trained with both heads",
    )


def other_head_of_the_hub(bench: Bench) -> Finding:
    """So is one that lies in the cache of the hub."""
    home = _hub(bench, "head2")
    return together(
        [_run_of_hub(bench, home, "acme/head2", words).trained() for words in ("", SEQUENCE)], "trained with both heads"
    )


def cut_download(bench: Bench) -> Finding:
    """Weights in the cache of the hub that are cut off are refused before any work, in one line."""
    home = _hub(bench, "tiny", cut=True)
    outcome = _run_of_hub(bench, home, "acme/tiny", "")
    refused = outcome.refused("acme/tiny", "damaged")
    return Finding(refused.found, refused.right and not list(outcome.folder.glob("outputs/datasets/*")))


def slow_tokenizer(bench: Bench) -> Finding:
    """A tokenizer that does not tell the places of its tokens is read by the sequence head, and refused by the other.

    Targets of more tokens than half of the input are cut, in training as in prediction.
    """
    _make_slow_encoder(bench, bench.encoders / "slow")
    table, words = "20-slow-tokenizer/long_target.csv", "model.input.max_length=64"
    pair = bench.run(table, words, encoder="slow")
    findings = [pair.refused("fast tokenizer") if pair.code else pair.trained()]
    sequence = bench.run(table, f"{words} {SEQUENCE}", encoder="slow")
    findings.append(sequence.trained())
    if sequence.code == 0:
        [checkpoint] = sequence.folder.glob("outputs/run/*/*/checkpoint")
        asked = bench.quoted("20-slow-tokenizer/predict.csv")
        outcome = bench.command(f"predict checkpoint={checkpoint} input={asked} output=o.csv")
        rows = len(lines_of(outcome.folder / "o.csv")) if outcome.code == 0 else 0
        wanted = len(lines_of(bench.inputs / "20-slow-tokenizer/predict.csv"))
        findings.append(Finding(f"{rows} of {wanted} rows predicted: {outcome.reason()}", rows == wanted))
    return together(findings, f"pair head: {findings[0].found}; sequence head: trained, and predicts")


def other_labels(bench: Bench) -> Finding:
    """A head of three other labels is not taken for that of the stances."""
    outcome = bench.run(BASE, SEQUENCE, encoder="head3")
    if outcome.code:
        return outcome.trained()
    [config] = outcome.folder.glob("outputs/run/*/*/checkpoint/config.json")
    labels = list(json.loads(config.read_text(encoding="utf-8"))["id2label"].values())
    told = outcome.says("its head answers positive, negative, neutral; a new one takes its place")
    return Finding(f"labels {', '.join(labels)}; a new head, and said: {told}", labels == list(STANCES) and told)


def glued_segments(bench: Bench) -> Finding:
    """Text and second segment are apart for a tokenizer without a separator."""
    tokenizer = AutoTokenizer.from_pretrained(bench.encoders / "gpt2")
    example = Example(id="1", text="Kenya hailed it without delay", target="the maritime pact", source="Kenya")
    glued = []
    for head in HEADS:
        builder = make_builder(head, tokenizer, InputSettings())
        [encoded] = builder.encode_whole([example])
        words = str(builder.tokenizer.decode(encoded.inputs["input_ids"]))
        if "delayKenya" in words or "delaythe" in words:
            glued.append(words)
    return Finding("; ".join(glued) or "segments are apart", not glued)


def _hub(bench: Bench, name: str, *, cut: bool = False) -> Path:
    """Return a home of the hub whose cache holds an encoder, as a download leaves it: links to files of their hash."""
    home = bench.folder()
    model = home / "hub" / f"models--acme--{name}"
    revision = "0" * 40
    (model / "refs").mkdir(parents=True)
    (model / "refs/main").write_text(revision, encoding="utf-8")
    (model / "blobs").mkdir()
    (model / "snapshots" / revision).mkdir(parents=True)
    for number, path in enumerate(sorted((bench.encoders / name).iterdir())):
        blob = model / "blobs" / f"{number:064}"
        shutil.copy(path, blob)
        if cut and path.name == "model.safetensors":
            blob.write_bytes(blob.read_bytes()[:CUT])
        (model / "snapshots" / revision / path.name).symlink_to(blob)
    return home


def _run_of_hub(bench: Bench, home: Path, name: str, words: str) -> Outcome:
    settings = bench.short_run(BASE, words, f"model.name_or_path={name} model.sha256=null model.name=hub")
    return bench.process(settings, HF_HOME=str(home), HF_HUB_CACHE=str(home / "hub"), HF_HUB_OFFLINE="1")


def _make_slow_encoder(bench: Bench, folder: Path) -> None:
    """Write an encoder whose tokenizer is pure Python: BERTweet's, with single letters for tokens."""
    if folder.is_dir():
        return
    folder.mkdir()
    table = lines_of(bench.inputs / "20-slow-tokenizer/long_target.csv")
    letters = sorted({letter for text in table["text"] for letter in text} - {" "})
    vocabulary = [token for letter in letters for token in (letter, f"{letter}@@")]
    (folder / "vocab.txt").write_text("".join(f"{token} 1\n" for token in vocabulary), encoding="utf-8")
    (folder / "bpe.codes").write_text("#version: 0.2\nt h 1\n", encoding="utf-8")
    tokenizer = BertweetTokenizer(str(folder / "vocab.txt"), str(folder / "bpe.codes"))
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=130, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    RobertaModel(config).save_pretrained(folder)


CASES = (
    Case("17", "no padding token", no_padding_token),
    Case("18", "RoBERTa's positions", last_positions),
    Case("19", "encoder with a head of another size", other_head),
    Case("19", "such a head from the hub", other_head_of_the_hub),
    Case("20", "slow tokenizer", slow_tokenizer),
    Case("21", "cut weights from the hub", cut_download),
    Case("40", "no separator token", glued_segments),
    Case("43", "head of three other labels", other_labels),
)
