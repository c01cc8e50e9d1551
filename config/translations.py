"""Translations without GNU gettext: collect the texts, compile the catalogue, report what is missing.

    python3 up.py messages      collect into locale/zh_Hans/LC_MESSAGES/django.po, then compile

``up.py check`` fails while a text has no translation or the compiled file is older than its source.
Unfold ships no catalogues, so its texts are collected too, except those that Django translates.
"""

import gettext
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.env import ROOT
from config.parts import PARTS

LANGUAGE = "zh_Hans"
FOLDER = ROOT / "locale" / LANGUAGE / "LC_MESSAGES"
SOURCE = FOLDER / "django.po"
COMPILED = FOLDER / "django.mo"

HEADER = "# The texts of Earshot in Simplified Chinese: `python3 up.py messages`"
# The current time would change the file at each run.
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
# Parts of Unfold for packages we do not use.
UNUSED = {"constance", "guardian", "import_export", "location_field", "simple_history", "unfold_crispy"}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

# Function name -> the arguments that are texts, in Babel's notation; (1, "c") is a context.
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
KEYWORDS: dict[str, Any] = {
    "_": None,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (*CONTEXT, 3)),
}


def collect() -> Catalog:
    """Return every text of our code and templates, and of Unfold's, untranslated."""
    catalog = Catalog(locale=LANGUAGE)
    for app in ("config", *PARTS):
        add_texts(catalog, ROOT / app, shown_as=app)
    known = texts_of_django()
    unfold = Catalog(locale=LANGUAGE)
    add_texts(unfold, package("unfold"), shown_as="unfold")
    for message in unfold:
        if message.id and message.id not in known and not catalog.get(message.id, message.context):
            catalog.add(message.id, locations=message.locations, context=message.context)
    return catalog


def add_texts(catalog: Catalog, folder: Path, *, shown_as: str) -> None:
    """Add the texts of all Python files and templates under ``folder`` to ``catalog``."""
    for path in sorted(folder.rglob("*")):
        names = set(path.parts)
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in names or UNUSED & names:
            continue
        # Line numbers are left out: they would change with every edit of the code.
        place = [(f"{shown_as}/{path.relative_to(folder).as_posix()}", 0)]
        for text, context in texts_of(path):
            catalog.add(text, locations=place, context=context)


def texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Yield each marked text of the file ``path`` (singular and plural as a pair) with its context."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{%" not in source:
            return
        # Django turns a template into gettext calls between filler. Babel parses it as Python, where leading
        # spaces are significant.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for _line, text, _comments, context in found:
        yield text, context


def texts_of_django() -> set[object]:
    """Return the texts that Django itself translates."""
    known: set[object] = set()
    for path in Path(django.__file__).parent.rglob(f"locale/{LANGUAGE}/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            known |= set(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    return known


def package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name)
    return Path(found.origin).parent


def empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        header_comment=HEADER,
        project="Earshot",
        version="1",
        copyright_holder="Earshot",
        msgid_bugs_address="none",
        last_translator="Earshot",
        language_team="Earshot",
        creation_date=MOMENT,
        revision_date=MOMENT,
        fuzzy=False,
    )


def read() -> Catalog:
    """Return the catalogue in the repository, an empty one when there is none."""
    catalog = empty()
    if SOURCE.exists():
        with SOURCE.open("rb") as file:
            for message in read_po(file, locale=LANGUAGE):
                if message.id:
                    catalog[message.id] = message
    return catalog


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update() -> None:
    """Update the catalogue to the texts in the code, keeping translations, and compile it."""
    known, catalog = read(), empty()
    for message in collect():
        if message.id:
            before = known.get(message.id, message.context)
            message.string = before.string if before else message.string
            catalog[message.id] = message
    FOLDER.mkdir(parents=True, exist_ok=True)
    with SOURCE.open("wb") as file:
        write_po(file, catalog, sort_output=True, include_lineno=False)
    # Read it back, so that exactly what the file contains is compiled.
    COMPILED.write_bytes(compiled(read()))


def problems() -> list[str]:
    """Return a sentence for each missing or wrong translation, and for an outdated compiled file."""
    catalog = read()
    found = []
    for message in collect():
        if message.id:
            translated = catalog.get(message.id, message.context)
            if translated is None or not is_translated(translated):
                found.append(f"not translated: {message.id!r} ({message.locations[0][0]})")
            elif not keeps_placeholders(translated):
                found.append(f"other placeholders than the original: {message.id!r}")
    if not COMPILED.exists() or COMPILED.read_bytes() != compiled(catalog):
        found.append(f"{COMPILED.relative_to(ROOT)} is older than its source. Run: python3 up.py messages")
    return found


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts) and not message.fuzzy


def keeps_placeholders(message: Message) -> bool:
    """Return whether each translation has exactly the placeholders of the original (of its plural)."""
    original = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = sorted(PLACEHOLDER.findall(str(original)))
    return all(sorted(PLACEHOLDER.findall(str(text))) == wanted for text in texts)


def main() -> None:
    update()
    left = problems()
    sys.stdout.write("".join(f"{sentence}\n" for sentence in left) + f"{len(left)} left to translate\n")


if __name__ == "__main__":
    main()
