"""The labels of a theme in each language, and which of them a reader is shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.kit.languages import base_of

SEPARATOR = " · "


@dataclass(frozen=True)
class Label:
    """The name of one theme in one language; ``messages`` counts the theme's messages in that language."""

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
    """Return the text that names a theme for a reader of ``language`` (a code, ``zh-hans`` counts as ``zh``).

    ``labels`` are {language: text}; the ``commonest`` language is that of the first one unless given. If there is a
    label in the reader's language, it is returned, or its gloss in ``glosses`` ({language: text}), which says it
    better. Otherwise, and when ``language`` is "", the result is the gloss for the reader, if any, followed by Chinese
    and English side by side if either is the commonest, else by the label of the commonest. A gloss in the language of
    a label replaces that label for every reader.
    """
    wanted = base_of(language)
    meant = (glosses or {}).get(wanted)
    if wanted in labels:
        return meant or labels[wanted]
    first = commonest if commonest in labels else next(iter(labels), "")
    shown = ("zh", "en") if first in ("zh", "en") else (first,)
    text = " / ".join((glosses or {}).get(code, labels[code]) for code in shown if code in labels)
    return SEPARATOR.join(filter(None, [meant, text]))
