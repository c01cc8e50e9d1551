"""Decode bytes to text, whatever the charset label says.

Mail from China is labelled gb2312 but contains GBK, is labelled iso-8859-1 but contains GB18030, has no
label, or is labelled utf-8 but contains Big5. The label only earns a bonus; what decides is how plausible
the decoded text looks.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

# An allow list: Python also calls idna, punycode, unicode_escape and zlib "encodings".
_CODECS = {
    **dict.fromkeys(("ascii", "usascii", "ansix341968", "iso646us", "646"), "ascii"),
    **dict.fromkeys(("utf8", "utf8mb4", "unicode11utf8", "utf8bom", "xutf8"), "utf-8"),
    **dict.fromkeys(
        (
            *("gb2312", "gb231280", "gb23121980", "xgb2312", "csgb2312", "chinese", "isoir58"),
            *("gbk", "xgbk", "cngb", "cp936", "ms936", "windows936", "euccn", "xeuccn"),
            *("gb18030", "gb180302000", "gb180302005", "gb180302022"),
        ),
        "gb18030",
    ),
    **dict.fromkeys(
        ("big5", "cnbig5", "csbig5", "xxbig5", "xbig5", "big5eten", "cp950", "ms950", "windows950"), "cp950"
    ),
    **dict.fromkeys(("big5hkscs", "big5hk", "cp951"), "big5hkscs"),
    **dict.fromkeys(("hzgb2312", "hz", "hzgb"), "hz"),
    **dict.fromkeys(
        ("shiftjis", "sjis", "xsjis", "cp932", "ms932", "windows31j", "mskanji", "csshiftjis"), "cp932"
    ),
    **dict.fromkeys(("eucjp", "xeucjp", "ujis"), "euc_jp"),
    **dict.fromkeys(("iso2022jp", "csiso2022jp", "iso2022jp1", "iso2022jp2", "cp50220"), "iso2022_jp_ext"),
    **dict.fromkeys(("ksc56011987", "ksc5601", "euckr", "cp949", "ms949", "uhc", "windows949"), "cp949"),
    "iso2022kr": "iso2022_kr",
    **dict.fromkeys(("iso88591", "latin1", "l1", "windows1252", "cp1252", "ansi", "xansi"), "cp1252"),
    **dict.fromkeys(("koi8r", "koi8", "cskoi8r"), "koi8-r"),
    "koi8u": "koi8-u",
    **{f"windows{n}": f"cp{n}" for n in (874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"cp{n}": f"cp{n}" for n in (437, 850, 852, 866, 874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso8859{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("iso88598i", "iso88598e"), "iso8859-8"),
    **dict.fromkeys(("iso88596i", "iso88596e"), "iso8859-6"),
    **dict.fromkeys(("tis620", "iso885911"), "cp874"),
    **dict.fromkeys(("macintosh", "xmacroman", "macroman", "mac"), "mac-roman"),
    "utf7": "utf-7",
    "unicode11utf7": "utf-7",
    **dict.fromkeys(("utf16", "unicode", "ucs2", "utf16le", "iso10646ucs2"), "utf-16-le"),
    "utf16be": "utf-16-be",
    "utf32": "utf-32",
}
# Codecs that use only ASCII bytes: the label is trusted, since there are no high bytes to guess from.
_SEVEN_BIT = {"hz", "iso2022_jp_ext", "iso2022_kr", "utf-7"}
_WIDE = {"utf-16-le", "utf-16-be", "utf-32"}
_CANDIDATES = ("utf-8", "gb18030", "cp950", "cp932", "cp949", "cp1252", "cp1251", "koi8-r", "euc_jp")

_FREQUENT_HANZI = frozenset(
    "的一是不了在人有我他这这個个们们们中来来上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年"
    "过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她"
    "本前开開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问"
    "問很最重并物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任"
    "常先海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打女变變四神总總何电"
    "電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決治展马馬"
    "科司五基眼书書非则則听聽白却界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据據程北边邊死张張该該交规規"
    "万萬取拉格望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运運笔附请請您谢謝号號订訂单單邮郵款退付账賬帐"
    "帳户戶频頻视視载載登录錄密码碼客服支持询詢购購买買卖賣收货貨票费費版软軟系统統网網络絡错錯误誤闪閃退卡顿頓播充值测測试試"
)
_FREQUENT_HANGUL = frozenset(
    "이다는의에가을를은고하지로도사한기나서어리그대자시안있습니까해요주세아인으라게일정과들만보수제오내부전여스면것우구여거상원용결문"
)
# Windows puts ①, ㈱, ℡ and 髙 into both, in rows that the standards leave empty.
_JAPANESE = {"iso2022_jp_ext", "euc_jp"}
# Beyond this, replacement characters stay: each repair costs a call, and no person writes as many.
MOST_REPAIRED = 2_000
# The most lines in another encoding that are guessed one by one.
MOST_FOREIGN = 50
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# An emoji written as two encoded surrogates instead of one character (CESU-8).
_SURROGATE_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_LIKELY = re.compile(r"[぀-ヿ，。！？、：；“”‘’（）《》【】…—·　～「」「」]")
_UNLIKELY = re.compile("[\ue000-\uf8ff\ufffd\x80-\x9f\uff61-\uff9f\u0100-\u02af\u2500-\u259f]")


class Decoded(NamedTuple):
    """The decoded text. ``codec`` is Python's name; ``is_damaged``: the label was wrong or bytes were lost."""

    text: str
    codec: str
    is_damaged: bool


