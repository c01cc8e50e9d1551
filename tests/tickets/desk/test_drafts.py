from __future__ import annotations

import uuid

import pytest

from feedback.intake.bounds import MOST_ANSWER_BYTES, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS
from feedback.intake.incoming import IncomingFile
from feedback.intake.services import FileTooLarge, TooManyFiles
from tests.people import NOON, agent, opened
from tickets.desk.access import CannotWorkOn
from tickets.desk.drafts import (
    EmptyFile,
    FileGone,
    add_draft_file,
    chosen_draft_files,
    draft_files,
    draft_texts,
    keep_draft,
    remove_draft_file,
    take_draft_files,
)
from tickets.desk.merging import merge
from tickets.desk.models import DraftFile, Ticket

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 how to export"


@pytest.fixture
def ana():
    return agent("ana")


@pytest.fixture
def ticket() -> Ticket:
    return opened("How do I export my videos?")


def added(ticket: Ticket, author, content: bytes = PDF, name: str = "导出.pdf") -> DraftFile:
    return add_draft_file(ticket, IncomingFile(name, content), author=author, at=NOON)


class TestTakeDraftsAlong:
    def test_puts_them_where_the_work_goes_on_under_what_stands_there(self, ana, ticket) -> None:
        bo, kept = agent("bo"), opened("Where is my money?")
        keep_draft(ticket, author=ana, is_internal=False, text="Sorry", at=NOON)
        keep_draft(ticket, author=bo, is_internal=True, text="a note", at=NOON)
        keep_draft(kept, author=ana, is_internal=False, text="Hello", at=NOON)
        file = added(ticket, ana)
        merge(ticket, into=kept, actor=bo, at=NOON)
        assert draft_texts(kept, author=ana) == {"reply": "Hello\n\nSorry"}
        assert draft_texts(kept, author=bo) == {"note": "a note"}
        assert list(draft_files(kept, author=ana)) == [file]
        assert (draft_texts(ticket, author=ana), draft_texts(ticket, author=bo)) == ({}, {})


class TestAddDraftFile:
    def test_keeps_it_by_a_safe_name_and_what_its_content_shows(self, ana, ticket) -> None:
        kept = added(ticket, ana, name="../../导出\u202efdp.exe")
        assert (kept.filename, kept.content_type) == ("导出_fdp.exe", "application/pdf")
        assert kept.size_bytes == len(PDF)

    def test_keeps_those_of_each_agent_apart(self, ana, ticket) -> None:
        added(ticket, ana)
        assert not draft_files(ticket, author=agent("bo")).exists()

    def test_refuses_whom_the_ticket_is_not_theirs_to_change(self, ticket) -> None:
        with pytest.raises(CannotWorkOn):
            added(ticket, agent("cyd", team="billing", queue="billing"))

    def test_refuses_an_empty_file(self, ana, ticket) -> None:
        with pytest.raises(EmptyFile):
            added(ticket, ana, b"")

    def test_refuses_one_too_many(self, ana, ticket) -> None:
        for _number in range(MOST_ATTACHMENTS):
            added(ticket, ana)
        with pytest.raises(TooManyFiles):
            added(ticket, ana)

    def test_refuses_what_no_mail_server_would_take(self, ana, ticket) -> None:
        with pytest.raises(FileTooLarge):
            added(ticket, ana, b"x" * (MOST_ATTACHMENT_BYTES + 1))
        added(ticket, ana, b"x" * MOST_ATTACHMENT_BYTES)
        with pytest.raises(FileTooLarge, match="18 MB together"):
            added(ticket, ana, b"x" * (MOST_ANSWER_BYTES - MOST_ATTACHMENT_BYTES + 1))


class TestRemoveDraftFile:
    def test_lets_it_go_and_does_not_mind_a_second_time(self, ana, ticket) -> None:
        kept = added(ticket, ana)
        remove_draft_file(ticket, kept.public_id, author=ana)
        remove_draft_file(ticket, kept.public_id, author=ana)
        assert not DraftFile.objects.exists()

    def test_leaves_those_of_others(self, ana, ticket) -> None:
        kept = added(ticket, ana)
        remove_draft_file(ticket, kept.public_id, author=agent("bo"))
        assert DraftFile.objects.exists()


class TestTakeDraftFiles:
    def test_returns_what_was_named_and_leaves_the_rest(self, ana, ticket) -> None:
        named, other = added(ticket, ana), added(ticket, ana, b"later", "later.txt")
        chosen = chosen_draft_files(ticket, [named.public_id], author=ana)
        assert take_draft_files(chosen) == [IncomingFile("导出.pdf", PDF)]
        assert DraftFile.objects.get() == other

    @pytest.mark.parametrize("whose", ["another agent's", "of another ticket", "nobody's"])
    def test_refuses_a_file_that_is_not_of_this_answer(self, ana, ticket, whose) -> None:
        files = {
            "another agent's": lambda: added(ticket, agent("bo")).public_id,
            "of another ticket": lambda: added(opened("Another question"), ana).public_id,
            "nobody's": uuid.uuid4,
        }
        with pytest.raises(FileGone):
            chosen_draft_files(ticket, [files[whose]()], author=ana)
