"""How the admin looks: the settings of django-unfold."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "Earshot",
    "SITE_HEADER": "Earshot",
    "SITE_SUBHEADER": _("Every user heard, every answer kept"),
    "SITE_SYMBOL": "hearing",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("workbench/favicon.svg")}
    ],
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "tickets.workbench.home.home",
    "LOGIN": {"form": "users.accounts.logins.LoginForm"},
    "COMMAND": {"search_callback": "tickets.workbench.views.search.offer_search"},
    "SIDEBAR": {"navigation": "tickets.workbench.navigation.navigation"},
    "STYLES": [lambda request: static("workbench/desk.css")],
    "SCRIPTS": [lambda request: static("workbench/live.js")],
    "BORDER_RADIUS": "6px",
    # A deep teal: no ticket state uses teal, and white text on it has a contrast of 5.4:1.
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.801)",
            "200": "oklch(91% .096 180.426)",
            "300": "oklch(85.5% .138 181.071)",
            "400": "oklch(77.7% .152 181.912)",
            "500": "oklch(62% .115 184)",
            "600": "oklch(51.1% .096 186.391)",
            "700": "oklch(43.7% .078 188.216)",
            "800": "oklch(38.6% .063 188.416)",
            "900": "oklch(32% .05 190)",
            "950": "oklch(27.7% .046 192.524)",
        },
    },
}
