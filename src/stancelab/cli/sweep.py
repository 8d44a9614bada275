"""The runs of a sweep: all settings are checked first, and a run that fails stops no other."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from hydra._internal.core_plugins.basic_launcher import BasicLauncher
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, configure_log, filter_overrides, run_job, setup_globals
from omegaconf import OmegaConf, open_dict

from stancelab import processes
from stancelab.cli.sweep_folders import varied_words
from stancelab.errors import ConfigError, StancelabError, count_of, list_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hydra.types import HydraContext
    from omegaconf import DictConfig

logger = logging.getLogger(__name__)


class Stop(BaseException):
    """Carries an error past Hydra, which would write lines of its own about any `Exception`."""

    def __init__(self, error: StancelabError) -> None:
        super().__init__(str(error))
        self.error = error


class CommonFault(Stop):
    """Carries an error that each run of the sweep would meet."""


class InTurn(BasicLauncher):
    """Hydra's own launcher, which runs one after the other, but for what the module says.

    Attributes:
        check: Checks the composed settings of a run; it raises a `StancelabError`, or what Hydra raises.
        explain: Returns what a person needs to know of an error of Hydra's, None of any other.
        jobs: The words of all runs of the sweep, or of those that its runs lie between.
    """

    check: ClassVar[Any] = staticmethod(lambda config: None)
    explain: ClassVar[Any] = staticmethod(lambda error: None)
    jobs: ClassVar[Sequence[Sequence[str]]] = ()

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run them, and say at the end which failed.

        Raises:
            CommonFault: One failed by settings that all runs share.
            Stop: Some failed.
        """
        setup_globals()
        runs = [(initial_job_idx + place, list(words)) for place, words in enumerate(job_overrides)]
        assert self.config is not None
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        Path(str(self.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        returned: list[JobReturn] = []
        outcomes: list[tuple[int, str, str]] = []
        for number, words in runs:
            failure = self._run(number, words, returned)
            outcomes.append((number, _shown(words), failure))
        failed = [outcome for outcome in outcomes if outcome[2]]
        if failed:
            raise Stop(StancelabError(_told(outcomes, len(failed))))
        return returned

    def _config(self, number: int, words: list[str]) -> DictConfig:
        assert self.hydra_context is not None
        assert self.config is not None
        config = self.hydra_context.config_loader.load_sweep_config(self.config, words)
        with open_dict(config):
            config.hydra.job.id = number
            config.hydra.job.num = number
        return config

    def _run(self, number: int, words: list[str], returned: list[JobReturn]) -> str:
        """Run one of them, and return why it failed, "" where it did not."""
        assert self.hydra_context is not None
        assert self.config is not None
        assert self.task_function is not None
        try:
            done = run_job(
                hydra_context=self.hydra_context,
                task_function=self.task_function,
                config=self._config(number, words),
                job_dir_key="hydra.sweep.dir",
                job_subdir_key="hydra.sweep.subdir",
            )
            returned.append(done)
            _ = done.return_value  # raises what the run raised
        except Stop as stop:
            if self._all_meet(stop.error, words):
                raise CommonFault(stop.error) from None
            logger.error("run %d (%s) failed: %s", number, _shown(words), stop.error)
            return str(stop.error)
        except Exception as error:  # a fault of the program: the other runs need not suffer from it
            logger.exception("run %d (%s) failed", number, _shown(words))
            return f"{type(error).__name__}: {error}"
        finally:
            configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        return ""

    def _all_meet(self, error: StancelabError, words: list[str]) -> bool:
        """Tell whether all runs share the settings by which one of them has failed."""
        if error.reads is None:
            return False
        composed = (self._config(0, list(job)) for job in (words, *self.jobs))
        first, *others = ([_plain(config, group) for group in error.reads] for config in composed)
        return all(other == first for other in others)


def check_alone() -> None:
    """Raise a `ConfigError` where torchrun has started several processes: they share one training."""
    if processes.count() > 1:
        raise ConfigError(
            f"torchrun has started {processes.count()} processes, which share one training; start each setting by "
            "itself, without -m and sweep="
        )


def check_runs(context: HydraContext, config: DictConfig, jobs: Sequence[Sequence[str]]) -> None:
    """Check the settings of runs before the first of them is begun.

    Args:
        context: What composes their settings.
        config: The settings of the sweep.
        jobs: The words of each run.

    Raises:
        CommonFault: Something is wrong with all of them.
        Stop: Carries the `ConfigError` that lists what is wrong with which.
    """
    InTurn.jobs = jobs
    wrong: list[str] = []
    faults: list[str] = []
    for words, varied in zip(jobs, varied_words(jobs), strict=True):
        try:
            composed = copy.deepcopy(context.config_loader.load_sweep_config(config, list(words)))
            with open_dict(composed):
                del composed["hydra"]
            InTurn.check(composed)
        except StancelabError as error:
            faults.append(str(error))
        except Exception as error:
            told = InTurn.explain(error)
            if told is None:
                raise
            faults.append(told)
        else:
            continue
        wrong.append(f"{_shown(varied or words)}: {faults[-1]}")
    if len(faults) == len(jobs) and len(set(faults)) == 1:
        raise CommonFault(ConfigError(faults[0]))
    if wrong:
        told = f"{len(wrong)} of {count_of(len(jobs), 'run')} cannot be started, so none was:"
        raise Stop(ConfigError(f"{told}\n{list_problems(wrong)}"))


def register(check: Callable[[DictConfig], None], explain: Callable[[BaseException], str | None]) -> None:
    """Let Hydra take `InTurn` in the place of its own launcher."""
    InTurn.check, InTurn.explain = staticmethod(check), staticmethod(explain)
    own = f"{BasicLauncher.__module__}.{BasicLauncher.__name__}"
    Plugins.instance().class_name_to_class[own] = InTurn


def _plain(config: DictConfig, group: str) -> Any:
    """Return a group of settings with its references resolved."""
    found = OmegaConf.select(config, group)
    return OmegaConf.to_container(found, resolve=True) if OmegaConf.is_config(found) else found


def _shown(words: Sequence[str]) -> str:
    return " ".join(filter_overrides(list(words)))


def _told(outcomes: Sequence[tuple[int, str, str]], failed: int) -> str:
    lines = [
        f"  {number}  {words}  {'FAILED: ' + failure.splitlines()[0] if failure else 'done'}"
        for number, words, failure in outcomes
    ]
    return f"{failed} of {count_of(len(outcomes), 'run')} failed:\n" + "\n".join(lines)
