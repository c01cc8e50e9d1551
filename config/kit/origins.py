from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a row comes from. Only live rows (and drill rows within their drill) may page or answer."""

    LIVE = "live", _("Live")
    IMPORT = "import", _("Import")
    DEMO = "demo", _("Demo")
    DRILL = "drill", _("Drill")
