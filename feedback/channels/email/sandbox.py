"""Parse a mail in a child process that can be killed: there is always a result, whatever the mail does.

This module imports nothing of the parser, so the caller's process never runs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from feedback.channels.email.parsed import MOST_BYTES, BouncedRecipient, ParsedAttachment, ParsedMail

SALVAGED_BYTES = 128 * 1024
SALVAGE_SECONDS = 2.0

_ROOT = Path(__file__).resolve().parents[3]
# -I and -S: no site-packages, no environment. It starts in half the time and sees only our folder.
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from feedback.channels.email.child import main; main(sys.argv[2], *map(int, sys.argv[3:]))"
)


@dataclass(frozen=True)
class Limits:
    """What parsing one mail may cost. The wall clock also runs while the machine is busy with other work."""

    wall_seconds: float = 20.0
    cpu_seconds: int = 10
    memory_bytes: int = 768 * 1024 * 1024


def parse_safely(raw: bytes, *, limits: Limits | None = None) -> ParsedMail:
    """Return the parsed ``raw``; never raises because of its content.

    If the parser crashes or hits its limits, the result has the flag ``parse_failed`` (and ``timeout``)
    and what a second child found in the first 128 kB.
    """
    limits = limits or Limits()
    try:
        # One byte more than is read, so that the child can tell that the mail was longer.
        return _run("parse", raw[: MOST_BYTES + 1], limits)
    except subprocess.TimeoutExpired:
        flags = {"parse_failed", "timeout"}
    except (OSError, ValueError, KeyError, TypeError):
        flags = {"parse_failed"}
    try:
        mail = _run("salvage", raw[:SALVAGED_BYTES], replace(limits, wall_seconds=SALVAGE_SECONDS))
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError, TypeError):
        return ParsedMail(flags=tuple(sorted(flags | {"sandbox_failed"})))
    return replace(mail, flags=tuple(sorted(flags.union(mail.flags))))


def _run(task: str, raw: bytes, limits: Limits) -> ParsedMail:
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(_ROOT), task]
    command += [str(limits.cpu_seconds), str(limits.memory_bytes)]
    done = subprocess.run(command, input=raw, capture_output=True, timeout=limits.wall_seconds, check=False)
    return _unframed(done.stdout)


def _unframed(output: bytes) -> ParsedMail:
    """Read the output of ``child.main``. Raises ValueError, KeyError or TypeError when it is incomplete."""
    length = int.from_bytes(output[:8], "big")
    described: dict[str, Any] = json.loads(output[8 : 8 + length])
    position = 8 + length
    attachments = []
    for values in described["attachments"]:
        content = output[position : position + values["size"]]
        position += values["size"]
        attachments.append(ParsedAttachment(**values, content=content))
    if position != len(output):
        raise ValueError(f"{len(output)} bytes instead of {position}")
    described["attachments"] = attachments
    described["bounced"] = [BouncedRecipient(**values) for values in described["bounced"]]
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in described.items()}
    return ParsedMail(**fields)
