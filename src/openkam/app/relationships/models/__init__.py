"""People at accounts: who they are, where they work, what they decide, what we believe about them, what passed between us."""

from openkam.app.relationships.models.claim import Claim
from openkam.app.relationships.models.commitment import Commitment
from openkam.app.relationships.models.contact import Contact, ContactPoint
from openkam.app.relationships.models.correspondence import CorrespondenceImport, RefusedItem
from openkam.app.relationships.models.exit import ExitPlan, ExitRisk, ExitValue
from openkam.app.relationships.models.interaction import Interaction, Participant
from openkam.app.relationships.models.lines import InfluenceLine, ReportingLine
from openkam.app.relationships.models.loyalty import LadderPlace, LoyaltyEvidence
from openkam.app.relationships.models.mailbox import Mailbox, MailboxFolder
from openkam.app.relationships.models.mention import Mention
from openkam.app.relationships.models.people_map import MapPlace, PeopleMap
from openkam.app.relationships.models.post import BuyingRole, Employment
from openkam.app.relationships.models.proposal import ContactProposal
from openkam.app.relationships.models.rights import ErasedAddress, Erasure, RetentionCase, RetentionClock
from openkam.app.relationships.models.stage import StageChange, StageEvidence
from openkam.app.relationships.models.survey import Answer, Invitation, Response, Survey

__all__ = [
    "Answer",
    "BuyingRole",
    "Claim",
    "Commitment",
    "Contact",
    "ContactPoint",
    "ContactProposal",
    "CorrespondenceImport",
    "Employment",
    "ErasedAddress",
    "Erasure",
    "ExitPlan",
    "ExitRisk",
    "ExitValue",
    "InfluenceLine",
    "Interaction",
    "Invitation",
    "LadderPlace",
    "LoyaltyEvidence",
    "Mailbox",
    "MailboxFolder",
    "MapPlace",
    "Mention",
    "Participant",
    "PeopleMap",
    "RefusedItem",
    "ReportingLine",
    "Response",
    "RetentionCase",
    "RetentionClock",
    "StageChange",
    "StageEvidence",
    "Survey",
]
