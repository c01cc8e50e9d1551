"""Those who said "me too" to a known problem are told once that it is solved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_batch
from feedback.intake.models import Direction, Message
from feedback.knowledge.models import KnownProblem, ProblemState
from feedback.knowledge.services import join
from tests.feedback.knowledge.knowing import problem
from tests.people import NOON, agent, client_of, lead, opened
from tickets.desk.models import Ticket
from tickets.fixes.models import Fix, Reason, Reporter, ReporterState
from tickets.fixes.services import NotSolved, prepare_solution, start
from tickets.fixes.solved import solved_untold
from tickets.fixes.versions import is_version
from tickets.fixes.wording import BadWording, write_wording
from users.profiles.models import Preferences

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=10)


@pytest.fixture
def solved() -> KnownProblem:
    return problem(
        state=ProblemState.RESOLVED, en="Uploads stop at 99 percent", zh="上传停在99%", fixed_in="8.4.2"
    )


def says_me_too(known: KnownProblem, by: str = "kim@example.org", **fields) -> Ticket:
    ticket = opened("me too", by=by, **fields)
    join(Message.objects.get(feedback=ticket.feedback), known, at=NOON)
    return ticket


def told(known: KnownProblem) -> Fix:
    """Return the fix of ``known`` that everybody was told of."""
    fix = start(prepare_solution(known, actor=None, at=LATER)[0], actor=lead(), at=LATER)
    while run_batch(Lane.BULK, at=LATER, by="test", only=Q(due_at__lte=LATER)):
        pass
    fix.refresh_from_db()
    return fix


def answers() -> list[str]:
    return list(Message.objects.filter(direction=Direction.OUT).order_by("pk").values_list("text", flat=True))


class TestTellingASolution:
    def test_reaches_each_person_once_in_their_language(self, solved) -> None:
        says_me_too(solved)
        says_me_too(solved)
        says_me_too(solved, by="lin@example.org", language="zh-Hans")
        told(solved)
        english, chinese = sorted(answers(), key=lambda text: not text.startswith("Hello"))
        assert "“Uploads stop at 99 percent”. It is solved." in english
        assert "上传停在99%" in chinese
        assert "/fixed/" in english

    def test_leaves_out_whoever_said_something_else_or_wants_no_news(self, solved) -> None:
        opened("another matter", by="lin@example.org")
        quiet = says_me_too(solved, by="max@example.org").feedback.customer
        Preferences.objects.create(customer=quiet, opt_outs=["updates"], updated_at=NOON)
        says_me_too(solved)
        told(solved)
        assert len(answers()) == 1
        assert Reporter.objects.get(customer=quiet).reason == Reason.OPTED_OUT

    def test_is_prepared_once_however_often_asked(self, solved) -> None:
        first, is_new = prepare_solution(solved, actor=None, at=LATER)
        assert is_new
        assert prepare_solution(solved, actor=None, at=LATER) == (first, False)

    def test_waits_until_it_is_solved(self) -> None:
        with pytest.raises(NotSolved):
            prepare_solution(problem(en="Uploads stop"), actor=None, at=LATER)

    def test_holds_nobody_back_for_a_date_that_looks_like_a_version(self) -> None:
        dated = problem(state=ProblemState.RESOLVED, en="Uploads stop", fixed_in="3 November")
        says_me_too(dated, app_version="8.4.0")
        told(dated)
        assert Reporter.objects.get().state == ReporterState.TOLD

    def test_may_name_the_problem_and_nothing_unknown(self, solved) -> None:
        fix = prepare_solution(solved, actor=None, at=LATER)[0]
        write_wording(fix, language="en", text="{problem} is solved in {version}.")
        with pytest.raises(BadWording):
            write_wording(fix, language="en", text="{quote}")


class TestSolvedUntold:
    def test_counts_people_until_they_are_told(self, solved) -> None:
        says_me_too(solved)
        says_me_too(solved)
        says_me_too(solved, by="lin@example.org")
        (one,) = solved_untold("zh-hans")
        assert (one.name, one.people) == ("上传停在99%", 2)
        told(solved)
        assert solved_untold("en") == []

    def test_names_nothing_that_nobody_has(self, solved) -> None:
        problem(en="Still open")
        assert solved_untold("en") == []


class TestPages:
    def test_lead_from_the_summaries_to_the_message(self, solved) -> None:
        says_me_too(solved)
        client = client_of(lead())
        assert f"/fixes/solved/{solved.public_id}/" in client.get("/admin/summaries/").content.decode()
        answer = client.post(f"/admin/summaries/fixes/solved/{solved.public_id}/")
        page = client.get(answer["Location"]).content.decode()
        assert "Uploads stop at 99 percent" in page
        assert "Tell 1 person" in page

    def test_are_for_leads_alone(self, solved) -> None:
        client = client_of(agent("ana"))
        assert client.post(f"/admin/summaries/fixes/solved/{solved.public_id}/").status_code == 403


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("8.4.2", True), ("v12", True), ("3 November", False), ("2026-11-20", False), ("", False)],
)
def test_is_version(text: str, is_one: bool) -> None:
    assert is_version(text) is is_one
