"""The models of this app, collected from its parts."""

from users.accounts.models import User

__all__ = ["User"]