def codec_named(label: str) -> str:
    """Return Python's codec for a mail's charset label, "" when unknown."""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", label[:60].lower().partition("*")[0]), "")


def decode(data: bytes, label: str = "") -> Decoded:
    """Return ``data`` as text; never raises. Cost is linear; guessing looks at 4 kB of high bytes."""
    labelled = codec_named(label)
    bom = _by_byte_order_mark(data)
    if bom:
        is_damaged = bool(labelled) and not labelled.startswith(bom)
        return Decoded(data.decode(bom, "replace").lstrip("\ufeff"), bom, is_damaged)
    if labelled == "utf-16-le" and data[:2000:2].count(0) > data[1:2000:2].count(0):
        labelled = "utf-16-be"
    if labelled in _WIDE:
        text = data.decode(labelled, "replace")
        if text.count("\ufffd") * 10 <= len(text):
            return Decoded(text, labelled, "\ufffd" in text)
        labelled = ""
    if data.isascii():
        return _decode_seven_bit(data, labelled)
    if labelled in ("", "utf-8"):
        data = _with_surrogates_joined(data)
    codec = _choose(data, labelled)
    text = _decoded(data, codec)
    is_damaged = "\ufffd" in text or bool(labelled and codec != labelled)
    if codec == "utf-8" and b"\n" in data and 0 < text.count("\ufffd") <= MOST_REPAIRED:
        text = _with_foreign_lines(data)
    return Decoded(text, codec, is_damaged)


