"""`stancelab push`: a checkpoint -> a repository on the Hugging Face hub."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from omegaconf import MISSING

from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.hub_card import CardSettings, base_model_of, write_hub_folder
from stancelab.cli.steps import say
from stancelab.errors import ConfigError, StancelabError, shorten
from stancelab.files import size_text, write_manifest
from stancelab.outputs.runs import size_of

if TYPE_CHECKING:
    from stancelab.checkpoint import CheckpointInfo

_LICENSE: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}|multilingual")
#: What is uploaded lies here in the run's folder.
_FOLDER: Final = "hub"


@dataclass
class PushSettings:
    """What the card says besides, and whether anything is uploaded (group `push`).

    Attributes:
        license: The licence of the weights as the hub names it, such as apache-2.0 or cc-by-nc-4.0; one that the terms
            of the encoder and of the training data allow.
        language: Languages of the texts, by their ISO 639 codes.
        base_model: The encoder's name on the hub; null takes what the checkpoint says.
        private: Whether a repository that is made can be seen by its owner alone.
        dry_run: Write the folder and upload nothing.
        training_texts: Whether the hashes of the training texts go with it, by which an evaluation finds test rows that
            the model was trained on; who has a text can tell by them whether it was among these.
        message: The message of the commit.
    """

    license: str | None = None
    language: list[str] = field(default_factory=list)
    base_model: str | None = None
    private: bool = True
    dry_run: bool = False
    training_texts: bool = True
    message: str = "Upload a stance classifier"

    def problems(self) -> list[str]:
        """Return what cannot be used, one line each."""
        lines = []
        if self.license is None or not _LICENSE.fullmatch(self.license):
            lines.append(
                f"license: found {self.license!r}, allowed is a licence as the hub names it, such as apache-2.0, "
                "cc-by-4.0, cc-by-nc-4.0 or other; nobody else can choose it"
            )
        wrong = [each for each in self.language if not _LANGUAGE.fullmatch(each)]
        if not self.language or wrong:
            lines.append(f"language: found {wrong or self.language}, allowed are ISO 639 codes, as in [en] or [en,de]")
        return lines


@dataclass
class PushConfig(CommandConfig):
    """Upload a checkpoint to the Hugging Face hub, with a card: stancelab push checkpoint=RUN repo=USER/NAME.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken.
        repo: Its name on the hub, USER/NAME.
        push: Licence, languages, and whether anything is uploaded.
    """

    examples = (
        "stancelab push checkpoint=RUN repo=USER/NAME push.license=apache-2.0 push.language=[en] push.dry_run=true",
        "stancelab push checkpoint=RUN repo=USER/NAME push.license=apache-2.0 push.language=[en]",
        "stancelab predict checkpoint=USER/NAME input=mine.csv output=out.csv",
    )

    name: str = "push"
    checkpoint: str = MISSING
    repo: str = MISSING
    push: PushSettings = field(default_factory=PushSettings)


def execute(config: PushConfig, run_folder: Path, command_line: str) -> None:
    """Write what is uploaded, and upload it."""
    from stancelab.checkpoint import is_hub_name, load_info, verify_all

    settings = config.push
    if not is_hub_name(config.repo):
        raise ConfigError(f"repo: found {config.repo!r}, expected USER/NAME, of letters, digits, '-', '_' and '.'")
    checkpoint = Path(one_checkpoint(config.checkpoint, config.output_root))
    info = load_info(checkpoint)
    verify_all(checkpoint)  # the uploaded manifest states the hashes anew
    hub = None if settings.dry_run else _Hub(config.repo, private=settings.private)
    if hub is not None:
        hub.check()
    folder = run_folder / _FOLDER
    folder.mkdir()
    license_ = settings.license or ""
    card = CardSettings(config.repo, license_, settings.language, settings.base_model)
    write_hub_folder(checkpoint, info, folder, card, texts=settings.training_texts)
    _tell(info, settings, folder)
    if hub is None:
        say(f"nothing was uploaded (push.dry_run=true); what would be: {folder}")
    else:
        try:
            say(hub.upload(folder, settings.message))
        finally:
            shutil.rmtree(folder)
    write_manifest(run_folder, {"kind": "push", "command": command_line, "config": as_plain(config)})


def _tell(info: CheckpointInfo, settings: PushSettings, folder: Path) -> None:
    if base_model_of(info, settings.base_model) is None:
        say(f"the card names no base_model, since {info.encoder.name} is none on the hub; push.base_model=NAME does")
    say(f"{folder}: {size_text(size_of(folder))}")


class _Hub:
    """A repository on the Hugging Face hub, by its own client.

    Args:
        repo: Its name.
        private: Whether it can be seen by its owner alone.
    """

    def __init__(self, repo: str, *, private: bool) -> None:
        from huggingface_hub import HfApi

        self.repo, self.private, self.api = repo, private, HfApi()

    def check(self) -> None:
        """Check, before anything is written, that somebody is logged in and that nothing private becomes public.

        Raises:
            ConfigError: The repository is there and public, and `push.private` is true.
            StancelabError: The hub does not answer, or refuses.
        """
        self._asked(self.api.whoami)
        if not self._asked(lambda: self.api.repo_exists(self.repo)):
            return
        if self.private and not self._asked(lambda: self.api.model_info(self.repo)).private:
            raise ConfigError(f"repo: {self.repo} is there and public; push.private=false uploads to it all the same")

    def upload(self, folder: Path, message: str) -> str:
        """Upload a folder, and return what is to be said of it.

        Raises:
            StancelabError: The hub does not answer, or refuses.
        """
        self._asked(lambda: self.api.create_repo(self.repo, private=self.private, exist_ok=True))
        done = self._asked(
            lambda: self.api.upload_folder(repo_id=self.repo, folder_path=folder, commit_message=message)
        )
        return f"uploaded{' (private)' if self.private else ''}: {done.commit_url}"

    def _asked(self, ask: Any) -> Any:
        try:
            return ask()
        except Exception as error:  # what the client raises depends on the hub and the network
            reason = shorten(str(error).strip() or type(error).__name__, 200)
            raise StancelabError(
                f"{self.repo}: the hub does not take it ({reason}); log in with 'hf auth login' or HF_TOKEN with the "
                "right to write, check the name and the network"
            ) from error
