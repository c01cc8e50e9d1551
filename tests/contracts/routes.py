"""Every route of the REST interface, read from the URL configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
#: A parameter of a regular expression, and the signs of one that no address holds.
_NAMED = re.compile(r"\(\?P<(\w+)>[^)]*\)")
_SIGNS = str.maketrans("", "", "^$\\")


@dataclass(frozen=True)
class Route:
    """``path`` as in the URL configuration, such as ``/api/v1/feedback/<uuid:feedback_id>``."""

    path: str
    view: Any

    @property
    def methods(self) -> list[str]:
        """What the view answers to, without HEAD and OPTIONS."""
        return [m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(self.view, m)]


def rest_routes() -> list[Route]:
    """Return each route below /api/v1 once, in its spelling without a slash."""
    found = [Route(path, view) for path, view in _walk(get_resolver(), "/") if path.startswith("/api/v1/")]
    return [route for route in found if not route.path.endswith("/")]


def page_paths() -> list[str]:
    """Return the path of each route that is not REST, spelt as REST's are: ``/admin/desk/<uuid:public_id>/``."""
    paths = [path for path, _view in _walk(get_resolver(), "/") if not path.startswith("/api/v1/")]
    return [_NAMED.sub(r"<str:\1>", path).translate(_SIGNS) for path in paths]


def filled_with(path: str, ids: Mapping[str, str], *, otherwise: Callable[[str], str]) -> str:
    """Return ``path`` with ``ids`` by their names; ``otherwise`` makes one up for a converter."""
    return _PARAMETER.sub(lambda found: ids.get(found[2]) or otherwise(found[1]), path)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, getattr(entry.callback, "view_class", entry.callback)


def is_rest(view: Any) -> bool:
    return isinstance(view, type) and issubclass(view, APIView)
