from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from feedback.api.serializers import FirstAnswerOut, HelpLineOut, NextOut, ReceiptOut
from feedback.intake.links import feedback_for_token
from feedback.intake.models import Attachment, Channel, Feedback, Message, RawMessage
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token
from users.profiles.models import Address, Customer

pytestmark = pytest.mark.django_db

URL = "/api/v1/feedback"


def post(
    content: Any, *, token: str = "", key: str = "", client: Client | None = None, **headers: str
) -> Any:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return (client or Client()).post(URL, body, content_type="application/json", headers=headers)


def token_of(role: Role, *scopes: Scope, name: str = "shop") -> tuple[User, str]:
    user = User.objects.create_user(name, email=f"{name}@example.org", role=role)
    return user, issue_token(user, name=name, scopes=scopes, at=timezone.now())[1]


class TestSubmit:
    def test_gives_a_number_a_secret_link_and_says_what_happens_next(self) -> None:
        answer = post({"text": "视频加载不出来"})
        assert answer.status_code == 201
        told = answer.json()
        feedback = Feedback.objects.get()
        assert (told["number"], told["id"]) == (feedback.number, str(feedback.public_id))
        assert told["state"] == "received"
        assert told["status_url"].startswith("http://127.0.0.1:8000/status/")
        assert feedback_for_token(told["status_url"].rpartition("/")[2]) == feedback
        assert told["next"]["code"] == "in_line"
        assert told["next"]["text"]
        assert told["first_answer"] is None

    def test_keeps_the_bytes_that_came(self) -> None:
        body = b'{ "text": "a\\u0000b \\ud83d" }'
        assert post(body).status_code == 201
        assert bytes(RawMessage.objects.get().content) == body
        assert Message.objects.get().text == "ab \N{REPLACEMENT CHARACTER}"

    def test_takes_all_that_may_be_told(self) -> None:
        answer = post(
            {
                "text": "It stops at 99 %",
                "subject": "Upload",
                "rating": 2,
                "topic": "bug",
                "language": "en",
                "customer": {"email": "Kim@Example.org", "name": "Kim"},
                "context": {"app_version": "9.1", "platform": "android", "device": "Pixel", "page": "/up"},
                "attachments": [
                    {"filename": "../a.png", "content": base64.b64encode(b"\x89PNG\r\n\x1a\nxx").decode()}
                ],
            }
        )
        assert answer.status_code == 201, answer.content
        feedback = Feedback.objects.get()
        assert (feedback.subject, feedback.rating, feedback.topic_hint) == ("Upload", 2, "bug")
        assert (feedback.app_version, feedback.platform, feedback.device) == ("9.1", "android", "Pixel")
        assert (feedback.address.normalised, feedback.address.is_proven) == ("kim@example.org", False)
        assert feedback.customer.display_name == "Kim"
        file = Attachment.objects.get()
        assert (file.filename, file.content_type) == ("a.png", "image/png")

    def test_takes_forms_with_files(self) -> None:
        answer = Client().post(
            URL,
            {
                "text": "看图",
                "context.platform": "ios",
                "customer.email": "kim@example.org",
                "attachments": [SimpleUploadedFile("1.jpg", b"\xff\xd8\xff1"), SimpleUploadedFile("2", b"2")],
            },
        )
        assert answer.status_code == 201, answer.content
        assert Feedback.objects.get().platform == "ios"
        assert [file.content_type for file in Attachment.objects.order_by("pk")] == [
            "image/jpeg",
            "application/octet-stream",
        ]
        assert json.loads(bytes(RawMessage.objects.get().content))["text"] == "看图"

    def test_takes_a_trailing_slash_without_redirecting(self) -> None:
        answer = Client().post(URL + "/", b'{"text": "hi"}', content_type="application/json")
        assert answer.status_code == 201

    def test_shows_a_line_of_help_to_someone_in_danger(self) -> None:
        chinese = post({"text": "我不想活了"}).json()
        assert chinese["next"]["code"] == "looked_at_first"
        assert chinese["first_answer"]["kind"] == "self_harm"
        assert "12356" in {line["phone"] for line in chinese["first_answer"]["lines"]}
        english = post({"text": "I want to kill myself tonight"}).json()
        assert (english["first_answer"]["language"], english["first_answer"]["kind"]) == ("en", "self_harm")
        assert post({"text": "有人要杀我"}).json()["first_answer"]["kind"] == "danger"
        assert post({"text": "我要去法院起诉你们"}).json()["first_answer"] is None


