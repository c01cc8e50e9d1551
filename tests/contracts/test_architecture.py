"""Who may import whom (docs/architecture.md draws it). Directions only: sizes are taste.

    config  >  tickets  >  feedback  >  users  >  config.kit        never the other way

and within an app each part imports only the parts before it in ``config.parts.PARTS``.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.env import ROOT
from config.parts import PARTS, PURE

KIT = "config.kit"
# Lowest first: an app may import itself and what stands before it.
APPS = [KIT, *PARTS, "config"]

# What the outside calls. Only collectors, addresses and other entries may import one.
ENTRIES = {"admin", "apps", "commands", "consumers", "receivers", "tasks", "urls", "views", "viewsets"}
# What brings the parts of an app together, in its root. Other files there are leaves for all parts.
COLLECTORS = {"admin", "apps", "management", "migrations", "models", "tasks", "templatetags", "urls"}


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return app_of(self.name)

    @property
    def part(self) -> str | None:
        return part_of(self.name)

    @property
    def is_entry(self) -> bool:
        return bool(ENTRIES & set(self.name.split(".")[1:]))

    @property
    def is_collector(self) -> bool:
        """Whether this file of an app's root brings the parts together: it sees all of them."""
        words = self.name.split(".")
        return self.part is None and (len(words) == 1 or words[1] in COLLECTORS)


def app_of(name: str) -> str:
    return KIT if name == KIT or name.startswith(KIT + ".") else name.partition(".")[0]


def part_of(name: str) -> str | None:
    """Return the part that the module ``name`` belongs to, None for an app's root."""
    app, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    return part if part in PARTS.get(app, ()) else None


def is_leaf(name: str) -> bool:
    words = name.split(".")
    return len(words) == 2 and part_of(name) is None and words[1] not in COLLECTORS


def load() -> dict[str, Module]:
    modules = {}
    for path in sorted(path for app in ("config", *PARTS) for path in (ROOT / app).rglob("*.py")):
        words = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(words[:-1] if words[-1] == "__init__" else words)
        modules[name] = Module(name, ast.parse(path.read_text(), str(path)))
    return modules


MODULES = load()


def imports_of(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each module imported anywhere in ``module``, with its line.

    ``from a import b`` is a.b when that is a module of ours, else a.
    """
    is_package = Path(ROOT, *module.name.split("."), "__init__.py").exists()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                words = module.name.split(".")
                above = words[: len(words) - node.level + is_package]
                start = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{start}.{alias.name}"
                yield (inner if inner in MODULES else start), node.lineno


def our_imports_of(module: Module) -> Iterator[tuple[str, int]]:
    for name, line in imports_of(module):
        if name.partition(".")[0] in {"config", *PARTS}:
            yield name, line


# Each rule yields what a module imports against it.
Rule = Callable[[Module], Iterator[str]]


def apps_above(module: Module) -> Iterator[str]:
    allowed = APPS[: APPS.index(module.app) + 1]
    for name, line in our_imports_of(module):
        if app_of(name) not in allowed:
            yield f"{name} (line {line})"


def later_parts(module: Module) -> Iterator[str]:
    if module.app not in PARTS or module.is_collector:
        return
    order = PARTS[module.app]
    allowed = order[: order.index(module.part) + 1] if module.part else ()
    for name, line in our_imports_of(module):
        if app_of(name) == module.app and part_of(name) not in allowed and not is_leaf(name):
            yield f"{name} (line {line})"


def entries(module: Module) -> Iterator[str]:
    if module.is_entry or module.is_collector or module.app == "config":
        return
    for name, line in our_imports_of(module):
        if name in MODULES and MODULES[name].is_entry:
            yield f"{name} (line {line})"


def late_imports(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        # Only AppConfig.ready may import later: before it, models do not exist.
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield f"in {node.name} (line {inner.lineno})"


def breaches(rule: Rule) -> dict[str, list[str]]:
    """Return, by module, what it imports against ``rule``."""
    found = {module.name: list(rule(module)) for module in MODULES.values()}
    return {name: wrong for name, wrong in found.items() if wrong}


class TestDirections:
    def test_an_app_imports_only_itself_and_the_apps_below(self):
        assert breaches(apps_above) == {}

    def test_a_part_imports_only_the_parts_before_it(self):
        assert breaches(later_parts) == {}

    def test_nothing_imports_what_the_outside_calls(self):
        assert breaches(entries) == {}

    def test_imports_stand_at_the_top(self):
        assert breaches(late_imports) == {}


class TestPureModules:
    @pytest.mark.parametrize("name", sorted(PURE))
    def test_reach_neither_django_nor_celery(self, name):
        assert name in MODULES, f"config.parts.PURE names {name}, which is not there"
        seen, waiting = set(), [name]
        while waiting:
            current = waiting.pop()
            seen.add(current)
            for imported, line in imports_of(MODULES[current]):
                top = imported.partition(".")[0]
                assert top not in {"django", "rest_framework", "celery"}, (
                    f"{current}, line {line}: {imported}"
                )
                if imported in MODULES and imported not in seen:
                    waiting.append(imported)

    def test_are_all_that_call_themselves_so(self):
        told = {name for name, module in MODULES.items() if re.search(r"\bPure\b", about(module))}
        assert told <= PURE, "add them to config.parts.PURE"


def about(module: Module) -> str:
    return ast.get_docstring(module.tree) or ""


class TestListOfParts:
    @pytest.mark.parametrize("app", PARTS)
    def test_names_the_folders_of_the_app(self, app):
        folders = {path.parent.name for path in (ROOT / app).glob("*/__init__.py")}
        beside = {"migrations", "management", "templatetags"}
        assert folders - beside == set(PARTS[app])

    @pytest.mark.parametrize("app", PARTS)
    def test_is_told_to_newcomers_in_the_same_order(self, app):
        told = re.findall(
            rf"^\| `{app}/(\w+)/` \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE
        )
        assert tuple(told) == PARTS[app]


class TestTheseRules:
    """They see what they should: each catches a module written to break it."""

    @pytest.mark.parametrize(
        ("rule", "name", "source"),
        [
            (apps_above, "users.accounts.models", "from feedback.intake import models"),
            (apps_above, "config.kit.text", "import users.accounts"),
            (apps_above, "feedback.intake.services", "from config import env"),
            (later_parts, "users.accounts.services", "from users.profiles.models import Customer"),
            (later_parts, "users.accounts.services", "from ..profiles import models"),
            (later_parts, "tickets.desk.services", "from tickets.models import Ticket"),
            (later_parts, "feedback.events", "from feedback.intake import models"),
            (entries, "tickets.desk.services", "from config.kit import tasks"),
            (late_imports, "tickets.desk.services", "def open_ticket():\n    import tickets.queues"),
            (late_imports, "tickets.desk.services", "async def look():\n    from users import models"),
        ],
    )
    def test_catch_a_breach(self, rule, name, source):
        assert list(rule(Module(name, ast.parse(source))))


class TestProcesses:
    def test_load_no_library_of_the_laboratory(self):
        """Only what trains and scores models needs it: a second and 50 MB for each process."""
        loaded = (
            "import sys; from config import asgi, celery, urls; celery.app.loader.import_default_modules();"
            "print('sklearn' in sys.modules, 'feedback.themes.cluster' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["False", "True"]