def _by_byte_order_mark(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        return "utf-16"
    return ""


def _decode_seven_bit(data: bytes, labelled: str) -> Decoded:
    if labelled not in _SEVEN_BIT and (b"\x1b$" in data or b"\x1b(J" in data):
        labelled = "iso2022_jp_ext"
    if labelled not in _SEVEN_BIT:
        return Decoded(data.decode("ascii"), labelled or "ascii", False)
    text = _decoded(data, labelled)
    return Decoded(text, labelled, "\ufffd" in text)


def _decoded(data: bytes, codec: str) -> str:
    text = data.decode(codec, "replace")
    if codec not in _JAPANESE or not 0 < text.count("\ufffd") <= MOST_REPAIRED:
        return text
    return data.decode(codec, "earshot.windows_japanese")


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decode a pair of bytes that is not in JIS X 0208 with Windows code page 932."""
    assert isinstance(error, UnicodeDecodeError)
    pair = bytes(byte & 0x7F for byte in error.object[error.start : error.start + 2])
    if len(pair) < 2 or not all(0x21 <= byte <= 0x7E for byte in pair):
        return "\ufffd", error.start + 1
    row, cell = pair
    lead = (row - 0x21) // 2 + 0x81
    trail = cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= 0x60)
    shifted = bytes((lead if lead <= 0x9F else lead + 0x40, trail))
    return shifted.decode("cp932", "replace")[0], error.start + 2


codecs.register_error("earshot.windows_japanese", _read_as_windows)


def _with_surrogates_joined(data: bytes) -> bytes:
    if not _SURROGATE_PAIR.search(data):
        return data
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _choose(data: bytes, labelled: str) -> str:
    sample = _sample(data)
    if _is_surely_utf8(data) if _is_utf8(data) else _is_mostly_utf8(data[:400_000]):
        return "utf-8"
    if labelled in ("", "utf-8", "ascii", "cp1252") and _is_utf8(data):
        return "utf-8"
    if labelled and _is_short_and_fits(sample, labelled):
        return labelled
    if _is_believed(data, labelled):
        return labelled
    scores = {codec: plausibility(_decoded(sample, codec)) for codec in _CANDIDATES}
    if not _is_utf8(data):
        scores["utf-8"] -= 0.2
    if labelled and labelled not in scores and labelled not in _SEVEN_BIT:
        scores[labelled] = plausibility(sample.decode(labelled, "replace"))
    if labelled in scores:
        scores[labelled] += 0.25
    best = max(scores, key=lambda codec: scores[codec])
    if best == "cp950" and data.decode("cp950", "replace").count("\ufffd"):
        return "big5hkscs"
    return best


def _is_believed(data: bytes, labelled: str) -> bool:
    """Return whether the label is never used by mistake and ``data`` can be decoded with it.

    Thai, Hebrew and Central European code pages are chosen on purpose, and a guess confuses them with others.
    """
    if not labelled or labelled in (*_CANDIDATES, *_SEVEN_BIT, "ascii", "big5hkscs") or _is_utf8(data):
        return False
    try:
        data.decode(labelled)
    except UnicodeDecodeError:
        return False
    return True


def _is_short_and_fits(sample: bytes, labelled: str) -> bool:
    """Return whether the label decodes ``sample``, which is too short for a better guess.

    Chinese in UTF-8 is recognised even then, by its three-byte characters.
    """
    text = sample.decode(labelled, "replace")
    high = [character for character in text if character >= "\x80"]
    is_chinese_utf8 = _is_utf8(sample) and bool(re.search(rb"[\xe3-\xe9][\x80-\xbf]{2}", sample))
    is_odd = any(map(_UNLIKELY.match, high)) or (_is_utf8(sample) and plausibility(text) < 0)
    return len(high) < 4 and not is_chinese_utf8 and not is_odd


def _with_foreign_lines(data: bytes) -> str:
    """Decode UTF-8, guessing each line that is not: a mailing list or server appended its footer."""
    lines = data.split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not line.isascii() and not _is_utf8(line)]
    texts = {number: _decoded(lines[number], _choose(lines[number], "")) for number in foreign[:MOST_FOREIGN]}
    return "\n".join(
        texts[number] if number in texts else line.decode("utf-8", "replace")
        for number, line in enumerate(lines)
    )


def _is_surely_utf8(data: bytes) -> bool:
    """Return whether ``data``, which is valid UTF-8, has too many such characters for an accident."""
    characters = _UTF8_CHARACTER.findall(data[:4_000])
    return len(characters) >= 6 or sum(len(each) > 2 for each in characters) >= 2


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether ``data`` has so many UTF-8 characters that the rest is damage or foreign.

    In other encodings at most one byte in four looks like part of one, and hardly ever three in a row.
    """
    characters = _UTF8_CHARACTER.findall(data)
    valid, long = (sum(len(each) for each in characters if len(each) >= least) for least in (2, 3))
    high = sum(byte >= 0x80 for byte in data)
    return (valid >= 40 and valid * 10 >= 7 * high) or (long >= 12 and long * 10 >= 4 * high)


def _is_utf8(data: bytes) -> bool:
    """Return whether ``data`` is UTF-8, possibly cut off inside its last character."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return False
    # A single high byte at the end is not cut-off UTF-8: "café" in Latin 1.
    return not decoder.getstate()[0] or not text.isascii()


def _sample(data: bytes) -> bytes:
    # Markup is no evidence, but the first ASCII byte after a high one may be the second half of a character.
    return re.sub(rb"([\x00-\x7f]{2})[\x00-\x7f]{3,}([\x00-\x7f])", rb"\1 \2", data[:400_000])[:4096]


def plausibility(text: str) -> float:
    """Return how much ``text`` looks like written language, about -2..1, judging by its non-ASCII characters."""
    total = count = 0.0
    for position, character in enumerate(text):
        if character < "\x80":
            continue
        count += 1
        total += _weight(text, position, character)
    return total / count if count else 0.0


def _weight(text: str, position: int, character: str) -> float:
    before = text[position - 1 : position]
    after = text[position + 1 : position + 2]
    is_in_latin = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    if "一" <= character <= "鿿" and before.isascii() and before.isalpha() and after.islower():
        # A single one inside a Latin word: "Rückzahlung" read as GBK.
        return -0.5
    if character in _FREQUENT_HANZI or _LIKELY.match(character):
        return 1.0
    if _UNLIKELY.match(character):
        return -2.0
    if "一" <= character <= "鿿":
        return 0.1
    if "가" <= character <= "힣":
        return 1.0 if character in _FREQUENT_HANGUL else 0.1
    if "\u0400" <= character <= "\u04ff" or "\u0370" <= character <= "\u03ff":
        # Real text is mostly lower case; the wrong code page inverts it. A capital inside a word is odd.
        if is_in_latin:
            return -0.5
        if character.islower():
            is_alone = not before.isalpha() and not after.isalpha()
            return 0.6 if not after.isupper() and not is_alone else 0.0
        return 0.3 if not before.isalpha() else -0.5
    if "\xc0" <= character <= "\xff":
        if character in "àèéìòóùÀÈÉ" and not before.isalpha() and not after.isalpha():
            # A one-letter word in Italian, Portuguese or French.
            return 0.2
        return 0.5 if is_in_latin else -0.5
    return 0.0 if character.isprintable() else -1.0
