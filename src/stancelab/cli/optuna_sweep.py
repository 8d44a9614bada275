"""`sweep=optuna`: a search over settings for the best score on dev, by Optuna.

Hydra's own plugin for Optuna is not used: its last release asks for Optuna 2, of 2021. The search space is written as
it is for that plugin, in `hydra.sweeper.params` and on the command line.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, RangeSweep
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf

from stancelab.cli.grid import folder_words, sweep_folder
from stancelab.cli.sweep import CommonFault, Stop, check_alone, check_runs
from stancelab.cli.sweep_folders import setting_folders
from stancelab.cli.sweep_table import SweptRun
from stancelab.errors import ConfigError, StancelabError, list_problems
from stancelab.extras import require
from stancelab.layout import MULTIRUN
from stancelab.outputs.scores import dev_score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hydra.core.override_parser.types import Override
    from hydra.types import HydraContext, TaskFunction
    from omegaconf import DictConfig

logger = logging.getLogger(__name__)

#: Hydra takes plugins of this package alone; the class is registered under this name, and lies here.
_TARGET: Final = "hydra_plugins.stancelab.OptunaSearch"
#: The commands whose runs have a score on dev.
_TRAINING: Final = ("train", "run")
_DIGITS: Final = 4


@dataclass
class OptunaSearchSettings:
    """Settings of the search (`hydra.sweeper`).

    Attributes:
        n_trials: How many settings are tried; one that is proposed again counts, and is not run again.
        parallel: How many at a time; for launchers that run several.
        seed: Decides which settings are tried.
        params: Setting -> the values to search: choice(a,b), range(1,5), interval(0.1,0.5), tag(log,interval(...)).
    """

    _target_: str = _TARGET
    n_trials: int = 20
    parallel: int = 1
    seed: int = 0
    params: dict[str, Any] = field(default_factory=dict)


class OptunaSearch(Sweeper):
    """Tries settings that Optuna's tree-structured Parzen estimator (Bergstra et al., 2011) proposes.

    Attributes:
        tell: Takes the folders and settings of runs that are about to be made.
    """

    tell: ClassVar[Any] = staticmethod(lambda runs: None)

    def __init__(self, n_trials: int, parallel: int, seed: int, params: DictConfig) -> None:
        self.n_trials, self.parallel, self.seed, self.params = n_trials, parallel, seed, params

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Check that Optuna is there and that the command has what is searched for.

        Raises:
            MissingPackageError: Optuna is not installed.
            ConfigError: The command's runs have no score on dev, or a number is out of range.
        """
        check_alone()
        require("optuna", "sweep", "sweep=optuna")
        command = str(config.hydra.job.name)
        if command not in _TRAINING:
            raise ConfigError(
                f"sweep=optuna: stancelab {command} has no score on dev to search by; use {' or '.join(_TRAINING)}"
            )
        wrong = [
            f"hydra.sweeper.{key}: found {value}, allowed 1 or more"
            for key, value in (("n_trials", self.n_trials), ("parallel", self.parallel))
            if value < 1
        ]
        if wrong:
            raise ConfigError("\n".join(wrong))
        self.config, self.hydra_context = config, hydra_context
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> None:
        """Try the settings, one batch after the other; one that fails is told and stops no other.

        Raises:
            CommonFault: One failed by settings that are not searched.
            Stop: Carries the errors of runs that failed.
        """
        import optuna

        assert self.config is not None
        given = [*(f"{key!s}={value}" for key, value in self.params.items()), *arguments]
        space, fixed = search_space(self._parsed(given))
        self._check_ends(space, fixed)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=self.seed))
        folder = sweep_folder(self.config)
        OmegaConf.save(self.config, folder / MULTIRUN)
        names: dict[tuple[str, ...], str] = {}
        failed: list[str] = []
        for begin in range(0, self.n_trials, self.parallel):
            trials = [study.ask(space) for _ in range(min(self.parallel, self.n_trials - begin))]
            settings = [tuple(f"{key}={_shown(value)}" for key, value in trial.params.items()) for trial in trials]
            # A setting that comes again has its score already.
            new = [words for words in dict.fromkeys(settings) if words not in names]
            names |= dict(zip(new, setting_folders(new, taken=names.values()), strict=True))
            self.tell([SweptRun(folder / names[words], list(words)) for words in new])
            jobs = [[*fixed, *words, *folder_words(folder, names[words])] for words in new]
            failed += self._launch(jobs, len(names) - len(new)) if jobs else []
            for trial, words in zip(trials, settings, strict=True):
                score = dev_score(folder / names[words])
                if score is None:
                    study.tell(trial, state=optuna.trial.TrialState.FAIL)
                else:
                    study.tell(trial, score.value)
        if failed:
            raise Stop(StancelabError("\n".join(failed)))

    def _parsed(self, words: Sequence[str]) -> list[Override]:
        assert self.hydra_context is not None
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        return list(parser.parse_overrides(list(words)))

    def _launch(self, jobs: list[list[str]], begin: int) -> list[str]:
        """Run a batch, and return what is to be told of runs that failed."""
        assert self.launcher is not None
        try:
            returned = self.launcher.launch(jobs, initial_job_idx=begin)
        except CommonFault:
            raise
        except Stop as stop:
            return [str(stop.error)]
        failures = []
        for result in returned:
            try:
                _ = result.return_value
            except StancelabError as error:
                failures.append(str(error))
        return failures

    def _check_ends(self, space: dict[str, Any], fixed: Sequence[str]) -> None:
        """Check the first and the last value of each setting before the first run."""
        assert self.hydra_context is not None
        assert self.config is not None
        first = {key: _ends(values)[0] for key, values in space.items()}
        others = [{**first, key: value} for key, values in space.items() for value in _ends(values)[1:]]
        jobs = [[*fixed, *(f"{key}={_shown(value)}" for key, value in job.items())] for job in (first, *others)]
        check_runs(self.hydra_context, self.config, jobs)


