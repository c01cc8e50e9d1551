"""Identify the language of a message: by its script, then by its letters, then by what is known about the person."""

import math
import re
from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from unicodedata import normalize

from py3langid.langid import LanguageIdentifier

from config.kit.languages import base_of
from feedback.analysis.language_cues import cues, is_known

UNDETERMINED = "und"

# Candidates for each script shared by several languages, with the logarithm of their prior probability: a rare
# language needs strong evidence, above all in a text of two words.
_EXPECTED = {
    "latin": {
        "en": 0.6, "es": 0.0, "pt": 0.0, "de": 0.0, "fr": 0.0, "it": 0.0, "nl": -0.5, "pl": -0.5, "tr": -0.5,
        "vi": -0.5, "id": -0.5, "ms": -2.5, "tl": -2.0, "sv": -2.0, "da": -2.5, "no": -2.5, "fi": -2.0,
        "cs": -2.0, "sk": -2.5, "ro": -2.0, "hu": -2.0, "hr": -2.5, "ca": -3.0, "sw": -2.5, "hi-latn": 0.0,
    },
    "cyrillic": {"ru": 1.0, "uk": 0.0, "bg": -1.0, "sr": -1.5, "kk": -1.0},
    "arabic": {"ar": 1.0, "fa": 0.0, "ur": 0.0},
    "devanagari": {"hi": 1.0, "mr": -2.0, "ne": -2.5},
}  # fmt: skip
_SHORT_LATIN = 15
# Codes we use in place of those of the identifier and the word lists.
_CODES = {"no": "nb", "hi-latn": "hi"}
# The share given to a language the identifier does not know: Hindi in Latin letters.
_UNKNOWN_SHARE = 0.05

# Has letters but no language. A link ends where Chinese follows directly: the Chinese reveals the language.
_NOISE = re.compile(
    r"https?://[^\s\u3400-\u9fff]+|www\.[^\s\u3400-\u9fff]+|[\w.+-]+@[\w-]+\.[\w.-]+|</?[a-zA-Z]{1,10}/?>|&[a-z]{2,6};"
    # Handles: Latin letters, or other letters up to a space.
    r"|@[A-Za-z0-9_.]+|@\w{1,12}(?=\s|$)"
    # Emoticons made of letters: :D, xD, ;P
    r"|(?<!\w)[:;=][-'^]?[DPpOo3]+(?!\w)|(?<!\w)[xX][dD]+(?!\w)|[\d_]+"
)
# Left out when the text says anything else: #hashtags, and [微笑] from Chinese keyboards.
_ORNAMENT = re.compile(r"#[A-Za-z0-9_]+|\[[\u4e00-\u9fff]{1,4}\]")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0002ebef]"),
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d]"),
    "hangul": re.compile(r"[\uac00-\ud7af\u1100-\u11ff\u3131-\u318e]"),
    "latin": re.compile(
        r"[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]"
    ),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "arabic": re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc\ufb50-\ufdff\ufe70-\ufefc]"),
    "thai": re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]"),
    "devanagari": re.compile(r"[\u0900-\u0963\u0971-\u097f]"),
    "bengali": re.compile(r"[\u0980-\u09ff]"),
    "hebrew": re.compile(r"[\u05d0-\u05ea]"),
    "greek": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "tamil": re.compile(r"[\u0b80-\u0bff]"),
    "telugu": re.compile(r"[\u0c00-\u0c7f]"),
    "gujarati": re.compile(r"[\u0a80-\u0aff]"),
    "gurmukhi": re.compile(r"[\u0a00-\u0a7f]"),
    "malayalam": re.compile(r"[\u0d00-\u0d7f]"),
    "kannada": re.compile(r"[\u0c80-\u0cff]"),
    "sinhala": re.compile(r"[\u0d80-\u0dff]"),
    "khmer": re.compile(r"[\u1780-\u17ff]"),
    "lao": re.compile(r"[\u0e81-\u0edf]"),
    "burmese": re.compile(r"[\u1000-\u109f]"),
    "georgian": re.compile(r"[\u10a0-\u10ff]"),
    "armenian": re.compile(r"[\u0530-\u058f]"),
    "amharic": re.compile(r"[\u1200-\u137f]"),
}
_ONE_LANGUAGE_SCRIPTS = {
    "hangul": "ko", "thai": "th", "bengali": "bn", "hebrew": "he", "greek": "el", "tamil": "ta",
    "telugu": "te", "gujarati": "gu", "gurmukhi": "pa", "malayalam": "ml", "kannada": "kn", "sinhala": "si",
    "khmer": "km", "lao": "lo", "burmese": "my", "georgian": "ka", "armenian": "hy", "amharic": "am",
}  # fmt: skip
# One Han character, kana or hangul syllable says about as much as this many letters.
_LETTERS_PER_SIGN = {"han": 3.0, "kana": 2.0, "hangul": 2.0}
# The function words of a Chinese or English sentence: they decide its language, whatever else is mixed in.
_HAN_PARTICLES = frozenset("的了吗呢吧啊嘛呀是不没我你太很都就在也还好这那么着過过嗎這沒還麼們们")
_BONES = "the is are was i i'm to my it and a of for you this that not in on when what with"
_ENGLISH_BONES = frozenset(_BONES.split())
_BONE = 5.0
# Chinese in Latin letters: syllables, at least some of which are spelled like this in no other language.
_PINYIN = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang?|i?ong|i?ao|[ui]?ai?|u?o|ou|eng?|ei?|ing?|iu|i?an|ie|ia|u[ein]?|un|uang?"
    r"|er|i|u)"
)
_PINYIN_ONLY = re.compile(
    r"zh\w+|x(?:i|u)\w*|q(?:i|u)\w*|\w*(?:uang|iang|iong|eng|uan|iao)|hen|shen|shi|zhe|wo|ni|bu|hao"
)
_FEWEST_SYLLABLES = 4
# Names and loan words count little: the sentence around them is in another language.
_LOAN_WEIGHT = 2.0
_LOANS = (
    "app bug ios android iphone ipad vip wifi wi-fi ok id ui pls plz lag crash fix call cpu pk up vlog live"
    " tiktok youtube facebook instagram google apple windows mac pc qq dm pro max bgm pdf login update sb"
    " token tokens url uuid string cookie cookies server link chat online email e-mail web site website spam admin"
    " api html sms gps hd tv usb laptop tablet software hardware internet blog podcast"
)
# Used in Japanese but not in Chinese, in addition to those OpenCC knows.
_JAPANESE_MADE = frozenset("働込峠辻畑匂枠塀搾")
# Used decoratively in Chinese: 美の味.
_ORNAMENTAL_KANA = frozenset("のノー")


