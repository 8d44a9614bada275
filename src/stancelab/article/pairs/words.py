"""English words that the rules of sources know: verbs of reporting, offices, bodies, documents, titles.

Closed lists, written for news on politics; a word that is missing here is a source that is not heard.
"""

from __future__ import annotations

from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


#: Regular verbs of speech and of shown attitude. Who is their subject has reported.
_REGULAR: Final = word_set(
    """
    accept accuse acknowledge add address admit advise affirm agree allege announce answer appeal applaud
    approve argue ask assert assure back bemoan blame boast call caution charge claim comment commend complain
    concede conclude condemn confirm congratulate contend counter criticise criticize declare decline decry
    demand denounce deny deplore describe disagree dismiss doubt echo emphasise emphasize endorse estimate
    expect explain express fear hail hint hope implore insist joke lament maintain mention mourn note object
    observe offer oppose pledge praise predict proclaim promise propose protest question quip reaffirm reassure
    rebuff recall recommend refuse regret reiterate reject remark remind repeat reply report request respond
    reveal sign stress suggest support testify thank threaten tweet underline underscore urge vow voice want
    warn welcome wish worry accept blast brand celebrate cheer chide cite clarify compare dispute dub fume indicate
    intend joke label laugh lambast liken lobby mutter muse nod opine outline plan press scoff shout shrug sigh
    signal slam smile snap sniff summarise summarize thunder whisper cry rebuke resolve
    """
)

#: Base forms, of which many are nouns too.
BASES: Final = _REGULAR

#: Irregular verbs, as base, third person, past.
_IRREGULAR: Final = """
say says said; tell tells told; think thinks thought; write writes wrote; speak speaks spoke; see sees saw;
believe believes believed; hold holds held; feel feels felt; know knows knew; find finds found; forbid forbids forbade;
foresee foresees foresaw; swear swears swore; seek seeks sought; put puts put; stand stands stood
"""

#: Verbs that introduce words as speech, also before their speaker ("..., said the ministry").
SPEECH: Final = word_set(
    """
    said says added adds told tells warned warns replied replies responded insisted insists explained explains
    argued argues declared declares stated states announced asked asks answered complained wrote writes remarked
    noted notes tweeted posted concluded quipped joked observed claimed claims continued recalled protested
    """
)


