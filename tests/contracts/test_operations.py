"""docs/operations.md and the code name the same settings, loops and processes."""

import re

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from config.env import ROOT

DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
SETTINGS = DOCUMENT.partition("## Settings")[2].partition("\n## ")[0]

READ = re.compile(r"""(?:read\.\w+|environ\.get|time_zone|networks)\(\s*["']([A-Z][A-Z_]+)["']""")


def read_by_the_code() -> set[str]:
    files = [*(ROOT / "config").rglob("*.py"), ROOT / "up.py"]
    files += [path for app in ("users", "feedback", "tickets") for path in (ROOT / app).rglob("*.py")]
    # What the tests' plugin passes between its processes is nobody's setting.
    found = {name for path in files if "pytest" not in path.name for name in READ.findall(path.read_text())}
    return found - {"PATH"}


class TestSettings:
    def test_are_all_explained(self):
        explained = set(re.findall(r"`([A-Z][A-Z_]+)`", SETTINGS))
        assert read_by_the_code() - explained == set()

    def test_explained_are_all_read(self):
        first_cells = re.findall(r"^\| (`[^|]+)\|", SETTINGS, re.MULTILINE)
        names = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
        # Read by prometheus_client itself.
        assert names - read_by_the_code() - {"PROMETHEUS_MULTIPROC_DIR"} == set()


class TestLoops:
    @pytest.mark.parametrize("name", settings.LOOPS)
    def test_exist(self, name):
        assert callable(import_string(settings.LOOPS[name]))

    @pytest.mark.parametrize("place", ["compose.yaml", "docs/operations.md"])
    def test_are_the_ones_run_in_production(self, place):
        assert set(settings.LOOPS) == set(re.findall(r"manage\.py loop (\w+)", (ROOT / place).read_text()))
