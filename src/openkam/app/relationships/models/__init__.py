"""People at accounts: who they are, where they work, what they decide, what we believe about them."""

from openkam.app.relationships.models.claim import Claim
from openkam.app.relationships.models.contact import Contact, ContactPoint
from openkam.app.relationships.models.lines import InfluenceLine, ReportingLine
from openkam.app.relationships.models.people_map import MapPlace, PeopleMap
from openkam.app.relationships.models.post import BuyingRole, Employment

__all__ = [
    "BuyingRole",
    "Claim",
    "Contact",
    "ContactPoint",
    "Employment",
    "InfluenceLine",
    "MapPlace",
    "PeopleMap",
    "ReportingLine",
]
