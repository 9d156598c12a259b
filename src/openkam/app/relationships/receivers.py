"""The history of contacts is open to who sees them; of posts and roles to who sees the account."""

from django.urls import reverse

from openkam.app.audit.permissions import register_history
from openkam.app.relationships.models import (
    BuyingRole,
    Claim,
    Commitment,
    Contact,
    ContactPoint,
    ContactProposal,
    CorrespondenceImport,
    Employment,
    ExitPlan,
    ExitRisk,
    ExitValue,
    InfluenceLine,
    Interaction,
    LoyaltyEvidence,
    Mailbox,
    MapPlace,
    PeopleMap,
    ReportingLine,
    RetentionCase,
    RetentionClock,
    StageEvidence,
)
from openkam.app.relationships.queries.claims import visible_claims
from openkam.app.relationships.queries.commitments import visible_commitments
from openkam.app.relationships.queries.contacts import (
    visible_buying_roles,
    visible_contacts,
    visible_employments,
    visible_points,
)
from openkam.app.relationships.queries.correspondence import own_imports, visible_proposals
from openkam.app.relationships.queries.exit_plans import visible_exit_plans, visible_exit_risks, visible_exit_values
from openkam.app.relationships.queries.interactions import visible_interactions
from openkam.app.relationships.queries.lines import visible_influence_lines, visible_reporting_lines
from openkam.app.relationships.queries.loyalty import visible_loyalty_evidence
from openkam.app.relationships.queries.mailboxes import own_mailboxes
from openkam.app.relationships.queries.people_maps import visible_maps, visible_places
from openkam.app.relationships.queries.retention import visible_cases, visible_clocks
from openkam.app.relationships.queries.stages import visible_stage_evidence

register_history(Contact, visible_to=visible_contacts, address=lambda key: reverse("relationships:contact", args=[key]))
register_history(ContactPoint, label="Way to reach a contact", visible_to=visible_points)
register_history(Employment, label="Post", visible_to=visible_employments)
register_history(BuyingRole, label="Buying role", visible_to=visible_buying_roles)
register_history(Claim, visible_to=visible_claims)
register_history(
    Interaction, visible_to=visible_interactions, address=lambda key: reverse("relationships:interaction", args=[key])
)
register_history(Commitment, label="Promise", visible_to=visible_commitments)
register_history(ReportingLine, visible_to=visible_reporting_lines)
register_history(InfluenceLine, label="Line of influence", visible_to=visible_influence_lines)
register_history(PeopleMap, label="People map", visible_to=visible_maps)
register_history(MapPlace, label="Place on a people map", visible_to=visible_places)
register_history(
    CorrespondenceImport,
    visible_to=own_imports,
    address=lambda key: reverse("relationships:correspondence_import", args=[key]),
)
register_history(ContactProposal, label="Proposed contact", visible_to=visible_proposals)
register_history(Mailbox, visible_to=own_mailboxes, address=lambda key: reverse("relationships:mailbox", args=[key]))
register_history(StageEvidence, label="Evidence of a stage", visible_to=visible_stage_evidence)
register_history(ExitPlan, label="Exit plan", visible_to=visible_exit_plans)
register_history(ExitValue, label="Value to recover", visible_to=visible_exit_values)
register_history(ExitRisk, label="Risk of an exit", visible_to=visible_exit_risks)
register_history(LoyaltyEvidence, label="Evidence of loyalty", visible_to=visible_loyalty_evidence)
register_history(RetentionCase, label="Something kept too long", visible_to=visible_cases)
register_history(RetentionClock, label="Clock of retention", visible_to=visible_clocks)
