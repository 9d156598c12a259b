"""People at accounts: who they are, where they work, what they decide, what we believe about them."""

from openkam.app.relationships.models.claim import Claim
from openkam.app.relationships.models.commitment import Commitment
from openkam.app.relationships.models.contact import Contact, ContactPoint
from openkam.app.relationships.models.interaction import Interaction, Participant
from openkam.app.relationships.models.post import BuyingRole, Employment

__all__ = ["BuyingRole", "Claim", "Commitment", "Contact", "ContactPoint", "Employment", "Interaction", "Participant"]
