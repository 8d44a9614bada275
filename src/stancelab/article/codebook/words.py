"""Words of English that a name in small letters may not be, because it would be found in most texts."""

from __future__ import annotations

from typing import Final

_FUNCTION_WORDS: Final = """
a about above after again against all also although am among an and another any anyone anything are around as at
back be because been before behind being below between both but by can cannot could did do does doing done down
during each either else enough even ever every few for from further get give given go had has have having he her
here hers herself him himself his how however i if in into is it its itself just last least less let like made
make many may me might mine more most much must my myself near neither never next no nobody none nor not nothing
now of off often on once one only onto or other others our ours ourselves out over own per perhaps please put
quite rather really said same say says see seem she should since so some somebody someone something still such
take than that the their theirs them themselves then there these they this those though through thus to today
together tomorrow too toward towards two under until up upon us very via was we well were what when where whether
which while who whoever whole whom whose why will with within without would yes yesterday yet you your yours
"""
_NAME_WORDS: Final = """
aids august bush chad china dutch georgia guinea jersey jordan march mark may nice polish reading rose rush swede
trump turkey
"""

#: Pronouns, articles, prepositions, conjunctions, auxiliaries and other words without content.
FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS.split())
#: Words that are something else in small letters than the names they are spelled like.
NAME_WORDS: Final = frozenset(_NAME_WORDS.split())
