"""People at accounts: who they are, where they work, what they decide."""

from openkam.app.relationships.models.contact import Contact, ContactPoint
from openkam.app.relationships.models.post import BuyingRole, Employment

__all__ = ["BuyingRole", "Contact", "ContactPoint", "Employment"]
