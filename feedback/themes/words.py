"""Cut a text into words, in any script, for the lexical evidence and the labels of themes.

Pure: no Django, no database.
"""

import re
import unicodedata

import rjieba

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
KANA = re.compile("[\u3041-\u30ff]")
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
)
# A clause ends at punctuation, at an emoji and at a line break, including one that an export wrote as \\n, but not at
# an apostrophe, a hyphen or a dot within a word.
# Python does not count the vowel signs of Indian and Thai scripts as letters: without them words fall apart.
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3"
)
_BREAK = re.compile(rf"\\[nrt]|[^\w\s{_MARKS}'’\-.+%@&/]+|[.\-/&](?=\s|$)|\n+|(?<=\s)[.\-/&]+|[.][.]+")
_LETTERS = rf"(?:[^\W_]|[{_MARKS}])+"
_WORD = re.compile(rf"{_LETTERS}(?:['’\-.]{_LETTERS})*(?:(?<=\d)%)?")


def clean(text: str) -> str:
    """Return ``text`` in one spelling: compatibility forms folded, lower case, single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return re.sub(r"[^\S\n]+", " ", folded).strip()


def script_language(text: str) -> str:
    """Guess the language of ``text`` from its script alone: ``zh``, ``ja``, ..., ``en`` for Latin, "" for none.

    A stand-in until the language has been identified; Latin text may be in any of many languages.
    """
    if KANA.search(text):
        return "ja"
    if HAN.search(text):
        return "zh"
    for language, pattern in _SCRIPTS:
        if pattern.search(text):
            return language
    return "en" if any(character.isalpha() for character in text) else ""


def clauses(text: str) -> list[list[str]]:
    """Cut ``text`` into clauses, each a list of lower-case words; Chinese is segmented.

    Words keep their order; punctuation, symbols and emoji are dropped and end a clause.
    """
    found = []
    for clause in _BREAK.split(clean(text)):
        pieces = rjieba.cut(clause) if HAN.search(clause) else [clause]
        cut = [word for piece in pieces for word in _WORD.findall(piece)]
        if cut:
            found.append(cut)
    return found


def words(text: str) -> list[str]:
    """Return all words of ``text``, lower case, in order."""
    return [word for clause in clauses(text) for word in clause]
