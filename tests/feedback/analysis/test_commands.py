"""The commands by which others judge the engine: one line out for each line in, and one line of scores."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from feedback.analysis.labelled import read_columns
from feedback.analysis.scores import sentiment_scale
from feedback.management.commands.assess import assessed_lines


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class TestAssess:
    def test_writes_one_line_for_each_line_blank_ones_included(self):
        lines = [
            '{"text": "我不想活了"}\n'.encode(),
            b"\n",
            b'{"text": ""}\n',
            b"oops\n",
            b'{"text": 7}\n',
            b'{"x": 1}',
        ]

        written = [json.loads(line) for line in assessed_lines(lines)]

        assert len(written) == len(lines)
        assert written[0]["lane"] == "red"
        assert [line["language"] for line in written[1:]] == ["und"] * 5
        assert ["error" in line for line in written] == [False, False, False, True, True, True]

    def test_writes_what_was_promised(self):
        (line,) = assessed_lines([b'{"text": "My account was hacked"}'])

        assert {"language", "sentiment", "tone", "urgency", "lane", "categories", "flags", "reasons"} <= set(
            json.loads(line)
        )

    def test_survives_bytes_that_are_no_text(self):
        written = list(assessed_lines([b'{"text": "\\ud800"}', b'\xff\xfe{"text": "a"}', b"[" * 200_000]))

        assert len(written) == 3


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


class TestEvaluate:
    def test_scores_language(self, file):
        path = file("a.csv", 'body,lang\n"你好, 世界",zh\nGood morning to you all,en\n這個應用程式,zh-Hant\n')

        scores = json.loads(run("evaluate", "language", path, "--text", "body", "--label", "lang", "--json"))

        assert (scores["rows"], scores["accuracy"]) == (3, 1.0)

    def test_scores_sentiment(self, file):
        path = file("a.jsonl", '{"text": "很好用", "y": 1}\n{"text": "垃圾软件", "y": 0}\n')

        assert json.loads(run("evaluate", "sentiment", path, "--label", "y", "--json"))["macro_f1"] == 1.0

    def test_scores_urgency_from_a_table_without_header(self, file):
        path = file("a.tsv", "safety\t我不想活了\nnone\t很好用\nnone\tGreat app\nlegal\tI will sue you\n")

        scores = json.loads(run("evaluate", "urgency", path, "--text", "2", "--label", "1", "--json"))

        assert (scores["rows"], scores["urgent_rows"], scores["auc"]) == (4, 2, 1.0)
        assert scores["lanes"]["amber"]["recall"] == 1.0

    def test_knows_other_words_for_urgent_and_ordinary(self, file):
        path = file(
            "a.csv", "text,label\n我不想活了,Red\n很好用,Not_urgent\nGreat app,green\n我要自杀,self-harm\n"
        )

        scores = json.loads(run("evaluate", "urgency", path, "--json"))

        assert (scores["urgent_rows"], scores["auc"]) == (2, 1.0)

    def test_takes_no_unknown_word_for_urgent_where_nothing_is_ordinary(self, file):
        path = file("a.csv", "text,label\n我不想活了,alarm\n很好用,fine\n")

        with pytest.raises(CommandError, match="none of these labels says so: alarm, fine"):
            run("evaluate", "urgency", path, "--json")

    def test_scores_duplicates_by_group_and_by_pair(self, file):
        groups = file("a.csv", "text,label\n视频打不开,a\n视频老是打不开,a\n怎么退款,b\n如何申请退款,b\n")
        pairs = file("b.csv", "text,other,label\n视频打不开,视频老是打不开,1\n视频打不开,怎么退款,0\n")

        assert json.loads(run("evaluate", "duplicates", groups, "--json"))["partner_first"] == 1.0
        assert json.loads(run("evaluate", "duplicates", pairs, "--other", "other", "--json"))["auc"] == 1.0

    def test_says_which_columns_there_are(self, file):
        with pytest.raises(CommandError, match="no column 'text'; it has a, b"):
            run("evaluate", "language", file("a.csv", "a,b\n1,2\n"), "--json")

    def test_prints_one_line_of_json_and_nothing_else(self, file):
        path = file("a.csv", "text,label\nhello there,en\n")

        assert run("evaluate", "language", path, "--json").count("\n") == 1


class TestSentimentScale:
    @pytest.mark.parametrize(
        ("labels", "scale", "has_neutral"),
        [
            (["positive", "neg", "中性"], [1, -1, 0], True),
            (["0", "1"], [-1, 1], False),
            (["1", "3", "5"], [-1, 0, 1], True),
            (["-0.5", "0.25"], [-0.5, 0.25], False),
            (["-4", "2"], [-1, 0.5], False),
            (["5 stars", "1 star"], [1, -1], False),
            (["true", "False"], [1, -1], False),
        ],
    )
    def test_understands(self, labels, scale, has_neutral):
        values, neutral = sentiment_scale(labels)

        assert (values.tolist(), neutral) == (scale, has_neutral)

    def test_refuses_what_it_does_not_know(self):
        with pytest.raises(ValueError, match="neither a known word nor a number"):
            sentiment_scale(["cheerful", "1"])


class TestReadColumns:
    @pytest.mark.parametrize(
        ("name", "raw"),
        [
            ("a.csv", '\ufefftext,label\n"one\ntwo, ""three""",x\n'.encode()),
            ("a.tsv", b'label\ttext\nx\t"one\ntwo, ""three"""\n'),
            ("a.csv", 'text,label\n"one\ntwo, ""three""",x\n'.encode("utf-16")),
            ("a.jsonl", '\ufeff\n{"text": "one\\ntwo, \\"three\\"", "label": "x"}\n'.encode()),
        ],
    )
    def test_reads_marks_and_quoted_line_ends(self, tmp_path, name, raw):
        (tmp_path / name).write_bytes(raw)

        assert read_columns(tmp_path / name, ["text", "label"]) == [['one\ntwo, "three"'], ["x"]]

    def test_reads_what_chinese_spreadsheets_write(self, tmp_path):
        (tmp_path / "a.csv").write_bytes("text,label\n很好,1\n".encode("gb18030"))

        assert read_columns(tmp_path / "a.csv", ["text"]) == [["很好"]]

    def test_is_not_led_astray_by_a_lone_quotation_mark(self, tmp_path):
        (tmp_path / "a.tsv").write_text('text\tlabel\n"so called\t1\nnext\t0\n', encoding="utf-8")

        assert read_columns(tmp_path / "a.tsv", ["text"]) == [['"so called', "next"]]


class TestLanguageLabels:
    @pytest.mark.parametrize(
        "label", ["zh", "zh-CN", "zh_cn", "zh-Hans", "ZHO", "Chinese", "中文", "Simplified Chinese"]
    )
    def test_may_be_written_in_many_ways(self, file, label):
        path = file("a.csv", f"text,label\n视频打不开,{label}\n")

        assert json.loads(run("evaluate", "language", path, "--json"))["accuracy"] == 1.0


class TestEvaluateWithoutFile:
    def test_asks_for_the_file_of_a_named_task(self):
        with pytest.raises(CommandError, match="evaluate language needs a labelled file"):
            run("evaluate", "language")
