"""Log format: JSON in production, plain text for people at a console.

A line says what happened and to which id. Bodies and addresses of people are never logged.
"""

import logging.config
import re
from typing import Any, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from config.kit.errors import is_database_trouble

# Matches only at the beginning of a word: trying at each of its letters takes seconds for 20,000 letters.
MAIL_ADDRESS = re.compile(r"(?<![^\s<>\"'(),;:@=])[^\s<>\"'(),;:@=]+@[^\s<>\"'(),;:@=]+")
# PostgreSQL quotes the values of a row after these words.
QUOTED_ROW = re.compile(r"(?<!\s)\s*(DETAIL|CONTEXT|LINE \d+):.*", re.DOTALL)
LONGEST_MESSAGE = 200


def without_people(logger: Any, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Remove addresses, quoted rows and secret paths from ``line``.

    Only a safety net: our own lines hold ids only, but other packages' lines and the texts of exceptions may
    quote what a customer wrote.
    """
    if line.get("logger") == "django.request":
        # "Internal Server Error: /path": the path may carry the secret of a status link. The request's
        # own line has the route and the same request_id.
        line["event"] = str(line["event"]).partition(":")[0]
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = MAIL_ADDRESS.sub("<address>", value)
    for error in line.get("exception", ()) if isinstance(line.get("exception"), list) else ():
        error["exc_value"] = spoken(error["exc_value"])
    return line


def without_the_databases_traces(logger: Any, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Drop tracebacks of pages that failed because the database was away: hundreds a second, all alike."""
    trace = line.get("exc_info")
    if line.get("logger") == "django.request" and isinstance(trace, tuple) and is_database_trouble(trace[1]):
        line["exc_info"], line["error"] = None, trace[0].__name__
    return line


def spoken(text: str) -> str:
    """Return the message of an exception without the parts that may quote customers' data."""
    return MAIL_ADDRESS.sub("<address>", QUOTED_ROW.sub("", text))[:LONGEST_MESSAGE]


def write_traceback(stream: TextIO, info: Any) -> None:
    """Write a traceback for the console: the usual frames, and the exception without what it may quote."""
    stream.write("\n")
    for error in TRACEBACK(info):
        stream.write("".join(f"  {f['filename']}:{f['lineno']} in {f['name']}\n" for f in error["frames"]))
        stream.write(f"{error['exc_type']}: {spoken(error['exc_value'])}\n")


# Without local variables: they hold the messages of customers.
TRACEBACK = ExceptionDictTransformer(show_locals=False)

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def settings(*, level: str, is_json: bool) -> dict[str, Any]:
    """Return the LOGGING dictionary, which sends everything from ``level`` on to standard error."""
    renderer: list[Any] = (
        [
            without_the_databases_traces,
            structlog.processors.ExceptionRenderer(TRACEBACK),
            without_people,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if is_json
        else [
            without_the_databases_traces,
            without_people,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=write_traceback),
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard_error"], "level": level},
        "loggers": {
            "celery": {"level": "WARNING"},
            # Would log every 4xx as a warning with its path; our request line has it without the path.
            "django.request": {"level": "ERROR"},
            # A wrong Host header gets a 400; a traceback for each would let strangers fill the disk.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def configure(logging_settings: dict[str, Any]) -> None:
    """Set up logging and structlog; Django calls this with LOGGING (LOGGING_CONFIG names it)."""
    logging.config.dictConfig(logging_settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
