"""The admin classes of this app's parts, collected for Django."""

from users.accounts.admin import ApiTokenAdmin, TeamAdmin, UserAdmin
from users.profiles.admin import CustomerMergeAdmin

__all__ = ["ApiTokenAdmin", "CustomerMergeAdmin", "TeamAdmin", "UserAdmin"]
