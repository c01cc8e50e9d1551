from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a row comes from. Only live ones (and, within its drill, drill ones) may page or answer."""

    LIVE = "live", _("Live")
    IMPORT = "import", _("Import")
    DEMO = "demo", _("Demo")
    DRILL = "drill", _("Drill")
