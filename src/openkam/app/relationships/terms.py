"""The words of the room: roles in the buying center, functions, levels, ways to reach a person, and what passes between us."""

from django.db import models


class BuyingCenterRole(models.TextChoices):
    """What a person does when the account buys: after Webster and Wind (1972), with the initiator and the approver of later texts."""

    INITIATOR = "initiator", "Initiator"
    USER = "user", "User"
    INFLUENCER = "influencer", "Influencer"
    BUYER = "buyer", "Buyer"
    APPROVER = "approver", "Approver"
    DECIDER = "decider", "Decider"
    GATEKEEPER = "gatekeeper", "Gatekeeper"


class PointKind(models.TextChoices):
    """A way to reach a person."""

    MAIL = "mail", "E-mail"
    PHONE = "phone", "Phone"


class Topic(models.TextChoices):
    """What a soft claim is about."""

    STANCE = "stance", "Stance towards us"
    POWER = "power", "Power over what is bought"
    INTEREST = "interest", "Interest in what we offer"
    ACCESS = "access", "Our access"
    INFLUENCE = "influence", "Influence"
    INTERESTS = "interests", "Interests and aims"
    MANNER = "manner", "Way of deciding"
    POTENTIAL = "potential", "Potential"
    SHARE_OF_WALLET = "share_of_wallet", "Share of wallet"
    RIVALS = "rivals", "Other suppliers"
    OTHER = "other", "Other"


PERSONAL_TOPICS = (Topic.INTERESTS, Topic.MANNER, Topic.OTHER)
"""What is said of a contact as a person: for the account's manager and team, unless somebody opens it."""

CLAIM_SHELF_LIFE_DAYS = 180
"""What a claim keeps unless its author says otherwise: half a year, as long as two quarterly reviews."""


class Strength(models.IntegerChoices):
    """How strongly somebody sways somebody."""

    SLIGHT = 1, "Slightly"
    CLEAR = 2, "Clearly"
    STRONG = 3, "Strongly"


SCALES: dict[str, dict[int, str]] = {
    Topic.STANCE: {-2: "fights us", -1: "against", 0: "neutral", 1: "supports", 2: "champions us"},
    Topic.POWER: {0: "none", 1: "little", 2: "some", 3: "much", 4: "decides alone"},
    Topic.INTEREST: {0: "none", 1: "little", 2: "some", 3: "much", 4: "drives it"},
    Topic.ACCESS: {0: "none", 1: "on request", 2: "when needed", 3: "at any time"},
}
"""What a claim on these topics may be worth, in words; power and interest make the grid of Mendelow (1991)."""

ROLE_VERBS: dict[str, str] = {
    BuyingCenterRole.INITIATOR: "initiates",
    BuyingCenterRole.USER: "uses",
    BuyingCenterRole.INFLUENCER: "influences",
    BuyingCenterRole.BUYER: "buys",
    BuyingCenterRole.APPROVER: "approves",
    BuyingCenterRole.DECIDER: "decides",
    BuyingCenterRole.GATEKEEPER: "keeps gate",
}
"""What somebody in the role does, in the room that a card has."""

ROLE_WEIGHTS: dict[str, float] = {str(role): 1.0 for role in BuyingCenterRole}
"""What each role counts for in the coverage of a buying center: all the same, until the firm says otherwise."""


class InteractionKind(models.TextChoices):
    """What passed between us and the account; a note is kept for ourselves and counts as no contact."""

    MEETING = "meeting", "Meeting"
    CALL = "call", "Call"
    MAIL = "mail", "Mail"
    VISIT = "visit", "Visit"
    NOTE = "note", "Note"


SPOKEN_KINDS = (InteractionKind.MEETING, InteractionKind.CALL, InteractionKind.VISIT)
"""Where both sides talk at once, so that shares of talk and agenda can be noted."""


class Side(models.TextChoices):
    """On whose side somebody stands."""

    OURS = "ours", "Ours"
    THEIRS = "theirs", "Theirs"


class Part(models.TextChoices):
    """How somebody took part: as the writer of a mail, its recipient, or in the room or on the line."""

    FROM = "from", "From"
    TO = "to", "To"
    CC = "cc", "Copy"
    PRESENT = "present", "Present"


class Origin(models.TextChoices):
    """How an interaction came to be known."""

    ENTERED = "entered", "Entered by hand"
    IMPORTED = "imported", "Imported from a file"
    MAILBOX = "mailbox", "Read from a mailbox"


class PromiseState(models.TextChoices):
    """What became of a promise."""

    OPEN = "open", "Open"
    KEPT = "kept", "Kept in time"
    KEPT_LATE = "kept_late", "Kept late"
    BROKEN = "broken", "Broken"
    WITHDRAWN = "withdrawn", "Withdrawn"


LONGEST_KEY = 18
"""Digits of a key that a database knows."""