@dataclass(frozen=True)
class Language:
    """A language and the confidence in it, 0..1.

    ``code`` is BCP 47: ``zh-Hans``, ``zh-Hant``, ``en``; ``und`` when there are no letters.
    """

    code: str
    confidence: float


@cache
def _one_sided_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters only Traditional and only Simplified Chinese uses, from OpenCC's tables."""
    folder = files("opencc") / "dictionary"

    def changed(name: str) -> frozenset[str]:
        found = set()
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            source, _, choices = line.partition("\t")
            if source not in choices.split(" "):
                found.add(source)
        return frozenset(found)

    return changed("TSCharacters.txt"), changed("STCharacters.txt")


def _chinese(text: str, hint: str | None) -> Language:
    traditional_only, simplified_only = _one_sided_characters()
    traditional = sum(character in traditional_only for character in text)
    simplified = sum(character in simplified_only for character in text)
    if traditional == simplified:
        return Language(
            hint if hint in ("zh-Hant", "zh-Hans") else "zh-Hans", 0.6 if not traditional else 0.5
        )
    code = "zh-Hant" if traditional > simplified else "zh-Hans"
    return Language(code, max(traditional, simplified) / (traditional + simplified))


@cache
def _all_languages() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(
        str(files("py3langid") / "data" / "model.npz.xz"), norm_probs=True
    )


@cache
def _identifier(script: str) -> LanguageIdentifier:
    """Return the identifier restricted to the languages of ``script``: several times faster than all of them."""
    restricted = copy(_all_languages())
    restricted.set_languages(set(_EXPECTED[script]) & set(restricted.labels))
    return restricted


@cache
def _japanese_only() -> frozenset[str]:
    """Return the Japanese characters that neither Chinese script uses, from OpenCC's tables."""
    traditional, simplified = _one_sided_characters()
    rows = (files("opencc") / "dictionary" / "JPVariants.txt").read_text(encoding="utf-8").splitlines()
    reformed = {form for row in rows for form in row.partition("\t")[2].split(" ")}
    chinese = {
        form
        for row in (files("opencc") / "dictionary" / "TSCharacters.txt")
        .read_text(encoding="utf-8")
        .splitlines()
        for form in row.partition("\t")[2].split(" ")
    }
    return frozenset(reformed - chinese - traditional - simplified) | _JAPANESE_MADE


