"""The models of this app's parts, collected for Django."""

from users.accounts.models import ApiToken, Team, User
from users.profiles.models import (
    Address,
    AddressProof,
    Consent,
    Customer,
    CustomerMerge,
    Habit,
    HabitKind,
    Preferences,
)

__all__ = [
    "Address",
    "AddressProof",
    "ApiToken",
    "Consent",
    "Customer",
    "CustomerMerge",
    "Habit",
    "HabitKind",
    "Preferences",
    "Team",
    "User",
]
