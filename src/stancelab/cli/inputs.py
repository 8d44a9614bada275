"""What a command line names by paths: checkpoints, tables of predictions, runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from stancelab.cli.checkpoints import checkpoints_in, named_folder
from stancelab.cli.own_configs import in_home
from stancelab.errors import ConfigError
from stancelab.files import refuse_url
from stancelab.yaml_texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings
    from stancelab.evaluation.runs.joined import Reading
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import Example, System


class Named(NamedTuple):
    """A checkpoint that was found, and is not loaded.

    Attributes:
        folder: Its folder.
        name: What it is called in tables.
        seed: The seed of its training.
    """

    folder: Path
    name: str
    seed: int


def find_checkpoints(given: Any, output_root: str = "outputs") -> list[Named]:
    """Find what `checkpoint=` names: a path, a list of paths, or a mapping from the name to use in tables to either.

    In place of a path the name of runs in the output folder stands for its folder.

    Raises:
        CheckpointError: There is no checkpoint, or its `stancelab.json` cannot be read.
        ConfigError: The value names no paths.
    """
    from stancelab.checkpoint import load_info

    found = []
    for name, paths in named_paths("checkpoint", given):
        for path in paths:
            for folder in checkpoints_in(named_folder(path, output_root)):
                info = load_info(folder)
                found.append(Named(folder, info.name if name is None else name, info.seed))
    return found


def load_classifier(folder: Path, name: str) -> StanceClassifier:
    """Load a checkpoint, and call it by a name."""
    from stancelab.inference.classifier import StanceClassifier

    classifier = StanceClassifier.from_pretrained(folder, backend="torch", progress=True)
    classifier.name = name
    return classifier


def read_predictions(
    tables: Sequence[tuple[str | None, list[Path]]],
    tests: Mapping[str, Sequence[Example]],
    chosen: Sequence[str],
    corpora: Sequence[CorpusSettings],
    earlier: Mapping[str, Mapping[str, str]] | None = None,
    *,
    on_unparsed: str = "error",
) -> list[System]:
    """Read what `predictions=` names; a table without a name is called after its file.

    Args:
        tables: The tables by the names of their systems, as `named_paths` returns them.
        tests: All test files of the dataset.
        chosen: The test files to evaluate on; none for all.
        corpora: The corpora, whose names for the stances and columns a table may use: each for its own rows.
        earlier: By test file, id -> the label that a person corrected.
        on_unparsed: What becomes of labels that are no stance: "error", "wrong" or "abstain".
    """
    from stancelab.evaluation.checks import chosen_tests
    from stancelab.evaluation.runs.external import read_external
    from stancelab.evaluation.runs.joined import Reading

    known = {key: stance for own in (earlier or {}).values() for key, stance in own.items()}
    readings = {corpus.name: _reading(corpus, known) for corpus in corpora}

    def reading_of(corpus: str) -> Reading:
        only = next(iter(readings.values())) if len(readings) == 1 else Reading(earlier=known)
        return readings.get(corpus, only)

    examples = chosen_tests(tests, chosen)
    systems: list[System] = []
    for name, paths in tables:
        for number, path in enumerate(paths):
            called = name or path.name.partition(".")[0]
            seed = number if name is not None and len(paths) > 1 else None
            systems.append(read_external(called, seed, path, examples, reading_of, on_unparsed=on_unparsed))
    return systems


def _reading(corpus: CorpusSettings, earlier: Mapping[str, str]) -> Reading:
    """Return how tables speak of the rows of a corpus: in its own words, or by the stances' names."""
    from stancelab.data.quality.corrections import stance_maps, wording_of
    from stancelab.evaluation.runs.joined import Reading

    usual, own = stance_maps(corpus)

    def stance_of(label: str) -> str | None:
        return own.stance(label) or usual.stance(label)

    return Reading(stance_of, wording_of(corpus), corpus.columns.stance or "stance", earlier)


def folders_of(key: str, given: Any) -> list[tuple[str | None, Path]]:
    """Return what a setting names as (name or None, folder), as `named_paths` reads it."""
    return [(name, path) for name, paths in named_paths(key, given) for path in paths]


def named_paths(key: str, given: Any) -> list[tuple[str | None, list[Path]]]:
    """Return what a setting names as (name or None, paths): nothing, a path, a list of them, or names with either."""
    if given is None:
        return []
    given = _pairs(given)
    named: list[tuple[str | None, Any]] = list(given.items()) if isinstance(given, dict) else [(None, given)]
    found = []
    for name, value in named:
        paths = value if isinstance(value, list) else [value]
        for path in paths:
            if not isinstance(path, str) or not path:
                raise ConfigError(f"{key}: found {path!r}, expected a path, a list of them, or NAME: PATH pairs")
            if path.startswith("{"):
                raise ConfigError(
                    f"{key}: cannot read {path!r}; pairs are written '{key}={{NAME: PATH, NAME: PATH}}', with a blank "
                    "behind the colon, and names or paths that hold one of , : [ ] in quotes"
                )
        if key == "predictions":  # a checkpoint may be a name on the hub
            for path in paths:
                refuse_url(path)
        folders = [in_home(path) for path in paths]
        twice = [path for path, count in Counter(path.resolve() for path in folders).items() if count > 1]
        if twice:
            raise ConfigError(f"{key}: {twice[0].name} is given twice")
        if name is not None and not paths:
            raise ConfigError(f"{key}: no path is given for {name!r}")
        found.append((name, folders))
    return found


def _pairs(given: Any) -> Any:
    """Return NAME: PATH pairs that Hydra's grammar takes for one text, such as those with names in other letters."""
    if not isinstance(given, str) or not given.startswith("{"):
        return given
    try:
        read = load_texts(given)
    except yaml.YAMLError:
        return given
    is_pairs = isinstance(read, dict) and all(isinstance(value, str | list) for value in read.values())
    return {str(name): value for name, value in read.items()} if is_pairs else given
