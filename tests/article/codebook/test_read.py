import pytest

from stancelab.article.codebook import Entry, checks, form, parse_codebook, read_codebook
from stancelab.errors import DataError


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problem(text):
    with pytest.raises(DataError) as error:
        parse_codebook(text, "mine.yaml")
    return str(error.value)


def test_short_form():
    codebook = parse_codebook("Russia: [Moscow, the Kremlin]\ntariffs: []\nNATO: Nato\nrents: {}\n")
    assert {name: entry.aliases for name, entry in codebook.entries.items()} == {
        "Russia": ("Moscow", "the Kremlin"),
        "tariffs": (),
        "NATO": ("Nato",),
        "rents": (),
    }
    assert all(entry.source and entry.target for entry in codebook.entries.values())


def test_long_form():
    codebook = parse_codebook(
        "Russia: {group: states}\n"
        "State Duma:\n  aliases: [Duma]\n  cities: [Moscow]\n  demonyms: [Russian]\n  except: [Duma Cup]\n"
        "  source: false\n  target: yes\n  persons: true\n  group: parliaments\n  within: Russia\n",
        "mine.yaml",
    )
    assert codebook.entries["State Duma"] == Entry(
        name="State Duma",
        aliases=("Duma",),
        cities=("Moscow",),
        demonyms=("Russian",),
        exceptions=("Duma Cup",),
        source=False,
        target=True,
        persons=True,
        group="parliaments",
        within="Russia",
        where="mine.yaml:2",
    )
    assert codebook.standing_for("State Duma") == ("State Duma", "Russia")


def test_names_that_yaml_takes_for_something_else_are_names():
    codebook = parse_codebook("NO: [Norge]\n1984: [2001, 1.5, ON]\n")
    assert {name: entry.aliases for name, entry in codebook.entries.items()} == {
        "NO": ("Norge",),
        "1984": ("2001", "1.5", "ON"),
    }


