"""Extract the new part of a reply, without quoted mail and signature. Time is linear in the lines.

When new and old can only be guessed apart, the text is kept: an agent can skip a quote more easily than
notice something missing. The whole text is kept beside it in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import takewhile

from feedback.channels.email import phrases
from feedback.channels.email.addresses import NOBODY, Mailbox
from feedback.channels.email.markup import NO_PAGE, Page
from feedback.channels.email.signatures import banner_end, without_known, without_signature

MOST_LINES = 5_000
MOST_LINE = 300
MOST_LABEL_LINES = 12
MOST_ATTRIBUTION_LINES = 4
MOST_ATTRIBUTION = 500
LONG_MARKED_LINE = 50
# "See my answers below.", "Best regards,", "Kim"
MOST_LINES_BELOW_HINT = 4

# Spaces that patterns do not recognise, and invisible marks.
_SPACES = str.maketrans(dict.fromkeys("\xa0\u2002\u2003\u2009\u202f\u3000", " "))
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# "[Kim] on Monday", "Kim: on Monday"
_NAMED_ANSWER = re.compile(r"^[\[【(<*]{0,3}([^\W\d][\w .\-]{0,30}?)[\]】)>*]{0,3}\s?[:：\]】)>]")

# "AB> ", "О>> ": some programs mark quotes with the initials of their author.
_INITIALS = re.compile(r"^([^\W\d_]{1,3})>(?=[\s>]|$)")


@dataclass(frozen=True)
class Cut:
    """``was_quoting``: part of an earlier mail was left out. ``is_forward``: it was kept as content."""

    text: str
    was_quoting: bool
    is_forward: bool


def cut_reply(
    text: str, *, subject: str = "", sender: Mailbox = NOBODY, is_reply: bool = False, page: Page = NO_PAGE
) -> Cut:
    """Return what the sender newly wrote in ``text``.

    ``is_reply``: the mail refers to another one (In-Reply-To, References). The result for such a mail may
    be empty; of any other mail the whole text is kept when all of it looks quoted. ``sender``: their address
    or name below the text is recognised as a card. ``page``: the content of the HTML alternative.
    """
    lines = text.split("\n")
    lines = without_known(lines[banner_end(lines) :], page.signatures)
    # Outlook puts thread headers in forwarded mail too: only the subject distinguishes it.
    is_forward = bool(phrases.FORWARD_SUBJECT.match(subject))
    is_reply = not is_forward and (is_reply or bool(phrases.REPLY_SUBJECT.match(subject)))
    scan = _Scan([_plain(line) for line in lines[:MOST_LINES]], is_reply=is_reply)
    scan.sender_names = {sender.name.lower(), *sender.name.lower().split()} - {""}
    scan.coloured = page.coloured
    scan.is_forward = is_forward
    kept = [scan.shared.get(number, lines[number]) for number in scan.run()]
    if not scan.rest_is_old:
        kept += lines[MOST_LINES:]
    answer = "\n".join(without_signature(kept, sender=sender)).strip()
    if not answer and not is_reply:
        return Cut(text.strip(), was_quoting=False, is_forward=scan.was_quoting)
    return Cut(re.sub(r"\n\s*\n\s*\n", "\n\n", answer), scan.was_quoting, scan.is_forward)


class _Verdict(Enum):
    KEEP = "keep"
    DROP = "drop"
    REST_IS_OLD = "rest is old"


class _Scan:
    """One pass over the lines that decides which ones are the sender's."""

    def __init__(self, lines: list[str], *, is_reply: bool) -> None:
        self.lines = lines
        self.is_reply = is_reply
        self.sender_names: set[str] = set()
        self.coloured: frozenset[str] = frozenset()
        self.is_forward = False
        self.keeps_all = False
        self.was_quoting = False
        self.rest_is_old = False
        self.kept: list[int] = []
        # Lines that begin with the sender's words and end in "On ..., Kim wrote:".
        self.shared: dict[int, str] = {}
        # Without other evidence, a ">" may be the sender's own: "> 5 MB fails".
        self.marks_are_quotes = is_reply
        # The initials that mark the quote below "..., Kim wrote:": anywhere else "SQL> " is a prompt.
        self.initials = ""

    def run(self) -> list[int]:
        """Return the numbers of the lines to keep."""
        for number, line in enumerate(self.lines):
            verdict = _Verdict.KEEP if self.keeps_all or not line else self._judge(number, line)
            if verdict is not _Verdict.KEEP:
                self.was_quoting = True
            if verdict is _Verdict.REST_IS_OLD:
                self.rest_is_old = True
                self.kept += self._answers_from(number)
                break
            if verdict is _Verdict.KEEP:
                self.kept.append(number)
        return self.kept

    def _judge(self, number: int, line: str) -> _Verdict:
        if self._is_by_initials(line):
            return _Verdict.DROP
        if is_marked(line) or self._is_rest_of_mark(number, line):
            return _Verdict.DROP if self.marks_are_quotes else _Verdict.KEEP
        if phrases.FORWARDED.match(line):
            return self._keep_all()
        if phrases.REPLY_ABOVE.search(line):
            return self._end(number)
        if phrases.ORIGINAL.match(line):
            if self._is_above_marks(number, skip_labels=True):
                return self._marked_quote_follows(number)
            return self._end(number) if self.is_reply else self._keep_all()
        if (table := _table_start(self.lines, number, is_reply=self.is_reply)) is not None:
            return self._end(table) if self.is_reply else self._keep_all()
        start = self._attribution_start(number, line)
        return _Verdict.KEEP if start is None else self._judge_attribution(start, number)

    def _is_by_initials(self, line: str) -> bool:
        return bool(self.initials) and line.startswith(f"{self.initials}>")

    def _is_rest_of_mark(self, number: int, line: str) -> bool:
        """Return whether a program wrapped a quoted line that was too long, and ``line`` is its end."""
        above, below = (
            self.lines[at] if 0 <= at < len(self.lines) else "" for at in (number - 1, number + 1)
        )
        is_cut = len(above) >= LONG_MARKED_LINE and above[-1].isalnum() and above.isascii()
        is_cut_link = bool(phrases.LINK_AT_END.search(above)) and " " not in line
        return is_marked(above) and is_marked(below) and (is_cut_link or (is_cut and line[:1].islower()))

    def _judge_attribution(self, start: int, number: int) -> _Verdict:
        own = phrases.WORDS_BEFORE_ATTRIBUTION.match(self.lines[start])
        if self._is_above_marks(number):
            verdict = self._marked_quote_follows(start)
            return self._keep_start(start, own[1] or own[2]) if own else verdict
        words = " ".join(self.lines[start : number + 1]).strip("-—_=* ")
        has_email = bool(phrases.EMAIL.search(words))
        is_plain = own or phrases.ATTRIBUTION_START.match(words) or has_email
        has_text_above = any(self.lines[kept] for kept in self.kept if kept < start)
        if not is_plain or not (self.is_reply or (has_text_above and has_email)):
            # "On 5 October he wrote to me:" is the sender's own sentence, not a mail program's.
            return _Verdict.KEEP
        self._take_back(start)
        if own:
            self._keep_start(start, own[1] or own[2])
        return _Verdict.REST_IS_OLD

    def _keep_start(self, number: int, words: str) -> _Verdict:
        """Drop line ``number`` except for ``words``, which it begins with."""
        self.shared[number] = words.strip()
        self.kept.append(number)
        return _Verdict.DROP

    def _marked_quote_follows(self, start: int) -> _Verdict:
        self._take_back(start)
        self.marks_are_quotes = True
        below = self.lines[start + 1 : start + 1 + MOST_LABEL_LINES]
        self.initials = next(
            filter(None, map(_initials_of, takewhile(lambda line: not is_marked(line), below))), ""
        )
        return _Verdict.DROP

    def _keep_all(self) -> _Verdict:
        self.is_forward = self.keeps_all = True
        return _Verdict.KEEP

    def _end(self, start: int) -> _Verdict:
        self._take_back(start)
        while self.kept and (not (last := self.lines[self.kept[-1]]) or phrases.HEADING.match(last)):
            self.kept.pop()
        return _Verdict.REST_IS_OLD

    def _answers_from(self, start: int) -> list[int]:
        """Return the lines from ``start`` on that answer within an unmarked quote, if the text above announces it.

        These are the lines that identify themselves as answers; if none does, all lines: they cannot be told apart.
        """
        above = [self.lines[number] for number in self.kept if self.lines[number]]
        if not any(map(phrases.ANSWERS_BELOW.search, above[-MOST_LINES_BELOW_HINT:])):
            return []
        answers: list[int] = []
        is_answer = False
        for number in range(start + 1, len(self.lines)):
            line = self.lines[number]
            was_answer, is_answer = is_answer, bool(line) and (is_answer or self._is_answer(line))
            if is_answer or was_answer:
                answers.append(number)
        if not answers:
            return list(range(start - (start > 0 and not self.lines[start - 1]), len(self.lines)))
        # An empty line in place of the table, as after each answer.
        self.shared[start] = ""
        return [start, *answers]

    def _is_answer(self, line: str) -> bool:
        named = _NAMED_ANSWER.match(line)
        by_sender = named and named[1].strip().lower() in self.sender_names
        return bool(by_sender or phrases.ANSWER.match(line)) or is_marked(line) or line in self.coloured

    def _take_back(self, start: int) -> None:
        while self.kept and self.kept[-1] >= start:
            self.kept.pop()

    def _is_above_marks(self, number: int, *, skip_labels: bool = False) -> bool:
        """Return whether the next line is marked; ``skip_labels``: after a mail program's header of the original."""
        for line in self.lines[number + 1 : number + 1 + MOST_LABEL_LINES]:
            is_about = skip_labels and (phrases.LABEL.match(line) or phrases.WROTE.search(line))
            if line and not is_about:
                return is_marked(line) or bool(_initials_of(line))
        return False

    def _attribution_start(self, number: int, line: str) -> int | None:
        """Return where the sentence "On ..., Kim wrote:" that ends in ``line`` begins, None if there is none."""
        bare = phrases.WROTE_AND_GOES_ON.sub(r"\1", line) if self.is_reply else line
        bare = bare.strip("-—_=* ")
        if phrases.DATED_ADDRESS.match(bare) and self._is_above_marks(number):
            return number
        if not bare.endswith((":", "：")) and not phrases.WROTE_AT_END.search(bare):
            return None
        best, best_has_date = None, False
        words = ""
        for start in range(number, max(number - MOST_ATTRIBUTION_LINES, -1), -1):
            above = self.lines[start]
            words = f"{above.strip('-—_=* ')} {words}"
            if not above or is_marked(above) or len(words) > MOST_ATTRIBUTION:
                break
            if not self._is_attribution(words, number):
                continue
            has_date = bool(phrases.DATE.search(words))
            if best is None or (has_date and not best_has_date) or _is_cut_in_address(self.lines[best]):
                best, best_has_date = start, has_date
            if _is_cut_in_address(above):
                continue
            if has_date and (start == number or phrases.ATTRIBUTION_START.match(above)):
                return start - self._is_name_above(start)
        return best

    def _is_name_above(self, start: int) -> bool:
        """Return whether a Chinese attribution, "于 ... 写道：", was wrapped after the writer's name."""
        return start > 0 and self.lines[start][0] in "于於" and self.lines[start - 1].endswith(">")

    def _is_attribution(self, words: str, number: int) -> bool:
        # Cheap checks first: thousands of lines may end in ":".
        has_date = bool(phrases.DATE.search(words))
        has_email = "@" in words and bool(phrases.EMAIL.search(words))
        if (
            has_date
            and has_email
            and (phrases.ATTRIBUTION_START.match(words) or self._is_above_marks(number))
        ):
            return True
        return (has_date or has_email or self._is_above_marks(number)) and bool(phrases.WROTE.search(words))