def _by_letters(text: str, script: str, hint: str | None) -> Language:
    """Choose among the languages of one script by letter sequences, known words and prior probability."""
    lowered = text.lower()
    words = _WORD.findall(lowered)
    if script == "latin" and _is_pinyin(words):
        return Language("zh-Hans", 0.6)
    # Loan words look English in every language.
    lowered = " ".join(word for word in words if word not in _loans()) or lowered
    expected = _EXPECTED[script]
    shares = dict(_identifier(script).rank(lowered))
    said = cues(words, tuple(expected))
    scores = {
        code: math.log(max(shares.get(code, _UNKNOWN_SHARE), 1e-9)) + prior + said[code]
        for code, prior in expected.items()
    }
    if hint in scores:
        scores[hint] += 2.0 if len(text) < _SHORT_LATIN else 0.5
    best = max(scores, key=lambda code: (scores[code], code))
    total = sum(math.exp(score - scores[best]) for score in scores.values())
    return Language(_CODES.get(best, best), 1.0 / total)


@cache
def _loans() -> frozenset[str]:
    return frozenset(_LOANS.split())


def _is_pinyin(words: list[str]) -> bool:
    """Return whether lower-case ``words`` are four or more pinyin syllables, half of them unlike any other language."""
    if len(words) < _FEWEST_SYLLABLES or not all(_PINYIN.fullmatch(word) for word in words):
        return False
    return 2 * sum(_PINYIN_ONLY.fullmatch(word) is not None for word in words) >= len(words)


def identify(text: str, *, profile_language: str | None = None) -> Language:
    """Identify the language of ``text``.

    ``profile_language`` (BCP 47) decides where the text cannot: Latin text under 15 characters, Han text
    whose characters are the same in both scripts. Costs some 100 microseconds after the first call.
    """
    # Styled letters (bold, circled, full width) are letters too.
    cleaned = _NOISE.sub(" ", text[:2000] if text.isascii() else normalize("NFKC", text[:2000]))
    bare = _ORNAMENT.sub(" ", cleaned)
    weights = _weights(bare)
    if not weights:
        bare = cleaned
        weights = _weights(bare)
    if not weights or (weights.get("latin") == 1.0 and len(weights) == 1):
        return Language(UNDETERMINED, 0.0)
    if len(weights) > 1 and "latin" in weights:
        _weigh_mixture(bare, weights)
    total = sum(weights.values())
    if _is_japanese(bare, weights):
        return Language("ja", (weights.get("kana", 0.0) + weights.get("han", 0.0)) / total)
    script = max(weights, key=lambda name: weights[name])
    if script in ("han", "kana"):
        return _chinese(bare, profile_language)
    if script in _ONE_LANGUAGE_SCRIPTS:
        return Language(_ONE_LANGUAGE_SCRIPTS[script], weights[script] / total)
    letters = bare
    if not bare.isascii():
        letters = "".join(sign if _script(sign) == script or not sign.isalpha() else " " for sign in bare)
    hint = base_of(profile_language).replace("nb", "no") if profile_language else None
    return _by_letters(" ".join(letters.split()), script, hint)


def _weights(text: str) -> dict[str, float]:
    """Return how much ``text`` says in each script, measured in letters; scripts that do not occur are left out."""
    if text.isascii():
        count = len(_SCRIPTS["latin"].findall(text))
        return {"latin": float(count)} if count else {}
    counts = dict.fromkeys(_SCRIPTS, 0)
    for sign, count in Counter(text).items():
        if script := _script(sign):
            counts[script] += count
    return {script: count * _LETTERS_PER_SIGN.get(script, 1.0) for script, count in counts.items() if count}


@lru_cache(maxsize=10_000)
def _script(sign: str) -> str | None:
    """Return the script of the letter ``sign``; None when it is not a letter of a known script."""
    return next((script for script, pattern in _SCRIPTS.items() if pattern.match(sign)), None)


def _weigh_mixture(text: str, weights: dict[str, float]) -> None:
    """In a mixed text, weigh Latin names and loan words less, and function words more."""
    loans = _loans()
    latin = 0.0
    for word in _WORD.findall(text):
        if _script(word[0]) != "latin":
            continue
        lowered = word.lower()
        is_name = word[0].isupper() and not is_known(lowered, ("en",))
        latin += min(_LOAN_WEIGHT, len(word)) if is_name or lowered in loans else len(word)
        latin += _BONE * (lowered in _ENGLISH_BONES)
    weights["latin"] = max(latin, 1.0)
    if "han" in weights:
        weights["han"] += _BONE * sum(character in _HAN_PARTICLES for character in text)


def _is_japanese(text: str, weights: dict[str, float]) -> bool:
    kana = [character for character in text if _script(character) == "kana"]
    own_letters = [character for character in kana if character not in _ORNAMENTAL_KANA]
    if not kana:
        return weights.get("han", 0.0) > 0 and any(character in _japanese_only() for character in text)
    han = weights.get("han", 0.0) / _LETTERS_PER_SIGN["han"]
    rest = max((weight for script, weight in weights.items() if script not in ("han", "kana")), default=0.0)
    if weights["kana"] + weights.get("han", 0.0) < rest:
        return False
    return (len(own_letters) > 0 and (len(kana) >= 0.1 * han or not han)) or not han
