from __future__ import annotations

import pytest
from django.core.management import call_command

from feedback.analysis.encoder import ENCODER, encode_gist
from feedback.analysis.models import MessageSearch, MessageVector
from feedback.analysis.search import index_messages
from feedback.intake.models import Message
from tests.people import NOON, agent, client_of, opened, said
from tickets.desk.models import Ticket
from tickets.replies.services import reply
from tickets.workbench.search import Match, excerpt, search

pytestmark = pytest.mark.django_db


def findable(text: str, **fields) -> Ticket:
    ticket = opened(text, **fields)
    index_messages(list(ticket.feedback.messages.select_related("feedback")))
    return ticket


def found(text: str, user) -> list[Ticket]:
    return [one.row.ticket for one in search(text, user, at=NOON)]


class TestSearch:
    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ("视频一直加载不出来，都三天了", "加载不出"),
            ("视频一直加载不出来，都三天了", "视频"),
            ("视频一直加载不出来，都三天了", "三天 视频"),
            ("視頻載入失敗", "视频"),
            ("弹幕一开就卡", "卡"),
            ("I was charged twice, please refund", "refunds"),
            ("I was charged twice, please refund", "charging refund"),
            ("订单号 20261123004518 扣了两次", "20261123004518"),
            ("订单号 20261123004518 扣了两次", "3004518"),
            ("withdrawal W-88412907 is stuck", "W-88412907"),
            ("withdrawal W-88412907 is stuck", "88412"),
            ("my address is lin@example.org", "lin@example"),
            ("付款 payment 失败", "payment 失败"),
            ("withdrawal W-88412907 is stuck", "w88412907"),
            ("withdrawal W88412907 is stuck", "Ｗ－８８４１"),
            ("我的电话是 138-0013-8000", "13800138000"),
            ("card 6222 0212 3456", "622202123456"),
            ("card 622202123456", "6222 0212 3456"),
            ("iPhone15 闪退", "iphone 15"),
            ("iPhone 15 闪退", "iPhone15闪退"),
            ("弹幕一开就卡住了", "卡"),
            ("视频加载不出来", "为什么视频一直加载不出来"),
            ("payment refunded only in part", "the refund of my payment"),
        ],
    )
    def test_finds_what_was_said(self, ana, said: str, asked: str) -> None:
        findable("something else entirely", by="x@example.org")
        ticket = findable(said)
        assert found(asked, ana) == [ticket]

    @pytest.mark.parametrize("asked", ["载加", "refund charging penguin", "99999", "视频 企鹅", "!!!", ""])
    def test_finds_nothing_else(self, ana, asked: str) -> None:
        findable("视频一直加载不出来 refund charging")
        assert found(asked, ana) == []

    def test_finds_a_ticket_by_its_number_first(self, ana) -> None:
        ticket = findable("one", by="a@example.org")
        other = findable(f"about {ticket.number}", by="b@example.org")
        bare = ticket.number.removeprefix("E-")
        for asked in (ticket.number, ticket.number.lower(), bare, f"＃{bare}"):
            assert found(asked, ana) == [ticket, other]
        for asked in (f"工单{bare}", f"ticket #{bare}", f"E{bare}", f"编号：{bare}"):
            assert found(asked, ana)[0] == ticket

    def test_finds_people_by_address_and_name(self, ana) -> None:
        ticket = findable("one", by="kim@example.org")
        ticket.feedback.customer.display_name = "王小明"
        ticket.feedback.customer.save()
        assert found("Kim@example.org", ana) == [ticket]
        assert found("王小", ana) == [ticket]
        assert found("kim@", ana) == [ticket]
        assert found("ki", ana) == []

    def test_finds_people_by_phone_however_it_is_spaced(self, ana) -> None:
        ticket = findable("one", by="kim@example.org")
        ticket.feedback.customer.addresses.create(
            kind="phone", value="138 0013 8000", normalised="13800138000", created_at=NOON
        )
        for asked in ("13800138000", "138-0013-8000", "138001"):
            assert found(asked, ana) == [ticket]

    def test_puts_the_very_phrase_before_its_words_and_new_before_old(self, ana) -> None:
        words = findable("the refund of my last payment", by="a@example.org")
        old = findable("payment refund, old", by="b@example.org")
        new = findable("payment refund, new", by="c@example.org")
        assert found("payment refund", ana) == [new, old, words]

    def test_finds_among_the_old_what_it_does_not_find_among_the_newest(self, ana, monkeypatch) -> None:
        monkeypatch.setattr("tickets.workbench.search.NEWEST_WALKED", 2)
        tickets = [findable(f"penguin {number}", by=f"k{number}@example.org") for number in range(5)]
        assert found("penguin", ana) == tickets[::-1]

    def test_finds_our_own_answers(self, ana) -> None:
        ticket = findable("hello")
        reply(ticket, text="我们已经联系支付宝", author=ana, at=NOON, language="zh-Hans")
        assert found("联系支付宝", ana) == [ticket]

    def test_shows_no_ticket_that_one_may_not_read(self, ana) -> None:
        findable("我真的不想活了", flags=["sensitive"])
        agent("cyd", team="other", queue="other")
        foreign = findable("我的秘密", by="x@example.org", queue="other")
        for asked in ("不想活", "秘密", foreign.number, "x@example.org"):
            assert found(asked, ana) == []

    def test_costs_the_same_for_one_and_for_many(self, ana, django_assert_max_num_queries) -> None:
        findable("refund 20261123004518", by="k@example.org")
        with django_assert_max_num_queries(12) as one:
            search("refund", ana, at=NOON)
        for number in range(8):
            findable(f"refund {number}", by=f"k{number}@example.org")
        with django_assert_max_num_queries(len(one)):
            assert len(search("refund", ana, at=NOON)) == 9

    @pytest.mark.usefixtures("encoder")
    def test_adds_what_means_the_same_below_what_says_it(self, ana) -> None:
        said_so = findable("my refund is late", by="a@example.org")
        meant_so = findable("退款一直没有到账", by="b@example.org")
        foreign = findable("退款一直没有到账", by="c@example.org", flags=["sensitive"])
        findable("the sky is blue today", by="d@example.org")
        for message in Message.objects.all():
            vector = encode_gist([message.text])[0].tolist()
            MessageVector.objects.create(message=message, vector=vector, encoder=ENCODER)
        results = search("refund late", ana, at=NOON)
        assert [one.row.ticket for one in results] == [said_so, meant_so]
        assert foreign not in [one.row.ticket for one in results]
        assert [one.match for one in results] == [Match.WORDS, Match.MEANING]
        assert results[1].percent >= 50

    def test_marks_what_was_found(self, ana) -> None:
        findable("Please 退款! <b>" + "x" * 300)
        hit = search("退款", ana, at=NOON)[0]
        assert hit.match == Match.PHRASE
        assert [piece.text for piece in hit.pieces if piece.mark] == ["退款"]


