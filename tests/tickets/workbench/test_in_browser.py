"""The desk in a real browser: what keys do, what survives, and that no script is refused by the policy."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from feedback.analysis.models import Assessment
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Attachment, Direction, Message
from tests.asgi import asgi_server
from tests.people import NOON, agent, answers_leave_at_once, lead, opened, said
from tickets.desk.linking import link
from tickets.desk.models import (
    Draft,
    DraftFile,
    EventKind,
    LinkKind,
    Status,
    Ticket,
    TicketEvent,
    WaitingReply,
)
from tickets.desk.presence import note_presence
from tickets.desk.services import add_note
from tickets.mentions.models import Mention
from tickets.replies.models import CannedReply
from tickets.replies.waiting import let_leave
from tickets.workbench.models import Macro
from users.accounts.models import User

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# As root, without a graphics card, and asking nobody outside for anything.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

try:
    from playwright.sync_api import Page, Route, expect, sync_playwright
except ImportError:
    pytest.skip("playwright is not installed (requirements-dev.txt)", allow_module_level=True)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: the desk was not tried in a browser"
    ),
]


@pytest.fixture
def ana() -> Any:
    return agent("ana", first_name="Ana")


@pytest.fixture
def tickets() -> list[Ticket]:
    return [opened(f"Question {number}", by=f"kim{number}@example.org") for number in range(3)]


@pytest.fixture
def at_once() -> None:
    """Nothing that is sent can be taken back."""
    answers_leave_at_once()


@pytest.fixture
def page(live_server: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of Ana's, logged in; fails the test for anything the console complained about."""
    with page_of(ana, live_server.url, monkeypatch) as page:
        yield page


