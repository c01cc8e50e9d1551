"""Find the logins that a note mentions with an @. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

#: Not inside a mail address, and not the second of two.
_AT = re.compile(r"(?<![A-Za-z0-9._%+@-])@")
#: Followed by this, a login is the beginning of another word. Non-Latin letters end it: “@ana看一下”.
_GOES_ON = re.compile(r"[A-Za-z0-9_@+-]|\.[A-Za-z0-9]")
#: A note mentions a few people; beyond this many @ signs it is a pasted list.
MOST_SIGNS = 200


def named_in(text: str, logins: Collection[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, login) for each mention of one of ``logins`` in ``text``, in order, ignoring case.

    The longest matching login wins: “@ana.b” is not “@ana”.
    """
    known = {login.lower(): login for login in logins}
    longest = max(map(len, known), default=0)
    found = []
    for sign in list(_AT.finditer(text))[:MOST_SIGNS]:
        after = sign.end()
        for end in range(min(after + longest, len(text)), after, -1):
            login = known.get(text[after:end].lower())
            if login is not None and not _GOES_ON.match(text, end):
                found.append((sign.start(), end, login))
                break
    return found
