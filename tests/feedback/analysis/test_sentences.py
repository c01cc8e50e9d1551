"""A message is cut where its thoughts end, and every piece stands in the message as it was."""

import pytest

from feedback.analysis import sentences
from feedback.analysis.sentences import LONGEST, split, width


def pieces(text):
    return [sentence.text for sentence in split(text)]


# A megabyte each, of what may be cut everywhere or nowhere.
_HOSTILE = [
    pytest.param(piece * (1_000_000 // len(piece)), id=name)
    for name, piece in {
        "one word": "x",
        "commas": ",",
        "commas in Chinese": "好，",
        "lines": "line\n",
        "sentences": "It is bad. ",
        "hearts": "<3",
        "danger": "我要自杀",
        "hidden": "自\u200b杀",
        "right to left": "\u202eabc",
        "marks": "a\u0301",
    }.items()
]


class TestSplit:
    def test_passes_over_a_desert_of_spaces_in_one_go(self):
        """Trying each of 20,000 spaces anew took the crisis worker six seconds."""
        assert len(split("help" + " " * 300_000 + "me")) >= 1

    def test_cuts_at_the_ends_of_sentences_in_both_languages(self):
        assert pieces("视频卡顿。我不想活了！谢谢") == ["视频卡顿。", "我不想活了！", "谢谢"]
        assert pieces("It crashed. Why?! Fix it") == ["It crashed.", "Why?!", "Fix it"]

    def test_leaves_versions_and_titles_whole(self):
        assert pieces("Mr. Smith uses v2.3.1 daily.") == ["Mr. Smith uses v2.3.1 daily."]

    def test_cuts_a_long_run_at_commas_into_clauses_of_some_length(self):
        text = "，".join(["今天的天气一直都很不错我们去公园玩了一个下午"] * 4)

        assert len(pieces(text)) > 1
        assert all(width(piece) >= 60 for piece in pieces(text))

    def test_gives_no_piece_longer_than_the_encoder_likes(self):
        assert all(len(piece) <= LONGEST for piece in pieces("a" * 5_000 + " " + "好" * 5_000))

    def test_tells_where_each_piece_stands(self):
        text = "  第一句。  second one!\n\n third  "

        assert all(text[piece.start : piece.end] == piece.text for piece in split(text))

    @pytest.mark.parametrize("text", ["", " \n ", "👍👍", "！！！", "..."])
    def test_drops_what_holds_no_word(self, text):
        assert split(text) == []

    def test_keeps_both_ends_of_an_endless_text(self):
        found = pieces("\n".join(f"line {number}" for number in range(1_000)))

        assert (found[0], found[-1], len(found)) == ("line 0", "line 999", 200)

    def test_reads_the_ends_of_a_text_of_few_but_long_pieces(self):
        found = pieces("begin " + "x" * 300_000 + " end")

        assert (found[0][:6], found[-1][-4:]) == ("begin ", " end")

    @pytest.mark.parametrize("text", _HOSTILE)
    def test_gives_the_encoder_little_of_a_megabyte(self, text):
        assert sum(len(piece) for piece in pieces(text)) <= 24_000

    @pytest.mark.parametrize("text", _HOSTILE)
    def test_measures_little_of_a_megabyte(self, text, monkeypatch):
        measured = []
        monkeypatch.setattr(sentences, "width", lambda piece: measured.append(len(piece)) or width(piece))

        split(text)

        # 60 characters to both sides of each comma among the 100,000 characters that are seen.
        assert sum(measured) <= 125 * 100_000

    @pytest.mark.parametrize(
        "text", ["你好，" * 100_000, " " * 300_000 + "x", "a, " * 100_000, "x" * 300_000]
    )
    def test_comes_to_an_end_with_a_hostile_text(self, text):
        # Measuring the rest at each comma or space took hours: beyond the time a test has.
        assert 1 <= len(split(text)) <= 200
