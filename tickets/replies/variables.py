"""Replace the variables of a canned reply. Pure: no Django, no models, no template engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

#: The variables a wording may contain; anything else in braces is left as written.
VARIABLES = ("customer", "number", "agent", "subject", "app_version", "platform", "device", "status_link")
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with each known variable replaced; variables inside the values are not replaced."""
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)


def unknown_variables(text: str, *, known: Sequence[str] = VARIABLES) -> list[str]:
    """Return the names in braces that are not replaced, in order of appearance, each once."""
    return [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in known]