class TestExcerpt:
    def test_begins_near_the_first_find(self) -> None:
        pieces = excerpt("前" * 300 + "退款" + "后" * 300, ("退款",))
        assert [pieces[0].text, pieces[-1].text] == ["…", "…"]
        assert "退款" in [piece.text for piece in pieces if piece.mark]
        assert sum(len(piece.text) for piece in pieces) < 230

    def test_marks_the_original_spelling(self) -> None:
        assert [
            piece.text for piece in excerpt("ＲＥＦＵＮＤ 退\u200b款", ("refund", "退款")) if piece.mark
        ] == [
            "ＲＥＦＵＮＤ",
            "退\u200b款",
        ]


class TestIndexMessages:
    def test_finds_by_command_what_came_without_the_handler(self, ana) -> None:
        ticket = opened("退款")
        assert found("退款", ana) == []
        call_command("index_messages")
        assert found("退款", ana) == [ticket]

    def test_twice_changes_nothing(self) -> None:
        receipt = said("退款")
        index_messages([receipt.message])
        index_messages([receipt.message])
        assert MessageSearch.objects.count() == 1


class TestResultsPage:
    def test_escapes_and_highlights(self, ana) -> None:
        findable("<script>alert(1)</script> 退款")
        client = client_of(ana)
        html = client.get("/admin/desk/search/", {"q": "退款"}).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert '<mark title="found">退款</mark>' in html

    @pytest.mark.parametrize("asked", ["'", "\\", "a:*", "('x", "\x00", "😀", "x" * 500, "&|!()"])
    def test_never_breaks(self, ana, asked: str) -> None:
        client = client_of(ana)
        assert client.get("/admin/desk/search/", {"q": asked}).status_code == 200
