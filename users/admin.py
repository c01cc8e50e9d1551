"""The admin classes of this app's parts, collected for Django."""

from users.accounts.admin import ApiTokenAdmin, TeamAdmin, UserAdmin

__all__ = ["ApiTokenAdmin", "TeamAdmin", "UserAdmin"]