class TestIdempotencyKey:
    def test_returns_the_first_answer_for_the_same_request(self) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK)
        first = post({"text": "hi", "rating": 3}, token=token, key="k1")
        again = post(b'{"rating":3,  "text":"hi"}', token=token, key="k1")
        assert (first.status_code, again.status_code) == (201, 200)
        assert again["Idempotent-Replay"] == "true"
        assert again.json()["status_url"] == first.json()["status_url"]
        assert Feedback.objects.count() == 1

    def test_is_refused_for_another_request(self) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK)
        post({"text": "hi"}, token=token, key="k1")
        answer = post({"text": "ho"}, token=token, key="k1")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    def test_belongs_to_its_sender(self) -> None:
        for name in ("shop", "game"):
            _user, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK, name=name)
            assert post({"text": "hi"}, token=token, key="k1").status_code == 201

    def test_must_not_be_guessable_without_a_token(self) -> None:
        assert post({"text": "hi"}, key="1").json()["errors"][0]["code"] == "key_too_short"
        assert post({"text": "hi"}, key=str(uuid.uuid4())).status_code == 201

    def test_must_be_one_word(self) -> None:
        assert post({"text": "hi"}, key="x" * 201).status_code == 422
        assert post({"text": "hi"}, key="a b" * 10).status_code == 422