def _is_cut_in_address(line: str) -> bool:
    """Return whether the address in ``line`` began on the line above: "support@e.example> 写道："."""
    return ">" in line and "<" not in line.partition(">")[0]


def is_marked(line: str) -> bool:
    """Return whether ``line`` begins with a quote mark; ">>> Click here <<<" is an ornament."""
    return line.startswith((">", "＞")) and not line.endswith("<<")


def _initials_of(line: str) -> str:
    """Return the initials that mark ``line`` as a quote, empty if there are none."""
    found = _INITIALS.match(line)
    return found[1] if found and found[1].isupper() else ""


def _plain(line: str) -> str:
    # QQ Mail leaves "&nbsp;" in its plain text.
    return _UNSEEN.sub("", line[:MOST_LINE].translate(_SPACES).replace("&nbsp;", " ")).strip()


def _table_start(lines: list[str], number: int, *, is_reply: bool) -> int | None:
    """Return where the table "From: / Sent: / To: / Subject:" at line ``number`` begins, None if there is none.

    In an answer less is enough: an address and a date, or the time of day and no address.
    """
    found = phrases.LABEL.match(lines[number])
    if not found:
        return None
    kinds: set[str] = set()
    others = 0
    rows: list[str] = []
    window = lines[number : number + MOST_LABEL_LINES]
    for line in window:
        if labels := _labels_in(line):
            kinds |= labels
            rows.append(line)
        elif line:
            others += 1
        if others > 3 or {"from", "sent", "to", "subject"} <= kinds:
            break
    # A parcel has a sender and a recipient too: only a subject or an address makes it mail.
    is_mail = "subject" in kinds or any(phrases.EMAIL.search(line) for line in window)
    is_mail = is_mail or (is_reply and any(map(phrases.TIME.search, rows)))
    if "from" in kinds:
        is_short = is_reply and "sent" in kinds and any(map(phrases.EMAIL.search, rows))
        return number if is_short or (len(kinds - {"cc"}) >= 3 and is_mail) else None
    return _notes_start(lines, number) if {"to", "subject"} <= kinds else None


# Windows over the lines overlap: each line is requested several times in a row.
@lru_cache(maxsize=64)
def _labels_in(line: str) -> frozenset[str]:
    """Return the kinds of the rows in ``line``: more than one if a program lost the line ends."""
    found = phrases.LABEL.match(line)
    if found is None:
        return frozenset()
    others = phrases.NEXT_LABEL.finditer(line, found.end())
    return frozenset(match.lastgroup or "" for match in (found, *others))


def _notes_start(lines: list[str], number: int) -> int | None:
    """Return where Notes put sender and time, each on a separate line, above "To:" and "Subject:"."""
    above = [at for at in range(max(number - 5, 0), number) if lines[at]][-2:]
    if (
        len(above) < 2
        or not phrases.EMAIL.search(lines[above[0]])
        or not phrases.DATE.search(lines[above[1]])
    ):
        return None
    return above[0]