@pytest.fixture
def told_page(ana: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of Ana's on an asynchronous server, which tells it what changes."""
    # Static files straight from where they lie.
    with asgi_server(DEBUG="yes") as server, page_of(ana, server.url, monkeypatch) as page:
        yield page


@contextmanager
def page_of(user: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright keeps an event loop in this thread; our queries here are not in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    client = Client()
    client.force_login(user)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }
    complaints: list[str] = []
    with warnings.catch_warnings(), sync_playwright() as playwright:
        warnings.simplefilter("ignore", ResourceWarning)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        context = browser.new_context(base_url=url, locale="en-GB")
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        page.goto("about:blank")
        # The page says good-bye with a beacon; the database is emptied only after it was heard.
        page.wait_for_timeout(300)
        browser.close()
        # Queries asked within Playwright's loop had a connection of their own.
        connections.close_all()
    assert complaints == []


def is_complaint(said: Any) -> bool:
    """Whether the console was told of a fault; a refusal (409) is an answer, and the page shows it."""
    return said.type == "error" and "409" not in said.text


def open_first(page: Page) -> None:
    page.goto("/admin/desk/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/desk/*-*/**")


class TestKeys:
    @pytest.mark.usefixtures("at_once")
    def test_open_reply_and_go_on_to_the_next(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        expect(page.locator(".head h2")).to_have_text("Question 0")
        page.keyboard.press("r")
        page.keyboard.type("We are on it.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".head h2")).to_have_text("Question 1")
        expect(page.locator(".toast")).to_have_text("Sent.")
        assert Message.objects.get(direction=Direction.OUT).text == "We are on it."
        assert Ticket.objects.get(pk=tickets[0].pk).status == Status.WAITING_ON_CUSTOMER

    def test_never_send_a_note_to_the_customer(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        page.keyboard.press("n")
        page.keyboard.type("looks like fraud")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("internal note")
        assert not TicketEvent.objects.filter(kind=EventKind.NOTED).exists()
        page.keyboard.press("Control+Shift+Enter")
        expect(page.locator(".message.is-note .text")).to_have_text("looks like fraud")
        assert not Message.objects.filter(direction=Direction.OUT).exists()

    def test_take_and_solve(self, page: Page, tickets: list[Ticket], ana: Any) -> None:
        open_first(page)
        page.keyboard.press("a")
        expect(page.locator(".timeline")).to_contain_text("took the ticket")
        page.keyboard.press("s")
        expect(page.locator(".head h2")).to_have_text("Question 1")
        solved = Ticket.objects.get(pk=tickets[0].pk)
        assert (solved.assignee, solved.status) == (ana, Status.SOLVED)

    def test_write_canned_replies_by_their_shortcut(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("/idea")
        page.keyboard.press("Tab")
        expect(page.locator("[data-compose=reply] textarea")).to_have_value(
            "Hi there,\n\nThank you for the suggestion. We have passed it to the people who plan the product, together "
            "with how many others asked for the same. We cannot promise when, but if it comes you will be told.\n\nAna"
        )


def choose_files(page: Page, files: list[Any]) -> None:
    with page.expect_file_chooser() as asked:
        page.locator("[data-attach]").click()
    asked.value.set_files(files)


class TestFollowing:
    def test_needs_no_composer(
        self, live_server: Any, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with page_of(lead(), live_server.url, monkeypatch) as page:
            page.goto(f"/admin/desk/{tickets[0].public_id}/")
            page.keyboard.press("f")
            expect(page.locator(".toast")).to_contain_text("You follow this ticket")


class TestNavigation:
    def test_is_heard_without_the_names_of_icons(self, page: Page, tickets: list[Ticket]) -> None:
        page.goto("/admin/desk/")
        expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="New ticket", exact=True)).to_be_visible()


class TestMentions:
    def test_are_completed_without_the_mouse(self, page: Page, tickets: list[Ticket]) -> None:
        bo = agent("bo.chen", first_name="伯", last_name="陈")
        agent("bea", first_name="Bea")
        open_first(page)
        page.keyboard.press("n")
        note = page.locator("[data-mentions]")
        page.keyboard.type("请@陈")
        expect(page.locator("[data-mention-list] li")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(note).to_have_value("请@bo.chen ")
        # A second one by login; Escape closes the list and leaves the text where it is.
        page.keyboard.type("@b")
        expect(page.locator("[data-mention-list] li")).to_have_count(2)
        page.keyboard.press("Escape")
        expect(page.locator("[data-mention-list]")).to_be_hidden()
        expect(note).to_be_focused()
        page.keyboard.press("Control+Shift+Enter")
        expect(page.locator(".is-note mark")).to_have_text("@bo.chen")
        assert Mention.objects.get().user == bo

    def test_are_of_whose_name_begins_so_before_others(self, page: Page, tickets: list[Ticket]) -> None:
        agent("victor", first_name="Alvictor")
        agent("tom", first_name="Tom")
        open_first(page)
        page.keyboard.press("n")
        page.keyboard.type("@to")
        expect(page.locator("[data-mention-list] li")).to_have_count(2)
        page.keyboard.press("Enter")
        expect(page.locator("[data-mentions]")).to_have_value("@tom ")

    def test_are_not_offered_within_a_mail_address(self, page: Page, tickets: list[Ticket]) -> None:
        agent("bo", first_name="Bo")
        open_first(page)
        page.keyboard.press("n")
        page.keyboard.type("ask @b")
        expect(page.locator("[data-mention-list] li")).to_have_count(1)
        page.locator("[data-mentions]").fill("kim@b")
        expect(page.locator("[data-mention-list]")).to_be_hidden()


class TestMacros:
    @pytest.mark.usefixtures("at_once")
    def test_take_two_keys_and_spare_what_was_typed(self, page: Page, tickets: list[Ticket]) -> None:
        canned = CannedReply.objects.create(slug="hi", name="Hi")
        canned.texts.create(language="en", text="We are on it.")
        Macro.objects.create(name="On it", canned_reply=canned, tags=["seen"], status=Status.ON_HOLD)
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("Dear Kim,")
        page.keyboard.press("Escape")
        page.keyboard.press("m")
        page.keyboard.press("1")
        answer = page.locator("[data-compose=reply] textarea")
        expect(answer).to_have_value("Dear Kim,\n\nWe are on it.")
        expect(answer).to_be_focused()
        expect(page.locator("[data-compose=reply] [name=then]")).to_have_value("on_hold")
        expect(page.locator(".head-facts .tag")).to_contain_text("seen")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r".*/admin/desk/.*"))
        expect(page.locator(".toast")).to_have_text("Sent.")
        assert Ticket.objects.get(tags__name="seen").status == Status.ON_HOLD


class TestFiles:
    @pytest.mark.usefixtures("at_once")
    def test_are_kept_with_the_draft_and_leave_with_the_answer(
        self, page: Page, tickets: list[Ticket]
    ) -> None:
        open_first(page)
        chosen = [
            {"name": "步骤.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "log.txt", "mimeType": "text/plain", "buffer": b"nothing"},
        ]
        choose_files(page, chosen)
        expect(page.locator("[data-file]:not(.is-busy)")).to_have_count(2)
        page.reload()
        expect(page.locator("[data-file]")).to_contain_text(["步骤.pdf", "log.txt"])
        page.locator("[data-file]", has_text="log.txt").locator("[data-file-remove]").click()
        expect(page.locator("[data-file]")).to_have_count(1)
        page.keyboard.press("r")
        page.keyboard.type("See the steps.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".head h2")).to_have_text("Question 1")
        assert Attachment.objects.get(message__direction=Direction.OUT).filename == "步骤.pdf"
        assert not DraftFile.objects.exists()

    def test_that_are_refused_say_why_and_leave_the_text(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("We are on it.")
        choose_files(page, [{"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}])
        expect(page.locator("[data-compose=reply] [data-refused]")).to_contain_text("This file is empty")
        expect(page.locator("[data-file]")).to_have_count(0)
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("We are on it.")


class TestUndo:
    def sent(self, page: Page) -> WaitingReply:
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("We are on it")
        choose_files(page, [{"name": "log.txt", "mimeType": "text/plain", "buffer": b"nothing"}])
        expect(page.locator("[data-file]:not(.is-busy)")).to_have_count(1)
        page.locator("[name=then]").select_option("solved")
        page.locator("[data-compose=reply] textarea").focus()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".head h2")).to_have_text("Question 1")
        expect(page.locator(".leaving")).to_contain_text(re.compile(r"leaves in \d+ s"))
        return WaitingReply.objects.get()

    def test_takes_one_key_on_the_next_ticket_and_brings_all_back(
        self, page: Page, tickets: list[Ticket]
    ) -> None:
        waiting = self.sent(page)
        page.keyboard.press("u")
        expect(page.locator(".toast")).to_have_text("Taken back: it is your draft again.")
        expect(page.locator(".head h2")).to_have_text("Question 0")
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("We are on it")
        expect(page.locator("[data-file]")).to_contain_text(["log.txt"])
        expect(page.locator("[name=then]")).to_have_value("solved")
        waiting.refresh_from_db()
        assert waiting.state == "undone"
        # Nothing is left to take back: the key leads to the list again.
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        expect(page.locator("[data-row]")).to_have_count(3)

    def test_is_offered_in_the_conversation_too_and_spares_what_is_typed_below(
        self, page: Page, tickets: list[Ticket]
    ) -> None:
        self.sent(page)
        page.goto(f"/admin/desk/{tickets[0].public_id}/")
        expect(page.locator(".is-leaving .text")).to_have_text("We are on it")
        page.keyboard.press("r")
        page.keyboard.type("One more thing")
        page.locator(".is-leaving [data-undo]").click()
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("One more thing\n\nWe are on it")
        expect(page.locator("[data-compose=reply] textarea")).to_be_focused()

    def test_says_when_it_has_left(self, page: Page, tickets: list[Ticket]) -> None:
        waiting = self.sent(page)
        let_leave(waiting.pk, None, timezone.now())
        page.keyboard.press("u")
        expect(page.locator(".toast")).to_contain_text("has left")
        expect(page.locator(".leaving")).to_have_count(0)

    def test_says_when_it_was_held_back_and_leads_there(self, page: Page, tickets: list[Ticket]) -> None:
        waiting = self.sent(page)
        add_note(tickets[0], text="wait!", actor=agent("bo"), at=NOON)
        WaitingReply.objects.update(due_at=timezone.now())
        page.reload()
        expect(page.locator(".leaving")).to_contain_text("leaves now")
        let_leave(waiting.pk, None, timezone.now())
        expect(page.locator(".toast")).to_contain_text("was held back")
        page.locator(".toast button").click()
        expect(page.locator(".head div.refused")).to_contain_text("bo: Internal note")
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("We are on it")


class TestDraft:
    def test_is_there_again_after_the_browser_was_closed(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("Dear Kim, half a sent")
        expect(page.locator("[data-draft-state]")).to_have_text("Draft kept")
        assert Draft.objects.get().text == "Dear Kim, half a sent"
        page.goto(page.url.partition("#")[0])
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("Dear Kim, half a sent")

    @pytest.mark.usefixtures("at_once")
    def test_survives_a_refusal(self, page: Page, tickets: list[Ticket]) -> None:
        open_first(page)
        page.keyboard.press("r")
        page.keyboard.type("We are on it.")
        Ticket.objects.filter(pk=tickets[0].pk).update(version=99)
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-compose=reply] [data-refused]")).to_contain_text(
            "changed since you opened it"
        )
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("We are on it.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".head h2")).to_have_text("Question 1")
        assert Message.objects.filter(direction=Direction.OUT).count() == 1


class TestLive:
    def test_shows_new_tickets_notes_and_colleagues_without_a_reload(
        self, told_page: Page, tickets: list[Ticket]
    ) -> None:
        page, bo = told_page, agent("bo", first_name="Bo")
        with page.expect_response("**/live/desk/**"):
            page.goto("/admin/desk/")
        expect(page.locator("[data-row]")).to_have_count(3)
        opened("Question 3", by="lin@example.org")
        expect(page.locator("[data-row]")).to_have_count(4)

        # Whoever stands in the list is told, and nothing moves.
        page.keyboard.press("j")
        opened("Question 4", by="lin@example.org")
        expect(page.locator("[data-list-note]")).to_contain_text("1 new")
        expect(page.locator("[data-row]")).to_have_count(4)
        page.keyboard.press(".")
        expect(page.locator("[data-row]")).to_have_count(5)

        with page.expect_response("**/live/desk/?ticket=**"):
            page.keyboard.press("o")
        note_presence(tickets[0].pk, bo, is_writing=True, at=timezone.now())
        expect(page.locator(".here")).to_have_text("Bo is writing an answer")
        page.keyboard.press("r")
        page.keyboard.type("Dear Kim")
        add_note(Ticket.objects.get(pk=tickets[0].pk), text="looks like fraud", actor=bo, at=timezone.now())
        expect(page.locator(".message.is-note .text")).to_have_text("looks like fraud")
        expect(page.locator("[data-compose=reply] textarea")).to_have_value("Dear Kim")


def said_and_read(text: str, ticket: Ticket) -> None:
    """Let the customer of ``ticket`` say ``text``, as calm as what they said before."""
    assessment = Assessment.objects.filter(message__feedback=ticket.feedback).latest("pk")
    assessment.pk, assessment.message = None, said(text, thread=ticket.feedback).message
    assessment.save(force_insert=True)


class TestSplit:
    def test_moves_the_chosen_message_into_a_ticket_of_its_own(self, page: Page) -> None:
        ticket = opened("The upload stops")
        said_and_read("And I was charged twice", ticket)
        page.goto(f"/admin/desk/{ticket.public_id}/")
        page.locator("summary", has_text="Split").click()
        page.get_by_role("button", name="Split the ticket").click()
        expect(page.locator(".popover [data-refused]").filter(visible=True)).to_contain_text(
            "Choose the messages"
        )
        page.get_by_label("And I was charged twice").check()
        page.get_by_label("Subject of the new ticket").fill("Charged twice")
        page.get_by_role("button", name="Split the ticket").click()
        expect(page.locator(".head h2")).to_have_text("Charged twice")
        expect(page.locator(".timeline")).to_contain_text("And I was charged twice")
        expect(page.locator(".timeline")).to_contain_text(f"took the ticket out of {ticket.number}")

    def test_moves_every_chosen_message_though_the_button_is_pressed_twice(self, page: Page) -> None:
        ticket = opened("The upload stops")
        asked = ["And I was charged twice", "Please pay it back"]
        for text in asked:
            said_and_read(text, ticket)
        page.goto(f"/admin/desk/{ticket.public_id}/")
        page.locator("summary", has_text="Split").click()
        for text in asked:
            page.get_by_label(text).check()
        page.get_by_role("button", name="Split the ticket").dblclick()
        expect(page.locator(".head-number")).not_to_have_text(ticket.number)
        for text in asked:
            expect(page.locator(".timeline")).to_contain_text(text)
        assert Ticket.objects.count() == 2


class TestLongNames:
    def test_end_in_dots_inside_what_holds_them(self, page: Page, ana: User) -> None:
        long = "payment" * 30
        files = (IncomingFile(f"{long}.pdf", b"%PDF-1.7"), IncomingFile(f"{long}.png", b"\x89PNG\r\n\x1a\n"))
        ticket, other = opened("see my files", attachments=files), opened(long)
        link(ticket, to=other, kind=LinkKind.DUPLICATE, actor=ana, at=NOON)
        page.goto(f"/admin/desk/{ticket.public_id}/")
        for inner, outer in ((".files a", ".bubble"), (".past a", ".card:has(.past)")):
            held = page.locator(outer).filter(has=page.locator(inner)).first.bounding_box()
            assert held is not None
            for one in page.locator(inner).all():
                box = one.bounding_box()
                assert box is not None
                assert box["x"] + box["width"] <= held["x"] + held["width"]


class TestCrisisQueueOnAPhone:
    def test_shows_what_it_is_and_a_button_without_scrolling_sideways(self, page: Page) -> None:
        User.objects.filter(username="ana").update(is_crisis_team=True)
        opened(
            "我不想活了，已经写好了遗书，谢谢你们一直以来的陪伴", lane="red", category="safety", urgency=0.95
        )
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/admin/desk/crisis/")
        card, button = page.locator(".alarm-card"), page.get_by_role("button", name="I take it")
        expect(button).to_be_in_viewport(ratio=1)
        expect(page.locator(".alarm-card .row-subject")).to_be_in_viewport(ratio=1)
        box = card.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
        assert box["height"] < 500
        button.click()
        expect(page.locator(".alarm.is-taken")).to_contain_text("Ana has it")


class TestHead:
    def test_shows_what_was_done_in_it(self, page: Page) -> None:
        User.objects.filter(username="ana").update(is_crisis_team=True)
        ticket = opened("Somebody waits at my door")
        page.goto(f"/admin/desk/{ticket.public_id}/")
        page.get_by_label("Add a tag").fill("danger")
        page.get_by_label("Add a tag").press("Enter")
        expect(page.locator(".head .tag")).to_contain_text("danger")
        page.get_by_label("Assignee").select_option("ana")
        expect(page.get_by_role("button", name="Take")).to_be_hidden()
        page.locator("summary", has_text="Raise").click()
        # Nobody said yet which crisis it is: the browser asks, nothing is sent.
        page.get_by_role("button", name="Raise to the crisis queue").click()
        expect(page.locator("[data-act-form=raise] select:invalid")).to_be_visible()
        page.get_by_label("What kind of crisis?").select_option("safety")
        page.get_by_role("button", name="Raise to the crisis queue").click()
        page.get_by_role("button", name="I take it").click()
        expect(page.locator(".alarm.is-taken")).to_contain_text("Ana has it")

    def test_takes_what_was_done_in_it_for_no_news(self, page: Page) -> None:
        ticket = opened("The upload stops")
        with page.expect_response("**/presence/"):
            page.goto(f"/admin/desk/{ticket.public_id}/")
        how_it_looks = re.compile(rf"{ticket.public_id}/(\?|$)")
        fetches: list[Route] = []

        def keep(route: Route) -> None:
            fetches.append(route)

        page.route(how_it_looks, keep)
        with page.expect_request(how_it_looks):
            page.get_by_label("Add a tag").fill("upload")
            page.get_by_label("Add a tag").press("Enter")
        # The word of it comes back from the server while the page still fetches how it looks now.
        with page.expect_response("**/presence/"):
            page.evaluate(
                "document.dispatchEvent(new CustomEvent('desk:changed', {detail: {all: true, tickets: []}}))"
            )
        fetches[0].continue_()
        expect(page.locator(".head .tag")).to_contain_text("upload")
        assert len(fetches) == 1

    @pytest.mark.parametrize(
        ("seconds", "shown"),
        [(-60, "overdue 1 min"), (-59, "due now"), (59, "due now"), (60, "due in 1 min")],
    )
    def test_counts_no_time_of_no_minutes(self, page: Page, seconds: int, shown: str) -> None:
        ticket = opened("The upload stops")
        Ticket.objects.filter(pk=ticket.pk).update(due_at=NOON + timedelta(seconds=seconds))
        page.clock.set_fixed_time(NOON)
        page.goto(f"/admin/desk/{ticket.public_id}/")
        expect(page.locator(".head-facts .clock")).to_have_text(shown)


class TestMerge:
    def test_is_done_and_undone_on_the_page(self, page: Page) -> None:
        gone, kept = opened("First words"), opened("Second words")
        page.goto(f"/admin/desk/{gone.public_id}/")
        page.get_by_text("Merge, link").click()
        page.locator("input[name=number]").fill(kept.number)
        page.get_by_role("button", name="Do it").click()
        expect(page.locator(".head h2")).to_have_text("Second words")
        expect(page.locator(".timeline")).to_contain_text("First words")
        page.locator(".past").get_by_role("button", name="Undo").click()
        expect(page.locator(".head h2")).to_have_text("First words")
        assert Ticket.objects.get(pk=gone.pk).merged_into is None