def test_blanks_and_line_breaks_in_names_are_one_blank():
    assert parse_codebook('A1: ["  White\\n  House "]').entries["A1"].aliases == ("White House",)
    text = '"White\\n House": {group: "the\\tUS"}\nStaff: {within: White  House}\n'
    entries = parse_codebook(text).entries
    assert [(each.name, each.group, each.within) for each in entries.values()] == [
        ("White House", "the US", ""),
        ("Staff", "", "White House"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("", "mine.yaml: ", ["found nothing, expected entries such as"]),
        ("- Russia\n", "mine.yaml: ", ["found a list, expected entries"]),
        ("Russia:\nChina: [PRC]\n", "mine.yaml:1: entry 'Russia'", ["is empty", "or {} where it has none"]),
        ("Russia: [Moscow]\nRussia: [Kremlin]\n", "mine.yaml:2: 'Russia'", ["twice, first in line 1"]),
        ("A1: [Moscow]\nB1: [MOSCOW]\n", "mine.yaml:2: entry 'B1'", ["'MOSCOW' is a name of 'A1' too (mine.yaml:1)"]),
        ("A1: [B1]\nB1: []\n", "mine.yaml:2: entry 'B1'", ["'B1' is a name of 'A1' too"]),
        ("A1: {cities: [X1]}\nB1: {demonyms: [X1]}\n", "mine.yaml:2: entry 'B1'", ["'X1' is a name of 'A1' too"]),
        ("A1:\n  alias: [X1]\n", "mine.yaml:2: entry 'A1'", ["unknown key 'alias'", "Did you mean 'aliases'?"]),
        ("A1:\n  group: x\n  group: y\n", "mine.yaml:3: entry 'A1'", ["the key 'group' stands there twice"]),
        ("A1:\n  source: maybe\n", "mine.yaml:2: entry 'A1'", ["source: found 'maybe', allowed are true and false"]),
        ("A1:\n  group: [x]\n", "mine.yaml:2: entry 'A1'", ["group: found a list, expected a word"]),
        ("A1:\n  within:\n", "mine.yaml:2: entry 'A1'", ["within: found nothing, expected the name of an entry"]),
        ("A1: [[x]]\n", "mine.yaml:1: entry 'A1'", ["aliases: found a list, expected a name"]),
        ("A1:\n- {x: y}\n", "mine.yaml:2: entry 'A1'", ["aliases: found a table, expected a name"]),
        ("A1: [x1, ]\nB1: [~]\n", "mine.yaml:2: entry 'B1'", ["found an empty name"]),
        ("A1: ['  ']\n", "mine.yaml:1: entry 'A1'", ["found an empty name"]),
        ("A1: ['--']\n", "mine.yaml:1: entry 'A1'", ["'--' has no letter and no digit"]),
        ("US: [us]\n", "mine.yaml:1: entry 'US'", ["'us' is a common word in small letters", "write 'US' or 'Us'"]),
        ("A1: [turkey]\n", "mine.yaml:1: entry 'A1'", ["'turkey' is a common word", "'Turkey'", "a capital only"]),
        ("may: [May]\n", "mine.yaml:1: entry 'may'", ["the name 'may' is a common word"]),
        (f"A1: [{'x' * 201}]\n", "mine.yaml:1: entry 'A1'", ["has 201 characters, allowed are 200"]),
        (
            "A1: {within: Rusia}\nRussia: []\n",
            "mine.yaml:1: entry 'A1'",
            ["no entry 'Rusia'", "Did you mean 'Russia'?"],
        ),
        ("A1: {within: B1}\nB1: {within: A1}\n", "mine.yaml:1: entry 'A1'", ["'A1' within 'B1' within 'A1'"]),
        ("A1: {within: A1}\n", "mine.yaml:1: entry 'A1'", ["'A1' within 'A1'; take one 'within' away"]),
        ("A1: [x1\n", "mine.yaml:2: is no YAML", ["expected one YAML document"]),
        ("A1: [x1]\n---\nB1: []\n", "mine.yaml:2: ", ["a second document begins"]),
        ("A1: &a [x1]\nB1: *a\n", "mine.yaml:1: ", ["anchor or alias 'a'; write the names out"]),
        ("A1: !!python/object/apply:os.system [x1]\n", "mine.yaml:1: ", ["found the tag", "leave it out"]),
        ("A1: {aliases: [[[x]]]}\n", "mine.yaml:1: ", ["4 deep; allowed are 3"]),
        ("[A1]: x\n", "mine.yaml:1: ", ["stands as a key; expected a name"]),
        ('A1: ["\\ud800"]\n', "mine.yaml:1: ", []),  # half of a character
        ("include: other.yaml\nA1: []\n", "mine.yaml:1: include: ", ["allowed here is 'default' alone"]),
        ("include: []\nA1: []\n", "mine.yaml:1: include: ", ["found an empty list, expected 'default', a file"]),
        ("include: [default, 5]\nA1: []\n", "mine.yaml:1: include: ", ["found '5', expected 'default', a file"]),
        ('A1: ["x\\0y"]\n', "mine.yaml:1: entry 'A1'", ["'x\\x00y' holds a control character"]),
        ('"x\\0y": []\n', "mine.yaml:1: entry ", ["the name", "holds a control character"]),
        ('A1: {group: "x\\ay"}\n', "mine.yaml:1: entry 'A1'", ["group: 'x\\x07y' holds a control character"]),
        ("é: []\n@NATO: []\n", "mine.yaml:2: is no YAML", ["put a name with '@' in quotes"]),
        ("A1:\n\tsource: true\n", "mine.yaml:2: is no YAML", ["write blanks in place of the tab"]),
        ("A: B: []\n", "mine.yaml:1: is no YAML", ["put a name with ': ' in quotes"]),
    ],
)
def test_problems_are_told_with_file_line_and_entry(text, line, parts):
    said = problem(text)
    assert [part for part in (line, *parts) if part not in said] == []


def test_an_empty_name_of_an_entry_is_one_problem():
    said = problem('"": [x1]\n" ": [y1]\n')
    assert said.splitlines()[1:] == [
        f"  mine.yaml:{line}: the name of the entry is empty; give it one" for line in (1, 2)
    ]


def test_all_problems_are_told_at_once():
    said = problem("A1:\nB1: {alias: x}\nC1: [us]\n")
    assert [said.count(f"entry '{name}'") for name in ("A1", "B1", "C1")] == [1, 1, 1]