def search_space(overrides: Sequence[Override]) -> tuple[dict[str, Any], list[str]]:
    """Return the distribution of each setting that is searched, and the words of the others.

    Args:
        overrides: The settings; of several for one key the last counts.

    Raises:
        ConfigError: Nothing is searched, or a search space is of a kind that there is no distribution for.
    """
    space: dict[str, Any] = {}
    fixed: dict[str, str] = {}
    problems = []
    for override in overrides:
        key = override.get_key_element()
        space.pop(key, None)
        fixed.pop(key, None)
        if not override.is_sweep_override():
            fixed[key] = f"{key}={override.get_value_element_as_str()}"
            continue
        try:
            space[key] = _distribution(override)
        except ValueError as error:
            problems.append(f"{override.input_line}: {error}")
    if problems:
        raise ConfigError("these values cannot be searched:\n" + list_problems(problems))
    if not space:
        raise ConfigError(
            "sweep=optuna: no setting has several values; write for example "
            "'training.learning_rate=tag(log,interval(1e-5,1e-3))' or training.batch_size=8,16,32"
        )
    return space, list(fixed.values())


def _distribution(override: Override) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    value = override.value()
    if isinstance(value, IntervalSweep):
        assert value.start is not None
        assert value.end is not None
        log = "log" in value.tags
        if isinstance(value.start, int) and isinstance(value.end, int):
            return IntDistribution(value.start, value.end, log=log)
        return FloatDistribution(float(value.start), float(value.end), log=log)
    if isinstance(value, ChoiceSweep | RangeSweep):
        return CategoricalDistribution(list(override.sweep_string_iterator()))
    raise ValueError("allowed are choice(a,b), range(1,5), interval(0.1,0.5) and tag(log,interval(1e-5,1e-3))")


def _ends(values: Any) -> list[Any]:
    """Return the values of a distribution that are checked before the first run."""
    choices = getattr(values, "choices", None)
    return list(choices) if choices is not None else [values.low, values.high]


def _shown(value: Any) -> str:
    """Return a value as a word has it; numbers get four digits, which are as good and can be typed."""
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)


def register_settings() -> None:
    """Make the settings of the search known to Hydra, as `hydra/sweeper=stancelab_optuna`."""
    ConfigStore.instance().store(group="hydra/sweeper", name="stancelab_optuna", node=OptunaSearchSettings)


def register(tell: Callable[[list[SweptRun]], None]) -> None:
    """Let Hydra find the search under the name that its settings have."""
    OptunaSearch.tell = staticmethod(tell)
    Plugins.instance().class_name_to_class[_TARGET] = OptunaSearch
