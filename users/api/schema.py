"""OpenAPI descriptions of who may call, generated from the declared policies, so that they cannot disagree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from users.api.policies import Audience, Policy, policies_of

FOR_WHOM = {
    Audience.ANYBODY: "anybody",
    Audience.LOGGED_IN: "whoever is logged in",
    Audience.PERSON: "persons (not integrations)",
    Audience.STAFF: "staff",
    Audience.PROGRAM: "integrations and staff",
}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "users.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "esk_…",
            "description": "An API token; an administrator issues it, with the scopes it needs.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "users.api.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "earshot_session",
            "description": "A browser's login; its writes carry the CSRF token as X-CSRFToken.",
        }


class PolicySchema(AutoSchema):
    """Describes an endpoint with the policy that its view declares."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        policy = self._policy()
        super().get_auth()  # Registers the schemes.
        if not self.view.get_authenticators():
            return [{}]
        ways: list[dict[str, list[str]]] = [{"session": []}]
        if policy.scope is not None:
            ways.insert(0, {"token": [policy.scope.value]})
        return [*ways, {}] if policy.audience is Audience.ANYBODY else ways

    def get_summary(self) -> str:
        return super().get_description().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]
        policy = self._policy()
        rest = super().get_description().partition("\n")[2].strip()
        text = f"{rest}\n\nFor {FOR_WHOM[policy.audience]}."
        if policy.scope is not None:
            text += f" A token needs the scope `{policy.scope.value}`."
        return text.strip()

    def _policy(self) -> Policy:
        return policies_of(self.view)[self.method]


def without_trailing_slashes(endpoints: list[tuple[Any, ...]], **_options: Any) -> list[tuple[Any, ...]]:
    """Return ``endpoints`` without the variant of each URL that ends in a slash."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]
