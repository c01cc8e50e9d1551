from __future__ import annotations

import numpy as np
import pytest
from django.db import connection, transaction

from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import MessageVector
from feedback.analysis.nearest import nearest
from tests.people import said

pytestmark = pytest.mark.django_db


def unit(*numbers: float) -> np.ndarray:
    vector = np.zeros(512, np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.linalg.norm(vector)


def kept(text: str, vector: np.ndarray, encoder: str = ENCODER) -> int:
    message = said(text).message
    MessageVector.objects.create(message=message, vector=vector.tolist(), encoder=encoder)
    return message.pk


class TestNearest:
    def test_returns_the_nearest_first_with_their_cosine(self) -> None:
        far, near = kept("far", unit(1, 1)), kept("near", unit(1, 0.1))
        kept("elsewhere", unit(-1, 1))
        found = nearest(unit(1), least=0.5)
        assert [one.message_id for one in found] == [near, far]
        assert found[1].cosine == pytest.approx(0.707, abs=0.01)

    def test_returns_no_more_than_asked(self) -> None:
        for number in range(4):
            kept(str(number), unit(1))
        assert len(nearest(unit(1), least=0.5, most=2)) == 2

    def test_compares_nothing_of_another_encoder(self) -> None:
        kept("old", unit(1), encoder="old")
        assert nearest(unit(1), least=0.5) == []

    def test_finds_what_is_left_among_many_that_are_gone(self) -> None:
        """What was erased stays in the index until it is vacuumed, and must not fill the list of candidates."""
        left = kept("left", unit(1, 1))
        message = said("gone").message
        with transaction.atomic():
            for _again in range(400):
                vector = MessageVector.objects.create(
                    message=message, vector=unit(1).tolist(), encoder=ENCODER
                )
                vector.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        assert [one.message_id for one in nearest(unit(1), least=0.5)] == [left]

    def test_can_use_its_index(self) -> None:
        """Small tables are read whole; forbidden to, PostgreSQL must find the index that serves a large one."""
        kept("a", unit(1))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            plans = []
            connection.execute_wrappers.append(
                lambda execute, sql, params, many, context: (
                    plans.append((sql, params)) or execute(sql, params, many, context)
                )
            )
            try:
                nearest(unit(1), least=0.5)
            finally:
                connection.execute_wrappers.pop()
            sql, params = next(plan for plan in plans if "binary_quantize" in plan[0])
            cursor.execute(f"EXPLAIN {sql}", params)
            assert "message_vector_nearest" in str(cursor.fetchall())
