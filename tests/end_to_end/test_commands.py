"""The whole way by the command line, on a toy corpus and an encoder of two small layers."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ACTORS = ("Norway", "Iran", "Kenya", "Somalia", "China")
VERBS = {"favor": ("welcomed", "backed"), "against": ("condemned", "rejected"), "neutral": ("discussed", "met")}
TARGETS = ("treaty", "ceasefire", "pact", "summit")

#: The user's own names for the stances, and the order in which the config lists them.
NAMES = {"favor": "FAVOR", "against": "0", "neutral": "6.0"}


def write_table(path: Path, names: dict[str, str]) -> Path:
    rows = []
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
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def words(encoder: Path, table: Path, names: dict[str, str]) -> list[str]:
    return [
        "data=table", f"data.path={table}", "data.name=toy",
        "data.columns.text=Tweet", "data.columns.source=Who", "data.columns.target=About", "data.columns.stance=Label",
        *(f"data.labels.{stance}=[{name}]" for stance, name in names.items()),
        "audit.leakage=keep",
        f"model.name_or_path={encoder}", "model.sha256=null", "model.name=tiny", "model.input.max_length=32",
    ]  # fmt: skip


TRAINING = ["training.learning_rate=1e-3", "training.batch_size=8", "training.precision=fp32"]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(folder: Path) -> Path:
    [path] = folder.iterdir()
    return path


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_run_then_evaluate_then_predict(
    workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_table(workplace / "mine.csv", NAMES)
    common = words(tiny_encoder, table, NAMES)
    few = "baselines.names=[majority,ngram_logreg]"
    assert main(["run", *common, *TRAINING, "training.epochs=15", few, "evaluation.bootstrap_resamples=100"]) == 0
    run = only(workplace / "outputs" / "run" / "toy-tiny")
    assert last_line(capsys) == f"checkpoint: {(run / 'checkpoint').relative_to(workplace)}"

    metrics = json.loads((run / "metrics.json").read_text())
    assert [system["name"] for system in metrics["systems"]] == ["tiny", "majority", "ngram_logreg"]
    scores = {system["name"]: system["tests"]["test"]["mean"]["macro_f1"] for system in metrics["systems"]}
    assert scores["tiny"] > scores["majority"]
    assert {path.name for path in run.iterdir()} >= {
        "checkpoint", "training.json", "metrics.json", "predictions", "report.html", "report.md", "manifest.json",
        "tensorboard", "run.log", ".hydra",
    }  # fmt: skip
    assert "stancelab run data=table" in (run / "report.html").read_text()

    # The scores can be recomputed from the predictions, by anyone.
    predictions = pd.read_parquet(next((run / "predictions").glob("tiny*.parquet")))
    accuracy = (predictions["stance"] == predictions["predicted"]).mean()
    system = metrics["systems"][0]["tests"]["test"]
    assert system["mean"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)

    # Evaluated again from its folder, the checkpoint scores the same, on the same prepared dataset.
    assert main(["evaluate", *common, f"checkpoint={run}", few, "evaluation.bootstrap_resamples=100"]) == 0
    capsys.readouterr()
    again = only(workplace / "outputs" / "evaluate" / "toy")
    assert json.loads((again / "metrics.json").read_text())["systems"][0]["tests"]["test"] == system
    assert [path.name for path in (workplace / "outputs" / "datasets").iterdir()] == ["toy"]

    # What others predicted stands beside it: their labels are in the corpus's own words.
    answers = predictions[["id"]].assign(label=predictions["stance"].map(NAMES))
    answers.to_csv(workplace / "answers.csv", index=False)
    foreign = ["predictions={llm: answers.csv}", "checkpoint=[]", "evaluation.bootstrap_resamples=100", "name=others"]
    assert main(["evaluate", *common, few, *foreign]) == 0
    capsys.readouterr()
    others = json.loads((only(workplace / "outputs" / "evaluate" / "others") / "metrics.json").read_text())
    assert [each["name"] for each in others["systems"]] == ["llm", "majority", "ngram_logreg"]
    assert others["systems"][0]["tests"]["test"]["mean"]["accuracy"] == 1
    beside = only(workplace / "outputs" / "evaluate" / "others")
    assert main(["compare", str(run), str(beside), "evaluation.bootstrap_resamples=100"]) == 0
    capsys.readouterr()
    compared = only(workplace / "outputs" / "compare" / "compare")
    together = json.loads((compared / "metrics.json").read_text())
    assert [each["name"] for each in together["systems"]] == ["tiny", "majority", "ngram_logreg", "llm"]
    assert (compared / "report.html").is_file()
    assert main(["evaluate", *common, few, *foreign, "evaluation.tests=[test_x]"]) == 2
    assert "evaluation.tests: found 'test_x', allowed test." in capsys.readouterr().err

    columns = ["predict.columns.text=Tweet", "predict.columns.source=Who", "predict.columns.target=About"]
    out = workplace / "out.csv"
    checkpoint = f"checkpoint={run / 'checkpoint'}"
    assert main(["predict", checkpoint, f"input={table}", f"output={out}", *columns]) == 0
    assert last_line(capsys) == f"predictions: {out}"
    frame = pd.read_csv(out)
    test = frame[frame["split"] == "test"].reset_index(drop=True)
    assert test["predicted"].tolist() == predictions["predicted"].tolist()


def test_doubts_are_corrected_and_fed_back(
    workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_table(workplace / "mine.csv", NAMES)
    frame = pd.read_csv(table, dtype=str)
    # One row is there again with another label.
    again = frame.iloc[[0]].assign(Label=NAMES["neutral"] if frame["Label"][0] != NAMES["neutral"] else NAMES["favor"])
    pd.concat([frame, again]).to_csv(table, index=False)
    common = words(tiny_encoder, table, NAMES)
    assert main(["inspect", *common]) == 0
    doubts = workplace / last_line(capsys).removeprefix("label issues: ")
    listed = pd.read_csv(doubts, dtype=str, keep_default_na=False)
    assert "another row of the same text" in listed["reasons"][0]
    listed.loc[1, "correction"] = "drop"
    listed.to_csv(doubts, index=False)
    assert main(["prepare", *common, f"data.corrections={doubts}"]) == 0
    manifest = json.loads((workplace / "outputs" / "datasets" / "toy" / "manifest.json").read_text())
    assert manifest["skipped"] == {"toy: dropped by a correction": 1}
    assert main(["inspect", *common, "inspect.system=svm"]) == 2
    assert "inspect.system: found 'svm', allowed majority," in capsys.readouterr().err


@pytest.mark.parametrize("order", list(itertools.permutations(["favor", "against", "neutral"])))
def test_labels_mean_the_same_in_whatever_order_the_corpus_names_them(
    workplace: Path, tiny_encoder: Path, order: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    # The file's names for the stances are permuted, and so is the order of the rows: what comes out must not be.
    names = dict(zip(order, ("0", "1", "2"), strict=True))
    table = write_table(workplace / "mine.csv", names)
    frame = pd.read_csv(table, dtype=str)
    frame.sort_values("Label", kind="stable").to_csv(table, index=False)
    common = words(tiny_encoder, table, {stance: names[stance] for stance in order})
    assert main(["train", *common, *TRAINING, "training.epochs=15"]) == 0
    checkpoint = only(workplace / "outputs" / "train" / "toy-tiny") / "checkpoint"
    columns = ["predict.columns.text=Tweet", "predict.columns.source=Who", "predict.columns.target=About"]
    assert main(["predict", f"checkpoint={checkpoint}", f"input={table}", "output=out.jsonl", *columns]) == 0
    capsys.readouterr()
    predicted = pd.read_json("out.jsonl", lines=True, dtype=str)
    meant = {name: stance for stance, name in names.items()}
    agreement = (predicted["Label"].map(meant) == predicted["predicted"]).mean()
    assert agreement > 0.9


def test_several_seeds_and_a_sweep_folder(
    workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = words(tiny_encoder, write_table(workplace / "mine.csv", NAMES), NAMES)
    assert main(["train", *common, *TRAINING, "training.epochs=1", "sweep=seeds", "seed=0,1"]) == 0
    sweep = only(workplace / "outputs" / "train" / "toy-tiny")
    assert main(["evaluate", *common, f"checkpoint={sweep}", "baselines.names=[majority]"]) == 0
    table = capsys.readouterr().out
    metrics = json.loads((only(workplace / "outputs" / "evaluate" / "toy") / "metrics.json").read_text())
    assert metrics["systems"][0]["seeds"] == [0, 1]
    assert "tiny" in table
    assert "±" in table


def test_runs_that_start_in_one_second_write_apart(
    workplace: Path, tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Stopped:
            return cls(2026, 1, 1)

    monkeypatch.setattr("hydra.core.utils.datetime", Stopped)
    common = words(tiny_encoder, write_table(workplace / "mine.csv", NAMES), NAMES)
    rivals = ["evaluate", *common, "checkpoint=[]", "baselines.names=[majority]", "evaluation.bootstrap_resamples=100"]
    assert main(rivals) == 0
    assert main(rivals) == 0
    assert main([*rivals, "split.seed=0,1", "-m"]) == 0
    folder = workplace / "outputs" / "evaluate" / "toy"
    second = "2026-01-01_00-00-00"
    assert sorted(path.name for path in folder.iterdir()) == [second, f"{second}-2", f"{second}-3"]
    assert all((folder / f"{second}{run}" / "report.html").is_file() for run in ("", "-2", "-3/0", "-3/1"))


def test_a_learning_curve_of_a_sweep(workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = words(tiny_encoder, write_table(workplace / "mine.csv", NAMES), NAMES)
    rivals = ["checkpoint=[]", "baselines.names=[majority,ngram_svm]", "evaluation.bootstrap_resamples=100"]
    # Settings may follow -m.
    assert main(["evaluate", *common, *rivals, "split.train_share=0.5,1.0", "-m", "split.sample_seed=0,1"]) == 0
    folder = workplace / "outputs" / "evaluate" / "toy"
    assert main(["curve", str(only(folder)), "evaluation.bootstrap_resamples=100"]) == 0
    assert "50% of train" in capsys.readouterr().out
    made = only(workplace / "outputs" / "curve" / "curve")
    assert (made / "report.html").is_file()
    assert (made / "50percent" / "report.html").is_file()
    systems = json.loads((made / "100percent" / "metrics.json").read_text())["systems"]
    assert {system["name"] for system in systems} == {"majority", "ngram_svm"}
    assert main(["curve", str(folder), "evaluation.tests=[nowhere]"]) == 2
    assert "allowed test" in capsys.readouterr().err
    assert main(["curve", str(folder), str(only(folder) / "0")]) == 2
    assert "is given twice, by itself or with the folder that holds it" in capsys.readouterr().err


def test_two_corpora_are_trained_together_and_evaluated_apart(
    workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configs = workplace / "my_configs" / "data"
    configs.mkdir(parents=True)
    for name in ("one", "two"):
        table = write_table(workplace / f"{name}.csv", NAMES)
        (configs / f"{name}.yaml").write_text(
            f"name: {name}\npath: {table}\n"
            "columns: {text: Tweet, source: Who, target: About, stance: Label}\n"
            "labels: {favor: [FAVOR], against: ['0'], neutral: ['6']}\n"
        )
    assert (
        main(
            [
                "run", "--config-dir", str(configs.parent), "data=[one,two]", "audit.leakage=keep",
                f"model.name_or_path={tiny_encoder}", "model.sha256=null", "model.name=tiny",
                "model.input.max_length=32", "training.epochs=1", "training.precision=fp32",
                "baselines.names=[majority]", "evaluation.bootstrap_resamples=100",
            ]
        )
        == 0
    )  # fmt: skip
    capsys.readouterr()
    metrics = json.loads((only(workplace / "outputs" / "run" / "one-two-tiny") / "metrics.json").read_text())
    assert list(metrics["tests"]) == ["test_one", "test_two"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["trian"], "no command 'trian'; the commands are run, prepare, train, evaluate, compare, pool, curve, "
         "inspect, predict. Did you mean 'train'?"),
        (["train", "training.learnin_rate=1"], "unknown setting 'training.learnin_rate'. Did you mean "
         "'training.learning_rate'?"),
        (["train", "training.learning_rate=abc"], "training.learning_rate: Value 'abc' of type 'str' could not be "
         "converted to Float"),
        (["train", "training.learning_rate=30"], "training.learning_rate: found 30.0, allowed is above 0, at most 1"),
        (["train", "data=newsmts"], "data=newsmts: no such config; there are diplomacy, mpqa, newsmtsc, newsmtsc_mpqa, "
         "newsmtsc_mpqa_diplomacy, semeval2016, several, table. Did you mean 'newsmtsc'?"),
        (["train", "modle=mpnet"], "unknown setting 'modle'. Did you mean 'model'?"),
        (["train", "+foo=1"], "unknown setting 'foo'."),
        (["train", "data=[newsmtsc]"], "name two or more different corpora"),
        (["train", "data=table", "data.path=nothing.csv"], "nothing.csv: no such file."),
        (["evaluate"], "not given: checkpoint"),
        (["evaluate", "checkpoint=nothing"], "nothing: no such folder; expected a checkpoint"),
        (["predict", "checkpoint=nothing", "input=a.csv", "output=b.csv"], "a.csv: no such file"),
        (["train", "data=[a"], "data=[a: no such config; there are"),
    ],
)  # fmt: skip
def test_mistakes_are_explained_with_exit_code_2(
    workplace: Path, capsys: pytest.CaptureFixture[str], given: list[str], message: str
) -> None:
    assert main(given) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    runs = [path for path in workplace.rglob("*") if path.is_file() and "datasets" not in path.parts]
    assert runs == [], "a command that fails before any work leaves nothing"


def test_a_path_that_cannot_be_written_is_explained(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "file").write_text("")
    assert main(["prepare", "output_root=file"]) == 2
    error = capsys.readouterr().err
    assert "check the path, its permissions and the space left" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("command", ["run", "prepare", "train", "evaluate", "predict"])
def test_help_shows_groups_and_keys(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"stancelab {command}: ")
    assert "Keys, with their values:" in shown
    assert f"  stancelab {command} " in shown


def test_a_mistake_is_found_before_the_corpus_is_prepared(
    workplace: Path, tiny_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = words(tiny_encoder, write_table(workplace / "mine.csv", NAMES), NAMES)
    assert main(["evaluate", *common, "checkpoint=nothing"]) == 2
    assert main(["train", *common, "model.input.max_length=5000"]) == 2
    assert "allowed are at most" in capsys.readouterr().err
    assert main(["prepare", *common, "data.columns.text=Twet"]) == 2
    assert [path.name for path in workplace.iterdir()] == ["mine.csv"]


def test_tables_without_a_name_have_folders_of_their_own(workplace: Path, tiny_encoder: Path) -> None:
    for name in ("mine.csv", "größe (2).csv"):
        table = write_table(workplace / name, NAMES)
        common = [word for word in words(tiny_encoder, table, NAMES) if word != "data.name=toy"]
        assert main(["prepare", *common]) == 0
    folders = {path.name for path in (workplace / "outputs" / "datasets").iterdir()}
    assert folders == {"table-mine", "table-gr-e-2"}


def test_rows_that_were_left_out_are_told(
    workplace: Path, tiny_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = write_table(workplace / "mine.csv", NAMES)
    table.write_text(table.read_text() + "A row without a label,Norway,it,,train\n")
    assert main(["prepare", *words(tiny_encoder, table, NAMES), "data.on_bad_rows=drop"]) == 0
    log = next((workplace / "outputs" / "prepare").rglob("run.log")).read_text()
    assert "1 rows were left out; they are listed with reasons in outputs/datasets/toy/rejected.csv" in log


def test_configs_of_ones_own_are_listed_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text("# @package _global_\nname: from_my_folder\n")
    assert main(["train", "--config-dir", str(tmp_path), "experiment=mine", "--help"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"experiment=   .*\bmine, mpqa", shown)
    assert "name=from_my_folder" in shown
    assert main(["train", f"--config-dir={tmp_path}", "experiment=minee"]) == 2
    assert "Did you mean 'mine'?" in capsys.readouterr().err
    assert main(["train", "--config-dir", str(tmp_path / "nowhere")]) == 2
    assert "nowhere is no folder" in capsys.readouterr().err


def test_prediction_checks_the_table_before_it_loads_the_model(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "checkpoint=nowhere", "input=größe.csv", "output=out.csv"]) == 2
    assert "größe.csv: no such file" in capsys.readouterr().err
    table = write_table(workplace / "mine.csv", NAMES)
    assert main(["predict", "checkpoint=nowhere", f"input={table}", "output=out.xlsx"]) == 2
    assert "out.xlsx: the name ends in '.xlsx'" in capsys.readouterr().err
    columns = ["predict.columns.text=Tweet", "predict.columns.target=About"]
    assert main(["predict", "checkpoint=nowhere", f"input={table}", "output=out.csv", *columns]) == 2
    assert "nowhere: no such folder" in capsys.readouterr().err


def test_overview_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "Usage: stancelab COMMAND" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "stancelab 0.1.0\n"
