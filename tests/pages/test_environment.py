from __future__ import annotations

from typing import Any

import pytest
from jinja2 import UndefinedError

from stancelab.pages.environment import environment
from stancelab.pages.highlight import Piece


def test_a_packages_templates_find_the_shared_ones_and_escape_text() -> None:
    made = environment("stancelab.report", shout=str.upper)
    assert "--accent" in made.get_template("page.css").render()
    assert made.get_template("report.css").render()
    macros: Any = made.get_template("macros.html").module
    assert macros.marked([Piece("<b> ", ""), Piece("EU", "target")]) == '&lt;b&gt; <mark class="target">EU</mark>'
    assert made.from_string("{{ 'x' | shout }} {{ 0.774 | percent }}").render() == "X 77.4"


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment("stancelab.report").from_string("{{ nothing }}").render()
