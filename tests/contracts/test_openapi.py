"""The OpenAPI document says what is there, all of it, validly and with examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate

from config import api_docs
from tests.contracts.routes import is_rest, rest_routes
from users.api.policies import policies_of


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(Client().get("/api/schema/").content)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


class TestDocument:
    def test_is_valid_openapi(self, document: dict[str, Any]) -> None:
        assert document["openapi"].startswith("3.1")
        validate(document)

    def test_is_made_once_for_all_who_ask_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[int] = []
        generate = SchemaGenerator.get_schema

        def counted(self: SchemaGenerator, *args: Any, **kwargs: Any) -> Any:
            made.append(1)
            return generate(self, *args, **kwargs)

        monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
        api_docs.document.cache_clear()
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _: Client().get("/api/schema/").status_code, range(4)))
        assert (answers, len(made)) == ([200] * 4, 1)

    def test_is_made_without_a_warning(self) -> None:
        GENERATOR_STATS.reset()
        SchemaGenerator().get_schema(request=None, public=True)
        assert (dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)) == ({}, {})

    def test_tells_of_every_route_and_method(self, document: dict[str, Any]) -> None:
        told = {name for name, _operation in operations(document)}
        there = {f"{method} {as_openapi(route.path)}" for route in rest_routes() for method in route.methods}
        assert told == there

    def test_names_each_operation_once_and_shortly(self, document: dict[str, Any]) -> None:
        names = [operation["operationId"] for _name, operation in operations(document)]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names), names
        assert all(operation["summary"] for _name, operation in operations(document))

    def test_has_an_example_of_every_body(self, document: dict[str, Any]) -> None:
        without = [
            f"{name}: {where}"
            for name, operation in operations(document)
            for where, content in bodies(operation)
            if not content.get("examples")
        ]
        assert without == []

    def test_says_what_the_items_of_every_list_are(self, document: dict[str, Any]) -> None:
        shapes = document["components"]["schemas"]
        assert [name for name, shape in shapes.items() if '"items": {}' in json.dumps(shape)] == []

    def test_describes_refusals_as_problems(self, document: dict[str, Any]) -> None:
        for name, operation in operations(document):
            refusals = {status: r for status, r in operation["responses"].items() if status >= "400"}
            assert {"429", "503"} <= set(refusals), name
            assert all("application/problem+json" in r["content"] for r in refusals.values()), name


def as_openapi(path: str) -> str:
    return re.sub(r"<[^:>]+:([^>]+)>", r"{\1}", path)


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every JSON body of ``operation``; files and forms show themselves."""
    request = operation.get("requestBody", {}).get("content", {})
    yield from (("request", content) for media, content in request.items() if media.endswith("json"))
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            if media.endswith("json"):
                yield status, content


class TestRoutes:
    def test_each_declares_a_policy_for_each_method(self) -> None:
        undeclared = [
            f"{method} {route.path}"
            for route in rest_routes()
            for method in route.methods
            if not is_rest(route.view) or method not in policies_of(route.view)
        ]
        assert undeclared == []

    def test_are_all_found(self) -> None:
        assert len(rest_routes()) > 20
