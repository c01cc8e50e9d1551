"""The process that parses one mail: raw bytes on standard input, a framed result on standard output.

Started by ``sandbox`` and by nobody else. It limits itself before it reads a byte, so that whatever
the mail does ends this process only. It imports nothing outside the standard library and this folder.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys

from feedback.channels.email.parse import parse, salvage
from feedback.channels.email.parsed import MOST_BYTES

TASKS = {"parse": parse, "salvage": salvage}
#: Who reads the result is under no limit of memory. A mail that packs more than that is an attack.
MOST_OUTPUT = 8 * MOST_BYTES


def main(task: str, cpu_seconds: int, memory_bytes: int) -> None:
    """Write the length of a JSON object as 8 bytes, the object, then the attachments' contents in order."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS knows this limit and refuses it; the wall clock and the bounds in the parser remain.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    mail = TASKS[task](sys.stdin.buffer.read())
    if sum(attachment.size for attachment in mail.attachments) > MOST_OUTPUT:
        raise ValueError("so much was packed into it that whoever asked could not hold it")
    described = json.dumps(mail.as_json()).encode("ascii")
    output = sys.stdout.buffer
    output.write(len(described).to_bytes(8, "big") + described)
    for attachment in mail.attachments:
        output.write(attachment.content)
    output.flush()