def test_problems_of_entries_beside_each_other_are_told_with_those_of_each():
    said = problem("Norway: {sourse: true}\nRussia: [Moscow]\nChina: [Moscow]\nDuma: {within: Rusia}\n")
    assert [line.strip().split(": ")[:3] for line in said.splitlines()[1:]] == [
        [
            "mine.yaml:1",
            "entry 'Norway'",
            "unknown key 'sourse', allowed are " + ", ".join(form.KEYS) + ". Did you mean 'source'?",
        ],
        [
            "mine.yaml:3",
            "entry 'China'",
            "'Moscow' is a name of 'Russia' too (mine.yaml:2); leave it out in one of them",
        ],
        ["mine.yaml:4", "entry 'Duma'", "within"],
    ]


def test_an_entry_with_a_problem_is_there_for_others():
    said = problem("Russia: {sourse: true, aliases: [Moscow, us]}\nDuma: {within: Russia, aliases: [Moscow]}\n")
    assert len(said.splitlines()) == 4
    assert "'Moscow' is a name of 'Russia' too" in said
    assert "within" not in said.replace("group, within.", "")


def test_problems_of_all_files_are_told_at_once(tmp_path):
    written(tmp_path, "broken.yaml", "A1: [x1\n")
    written(tmp_path, "more.yaml", "B1: {alias: x}\nC1: [y1]\n")
    mine = written(
        tmp_path, "mine.yaml", "include: [none.yaml, broken.yaml, more.yaml]\nD1: [y1]\nE1: {within: A1, to: x}\n"
    )
    with pytest.raises(DataError) as error:
        read_codebook([mine, "default"])
    said = str(error.value)
    parts = (
        "none.yaml: no such file",
        "broken.yaml:2: is no YAML",
        "more.yaml:1: entry 'B1'",
        "mine.yaml:3: entry 'E1'",
    )
    assert [part for part in parts if said.count(part) != 1] == []
    # What the files that cannot be read hold is not known, so that no entry is told to be missing.
    assert len(said.splitlines()) == 1 + len(parts)


def test_a_capital_protects_a_name_that_is_a_common_word():
    entries = parse_codebook("Chad: []\nUS: []\nMay: []\npoultry: [turkey meat]\n").entries
    assert list(entries) == ["Chad", "US", "May", "poultry"]


def test_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "MOST_NAMES", 5)
    assert parse_codebook("A1: [x1, y1]\nB1: {except: [B2]}\n").entries
    assert "have 6 names together, allowed are 5" in problem("A1: [x1, y1]\nB1: {except: [B2, B3]}\n")
    large = written(tmp_path, "large.yaml", "A1: [" + "x" * 9_000_000 + "]\n")
    with pytest.raises(DataError, match=r"large.yaml: has more than 8,388,608 bytes; divide it"):
        read_codebook(large)
    deep = "A1: " + "[" * 100_000
    assert "4 deep; allowed are 3" in problem(deep)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.yaml", "no such file.*expected a YAML file"),
        ("mine.csv", "ends in '.csv'; allowed is .yaml or .yml"),
        ("folder.yaml", "folder.yaml: is a folder; expected a YAML file.*'default'\\.$"),
        ("latin.yaml, default", r"no such file; .* Several codebooks stand in brackets: \[latin.yaml,default\]$"),
        ("latin.yaml,none.yaml", "no such file; .* Did you mean 'latin.yaml'"),
        ("latin.yaml", "latin.yaml:2: is not UTF-8"),
        ("https://example.org/x.yaml", "URLs are not read"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "mine.csv", "target,alias\n")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"A1: [x1]\nB1: [caf\xe9]\n")
    with pytest.raises(DataError, match=reason):
        read_codebook(name)


def test_the_nearest_file_is_named(tmp_path):
    written(tmp_path, "actors.yaml", "A1: []\n")
    with pytest.raises(DataError, match=r"Did you mean 'actors.yaml'\?"):
        read_codebook(tmp_path / "actor.yaml")
    with pytest.raises(DataError, match=r"Did you mean 'default'\?"):
        read_codebook("defualt")