class TestSender:
    def test_is_the_customer_who_is_logged_in(self) -> None:
        kim = User.objects.create_user("kim", email="kim@example.org")
        client = Client()
        client.force_login(kim)
        assert post({"text": "hi"}, client=client).status_code == 201
        assert Customer.objects.get().user == kim

    def test_may_not_be_named_by_who_is_logged_in(self) -> None:
        _kim, token = token_of(Role.CUSTOMER, Scope.WRITE_FEEDBACK, name="kim")
        answer = post({"text": "hi", "customer": {"email": "lin@example.org"}}, token=token)
        assert answer.json()["code"] == "is_known_already"

    def test_is_the_account_that_an_integration_names(self) -> None:
        shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK, Scope.ACT_FOR)
        for text in ("one", "two"):
            named = {"account": "u-1", "email": "kim@example.org", "name": "Kim"}
            assert post({"text": text, "customer": named}, token=token).status_code == 201
        kim = Customer.objects.get()
        assert {feedback.customer for feedback in Feedback.objects.all()} == {kim}
        assert {feedback.address.normalised for feedback in Feedback.objects.all()} == {"kim@example.org"}
        assert Channel.objects.get(owner=shop).slug == f"rest-{shop.pk}"
        assert Address.objects.count() == 2

    def test_with_the_same_address_and_another_account_is_another_person(self) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK, Scope.ACT_FOR)
        for account in ("u-1", "u-2"):
            named = {"account": account, "email": "kim@example.org"}
            assert post({"text": "hi", "customer": named}, token=token).status_code == 201
        assert Customer.objects.count() == 2

    @pytest.mark.parametrize("named", [{"account": "u-1"}, {"email": "kim@example.org"}, {}])
    def test_may_be_named_only_with_the_scope(self, named: dict[str, str]) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK)
        answer = post({"text": "hi", "customer": named}, token=token)
        assert (answer.status_code, answer.json()["code"]) == (403, "may_not_act_for")

    def test_may_not_name_an_account_anonymously(self) -> None:
        assert post({"text": "hi", "customer": {"account": "u-1"}}).status_code == 403
        assert not Feedback.objects.exists()

    def test_needs_the_scope(self) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.READ_FEEDBACK)
        answer = post({"text": "hi"}, token=token)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")

    @pytest.mark.parametrize("token", ["esk_nothing", "", "a b", "ünknown"])
    def test_with_a_wrong_token_is_not_taken_for_a_stranger(self, token: str) -> None:
        answer = Client().post(
            URL, b"{}", content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")


class TestHostileInput:
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"", 422, "empty"),
            (b"{", 400, "malformed_json"),
            (b"[" * 200_000, 400, "too_deep"),
            (b'{"text":' + b"[" * 100 + b"]" * 100 + b"}", 400, "too_deep"),
            (b'{"topic":' + b"[" * 900 + b"]" * 900 + b"}", 400, "too_deep"),
            (b'{"text": "\xff\xfe"}', 400, "not_utf8"),
            (b'{"text": NaN}', 400, "malformed_json"),
            (b'{"rating": Infinity}', 400, "malformed_json"),
            (b'{"rating": 1e999}', 422, "invalid"),
            (b'{"rating": ' + b"9" * 4000 + b"}", 422, "invalid"),
            (b'{"rating": ' + b"9" * 9000 + b"}", 400, "malformed_json"),
            (b'{"rating": 6}', 422, "invalid"),
            (b'{"rating": true}', 422, "invalid"),
            (b'{"text": "a", "text": "b"}', 400, "duplicate_name"),
            (b'{"txet": "a"}', 422, "invalid"),
            (b'{"text": "a", "\\ud800": 1}', 422, "invalid"),
            (b'{"text": "a", "\\u0000": 1}', 422, "invalid"),
            (b'{"text": "a", "topic": "\\ud800"}', 422, "invalid"),
            (b'{"text": "a", "topic": "\\u0000"}', 422, "invalid"),
            (b'{"text": "a", "topic": {"a": 1}}', 422, "invalid"),
            (b'{"text": "a", "language": "\\u0000en"}', 422, "invalid"),
            (b'{"text": "a", "customer": "kim"}', 422, "invalid"),
            (b'{"text": "a", "customer": {"email": "a\\u0000@example.org"}}', 422, "invalid"),
            (b'{"text": "a", "attachments": [{"filename": "a", "content": "\xc3\xa4"}]}', 422, "invalid"),
            (b'{"text": "a", "attachments": [{"filename": "a", "content": 7}]}', 422, "invalid"),
            (b'{"text": "a", "attachments": {"filename": "a"}}', 422, "invalid"),
            (b'{"text": "a", "attachments": [3]}', 422, "invalid"),
            (b'{"text": []}', 422, "invalid"),
            (b'{"text": " \\u0000 "}', 422, "empty"),
            (b'{"text": null}', 422, "invalid"),
            (b"[]", 422, "invalid"),
            (b'"text"', 422, "invalid"),
            (b"null", 422, "invalid"),
            (b'{"text": "' + b"a" * 1_000_000 + b'"}', 422, "too_long"),
            (b'{"text": "' + b"a" * 16_000_000 + b'"}', 413, "too_large"),
        ],
        ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else "",
    )
    def test_is_answered_with_what_is_wrong(self, body: bytes, status: int, code: str) -> None:
        answer = post(body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content[:500]
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer["X-Request-ID"]
        assert not Feedback.objects.exists()

    def test_names_the_field(self) -> None:
        errors = post({"text": "a", "context": {"app_version": "9" * 50}, "rating": "x"}).json()["errors"]
        assert [(error["field"], error["code"]) for error in errors] == [
            ("rating", "invalid"),
            ("context.app_version", "max_length"),
        ]
        assert post({"text": "a", "attachments": [{"filename": "a", "content": "é"}]}).json()["errors"][0][
            "field"
        ] == ("attachments.0.content")

    def test_names_all_that_is_wrong_and_where_a_misplaced_name_belongs(self) -> None:
        errors = post({"app_version": "9", "txt": "a", "topic": "nope", "rating": 9}).json()["errors"]
        told = {error["field"]: error["message"] for error in errors}
        assert set(told) == {"app_version", "txt", "topic", "rating"}
        assert told["app_version"] == "It belongs inside “context”."
        assert told["txt"].startswith("There is no such name here. Known are: attachments,")
        assert told["topic"].startswith("Known are: bug,")

    def test_that_is_no_object_is_told_what_one_has(self) -> None:
        error = post([{"text": "a"}]).json()["errors"][0]
        assert (error["field"], error["code"]) == ("", "not_an_object")
        assert "text" in error["message"]

    def test_of_another_media_type_is_told_which_to_send(self) -> None:
        answer = Client().post(URL, b"text=a", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert "application/json" in answer.json()["detail"]

    def test_of_another_media_type_is_refused(self) -> None:
        for media_type in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "",
            "application/json; charset",
        ):
            answer = Client().generic("POST", URL, b'{"text": "a"}', content_type=media_type)
            assert answer.status_code in (415, 201), media_type

    @pytest.mark.parametrize(
        "body", [b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\n']
    )
    def test_in_a_broken_form_is_refused(self, body: bytes) -> None:
        answer = Client().generic("POST", URL, body, content_type="multipart/form-data; boundary=x")
        assert 400 <= answer.status_code < 500
        answer = Client().generic("POST", URL, body, content_type="multipart/form-data")
        assert 400 <= answer.status_code < 500

    def test_speaks_the_callers_language(self) -> None:
        answer = post({"rating": "x"}, **{"Accept-Language": "zh-CN"})
        assert answer["Content-Language"] == "zh-hans"
        assert answer.json()["errors"][0]["message"] == "请填写合法的整数值。"

    def test_with_an_unoffered_method_is_told_so(self) -> None:
        assert Client().delete(URL).status_code == 405
        assert Client().options(URL).status_code == 405
        assert Client().get("/api/v1/nothing").json()["code"] == "not_found"


class TestQueries:
    def test_stay_few(self, django_assert_num_queries: Any) -> None:
        post({"text": "warm"})
        # The channel, a savepoint and its end, one statement that writes all, and when an answer is due.
        with django_assert_num_queries(5):
            assert post({"text": "hi"}, key=str(uuid.uuid4())).status_code == 201

    @pytest.mark.django_db(transaction=True)
    def test_are_one_statement_once_the_configuration_is_known(self, django_assert_num_queries: Any) -> None:
        _shop, token = token_of(Role.INTEGRATION, Scope.WRITE_FEEDBACK)
        post({"text": "warm"}, token=token)
        with django_assert_num_queries(1):
            assert post({"text": "hi"}, token=token, key="k1").status_code == 201
        assert Message.objects.count() == 2


class TestReceipt:
    def test_is_what_is_documented(self) -> None:
        told = post({"text": "hi"}).json()
        assert list(told) == list(ReceiptOut().fields)
        assert list(told["next"]) == list(NextOut().fields)
        assert told["received_at"].endswith("Z")
        assert told["next"]["answer_due_at"].endswith("Z")
        urgent = post({"text": "我不想活了"}).json()["first_answer"]
        assert list(urgent) == list(FirstAnswerOut().fields)
        assert list(urgent["lines"][0]) == list(HelpLineOut().fields)
