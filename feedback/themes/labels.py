"""What a theme is called in each language, and which of that a reader is shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
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
    labels: Sequence[Label], language: str = "", *, glosses: Mapping[str, str] | None = None
) -> str:
    """Return the one text that names the theme for a reader of ``language`` (a code, ``zh-hans`` counts as ``zh``).

    The label in the reader's language when there is one, unless ``glosses`` ({language: text}) says it better; else,
    and when ``language`` is "", Chinese and English side by side if both spoke, or the label of the language that
    spoke most, after the gloss for the reader.
    """
    wanted = base_of(language)
    own = by_language(labels)
    if wanted in own:
        return (glosses or {}).get(wanted) or own[wanted]
    both = [own[code] for code in ("zh", "en") if code in own]
    texts = both if both and labels[0].language in ("zh", "en") else [label.text for label in labels[:1]]
    return SEPARATOR.join(filter(None, [(glosses or {}).get(wanted), " / ".join(texts)]))
