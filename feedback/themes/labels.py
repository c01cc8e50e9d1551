"""What a theme is called in each language, and which of that a reader is shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.kit.languages import base_of

SEPARATOR = " · "


@dataclass(frozen=True)
class Label:
    """The name of one theme in one language; ``messages`` of that language stand behind it."""

    theme: int
    language: str
    text: str
    phrases: tuple[str, ...]
    messages: int


def by_language(labels: Iterable[Label]) -> dict[str, str]:
    """Return {language: text} of the ``labels`` of one theme, in their order."""
    return {label.language: label.text for label in labels}


def reader_label(
    labels: Mapping[str, str],
    language: str = "",
    *,
    glosses: Mapping[str, str] | None = None,
    commonest: str = "",
) -> str:
    """Return the one text that names a theme for a reader of ``language`` (a code, ``zh-hans`` counts as ``zh``).

    ``labels`` are {language: text}, the first of the ``commonest`` language unless that is given. The one in the
    reader's language when there is one, unless ``glosses`` ({language: text}) say it better; else, and when
    ``language`` is "", Chinese and English side by side if either is the commonest, or the label of the commonest,
    after the gloss for the reader. A label that a gloss says better gives way to it for every reader.
    """
    wanted = base_of(language)
    meant = (glosses or {}).get(wanted)
    if wanted in labels:
        return meant or labels[wanted]
    first = commonest if commonest in labels else next(iter(labels), "")
    shown = ("zh", "en") if first in ("zh", "en") else (first,)
    text = " / ".join((glosses or {}).get(code, labels[code]) for code in shown if code in labels)
    return SEPARATOR.join(filter(None, [meant, text]))
