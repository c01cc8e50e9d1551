"""Icons are words of a font: whoever listens to a page would hear "arrow_back"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted(
    path
    for app in ("config", "users", "feedback", "tickets")
    for path in (settings.BASE_DIR / app).rglob("templates/**/*.html")
)
ICON = re.compile(r'<span class="material-symbols-outlined.*?>(?=[a-z{])')


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_icons_are_silent_or_have_a_name(template: Path) -> None:
    icons = ICON.findall(template.read_text(encoding="utf-8"))
    spoken = [
        icon for icon in icons if "aria-hidden" not in icon and not ("role=" in icon and "title=" in icon)
    ]
    assert spoken == []
