"""The process that parses one mail: raw bytes on standard input, a framed result on standard output.

Started only by ``sandbox``. It limits itself before it reads a byte, so that nothing in the mail can
harm more than this process. It imports only the standard library and this folder.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys

from feedback.channels.email.parse import parse, salvage
from feedback.channels.email.parsed import MOST_BYTES

TASKS = {"parse": parse, "salvage": salvage}
#: The reader of the result has no memory limit. A mail that expands to more than this is an attack.
MOST_OUTPUT = 8 * MOST_BYTES


def main(task: str, cpu_seconds: int, memory_bytes: int) -> None:
    """Write the length of a JSON object as 8 bytes, the object, then the attachments' contents in order."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS defines this limit but rejects it; the wall-clock limit and the parser's own bounds remain.
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
