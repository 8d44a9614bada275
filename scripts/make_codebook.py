"""Write the default codebook from the names that libraries have of states, and from `codebook_by_hand.yaml`.

    python scripts/make_codebook.py            # compares: exits with 1 where the file would change
    python scripts/make_codebook.py --write

Names are from babel (CLDR) and pycountry (ISO 3166-1), capitals and adjectives from countryinfo; all else is by hand.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pycountry
import yaml
from babel import Locale
from countryinfo import CountryInfo
from countryinfo.exceptions import CountryNotFoundError

from stancelab.article.codebook import parse_codebook
from stancelab.files import write_text

_BY_HAND: Final = Path(__file__).parent / "codebook_by_hand.yaml"
WORLD: Final = Path(__file__).parent.parent / "src/stancelab/article/codebooks/world.yaml"
_HEAD: Final = """\
# The default codebook: states and territories, their parliaments and bodies, international organisations, treaties.
# Written by scripts/make_codebook.py from babel {babel} (CLDR, Unicode licence), pycountry {pycountry} (ISO 3166-1),
# countryinfo {countryinfo} (MIT) and scripts/codebook_by_hand.yaml, which states the sources of the rest.
# Change those, not this file. A list of states says nothing of their status.
"""
_KEYS: Final = ("aliases", "cities", "demonyms", "except", "source", "target", "persons", "group", "within")
_KINDS: Final = """
Accord Accords Agreement Charter Convention Conventions Declaration Framework Initiative Memorandum Pact Protocol
Regulation Treaty
"""
#: The last word of a treaty's name, which newspapers print with and without a capital.
_KINDS_OF_TREATIES: Final = frozenset(_KINDS.split())

Fields = dict[str, Any]


def main() -> int:
    """Compare or write the default codebook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the file")
    text = codebook_text()
    parse_codebook(text, str(WORLD))
    if parser.parse_args().write:
        write_text(WORLD, text)
    elif text != WORLD.read_text(encoding="utf-8"):
        print(f"{WORLD}: differs from what its sources give; run with --write")
        return 1
    return 0


def codebook_text() -> str:
    """Return the default codebook as YAML."""
    by_hand = yaml.safe_load(_BY_HAND.read_text(encoding="utf-8"))
    entries: dict[str, Fields] = {**_states(by_hand), **by_hand["more_states"]}
    entries = dict(sorted(entries.items()))
    for group in ("parliaments", "bodies"):
        for state, parts in by_hand[group].items():
            for place, (name, aliases) in enumerate(parts.items()):
                said = [*aliases, _parliament_of(state)] if group == "parliaments" and place == 0 else aliases
                passed = by_hand["parliaments_except"].get(name, [])
                entries[name] = {"aliases": said, "except": passed, "within": state, "group": group}
    for name, given in by_hand["institutions"].items():
        fields = {"aliases": given} if isinstance(given, list) else given
        entries[name] = {"group": "organisations", **fields}
    for group in ("treaties", "sanctions"):
        for name, aliases in by_hand[group].items():
            entries[name] = {"aliases": _with_kinds([name, *aliases]), "source": False, "group": group}
    packages = {name: version(name) for name in ("babel", "pycountry", "countryinfo")}
    content: str = yaml.safe_dump(
        {name: _tidy(name, fields) for name, fields in entries.items()},
        default_flow_style=None,
        allow_unicode=True,
        width=118,
        sort_keys=False,
    )
    return _HEAD.format(**packages) + content


def _tidy(name: str, fields: Fields) -> Fields:
    """Return the fields that say something, in the order of the docs, without names that others find as well."""
    for key in ("aliases", "cities", "demonyms"):
        given = fields.get(key, [])
        others = [name, *given] if key == "aliases" else given
        fields[key] = [each for each in given if not any(_finds(other, each) for other in others)]
    return {key: fields[key] for key in _KEYS if key in fields and fields[key] not in ([], "")}


def _finds(name: str, other: str) -> bool:
    """Return whether a name is found wherever another is: a small letter matches a capital too."""
    if name == other or name.casefold() != other.casefold() or len(name) != len(other):
        return False
    return all(own == each or own.islower() for own, each in zip(name, other, strict=True))


def _parliament_of(state: str) -> str:
    """Return what a state's parliament, or its first chamber, is called beside its own names."""
    return f"{state}' parliament" if state.endswith("s") else f"{state}'s parliament"


def _with_kinds(names: list[str]) -> list[str]:
    """Return names with those whose last word may be small: "Paris agreement"."""
    small = [
        f"{words} {kind.lower()}"
        for words, _, kind in (name.rpartition(" ") for name in names)
        if words and kind in _KINDS_OF_TREATIES
    ]
    return [*names[1:], *small]


def _states(by_hand: dict[str, Any]) -> dict[str, Fields]:
    entries = {}
    no_cities = set(other_forms(by_hand["no_cities"], ""))
    for country in pycountry.countries:
        code = country.alpha_2
        if code in by_hand["left_out"]:
            continue
        hand = by_hand["states"].get(code, {})
        name = hand.get("name") or _spelled(Locale("en").territories[code])
        others = [*hand.get("aliases", _library_names(country)), *hand.get("more_aliases", [])]
        cities, demonyms = _capital_and_demonyms(code)
        is_territory = code in by_hand["territories"]
        entries[name] = {
            "aliases": other_forms([name, *others], name),
            "cities": [each for each in other_forms(_chosen(hand, "cities", cities), name) if each not in no_cities],
            "demonyms": other_forms(_chosen(hand, "demonyms", demonyms), name),
            "except": hand.get("except", []),
            "group": "territories" if is_territory else "states",
            "within": by_hand["territories"].get(code, ""),
        }
        if hand.get("persons"):
            entries[name]["persons"] = True
    return entries


def _chosen(hand: Fields, key: str, library: list[str]) -> list[str]:
    given = hand.get(key, library)
    return [] if given == "none" else given


def _library_names(country: Any) -> list[str]:
    """Return the names of a country in ISO 3166-1, without those that are turned around for a list."""
    names = [getattr(country, key, "") for key in ("common_name", "official_name", "name")]
    names.append(Locale("en").territories[country.alpha_2])
    return [name.removeprefix("the ") for name in names if name and "," not in name and "(" not in name]


def _capital_and_demonyms(code: str) -> tuple[list[str], list[str]]:
    try:
        info = CountryInfo(code)
    except CountryNotFoundError:
        return [], []
    capital, said = info.capital() or "", info.demonym() or ""
    demonyms = [form for each in said.split(",") if each for form in (each, *_plural(each))]
    return [capital] if capital else [], demonyms


def _plural(demonym: str) -> list[str]:
    return [f"{demonym}s"] if demonym.endswith(("an", "i")) else []


def other_forms(names: list[str], name: str) -> list[str]:
    """Return names with the forms in which newspapers print them, each once, without the name of the entry."""
    forms: dict[str, None] = {}
    for each in names:
        for form in (_spelled(each), _spelled(each).replace("Saint ", "St. "), _spelled(each).replace("Saint ", "St ")):
            forms.update(dict.fromkeys((form, _unaccented(form))))
    usable = [form for form in forms if "(" not in form and " - " not in form and not form.endswith("SAR China")]
    return [form for form in usable if form != name]


def _spelled(name: str) -> str:
    return name.replace("’", "'").replace("&", "and").replace("St. ", "Saint ")


def _unaccented(name: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))


if __name__ == "__main__":
    sys.exit(main())
