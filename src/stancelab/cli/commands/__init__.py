"""The commands of the command line, in one table. A command's module is imported when the command is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from stancelab.extras import is_installed, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.cli.config import CommandConfig

#: Extra -> the modules by which it is known to be installed.
_MODULES: Final = {
    "torch": ("torch", "transformers"),
    "onnx": ("onnxruntime",),
    "openvino": ("openvino",),
    "export": ("onnx", "onnxscript", "onnxruntime", "torch", "transformers", "sklearn"),
    "train": ("hydra", "torch", "transformers", "datasets", "sklearn"),
    "report": ("jinja2", "matplotlib", "rich"),
    "read": ("ahocorasick", "nupunkt", "jinja2"),
    "serve": ("fastapi", "uvicorn", "jinja2", "markupsafe", "python_multipart", "prometheus_client"),
}


@dataclass(frozen=True)
class Command:
    """Where a command is and what its help says.

    Attributes:
        module: The module below `stancelab.cli.commands` with its config and its function `execute`.
        config_name: The name of its config dataclass there.
        summary: What it does, in one line.
        extras: The extras of the package that it needs.
        any_extra: Extras of which it needs one.
        composed: Whether Hydra composes its config from `configs/COMMAND.yaml`.
        keeps_run: Whether it has a run folder of its own; one that only looks has none.
    """

    module: str
    config_name: str
    summary: str
    extras: tuple[str, ...] = ("train", "report")
    any_extra: tuple[str, ...] = ()
    composed: bool = True
    keeps_run: bool = True

    @property
    def config(self) -> type[CommandConfig]:
        """The dataclass of its settings."""
        return cast("type[CommandConfig]", getattr(self._module(), self.config_name))

    @property
    def execute(self) -> Callable[..., None]:
        """The function that carries it out, called with config, run folder and command line."""
        return cast("Callable[..., None]", self._module().execute)

    def check(self, config: CommandConfig) -> None:
        """Check, before any work, what `config` alone does not tell; not every command has more to check.

        Raises:
            StancelabError: A user can mend what is wrong.
        """
        check = getattr(self._module(), "check", None)
        if check is not None:
            check(config)

    def check_extras(self) -> None:
        """Check that what the command needs is installed, without importing it.

        Raises:
            MissingPackageError: Names the first package that is missing, and the extra to install.
        """
        for extra in self.extras:
            for module in _MODULES[extra]:
                require(module, extra, f"stancelab {self.module}")
        if self.any_extra and not any(all(map(is_installed, _MODULES[extra])) for extra in self.any_extra):
            first = self.any_extra[0]
            others = " or ".join(f'"stancelab[{extra}]"' for extra in self.any_extra[1:])
            require(
                next(module for module in _MODULES[first] if not is_installed(module)),
                first,
                f"stancelab {self.module}",
                instead=f"{others} for an exported checkpoint",
            )

    def _module(self) -> Any:
        return import_module(f"{__name__}.{self.module}")


#: Every command by its name, in the order of the help.
COMMANDS: Final[dict[str, Command]] = {
    "run": Command("run", "RunConfig", "Prepare, train, evaluate and report in one go."),
    "prepare": Command(
        "prepare",
        "PrepareConfig",
        "Read labeled sentences, audit and split them, and write a prepared dataset.",
        extras=("train",),
    ),
    "train": Command(
        "train",
        "TrainConfig",
        "Fine-tune an encoder on a corpus, which is prepared first where that has not been done.",
        extras=("train",),
    ),
    "evaluate": Command(
        "evaluate",
        "EvaluateConfig",
        "Compare checkpoints and baselines on a corpus's test files, and write the report.",
    ),
    "compare": Command(
        "compare",
        "CompareConfig",
        "Put the systems of several evaluations side by side: stancelab compare RUN RUN ...",
    ),
    "pool": Command(
        "pool",
        "PoolConfig",
        "Put the evaluations of the folds of a cross-validation together as one: stancelab pool RUN RUN ...",
    ),
    "curve": Command(
        "curve",
        "CurveConfig",
        "Draw the learning curve of runs that differ by how much of train they have: stancelab curve RUN RUN ...",
    ),
    "inspect": Command(
        "inspect",
        "InspectConfig",
        "List the rows of a corpus whose label may be wrong, for a person to correct.",
        extras=("train",),
    ),
    "predict": Command(
        "predict",
        "PredictConfig",
        "Classify the rows of a table with a checkpoint.",
        extras=(),
        any_extra=("torch", "onnx", "openvino"),
        composed=False,
    ),
    "read": Command(
        "read",
        "ReadConfig",
        "Read articles: which source has which stance toward which target, with the sentences, as tables and a page.",
        extras=("read",),
        any_extra=("torch", "onnx", "openvino"),
        composed=False,
    ),
    "serve": Command(
        "serve",
        "ServeConfig",
        "Serve a checkpoint as a web page and an HTTP API.",
        extras=("serve",),
        any_extra=("torch", "onnx", "openvino"),
        composed=False,
        keeps_run=False,
    ),
    "export": Command(
        "export",
        "ExportConfig",
        "Write a checkpoint's network as ONNX into its folder, for prediction without PyTorch.",
        extras=("export",),
        composed=False,
    ),
    "push": Command(
        "push",
        "PushConfig",
        "Upload a checkpoint to the Hugging Face hub, with a card: stancelab push checkpoint=RUN repo=USER/NAME.",
        extras=(),
        composed=False,
    ),
    "runs": Command(
        "runs",
        "RunsConfig",
        "List the runs in the output folder, or remove states and checkpoints: stancelab runs clean.",
        extras=(),
        composed=False,
        keeps_run=False,
    ),
}