def _forms(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, verb[:-1] + "ies", verb[:-1] + "ied"
    if verb in ("admit", "regret", "quip", "plan", "slam", "snap", "nod", "shrug", "dub"):
        return verb, verb + "s", verb + verb[-1] + "ed"
    return verb, verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s"), verb + "ed"


#: Finite forms of verbs whose subject is heard.
REPORTING: Final = (
    frozenset(form for verb in _REGULAR for form in _forms(verb)) | word_set(_IRREGULAR.replace(";", " ")) | SPEECH
) - {"report", "note", "question", "states", "put", "puts", "found", "held", "stood", "stand", "saw", "felt"}

PASSIVE: Final = word_set("was were been being is are be got")
AUXILIARIES: Final = PASSIVE | word_set(
    "has have had will would shall should can could may might must do does did not never"
)
ADVERBS: Final = word_set(
    """
    also again later then earlier still now once even just too first already often always soon however meanwhile
    therefore instead nevertheless further furthermore yesterday today tomorrow twice
    """
)

PRONOUNS: Final = frozenset(["he", "she", "it", "they"])
POSSESSIVES: Final = {"his": "he", "her": "she", "its": "it", "their": "they"}
#: "I" and "we", also with a verb joined to them.
FIRST_PERSON: Final = frozenset(
    word + ending
    for word in ("we", "i")
    for ending in ("", *(mark + verb for mark in ("'", "’") for verb in ("m", "re", "ve", "d", "ll")))
)
FIRST_POSSESSIVES: Final = word_set("my our")

DETERMINERS: Final = word_set("the a an this that these those both some several many two three one another")
PREPOSITIONS: Final = word_set(
    """
    of for in from at with on by to into over under about after before during since until against between among
    through without within towards toward near despite outside inside amid as like across behind beside
    """
)
CONJUNCTIONS: Final = word_set(
    """
    and but or nor that which who whom whose because if when while although though where whether so yet than
    """
)

#: Persons in an office, who speak for the state or body that they are tied to.
OFFICES: Final = word_set(
    """
    minister premier president vice-president chancellor spokesman spokeswoman spokesperson ambassador envoy
    secretary secretary-general chief chair chairman chairwoman chairperson commissioner delegate representative
    negotiator official diplomat speaker leader head director director-general king queen monarch emir senator
    lawmaker legislator adviser advisor aide prosecutor registrar consul commander counterpart undersecretary
    mediator deputy premier colleague guest host agent congressman congresswoman treasurer attache attaché counsellor
    governor-general minister-president taoiseach general admiral co-leader co-chair co-chairman co-chairwoman
    co-president vice-chair vice-chairman vice-chairwoman whip
    """
)
#: Bodies that speak for what they are tied to.
BODIES: Final = word_set(
    """
    government ministry department administration delegation mission embassy cabinet parliament office army
    military navy alliance bloc group union commission council court tribunal agency organisation organization
    committee assembly presidency secretariat country nation kingdom republic team side authority leadership
    senate congress bank fund federation league duma chancellery regime service guard police force
    """
)
#: Bodies that are none of a state: behind the name of a state they are somebody else's ("a Norwegian company"), behind
#: that of another entry the entry's own ("the Green party").
PRIVATE_BODIES: Final = word_set(
    """
    party company firm charity ngo nonprofit foundation association federation chamber movement militia coalition
    institute network campaign panel board body parliamentary
    """
)
#: Who speaks for a body that is no state, and for no state ("a Greenpeace campaigner", "a Norwegian campaigner").
BODY_OFFICES: Final = word_set(
    """
    member founder co-founder candidate organiser organizer campaigner activist manager boss ceo executive coordinator
    councillor councilor mp mep treasurer economist lawyer trustee
    """
)
#: Documents that speak for who issued them.
DOCUMENTS: Final = word_set(
    """
    statement declaration communique communiqué letter note paper readout resolution report reply document
    """
)
#: Of these, the ones that may be anybody's where they are new ("a report said"); "a statement" is of who acted last.
LOOSE_DOCUMENTS: Final = word_set("report note paper letter resolution document")
#: Words that stand before the noun of an office or body ("deputy foreign minister").
MODIFIERS: Final = word_set(
    """
    foreign prime deputy vice defence defense finance interior home trade commerce energy health justice economy
    economic environment agriculture culture education labour labor transport treasury first senior junior
    acting interim caretaker outgoing incoming permanent special press national security general top high state
    climate assistant under affairs policy military government ministry department delegation joint chief
    supreme federal european royal central armed former unnamed presidential parliamentary diplomatic external
    public international development immigration migration science technology water fisheries planning
    information nuclear
    """
)
#: Modifiers that tell offices and bodies of one state apart ("the prime minister" is not the foreign minister).
PORTFOLIOS: Final = word_set(
    """
    foreign prime defence defense finance interior home trade commerce energy health justice economy economic
    environment agriculture culture education labour labor transport treasury immigration migration science
    technology water fisheries planning information nuclear
    """
)
#: People and things that do not speak for the state that their adjective names ("a Russian analyst").
PRIVATE: Final = word_set(
    """
    analyst expert economist professor researcher scholar scientist historian journalist reporter editor
    columnist writer author novelist poet blogger newspaper daily magazine media press television broadcaster
    channel agency company firm bank exporter importer trader farmer worker citizen resident student tourist
    traveller refugee migrant activist campaigner protester demonstrator critic opposition dissident rebel
    insurgent separatist lawyer doctor businessman businesswoman businessmen investor charity ngo union observer
    commentator pundit voter public news singer actor athlete footballer fan marcher witness villager fisherman
    fishermen mayor former ex
    """
)
#: Who is meant by "he" and "she" though the word is no office.
PEOPLE: Final = (PRIVATE | word_set("man woman pope bishop judge teacher farmer chairman driver priest")) - {
    "newspaper", "daily", "magazine", "media", "press", "television", "broadcaster", "channel", "agency", "company",
    "firm", "bank", "charity", "ngo", "union", "public", "opposition", "former", "ex",
}  # fmt: skip
LEADING: Final = word_set(
    """
    heads leads chairs represents headed led chaired represented speaks spoke directs directed co-leads co-led
    co-chairs co-chaired runs ran presides presided coordinates coordinated
    """
)

#: Titles before a name -> the pronoun that they ask for, "" where both fit.
TITLES: Final = {
    "mr": "he", "sir": "he", "lord": "he", "monsieur": "he", "herr": "he", "mrs": "she", "ms": "she", "miss": "she",
    "madame": "she", "mme": "she", "lady": "she", "frau": "she", "dr": "", "prof": "", "gen": "", "col": "", "lt": "",
    "maj": "", "capt": "", "sen": "", "rep": "", "gov": "", "brigadier": "", "colonel": "", "captain": "", "major": "",
    "marshal": "", "sheikh": "he", "prince": "he", "princess": "she",
}  # fmt: skip
#: Offices that ask for one pronoun.
GENDERS: Final = {
    "spokesman": "he", "spokeswoman": "she", "chairman": "he", "chairwoman": "she",
    "co-chairman": "he", "co-chairwoman": "she", "vice-chairman": "he", "vice-chairwoman": "she", "king": "he",
    "emir": "he", "queen": "she", "congressman": "he", "congresswoman": "she", "businessman": "he",
    "businesswoman": "she", "man": "he", "woman": "she", "pope": "he",
}  # fmt: skip

#: Lower-case parts of names.
PARTICLES: Final = word_set("de da di do dos del della der den van von ter ten bin ibn ben al el la le du y")

TIME_WORDS: Final = word_set(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday week month year day morning evening night spring summer autumn winter
    """
)

#: Words that begin with a capital without being names.
_DATES: Final = """monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december"""
NO_NAMES: Final = (
    word_set(_DATES)
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | ADVERBS
    | AUXILIARIES
    | PRONOUNS
    | OFFICES
    | BODIES
    | DOCUMENTS
    | frozenset(POSSESSIVES)
    | word_set("mr mrs ms mme dr prof sir lord lady madame monsieur herr frau")
    | FIRST_PERSON
    | word_set("our my us me")
    | (MODIFIERS - {"under"})
    | word_set(
        """
    asked speaking officials ministers there here what how why not no nobody nothing every each all any most
    according only other others such you your thousands residents critics lawmakers mp mps
    """
    )
) - {"may"}

#: Common words for one kind of entry -> words in the names of entries or groups that they fit.
KINDS: Final = {
    "alliance": ("nato", "alliance", "treaty organi"),
    "bloc": ("union", "asean", "bloc", "mercosur", "association", "ecowas", "brics", "organi", "community", "g7"),
    "union": ("union",),
    "commission": ("commission", "european union"),
    "council": ("council", "united nations"),
    "court": ("court", "tribunal"),
    "tribunal": ("court", "tribunal"),
    "agency": ("agency",),
    "committee": ("committee",),
    "assembly": ("assembly", "united nations"),
    "bank": ("bank",),
    "fund": ("fund",),
    "league": ("league",),
    "secretary-general": ("organi", "nations", "nato", "union", "league", "asean"),
    "commissioner": ("union", "commission", "nations"),
    "prosecutor": ("court", "tribunal"),
    "registrar": ("court", "tribunal"),
}  # fmt: skip
#: Words in the names of entries or groups that tell bodies other than states.
NO_STATE: Final = (
    "union", "nations", "nato", "organi", "court", "tribunal", "bank", "fund", "agency", "asean", "league", "council",
    "commission", "committee", "issue", "treat", "statute", "bloc", "alliance", "mercosur", "ecowas",
    "party", "parties", "association", "chamber", "movement", "charit", "greens", "democrats", "compan", "workers",
)  # fmt: skip
