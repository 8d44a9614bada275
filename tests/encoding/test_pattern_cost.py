"""Which regular expressions of tokenizers are taken, and how their steps are counted."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancelab.encoding.pattern import Alternatives, Assertion, Character, Closed, Repeat, Sequence, read_pattern
from stancelab.encoding.pattern_cost import ONE, Ways, _Steps, why_slow

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
UPPER, LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
END = r"\s*[\r\n]+|\s+(?!\S)|\s+"
PUBLISHED = {
    "GPT-2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "cl100k": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|"
        r"\s+(?!\S)|\s"
    ),
    "Llama 3": rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{END}",
    "Qwen2": rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{END}",
    "o200k": (
        rf"[^\r\n\p{{L}}\p{{N}}]?[{UPPER}]*[{LOWER}]+{CONTRACTIONS}?|[^\r\n\p{{L}}\p{{N}}]?[{UPPER}]+[{LOWER}]*"
        rf"{CONTRACTIONS}?|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{END}"
    ),
    "Kimi K2": rf"[\p{{Han}}]+|[{UPPER}&&[^\p{{Han}}]]*[{LOWER}&&[^\p{{Han}}]]+{CONTRACTIONS}?|{END}",
    "DeepSeek V3": (
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
        " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
    ),
    "DeepSeek": r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "DeepSeek, numbers": r"\p{N}{1,3}",
    "DeepSeek, blanks": r"\s+$",
    "SentencePiece": " {2,}",
    "CLIP": (r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"),
    "SigLIP": r"[!\"\#\$\%\&\'\(\)\*\+\,\-\.\/\:\;\<\=\>\?\@\[\\\]\^\_\`\{\|\}\~]",
    "BLOOM": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "Falcon": r"[\p{P}\$\+<=>\^~\|`]+",
    "Tiny Aya": r"\d{1,3}(?=(?:\d{3})*\b)",
    "SuperBPE": r"(?=(\d{3})+(?!\d))",
    "Chameleon": "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
    "o200k in GGUF": r"[^\r\n\p{L}\p{N}]?((?=[\p{L}])([^a-z]))*((?=[\p{L}])([^A-Z]))+(?:'[sS]|'[tT])?",
}
NESTED = "repeats a part that can match in several ways"
IN_A_ROW = "has an unbounded repetition within or behind another one"
MANY = "can match the same text in too many ways"
#: What ends in a panic of Oniguruma, or takes many seconds, with letters of one kind and another one at the end.
SLOW = {
    "(a+)+$": IN_A_ROW,
    r"(\w+\s?)+$": IN_A_ROW,
    "(?:(?:a*)?)*$": IN_A_ROW,
    "(a|a)*$": NESTED,
    "(?:a|aa)+$": NESTED,
    "(?:a?a?)+$": NESTED,
    "(?:a{1,2})+$": NESTED,
    "a{1,2}+$": NESTED,  # two quantifiers in Oniguruma, not a possessive one
    "(?i:(?:a|A)+)$": NESTED,
    "(?:a{2,}){2,}$": IN_A_ROW,
    "(?:a*?b?)+?$": IN_A_ROW,
    "(?=(?:a|a)*$)x?": NESTED,
    "(?>(?:a|a)*$)": NESTED,
    "(?:x|(?:a|a)*$)": NESTED,
    r"\w*\w*$": IN_A_ROW,
    "a+[ab]+.+": IN_A_ROW,
    r"(?:\w*\w*\d)?a": IN_A_ROW,
    r"(?:(?!\w*\d).)+": IN_A_ROW,
    "a?" * 40 + "$": MANY,
    "(?:a?){40}$": MANY,
    "(?:(?:a{1,9}){1,9}){1,9}$": MANY,
    "(?:(?:a{1000}){1000}){1000}": MANY,
    ".{0,999999}.{0,999999}x": MANY,
    "|".join([r"\w*\d"] * 60): MANY,
}
UNREAD = {
    r"(a)\1": r"holds '\1', which is not read",
    r"(?<x>a)\k<x>": r"holds '\k', which is not read",
    r"\g<0>": r"holds '\g', which is not read",
    r"\Qa": r"holds '\Q', which is not read",
    r"[\c]]": r"holds '\c', which is not read",
    r"\pL": r"holds '\p', which is not read",
    "a\\": "holds '\\', which is not read",
    "(?~a)": "holds '(?~a', which is not read",
    "(?(1)a)": "holds '(?(1', which is not read",
    "(?x)a #(": "holds '(?x)', which is not read",
    "(?x-i:a)": "holds '(?x-', which is not read",
    "(*FAIL)": "holds '(*FA', which is not read",
    "a(?i)b|c": "has the option '(?i)' behind the start of an alternative",
    "[]a]": "has a class that begins with ']' or ':'",
    "[a[^]b]]": "has a class that begins with ']' or ':'",
    "[[:letters:]]": "has a class that begins with ']' or ':'",
    "[a[b]": "has a class that is not closed",
    "(a": "has a group that is not closed",
    "a)": "has a ')' too many",
    "a**": "has the quantifier '**', which is not read",
    "a{2}{3}": "has the quantifier '{2}{3}', which is not read",
    "a{2}?": "has the quantifier '{2}?', which is not read",
    "a{3,2}": "has the quantifier '{3,2}', which is not read",
    "(+a)": "has the quantifier '+' behind nothing",
    "(" * 60 + "a" + ")" * 60: "has groups within groups 51 times, allowed are 50",
    "a" * 10_001: "has 10,001 characters, allowed are 10,000",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_those_of_published_tokenizers_are_taken(name: str) -> None:
    assert why_slow(PUBLISHED[name]) == ""


@pytest.mark.parametrize("pattern", SLOW)
def test_those_that_may_take_very_long_are_not(pattern: str) -> None:
    assert why_slow(pattern).startswith(SLOW[pattern])


@pytest.mark.parametrize("pattern", UNREAD)
def test_what_is_not_read_is_not_taken(pattern: str) -> None:
    assert why_slow(pattern).startswith(UNREAD[pattern])


@pytest.mark.parametrize(
    ("pattern", "fixed", "growing"),
    [
        ("abc", 3, 0),
        ("a|bc", 3, 0),
        ("a?b", 3, 0),  # b after a, and without it
        ("a{1,3}b", 6, 0),  # three times a, three times b
        ("a*", 1, 1),
        ("a*b", 0, 2),
        ("a++b", 1, 2),
        ("(?:a|b)+c", 0, 5),  # of a and b one matches
        (r"\s+(?!\S)", 0, 3),
    ],
)
def test_steps_are_counted(pattern: str, fixed: int, growing: int) -> None:
    steps = _Steps()
    steps.count(read_pattern(pattern), ONE, retried=False)
    assert (steps.fixed, steps.growing) == (fixed, growing)


def test_ways_are_added_and_multiplied() -> None:
    assert Ways(2, 1) * Ways(3) == Ways(6, 1)
    assert Ways(2, 1) + Ways(3) == Ways(5, 1)


A, B, ANY = Character("a"), Character("b"), Character()


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("", Sequence()),
        ("a|b", Alternatives((A, B))),
        ("^a$", Sequence((Assertion(), A, Assertion()))),
        (r"\b\p{^Lu}\x{1F600}\\", Sequence((Assertion(), ANY, ANY, Character("\\")))),
        ("[a-z&&[^b-d]][[:^alpha:]\\]]", Sequence((ANY, ANY))),
        ("(?<name>a)(?im:b)", Sequence((A, B))),
        ("(?=a)(?<!b)", Sequence((Closed(A, around=True), Closed(B, around=True)))),
        ("(?>a)", Closed(A, around=False)),
        ("a*b+?a??", Sequence((Repeat(A, 0, None), Repeat(B, 1, None), Repeat(A, 0, 1)))),
        ("a*+", Closed(Repeat(A, 0, None), around=False)),
        ("a{2}", Repeat(A, 2, 2)),
        ("a{2,}?", Repeat(A, 2, None)),
        ("a{,3}", Repeat(A, 0, 3)),
        ("a{1,3}+", Repeat(Repeat(A, 1, 3), 1, None)),
        ("a{,}", Sequence((A, Character("{"), Character(","), Character("}")))),
        ("(?i)a(?#( no group)b", Sequence((A, B))),
    ],
)
def test_patterns_are_read(pattern: str, parts: object) -> None:
    assert read_pattern(pattern) == parts


PIECES = [
    "a",
    "b",
    "[ab]",
    "\\w",
    ".",
    "$",
    "\\b",
    "(",
    "(?:",
    "(?=",
    "(?!",
    "(?>",
    "(?i:",
    ")",
    "|",
    "*",
    "+",
    "?",
    "{1,2}",
    "{2,}",
    "{,2}",
    "*?",
    "++",
    "?+",
    "{1,3}+",
    "{3}",
    "[^b]",
    "[",
    "]",
    "\\",
    "^",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_a_pattern_is_taken_or_refused(pieces: list[str]) -> None:
    """What is made of pieces at random ends in a reason, and in no other error."""
    assert isinstance(why_slow("".join(pieces)), str)


_TIMED = """
import sys, time
from tokenizers import Regex, pre_tokenizers
split = pre_tokenizers.Split(Regex(sys.argv[1]), "isolated")
for text in ("a" * 4400 + "!", "ab" * 2200 + "!", "a " * 2200 + "!"):
    split.pre_tokenize_str(text)
"""


@pytest.mark.parametrize("pattern", [*list(PUBLISHED.values())[:5], r"\w*\w+", "(?:a|aa)+", "(?:a|b)+(?!!)", "a++b"])
def test_those_that_are_taken_end_soon(pattern: str) -> None:
    assert why_slow(pattern) == ""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, pattern], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?:a|a)*$", "a{1,2}+$", "(?:a?a?)+$", r"\w*\w*$"])
def test_those_that_are_refused_end_in_a_panic(pattern: str) -> None:
    """The reason for the refusals: with a version of tokenizers without it, they could go."""
    code = _TIMED.replace('"a" * 4400', '"a" * 9000')
    done = subprocess.run([sys.executable, "-c", code, pattern], capture_output=True, text=True, check=False)
    assert "panicked" in done.stderr