def test_only_a_codebook_is_named_in_place_of_another_file(tmp_path):
    written(tmp_path, "actors.txt", "A1: []\n")
    with pytest.raises(DataError, match=r"or 'default'\.$"):
        read_codebook(tmp_path / "actors.yml")


def test_files_below_the_working_folder_are_told_as_they_lie_there(tmp_path, monkeypatch):
    (tmp_path / "books").mkdir()
    written(tmp_path, "books/mine.yaml", "include: base.yaml\nA1: [us]\n")
    written(tmp_path, "books/base.yaml", "B1:\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError) as caught:
        read_codebook("books/mine.yaml")
    assert [line.strip().split(": ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "books/mine.yaml:2",
        "books/base.yaml:1",
    ]


def test_several_files(tmp_path):
    first = written(tmp_path, "a.yaml", "A1: [x1]\n")
    second = written(tmp_path, "b.yaml", "\ufeffB1: {within: A1}\n")
    assert list(read_codebook([first, second, first]).entries) == ["A1", "B1"]
    third = written(tmp_path, "c.yaml", "A1: [y1]\n")
    with pytest.raises(DataError, match=r"c.yaml:1: entry 'A1' is in .*a.yaml:1 too"):
        read_codebook([first, third])
    fourth = written(tmp_path, "d.yaml", "D1: [x1]\n")
    with pytest.raises(DataError, match=r"d.yaml:1: entry 'D1': 'x1' is a name of 'A1' too \(.*a.yaml:1\)"):
        read_codebook([first, fourth])
    with pytest.raises(DataError, match="list of codebooks is empty"):
        read_codebook([])


def test_a_file_yields_to_the_one_that_includes_it(tmp_path):
    written(
        tmp_path,
        "base.yaml",
        "Russia: {aliases: [Kremlin], group: states}\nState Duma: {aliases: [Duma], within: Russia}\n"
        "EU: {cities: [Brussels], source: false}\nDuma clerks: {within: State Duma}\n",
    )
    mine = written(
        tmp_path,
        "mine.yaml",
        "include: base.yaml\nBelgium: [Brussels]\nRussia: {aliases: [Rossiya], within: Europe}\n"
        "Europe: {}\nparliament: [State Duma]\n",
    )
    entries = read_codebook(mine).entries
    assert entries["EU"].cities == ()
    assert not entries["EU"].source
    assert (entries["Russia"].aliases, entries["Russia"].group) == (("Rossiya", "Kremlin"), "states")
    assert entries["Russia"].within == "Europe"
    # The Duma's name was taken, and with it the entry.
    assert "State Duma" not in entries
    assert entries["parliament"].aliases == ("State Duma", "Duma")
    assert entries["Duma clerks"].within == "parliament"


def test_the_default_yields_in_a_list_and_where_it_is_included(tmp_path):
    mine = written(tmp_path, "mine.yaml", "Belgium: [Brussels]\nrents: []\n")
    including = written(tmp_path, "more.yaml", "include: [default]\nBelgium: [Brussels]\nrents: []\n")
    text = parse_codebook("include: default\nBelgium: [Brussels]\nrents: []\n")
    for codebook in (
        read_codebook(["default", mine]),
        read_codebook([mine, "default"]),
        read_codebook(including),
        text,
    ):
        assert "Brussels" in codebook.entries["Belgium"].aliases
        assert codebook.entries["European Union"].cities == ()
        assert codebook.entries["Belgium"].group == "states"
        assert "rents" in codebook.entries


def test_includes_that_go_in_a_circle(tmp_path):
    first = written(tmp_path, "a.yaml", "include: b.yaml\nA1: []\n")
    written(tmp_path, "b.yaml", "include: [a.yaml]\nB1: []\n")
    with pytest.raises(DataError, match=r"a.yaml includes .*b.yaml includes .*a.yaml; take one include away"):
        read_codebook(first)


def test_an_include_that_is_missing_is_told_with_its_line(tmp_path):
    mine = written(tmp_path, "mine.yaml", "A1: []\ninclude: none.yaml\n")
    with pytest.raises(DataError, match=r"mine.yaml:2: .*none.yaml: no such file"):
        read_codebook(mine)
    assert set(read_codebook("default").entries) > {"Russia", "NATO"}
