from __future__ import annotations

from pathlib import Path

import pytest

from stancelab.alias_files import read_aliases
from stancelab.aliases import Aliases, find_first, mark_names, split_names
from stancelab.errors import DataError
from stancelab.schema import Example, Span

TEXT = "Biden met the President of Kenya, and @POTUS was glad."
ROW = Example(id="1", text=TEXT, source="Kenya", target="Joe Biden")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "a.yamlx",
            r"a.yamlx: the name ends in '.yamlx'; expected .yaml, .csv or another table; expected YAML",
        ),
        ("a", r"a: the name has no ending; expected .yaml, .csv or another table"),
    ],
)
def test_a_file_of_another_ending(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_text("Joe Biden: [POTUS]\n", encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_aliases(tmp_path / name)


def test_a_url_is_not_read() -> None:
    with pytest.raises(DataError, match=r"^https://example.org/a.yaml: URLs are not read; download it first"):
        read_aliases(Path("https://example.org/a.yaml"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "Joe Biden: [POTUS, Biden]\nthe EU: Brussels\n"),
        ("a.csv", "target,alias\nJoe Biden,POTUS|Biden\nThe EU,Brussels\n"),
        ("a.csv", "target,canonical\nPOTUS,Joe Biden\nBiden,Joe Biden\nBrussels,EU\n"),
    ],
)
def test_every_form_of_file_names_the_same(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    aliases = read_aliases(path)
    assert aliases.of("joe  biden") == ("POTUS", "Biden")
    assert aliases.of("EU") == ("Brussels",)
    assert aliases.of("") == aliases.of("Kenya") == ()
    marked = aliases.marked(ROW)
    assert marked.target_span == Span(0, 5)
    assert marked.source_span is None, "the source is named by its own words"


def test_own_words_and_marked_spans_come_first() -> None:
    aliases = Aliases({"joe biden": ["Biden"]})
    named = Example(id="1", text="Biden, Joe Biden, spoke.", target="Joe Biden")
    assert aliases.marked(named) is named
    spanned = Example(id="1", text=TEXT, target="Joe Biden", target_span=Span(39, 44))
    assert aliases.marked(spanned) is spanned
    assert Aliases().marked(ROW) is ROW


def test_of_names_at_one_place_the_longest_is_marked() -> None:
    assert find_first("the President of Kenya", ["President", "President of Kenya"]) == Span(4, 22)
    assert find_first(TEXT, ["nobody"]) is None
    assert mark_names(ROW, {"target": split_names(" @POTUS ; Mr. Biden|")}).target_span == Span(38, 44)


def test_aliases_of_two_files_are_put_together() -> None:
    both = Aliases({"eu": ["Brussels"]}).merged(Aliases({"eu": ["Brussels", "the bloc"], "us": ["Washington"]}))
    assert both == Aliases({"eu": ["Brussels", "the bloc"], "us": ["Washington"]})


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yaml", "- Biden\n", "found list; expected YAML"),
        ("a.yaml", "# nothing\n", "is empty; expected YAML"),
        ("a.yaml", "Biden: [null]\n", "found None, expected text"),
        ("a.yaml", "Biden: [@POTUS]\n", "not readable"),
        ("a.csv", "name,alias\nx,y\n", "has the columns 'name', 'alias'; expected"),
        ("a.csv", "target,alias\nx,\n", "is empty"),
    ],
)
def test_what_is_no_file_of_aliases_is_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_aliases(path)


def test_a_file_of_aliases_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "names.yaml").touch()
    with pytest.raises(DataError, match=r"nams.yaml: no such file; expected YAML .* Did you mean 'names.yaml'\?"):
        read_aliases(tmp_path / "nams.yaml")


def test_names_of_a_yaml_file_are_taken_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("NO: [on, 012]\n1984: 1e3\n")
    assert read_aliases(tmp_path / "a.yaml") == Aliases({"no": ["on", "012"], "1984": ["1e3"]})
