"""Kinds of account and of what is attached to one."""

from django.db import models

LEVELS_AT_MOST = 10
"""How deep accounts may hang below each other; a head office with branches is two levels."""


class Kind(models.TextChoices):
    """What the account is to us."""

    CUSTOMER = "customer", "Customer"
    PROSPECT = "prospect", "Prospect"
    SUPPLIER = "supplier", "Supplier"


class AddressType(models.TextChoices):
    """What an address is for."""

    HEAD_OFFICE = "head_office", "Head office"
    SITE = "site", "Site"
    BILLING = "billing", "Billing"
    DELIVERY = "delivery", "Delivery"


class Certainty(models.TextChoices):
    """How sure whoever stated a fact was."""

    CONFIRMED = "confirmed", "Confirmed"
    ASSUMED = "assumed", "Assumed"


class CustomType(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DAY = "date", "Date"
    CHOICE = "choice", "Choice"
    FLAG = "yes_no", "Yes or no"
    MONEY = "money", "Money"
