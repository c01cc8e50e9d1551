"""Distinguish languages that share a script by words, endings and letters: the cues that short texts offer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from stopwordsiso import stopwords

from feedback.analysis.word_lists import read_rows

# What a word from the hand-written list and one from the general lists add to their languages, divided among them;
# endings and letters say less.
_FEEDBACK_WORD = 3.0
_WORD = 2.0
_ENDING = 0.7
_LETTER = 1.2
_MOST_REPEATS = 2

_ENDINGS = {
    "en": "ing ed ly ness tion ight ould sh ck ths",
    "es": "ón on an en ín ez y able ible ble"
    " ión ciones dad dades ado ada ados adas ando iendo ero eros era eras oso osa ías ción mente aje illo illa",
    "pt": "am em im om um ão ães vel ável ível ais éis óis"
    " ção ções dade agem ado ada ados adas ando endo inho inha eiro eira ões ável mente ou",
    "fr": "tion eux euse eur eurs ment ique ais ait aient ées és aux oir ette age ois elle elles isme",
    "it": "zione zioni tà ato ata ati ate ando endo ello ella elli mente aggio ivo iva issimo issima ggio cchi zza",
    "de": "ung ungen keit heit lich lichen isch ische ischen chen schen gung tät ieren tzen cht",
    "nl": "ijk ijke heid ing ingen tie ties isch ische en sch aan uur eren tje atie aal oor",
    "id": "kan nya lah kah ngan",
    "tr": "lar ler dır dir mak mek yor iyor ıyor lık lik ması mesi ında inde dan den",
    "pl": "ość ości anie enie ego emu ych ów ski ska cja cji uje",
    "vi": "ng nh",
}  # fmt: skip
_LETTERS = {
    "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "ß": "de", "ü": "de tr hu", "ö": "de sv tr hu fi",
    "ä": "de sv fi", "ç": "fr pt tr ca", "è": "fr it", "ê": "fr pt vi", "ù": "fr it", "ò": "it", "ì": "it",
    "ł": "pl", "ą": "pl", "ę": "pl", "ż": "pl", "ź": "pl", "ś": "pl", "ć": "pl hr", "ń": "pl", "ı": "tr",
    "ğ": "tr", "ş": "tr ro", "ă": "ro vi", "ț": "ro", "ș": "ro", "å": "sv da no", "ø": "da no", "æ": "da no",
    "ơ": "vi", "ư": "vi", "đ": "vi hr", "ő": "hu", "ű": "hu", "ě": "cs", "ř": "cs", "ů": "cs", "ľ": "sk",
    "œ": "fr", "û": "fr", "î": "fr ro", "á": "es pt hu cs sk vi", "é": "es pt fr hu cs", "í": "es pt hu cs",
    "ó": "es pt pl hu", "ú": "es pt hu cs", "à": "fr it pt vi ca",
    "і": "uk kk", "ї": "uk", "є": "uk", "ґ": "uk", "ы": "ru kk", "э": "ru kk", "ё": "ru", "ј": "sr", "љ": "sr",
    "њ": "sr", "ћ": "sr", "ђ": "sr", "џ": "sr", "қ": "kk", "ғ": "kk", "ң": "kk", "ө": "kk", "ұ": "kk", "ү": "kk",
    "ә": "kk", "һ": "kk", "پ": "fa ur", "چ": "fa ur", "ژ": "fa", "گ": "fa ur", "ک": "fa ur", "ی": "fa ur",
    "ٹ": "ur", "ڈ": "ur", "ڑ": "ur", "ں": "ur", "ے": "ur", "ہ": "ur", "ھ": "ur", "ة": "ar", "ى": "ar", "ي": "ar",
    "ك": "ar", "أ": "ar", "إ": "ar", "ळ": "mr",
}  # fmt: skip
# Letters that only their own languages use: they count equally against all others.
_TELLING = frozenset("ñãõßłığşơưđőűěřůøåæœіїєґыэёјљњћђџқғңөұүәپچژگٹڈڑںے")
_LONGEST_ENDING = 6
# Letter combinations that are common in few languages.
_CLUSTERS = {
    "lh": "pt", "nh": "pt vi", "ss": "pt it fr de", "cu": "es", "ue": "es", "ie": "es", "ij": "nl", "aa": "nl fi",
    "ee": "nl en", "oo": "nl en", "uu": "nl", "sch": "de nl", "ei": "de", "ül": "tr de", "ym": "tr", "yı": "tr",
    "gli": "it", "zz": "it", "cch": "it", "eau": "fr", "oux": "fr", "sz": "pl hu", "cz": "pl", "rz": "pl",
    "ngg": "id", "ny": "id", "th": "en vi", "wh": "en", "ght": "en", "ough": "en", "tch": "en fr", "sh": "en tr",
    "ck": "en de sv",
}  # fmt: skip
_CLUSTER = 0.5


@cache
def short_words() -> Mapping[str, frozenset[str]]:
    """Return the hand-written list of feedback words of each language."""
    return {code: frozenset(words.split()) for code, words in read_rows("language_words.txt")}


@cache
def _known_words(codes: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return each known word with those of ``codes`` it belongs to."""
    return _owners({code: stopwords(code) | short_words().get(code, frozenset()) for code in codes})


@cache
def _endings(codes: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return each known ending with those of ``codes`` it belongs to."""
    return _owners({code: _ENDINGS.get(code, "").split() for code in codes})


def _owners(owned: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Invert ``owned``, {owner: things}: return all owners of each thing, in order."""
    owners: dict[str, list[str]] = {}
    for owner, things in owned.items():
        for thing in things:
            owners.setdefault(thing, []).append(owner)
    return {thing: tuple(found) for thing, found in owners.items()}


def is_known(word: str, codes: tuple[str, ...]) -> bool:
    """Return whether lower-case ``word`` is a known word in one of ``codes``."""
    return word in _known_words(codes)


def cues(words: Iterable[str], codes: tuple[str, ...]) -> dict[str, float]:
    """Return the evidence of lower-case ``words`` for each of ``codes``, to be added to a log-likelihood."""
    found = dict.fromkeys(codes, 0.0)
    counted = Counter(words)
    known, endings = _known_words(codes), _endings(codes)
    for word, count in counted.items():
        owners = known.get(word, ())
        for code in owners:
            weight = _FEEDBACK_WORD if word in short_words().get(code, ()) else _WORD
            found[code] += weight / len(owners) * min(count, _MOST_REPEATS)
        if not owners:
            _add_ending(found, word, endings)
    together = " ".join(counted)
    for cluster, languages in _CLUSTERS.items():
        owners = tuple(code for code in languages.split() if code in found) if cluster in together else ()
        for code in owners:
            found[code] += _CLUSTER / len(owners)
    for letter in _LETTERS.keys() & set("".join(counted)):
        owners = tuple(code for code in _LETTERS[letter].split() if code in found)
        for code in owners:
            found[code] += _LETTER / len(owners)
        if owners and letter in _TELLING:
            for code in found.keys() - set(owners):
                found[code] -= _LETTER
    return found


def _add_ending(found: dict[str, float], word: str, endings: Mapping[str, tuple[str, ...]]) -> None:
    """Add the evidence of the longest known ending of ``word``; at least two letters must precede it."""
    for length in range(min(_LONGEST_ENDING, len(word) - 2), 1, -1):
        owners = endings.get(word[-length:])
        if owners:
            for code in owners:
                found[code] += _ENDING / len(owners)
            return
