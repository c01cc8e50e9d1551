import json
import logging
import logging.config

import pytest
import structlog
from django.db import IntegrityError, OperationalError

from config import logs


@pytest.fixture(params=[True, False], ids=["json", "console"])
def written(request):
    """Log through ``use`` as in production, and return what would be written."""
    settings = logs.settings(level="INFO", is_json=request.param)
    formatter = logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["line"])

    def written(use, *, name="feedback.intake"):
        lines = []

        class Handler(logging.Handler):
            def emit(self, record):
                lines.append(formatter.format(record))

        logger, handler = logging.getLogger(name), Handler()
        logger.addHandler(handler)
        try:
            use(name)
        finally:
            logger.removeHandler(handler)
        return "\n".join(lines)

    written.is_json = request.param
    return written


def fail(error):
    customer_text = "我不想活了"  # noqa: F841 - local variables must not be written
    try:
        raise error
    except (ValueError, IntegrityError):
        structlog.get_logger("feedback.intake").exception("intake_failed", message_id=7)


class TestLines:
    def test_say_what_happened_and_to_which_id(self, written):
        text = written(lambda name: structlog.get_logger(name).info("message_received", message_id=7))
        assert "message_received" in text
        assert "feedback.intake" in text
        if written.is_json:
            line = json.loads(text)
            assert (line["event"], line["message_id"], line["level"]) == ("message_received", 7, "info")

    def test_carry_the_request_they_belong_to(self, written):
        with structlog.contextvars.bound_contextvars(request_id="abc"):
            assert "abc" in written(lambda name: structlog.get_logger(name).info("message_received"))

    def test_hold_no_local_variables(self, written):
        text = written(lambda name: fail(ValueError("too long")))
        assert "too long" in text
        assert "test_logs.py" in text
        assert "不想活" not in text

    def test_hold_no_row_that_the_database_quotes(self, written):
        error = IntegrityError(
            'duplicate key value violates unique constraint "address_once"\n'
            "DETAIL:  Key (value)=(lin@example.org) already exists."
        )
        text = written(lambda name: fail(error))
        assert "address_once" in text
        assert "lin@example.org" not in text
        assert "already exists" not in text

    @pytest.mark.parametrize(
        "address", ["lin@example.org", "<lin@example.org>", "张三@例子.公司", "a.b+c@sub.example.co.uk"]
    )
    def test_hold_no_mail_address_of_other_packages_either(self, written, address):
        text = written(lambda name: logging.getLogger(name).warning("refused %s, gave up", address))
        assert "@" not in text
        assert "gave up" in text

    @pytest.mark.parametrize("letter", ["a", ".", " "])
    def test_are_cleaned_in_one_pass(self, letter):
        # A pattern that begins anew at each letter would not come back from this.
        assert len(logs.spoken(letter * 2_000_000)) == logs.LONGEST_MESSAGE

    def test_hold_no_path_of_a_failed_request(self, written):
        text = written(
            lambda name: logging.getLogger(name).error("%s: %s", "Internal Server Error", "/s/secret"),
            name="django.request",
        )
        assert "Internal Server Error" in text
        assert "secret" not in text

    @pytest.mark.parametrize(("error", "is_traced"), [(OperationalError, False), (ZeroDivisionError, True)])
    def test_are_short_for_a_page_that_broke_because_the_database_was_away(self, written, error, is_traced):
        def use(name):
            try:
                raise error
            except error:
                logging.getLogger(name).exception("Internal Server Error: /submit")

        text = written(use, name="django.request")
        assert error.__name__ in text
        assert ("test_logs.py" in text) is is_traced


class TestLevels:
    def test_leave_out_what_libraries_chat(self):
        settings = logs.settings(level="INFO", is_json=True)
        assert settings["loggers"]["celery"]["level"] == "WARNING"
        assert settings["root"]["level"] == "INFO"
