from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from feedback.analysis.models import Assessment
from feedback.intake.models import Channel, Message
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

TABLE = "review;stars;date\n画质还可以，就是广告多;1;2024-11-15 13:09\ngreat app;5;2024-11-16\nbad;9;2024-11-16\n;;\n"


@pytest.fixture
def table(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    path = tmp_path / "reviews.csv"
    path.write_text(TABLE)
    return path


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_table", str(path), "--channel", "store", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


MAP = ("--kind", "reviews", "--map", "text=review,rating=stars,sent_at=date")


class TestImportTable:
    def test_brings_a_table_in_and_assesses_it(self, table: Path) -> None:
        assert "2 new, 0 known already, 1 not taken" in run(table, *MAP)
        assert Channel.objects.get(slug="store").kind == "reviews"
        assert sorted(Message.objects.values_list("sent_at__year", "sent_at__day")) == [
            (2024, 15),
            (2024, 15),
        ]
        assert Assessment.objects.count() == 2
        assert not Ticket.objects.exists()

    def test_lists_what_it_could_not_take(self, table: Path, tmp_path: Path) -> None:
        run(table, *MAP, "--leave-work")
        report = (tmp_path / "imports" / "reviews.csv.errors.csv").read_text(encoding="utf-8-sig")
        assert report.splitlines()[1].startswith("4,invalid_rating,")

    def test_brings_nothing_in_twice(self, table: Path) -> None:
        run(table, *MAP, "--leave-work")
        assert "0 new, 2 known already, 1 not taken" in run(table, *MAP, "--leave-work")
        assert "0 new, 2 known already, 1 not taken" in run(table, *MAP, "--leave-work", "--resume")
        assert Message.objects.count() == 2

    def test_checks_without_writing(self, table: Path) -> None:
        assert "2 would be new, 0 known already, 1 not taken" in run(table, *MAP, "--dry-run")
        assert not Message.objects.exists()
        assert not Channel.objects.filter(slug="store").exists()

    def test_leaves_the_work_when_told(self, table: Path) -> None:
        run(table, *MAP, "--leave-work")
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--map", "text=nothing"], "no column 'nothing'"),
            ([], "Say which column holds the text"),
            ([*MAP, "--sent-at", "soon"], "past date"),
            ([*MAP, "--zone", "Mars/Olympus"], "no time zone"),
            ([*MAP, "--encoding", "klingon"], "no encoding"),
        ],
    )
    def test_says_what_is_wrong_with_its_options(self, table: Path, options: list[str], says: str) -> None:
        with pytest.raises(CommandError, match=says):
            run(table, *options)

    def test_says_that_there_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="no file"):
            run(tmp_path / "none.csv")

    def test_teaches_how_to_use_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            call_command("import_table", "--help")
        words = capsys.readouterr().out
        assert "Examples:" in words
        assert "sent_at" in words
