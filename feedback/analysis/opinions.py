"""Score the opinions a message expresses: opinion words, emoji, stated ratings, with negation.

Word lists make up for what the vector misses: the encoder hardly sees negation, and emoji and slang not at all.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from feedback.analysis.word_lists import read_rows

_EVERYWHERE = "*"
# Written without spaces: words are searched for anywhere.
_UNSPACED = frozenset({"zh", "ja", "th", "ko"})
_LONGEST = 2_000
_MOST_REPEATS = 2
# VADER's value: a sum of about 4 gives about three quarters of the full score.
_ALPHA = 15.0

_NEGATION = {
    "zh": re.compile(
        r"(?:(?:不|没有?|无|别|未|并非|毫不|不再|不够|不太|不怎么|不是很|算不上|谈不上|称不上)[是很太那么会能想觉得再怎什多]{0,2}"
        # "not as ... as expected", and "no fault to be found".
        r"|(?:没有?|不如)(?:想象|预期|期待|宣传|描述|图片|广告|以前|之前|上次|原来|别家)[中的里上那么样]{0,3}"
        r"|(?:[挑找看说]不[出到]|[没无]有?出过?)(?:什么|任何|哪里|一点儿?|一个)?|没再出过?)$"
    ),
    "ja": re.compile(r"(?!)"),
}
_NEGATION_AFTER = {
    "ja": re.compile(r"(?:く|では|じゃ)?(?:ない|ありません|なかった)"),
    "ko": re.compile(r"지 ?(?:않|못)"),
}
# A problem that is gone is praise, if faint.
_GONE = {
    "zh": re.compile(
        r"(?:问题|毛病|现象|的情况)?(?:都|全|全都|也|终于|已经)?(?:修好|修复|解决|改好|消失|没有?)了(?!吗|没)"
    ),
    "en": re.compile(
        r"(?: \w+){0,2} (?:is|are|was|were|has been|have been|got)(?: \w+)? (?:gone|fixed|solved|resolved|history)\b"
    ),
}
# The past contrasted with the present: "used to be good, now it is slow".
_ONCE = re.compile(
    r"(?:以前|从前|曾经|当初|刚开始|早期|原先|\b(?:used to|once|in the beginning|at first|back then)\b)"
    r"[^。.！!？?]{0,20}$"
)
_NOW = re.compile(r"现在|如今|越来越|后来|这阵子|\b(?:now|nowadays|lately|these days|any ?more|since)\b")
_NEGATED_WORD = re.compile(
    r"(?:\b(?:not|no|never|nor|without|hardly|barely|isnt|dont|doesnt|didnt|wont|cant|wasnt|arent"
    r"|nunca|não|nao|pas|plus|jamais|nicht|kein|keine|non|mai|tidak|gak|ga|nggak|bukan|không|nie|niet|geen|не|нет|ни"
    r"|ليس|لا|مش|مو|değil|nahi|nahin|नहीं)|n't)(?:\s+[\w']+){0,2}\s+$"
)
_STRONGER = {
    "zh": re.compile(r"(?:太|很|非常|特别|超级?|极其?|真|真的|十分|巨|贼|无比|实在|相当|最|简直|完全|死)$"),
    "en": re.compile(
        r"\b(?:very|so|really|extremely|super|absolutely|totally|completely|such|incredibly|insanely)\s+$"
    ),
}
_WEAKER = {
    "zh": re.compile(r"(?:有点儿?|稍微|略|有些|比较|偶尔)$"),
    "en": re.compile(r"\b(?:a bit|a little|slightly|somewhat|kind of|kinda|sort of|sometimes)\s+$"),
}
# Something wished for or asked about is not there yet.
_WISHED = {
    "zh": re.compile(
        r"(?:希望|本来|原本|原以为|本以为|还以为|指望|想着|说好|号称|宣称|所谓|能不能|可不可以|如果|要是|什么时候|何时|建议|应该|能否|请问|怎么才|是否)[^，。！,.!]{0,10}$"
    ),
    "en": re.compile(
        r"\b(?:wanted to|supposed to|meant to|used to|claims?|so-called|advertised as|wish"
        r"|would be|would have been|if|could be|should be|hope|hoping|can you|please)\b[^.!,]{0,30}$"
    ),
}
# From here to the end of the clause the writer asks for something: good words in it are not praise.
_ASKED_FOR = re.compile(
    r"\b(?:(?:would|could|should) (?:also )?(?:be|have been|like|love|appreciate)|i'd|wish|hope|hoping|hopefully|please"
    r"|can you|could you|can i|may i|is there|are there|does (?:it|the|this|your)|do you|how (?:can|do|long|much|many)"
    r"|looking forward|(?:wanted|supposed|meant|claims?) to)\b[^.!?,;\n]*"
)
# Mere courtesy when something is asked for.
_THANKS = re.compile(
    r"谢谢|感谢|多谢|thanks|thank you|thank u|thank|thx|ty|tks|cheers|gracias|obrigad[oa]|merci|danke|grazie"
    r"|terima kasih|makasih|teşekkürler|cảm ơn|dziękuję|bedankt|спасибо|شكرا"
    r"|ありがとう|감사|ขอบคุณ|धन्यवाद|ممنون|شکریہ|дякую|ধন্যবাদ"
)
_ASKS = re.compile(
    r"[?？]|请|麻烦|求|帮|能不能|能否|可否|什么时候|怎么|吗|\b(?:please|pls|plz|can|could|would|how|when|why|where|help)\b"
    r"|\bin advance\b|\b(?:por favor|bitte|s'il vous plaît|svp|tolong|lütfen|proszę|per favore|пожалуйста)\b"
)
_TURN = re.compile(
    r"但是|但|不过|可是|然而|就是|只是|可惜|结果|谁知|没想到|却|\bbut\b|\bhowever\b|\bpero\b|\bmas\b|\baber\b|\bmais\b|\btapi\b|\bно\b|\bfakat\b"
)
_ONCE_NOW = frozenset({"zh", "en"})
_NEGATED, _WEAKENED, _STRENGTHENED, _HOPED, _PAST = -0.7, 0.5, 1.3, 0.2, -0.5
_POLITE = 0.3
_BEFORE_TURN, _AFTER_TURN = 0.6, 1.3

_NUMERALS = {
    "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_STARS = re.compile(
    r"(?<![\d.])([0-5])\s*(?:/\s*5(?!\d)|stars?\b|星|estrellas?|estrelas?|étoiles?|sterne?|stelle|bintang|yıldız|звезд)"
    r"|([零一二两三四五])(?:颗)?星|\b(zero|one|two|three|four|five) stars?\b"
)
_TENTHS = re.compile(r"(?<![\d.])(10|\d)\s*/\s*10(?!\d)")
_FULL_MARKS = re.compile(r"满分|100分|一百分|五颗星")
_DRAWN_STARS = re.compile(r"[⭐★🌟]")
_EMPTY_STARS = re.compile(r"[☆]")
_STAR_VALUE = (-3.5, -3.0, -2.0, 0.0, 2.0, 3.0)

# Addressees and links say nothing: "@united" does not praise unity. For folded, so lower-case, text; words that follow
# a link or a name without a space still count.
_ADDRESSED = re.compile(r"https?://[^\s\u3400-\u9fff]+|@[a-z0-9_.]+|&[a-z]{2,6};")
_WORDLESS = re.compile(r"\w+")
# VADER spells emoji out and then misreads the words; ours are valued in the list.
_PICTURE = re.compile(r"[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]")


@dataclass(frozen=True)
class _List:
    pattern: re.Pattern[str]
    values: Mapping[str, float]


@cache
def _entries() -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    rows = read_rows("opinion_words.txt")
    return tuple((language, float(value), tuple(words.split("|"))) for language, value, words in rows)


def _values(language: str) -> dict[str, float]:
    return {word: value for own, value, words in _entries() if own == language for word in words}


@cache
def _list(language: str) -> _List | None:
    """Return the opinion words of ``language``; None when there are none."""
    values = _values(language)
    if not values:
        return None
    edges = ("", "") if language in _UNSPACED or language == _EVERYWHERE else (r"(?<![\w'])", r"(?![\w'])")
    return _List(re.compile(f"{edges[0]}{_any_of(list(values))}{edges[1]}"), values)


def _any_of(words: Sequence[str]) -> str:
    """Return a pattern that matches the longest of ``words``, factored by shared prefixes.

    As a plain alternation, a thousand words would be tried in turn at each letter of a text.
    """
    if len(words) == 1:
        return re.escape(words[0])
    endings: dict[str, list[str]] = {}
    for word in filter(None, words):
        endings.setdefault(word[0], []).append(word[1:])
    together = "|".join(re.escape(first) + _any_of(rest) for first, rest in endings.items())
    return f"(?:{together})?" if "" in words else f"(?:{together})"


@cache
def _vader() -> SentimentIntensityAnalyzer:
    analyzer = SentimentIntensityAnalyzer()
    for word in _values("en"):
        # Our list knows more about software and service; a word must not be counted twice.
        analyzer.lexicon.pop(word, None)
    return analyzer


def compound(total: float) -> float:
    """Squeeze a sum of word values into -1..1."""
    return total / (total * total + _ALPHA) ** 0.5


def said_by_words(text: str, language: str) -> float:
    """Return the opinion, -1..1, of the words, emoji and ratings in folded ``text``; 0 when there are none.

    ``language`` is the main code (``zh``, ``en``). For languages without a list only emoji and ratings count.
    """
    text = _ADDRESSED.sub(" ", text[:_LONGEST])
    total = _listed(text, _EVERYWHERE) + _rated(text) + _listed(text, language)
    if language == "en":
        total += _in_english(text)
    elif _smiles(text):
        total += _by_vader(_WORDLESS.sub(" ", text))
    return compound(total)


def _smiles(text: str) -> bool:
    return any(sign in text for sign in (":", ";", "=", "^", "<3", "</3"))


def _without(text: str) -> str:
    """Remove from an English text what our list has already scored, and all emoji."""
    listed = _list("en")
    rest = listed.pattern.sub(" , ", text) if listed else text
    return _PICTURE.sub(" ", rest)[:1000]


def _in_english(text: str) -> float:
    """Score the English words our list lacks; something asked for is never praise."""
    said = _by_vader(_without(text))
    if said <= 0 or not _ASKED_FOR.search(text):
        return said
    return min(said, _by_vader(_without(_ASKED_FOR.sub(" ", text))))


def _by_vader(text: str) -> float:
    said = min(0.98, max(-0.98, float(_vader().polarity_scores(text)["compound"]))) if text.strip() else 0.0
    return said * (_ALPHA / (1 - said * said)) ** 0.5


def _listed(text: str, language: str) -> float:
    """Sum the values of the words of ``language`` in ``text``, each adjusted for its surroundings."""
    listed = _list(language)
    matches = list(listed.pattern.finditer(text)) if listed else []
    if listed is None or not matches:
        return 0.0
    seen: Counter[str] = Counter()
    turns = [match.start() for match in _TURN.finditer(text)]
    asks = _ASKS.search(text) is not None
    total = 0.0
    for match in matches:
        seen[match.group()] += 1
        if seen[match.group()] > _MOST_REPEATS:
            continue
        value = listed.values[match.group()]
        if asks and _THANKS.fullmatch(match.group()):
            value *= _POLITE
        if language != _EVERYWHERE:
            value *= _surroundings(text, match.start(), match.end(), language, value)
            if turns:
                value *= _AFTER_TURN if match.start() > turns[-1] else _BEFORE_TURN
        total += value
    return total


def _surroundings(text: str, start: int, end: int, language: str, value: float) -> float:
    """Return the factor by which negation, intensity, wishes and tense around a word change its value."""
    before = text[max(0, start - 40) : start]
    factor = 1.0
    if language == "zh":
        negation = _NEGATION["zh"].search(before)
    else:
        negation = None if language in _UNSPACED else _NEGATED_WORD.search(before)
    after = _NEGATION_AFTER.get(language)
    if negation or (after and after.match(text, end)):
        factor *= _NEGATED
        before = before[: negation.start()] if negation and language == "zh" else before
    if (stronger := _STRONGER.get(language)) and stronger.search(before):
        factor *= _STRENGTHENED
    elif (weaker := _WEAKER.get(language)) and weaker.search(before):
        factor *= _WEAKENED
    if value < 0 and (gone := _GONE.get(language)) and gone.match(text, end):
        factor *= _NEGATED
    if language in _ONCE_NOW and _ONCE.search(before) and _NOW.search(text, end):
        return factor * _PAST
    if value > 0 and (wished := _WISHED.get(language)) and wished.search(before):
        factor *= _HOPED
    return factor


def _rated(text: str) -> float:
    """Return the value of a rating given in words, digits or star symbols; 0 when there is none."""
    if match := _STARS.search(text):
        figure = match[1] or match[2] or match[3]
        return _STAR_VALUE[int(figure) if figure.isdecimal() else _NUMERALS[figure]]
    if match := _TENTHS.search(text):
        return (int(match[1]) - 5.5) * 0.7
    if _FULL_MARKS.search(text):
        return _STAR_VALUE[5]
    drawn = len(_DRAWN_STARS.findall(text))
    if drawn and (drawn > 1 or _EMPTY_STARS.search(text)):
        return _STAR_VALUE[min(drawn, 5)]
    return 0.0
