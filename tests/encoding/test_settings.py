from __future__ import annotations

import pytest

from stancelab.encoding.settings import InputSettings


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"mark": ["topic"]}, "mark: found 'topic', allowed are source and target"),
        ({"max_length": 4}, "max_length: found 4, allowed are 8 to 8192 tokens"),
        (
            {"template": "{source}"},
            "template: found '{source}', it must hold {target} and may name {source} and {target} only",
        ),
        (
            {"template_no_source": "{source} {target}"},
            "template_no_source: found '{source} {target}', it must hold {target} and may name {target} only",
        ),
        (
            {"pair": False, "mark": []},
            "pair: found false with 'target' not in mark, so no part of the input would tell the target",
        ),
    ],
)
def test_impossible_settings_are_named(settings: dict, problem: str) -> None:
    assert InputSettings(**settings).problems() == [problem]


def test_only_what_is_shown_and_marked_has_markers() -> None:
    assert InputSettings().markers() == ["[T]", "[/T]"]
    assert InputSettings(mark=["source", "target"]).markers() == ["[T]", "[/T]", "[S]", "[/S]"]
    assert InputSettings(mark=["source", "target"], hide=["target"]).markers() == ["[S]", "[/S]"]
