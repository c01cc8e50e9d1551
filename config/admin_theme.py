"""How the admin looks: the settings of django-unfold."""

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "Earshot",
    "SITE_HEADER": "Earshot",
    "SITE_SUBHEADER": _("Every user heard, every answer kept"),
    "SITE_SYMBOL": "hearing",
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
}
