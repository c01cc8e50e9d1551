"""Name the language of a message: by its script first, then by its letters, then by what is known of the
person.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from py3langid.langid import LanguageIdentifier
from stopwordsiso import stopwords

UNDETERMINED = "und"

# Candidates per script that several languages share, with the logarithm of how likely each is before the
# text is read: a rare language has to earn its place, above all in a text of two words.
_EXPECTED = {
    "latin": {
        "en": 0.6, "es": 0.0, "pt": 0.0, "de": 0.0, "fr": 0.0, "it": 0.0, "nl": -0.5, "pl": -0.5, "tr": -0.5,
        "vi": -0.5, "id": -0.5, "ms": -2.5, "tl": -2.0, "sv": -2.0, "da": -2.5, "no": -2.5, "fi": -2.0,
        "cs": -2.0, "sk": -2.5, "ro": -2.0, "hu": -2.0, "hr": -2.5, "ca": -3.0, "sw": -2.5,
    },
    "cyrillic": {"ru": 1.0, "uk": 0.0, "bg": -1.0, "sr": -1.5, "kk": -1.0},
    "arabic": {"ar": 1.0, "fa": 0.0, "ur": 0.0},
    "devanagari": {"hi": 1.0, "mr": -1.0, "ne": -1.0},
}  # fmt: skip
# What one function word ("the", "para", "nicht") adds to the language it belongs to, shared among its
# languages.
_FUNCTION_WORD = 2.0
_SHORT_LATIN = 15
# What feedback of one or two words is made of, and lists of function words lack.
_FEEDBACK_WORDS = {
    "en": "hi hey hello ok okay nice lol lmao good great cool bad wow love hate please pls thanks thank thx"
    " app awesome amazing perfect best worst super fun useless broken crash help update"
    " fix bug slow money refund",
    "es": "hola bueno buena bien malo mala gracias excelente genial perfecto mejor peor muy aplicación ayuda",
    "pt": "olá ola bom boa ótimo otimo ótima obrigado obrigada excelente ruim péssimo legal muito melhor"
    " pior ajuda",
    "fr": "bonjour salut merci super génial nul bien mauvais parfait meilleur pire très aide",
    "de": "hallo danke gut schlecht toll super perfekt beste schlechteste sehr hilfe bitte schön",
    "it": "ciao grazie bello bella buono buona ottimo ottima perfetto migliore peggiore molto bene aiuto",
    "id": "bagus mantap keren terima kasih jelek baik sangat tolong aplikasi",
    "ms": "bagus terima kasih baik sangat tolong",
    "tr": "merhaba teşekkürler güzel kötü harika süper iyi çok yardım",
    "vi": "tốt hay cảm ơn tệ rất ứng dụng đẹp",
    "pl": "cześć dzięki dobry dobra zły super świetna świetny bardzo polecam pomoc",
    "nl": "hallo bedankt goed slecht leuk mooi super heel erg beste hulp",
    "tl": "ganda maganda salamat po ang sana",
    "ru": "привет спасибо хорошо плохо отлично супер лучшее приложение класс очень",
    "uk": "привіт дякую добре погано чудово дуже",
}

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+|[\d_]+")
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
# Characters of Japanese writing that Chinese writes otherwise.
_JAPANESE_ONLY = frozenset("働込峠辻畑匂枠塀搾円気駅対図発様売読変済択沢仏払実験壊楽薬県戦団囲価単帰権歳")
# Seen in Chinese as ornament: 美の味.
_ORNAMENTAL_KANA = frozenset("のノー")


@dataclass(frozen=True)
class Language:
    """A BCP 47 code (``zh-Hans``, ``zh-Hant``, ``en``, ``und`` when there are no letters) and how sure,
    0..1.
    """

    code: str
    confidence: float


@cache
def _one_sided_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters only Traditional and only Simplified Chinese write, after OpenCC's tables."""
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
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(
        str(files("py3langid") / "data" / "model.npz.xz"), norm_probs=True
    )


@cache
def _function_words(script: str) -> dict[str, tuple[str, ...]]:
    """Return which of the script's languages each function word belongs to."""
    owners: dict[str, list[str]] = {}
    for code in _EXPECTED[script]:
        for word in sorted(stopwords(code) | set(_FEEDBACK_WORDS.get(code, "").split())):
            owners.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in owners.items()}


def _by_letters(text: str, script: str, hint: str | None) -> Language:
    """Weigh letter sequences, function words and expectation among the languages of one script."""
    lowered = text.lower()
    expected = _EXPECTED[script]
    # The identifier's own temperature grows with length, ours must too: undo the part a prior would drown in.
    scores = {
        code: math.log(max(share, 1e-9)) + expected[code]
        for code, share in _identifier().rank(lowered)
        if code in expected
    }
    owners = _function_words(script)
    for word, count in Counter(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", lowered)).items():
        codes = owners.get(word, ())
        for code in codes:
            scores[code] += _FUNCTION_WORD / len(codes) * min(count, 2)
    if hint in scores:
        scores[hint] += 2.0 if len(text) < _SHORT_LATIN else 0.5
    best = max(scores, key=lambda code: (scores[code], code))
    total = sum(math.exp(score - scores[best]) for score in scores.values())
    return Language("nb" if best == "no" else best, 1.0 / total)


def identify(text: str, *, profile_language: str | None = None) -> Language:
    """Name the language of ``text``.

    ``profile_language`` (BCP 47) decides where the text cannot: Latin text under 15 characters, Han text
    whose characters are the same in both scripts. Costs 20-60 microseconds after the first call.
    """
    bare = _NOISE.sub(" ", text[:2000])
    weights: dict[str, float] = {}
    for script, pattern in _SCRIPTS.items():
        if count := len(pattern.findall(bare)):
            weights[script] = count * _LETTERS_PER_SIGN.get(script, 1.0)
        if script == "latin" and bare.isascii():
            break
    if not weights:
        return Language(UNDETERMINED, 0.0)
    total = sum(weights.values())
    if _is_japanese(bare, weights):
        return Language("ja", (weights.get("kana", 0.0) + weights.get("han", 0.0)) / total)
    script = max(weights, key=lambda name: weights[name])
    if script in ("han", "kana"):
        return _chinese(bare, profile_language)
    if script in _ONE_LANGUAGE_SCRIPTS:
        return Language(_ONE_LANGUAGE_SCRIPTS[script], weights[script] / total)
    letters = "".join(
        match if _SCRIPTS[script].match(match) or not match.isalpha() else " " for match in bare
    )
    hint = profile_language.split("-")[0].replace("nb", "no") if profile_language else None
    return _by_letters(" ".join(letters.split()), script, hint)


def _is_japanese(text: str, weights: dict[str, float]) -> bool:
    kana = [character for character in text if _SCRIPTS["kana"].match(character)]
    own_letters = [character for character in kana if character not in _ORNAMENTAL_KANA]
    if not kana:
        return weights.get("han", 0.0) > 0 and any(character in _JAPANESE_ONLY for character in text)
    han = weights.get("han", 0.0) / _LETTERS_PER_SIGN["han"]
    rest = max((weight for script, weight in weights.items() if script not in ("han", "kana")), default=0.0)
    if weights["kana"] + weights.get("han", 0.0) < rest:
        return False
    return (len(own_letters) > 0 and (len(kana) >= 0.1 * han or not han)) or not han
