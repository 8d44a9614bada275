"""Offices and bodies of a state behind an adjective: "Russian officials", "German foreign ministry spokeswoman"."""

from __future__ import annotations

import re
from typing import Final

_MODIFIERS: Final = """
foreign, defence, defense, interior, labor, labour, home, commerce, climate, transport, economic, development,
migration, immigration, fisheries, industry, planning, science, technology, water, information, housing, digital,
finance, justice, economy, trade, energy, health, agriculture, culture, education, environment, treasury, prime,
deputy, vice, first, acting, interim, caretaker, transitional, permanent, senior, top, high-ranking, supreme, chief,
state, federal, national, central, military, naval, air, armed, security, intelligence, diplomatic, government,
presidential, parliamentary, consular, civilian, local, border, customs, public, cabinet, UN, U.N., ruling, coalition,
lower, upper, general
"""
_HEADS: Final = """
administration, administrations, ambassador, ambassadors, armed forces, army, attorney general, authorities,
authority, cabinet, central bank, chancellor, chief of staff, coast guard, coastguard, command, commander, commanders,
consul, consulate, council of ministers, counterpart, counterparts, defence, delegate, delegates, delegation,
department, diplomacy, diplomat, diplomats, embassy, emir, emperor, envoy, envoys, executive, FM, forces, foreign
affairs, foreign secretary, general, general staff, generals, government, governments, high court, house of
representatives, king, lawmaker, lawmakers, leader, leaders, leadership, legislator, legislators, legislature,
military, minister, ministers, ministries, ministry, mission, monarch, MP, MPs, navy, negotiator, negotiators,
officer, officers, official, officials, parliament, parliamentarian, parliamentarians, peacekeepers, PM, police,
premier, presidency, president, presidents, prime ministers, prosecutor, prosecutors, queen, regime, representative,
representatives, rulers, secretary, secretary of state, senate, senator, senators, side, spokesman, spokespeople,
spokesperson, spokeswoman, state, sultan, supreme court, supreme leader, taoiseach, treasury, troops
"""
_LONGEST_HEAD: Final = 40
_PORTFOLIOS: Final = """
foreign affairs, external affairs, foreign and european affairs, internal affairs, home affairs, the interior,
interior, defence, defense, national defence, national defense, finance, justice, health, trade, commerce, economy,
energy, agriculture, education, culture, the environment, state, homeland security, industry and trade, unification
"""
#: In front of the adjective: the office is no longer held, or is that of those who are against the government.
_NOT_IN_OFFICE: Final = re.compile(
    r"\b(?:former|ex|one-time|onetime|ousted|exiled|opposition|dissident|deposed|late|would-be|then|pro|anti)[\s-]+$",
    re.IGNORECASE,
)


def _any(words: str) -> str:
    longest_first = sorted((" ".join(word.split()) for word in words.split(",")), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + r")(?![\w-])"


_OFFICE: Final = re.compile(
    rf"(?:\s+{_any(_MODIFIERS)}){{0,3}}\s+{_any(_HEADS)}(?:\s+(?:of|for)\s+{_any(_PORTFOLIOS)})?(?:\s+{_any(_HEADS)}){{0,2}}",
    re.IGNORECASE,
)

_HEAD_AT_END: Final = re.compile(rf"(?<![\w-]){_any(_HEADS)}$", re.IGNORECASE)


def ends_in_office(text: str) -> bool:
    """Tell whether a text ends with an office or body of a state ("the armed forces")."""
    return _HEAD_AT_END.search(text, max(len(text) - _LONGEST_HEAD, 0)) is not None


def end_of_office(paragraph: str, start: int, end: int, limit: int) -> int | None:
    """Return where the office behind an adjective ends; None where there is none, or it is no office of the state.

    Args:
        paragraph: The text.
        start: Where the adjective begins.
        end: Where it ends.
        limit: Where the next name begins, which is no part of the office.
    """
    if _NOT_IN_OFFICE.search(paragraph, max(start - 20, 0), start):
        return None
    office = _OFFICE.match(paragraph, end, limit)
    return office.end() if office else None