class ProposalState(models.TextChoices):
    """What became of an unknown address that was proposed as a contact."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    IGNORED = "ignored", "Ignored"


CORRESPONDENCE_KIND = "correspondence"
"""The kind of runs that take in mails and appointments from a file."""

CORRESPONDENCE_LIMIT_BYTES = 1024 * 1024 * 1024
"""The largest file of mails or appointments, whatever larger file of facts the workspace takes."""

CORRESPONDENCE_FILE_KEPT_DAYS = 7
"""How long a file waits for its run to be started again; one that was taken in is gone at once."""

CALENDAR_WINDOW_DAYS = 731
"""How far back appointments are taken in: two years."""

MAILBOX_KIND = "mailbox"
"""The kind of runs that read one mailbox."""

MAILBOXES_KIND = "mailboxes"
"""The kind of runs that have every mailbox read."""

MAILBOX_WINDOW_DAYS = 731
"""How far back a mailbox is read at first: two years."""


class LifecycleStage(models.TextChoices):
    """The stages of a relation, as the engine has them; uncoupling may come after any."""

    PRE = "pre", "Pre"
    EARLY = "early", "Early"
    MID = "mid", "Mid"
    PARTNERSHIP = "partnership", "Partnership"
    SYNERGISTIC = "synergistic", "Synergistic"
    UNCOUPLING = "uncoupling", "Uncoupling"


class StageMove(models.TextChoices):
    """What somebody decided about a stage."""

    PROMOTION = "promotion", "Promoted"
    DEMOTION = "demotion", "Demoted"
    UNCOUPLING = "uncoupling", "Uncoupling"
    RETURN = "return", "Returned"


MEASURED_FROM_LEDGER = "ledger"
MEASURED_FROM_SELECTION = "selection"
MEASURED_FROM_SURVEY = "survey"
MEASURE_STAGES_KIND = "measure-stages"


class LoyaltyKind(models.TextChoices):
    """What speaks for a rung of the ladder and nobody can measure."""

    FIT = "fit", "It fits us"
    ATTITUDE = "attitude", "Somebody's attitude"
    RECOMMENDATION = "recommendation", "A recommendation of us"
    CONTRACT = "contract", "A contract"
    PLAN = "plan", "A plan of both sides"


class LadderRung(models.TextChoices):
    """The rungs from below, as the engine has them."""

    PROSPECT = "prospect", "Prospect"
    CUSTOMER = "customer", "Customer"
    CLIENT = "client", "Client"
    SUPPORTER = "supporter", "Supporter"
    ADVOCATE = "advocate", "Advocate"
    PARTNER = "partner", "Partner"


class SurveyKind(models.TextChoices):
    """What a survey asks."""

    TRUST = "trust", "Trust and commitment"
    NPS = "nps", "Would they recommend us (NPS)"
    CSAT = "csat", "How satisfied they are (CSAT)"
    CES = "ces", "How easy we make it (CES)"
    PERCEPTION = "perception", "How both sides see the same topics"


ONE_QUESTION = (SurveyKind.NPS, SurveyKind.CSAT, SurveyKind.CES)
"""Kinds that one click in the mail answers."""
SURVEY_SCALES: dict[str, tuple[int, int]] = {
    SurveyKind.TRUST: (1, 7),
    SurveyKind.NPS: (0, 10),
    SurveyKind.CSAT: (1, 5),
    SurveyKind.CES: (1, 7),
    SurveyKind.PERCEPTION: (1, 7),
}
"""Lowest and highest answer of each kind."""
ANONYMOUS_FROM = 3
"""Answers of a survey without names are shown from so many on; below, one could guess whose they are."""
SURVEY_DAYS = 30
"""How long a link is good for unless somebody says otherwise."""
REMIND_AFTER_DAYS = 7
REMIND_KIND = "remind-of-surveys"
LETTERS_KIND = "survey-letters"
GUEST_LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("en", "english"),
    "de": ("de", "german", "deutsch"),
    "fr": ("fr", "french", "français", "francais"),
    "es": ("es", "spanish", "español", "espanol"),
}
"""The languages of guest pages and letters, and how a contact's language may be written."""
GUEST_SURVEY_ADDRESS = "/guest/survey/{token}/"
"""Where the guest page of a survey is: a letter must name it, and the room that serves it stands above this one."""


class RetentionKind(models.TextChoices):
    """What a clock of retention runs for."""

    CONTACTS = "contacts", "Contacts"
    CORRESPONDENCE = "correspondence", "Mails and appointments (metadata)"
    INTERACTIONS = "interactions", "Logged calls, meetings, visits and notes"
    ANSWERS = "answers", "Answers to surveys"


class CaseState(models.TextChoices):
    """What became of something whose time had come."""

    OPEN = "open", "To decide"
    KEPT = "kept", "Kept"
    ERASED = "erased", "Erased"


ERASURE_KIND = "erasure"
RETENTION_KIND = "retention"
"""The kind of runs that list what is due."""
ERASURES_FILE = "erasures.jsonl"
"""Beside the database in the workspace: who was erased, for an older copy of the database that comes back."""
