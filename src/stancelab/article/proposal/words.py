"""Words that propose nothing (what begins names without being one, nouns that every article has), or a target only."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Titles and offices in front of a name; no part of what is proposed.
TITLES: Final = _words(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president vice prime deputy foreign defence defense
    interior finance justice trade energy health minister ministers ministry secretary state spokesman
    spokeswoman spokesperson ambassador envoy general colonel major captain admiral senator senators rep reps
    sen gov lt gen col congressman congresswoman representative governor mayor king queen prince princess pope
    chancellor premier judge chairman chairwoman chair director chief former acting opposition leader
    commissioner speaker parliament government cabinet department office embassy army police court council
    committee commission councillor councilor
    """
)
#: What a person's office ends with: "Fisheries Minister Jane Roe" is Jane Roe.
PERSONAL_TITLES: Final = _words(
    """
    minister ministers secretary commissioner commissioners chancellor premier president senator governor mayor
    ambassador spokesman spokeswoman spokesperson chairman chairwoman
    """
)
#: What stands before a name of a person alone.
FORMS_OF_ADDRESS: Final = _words(
    """
    mr mrs ms miss dr prof professor sir dame lord lady rep reps sen senators gov lt gen col congressman congresswoman
    general colonel major captain admiral king queen prince princess pope judge councillor councilor president
    """
)
#: What names of texts, measures, works, events and places end with, which hold no opinion: "Fishery Pact".
NO_SOURCES: Final = _words(
    """
    accord accords act agreement agreements amendment atlantic bill ceasefire charter constitution convention deal
    declaration directive law memorandum ocean pacific pact pipeline plan protocol referendum regulation resolution
    river sea statute strait summit tariff tariffs tax treaty truce war
    airport anthem award bay book bridge canal championship coast cup dam expo fair festival film forest games garden
    gardens gulf highway hotel index island islands lake lighthouse marathon mount mountain mountains museum novel opera
    palace park peninsula play poll prize quarter report road square stadium station street studies study survey
    theater theatre tower tunnel valley village
    """
)
#: Words with a capital that are no name.
NO_NAMES: Final = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sept sep oct nov dec i christmas easter
    ramadan english photo image reuters ap afp advertisement read more share by subscribe
    """
)
#: Nouns of which articles are full, and which are rarely what a stance is about.
NO_TOPICS: Final = _words(
    """
    day days week weeks month months year years time times morning afternoon evening night hour hours minute
    minutes people person man men woman women child children country countries government governments minister
    ministers ministry president spokesman spokeswoman spokesperson official officials group groups member
    members meeting statement report reports news world region city town part number percent end beginning way
    thing things case fact question questions reason side sides place area issue issues problem problems
    situation first second third next last past future rest same new old whole other others most many few
    several one two three four five half million billion thousand hundred dollar dollars euro euros parliament
    cabinet interview briefing readout speech decision moment lot kind sort name names house home state states
    party parties leader leaders public article reporters journalists delegation debate telephone
    post posts page pages site website story newsletter newsletters inbox subscription subscriber subscribers account
    comment comments link links photo photos video videos browser device devices trial cookie cookies
    """
)
