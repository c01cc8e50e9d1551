"""Remove personal data from a text that many will read: a quote in a summary, a label. Pure."""

import re

MASK = "…"

# Long patterns before short ones: an identity number contains a phone number. A comment says what each one matches.
_PATTERNS = (
    # Mail and web addresses, also written out: "name at example dot com". A link is removed up to the next space: every
    # letter of it may be secret, and removing too much is better than removing too little.
    re.compile(r"\b[a-z]+://\S+|\bwww\.\S+", re.IGNORECASE),
    # Anchored to the start of a run: otherwise 20,000 dots would be tried from every dot.
    re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE),
    re.compile(
        r"(?<![\w.+-])[\w.+-]+\s+(?:at|\(at\)|\[at\])\s+[\w-]+\s+(?:dot|\(dot\)|\[dot\])\s+\w+", re.IGNORECASE
    ),
    # Handles: @name; "WeChat: name", "微信号abc123", "qq 12345", "telegram @x", "my id is x".
    re.compile(r"@[\w.\-]{2,}"),
    re.compile(
        r"(?:(?:微信|vx|v信|wx|wechat|whatsapp|qq|telegram|skype|line|kakao)(?:号|id)?|(?:user\s?)?(?:id|name|uid)|用户名|昵称|账号|帐号)"
        r"\s*(?:号|id|名)?\s*(?:是|为|is|:|：|=|#)\s*[“\"']?[\w.\-]{3,}",
        re.IGNORECASE,
    ),
    re.compile(r"(?:微信号?|vx|wechat|qq)\s*[a-z0-9][\w\-]{4,}", re.IGNORECASE),
    # Names that people sign with: "my name is Ana Ruiz", "我叫张伟".
    re.compile(r"(?<=\bmy name is )[\w'-]+(?: [A-Z][\w'-]+)?", re.IGNORECASE),
    re.compile(r"(?<=我叫)[\u4e00-\u9fff]{2,3}|(?<=我是)[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐)"),
    # Phone, bank card, identity card and order numbers: six digits or more, with the usual separators.
    re.compile(r"(?<![\w.])[+＋(（]?\d[\d \-()（）.]{5,}\d[xX]?(?![\w%])"),
    re.compile(r"\d{6,}[xX]?"),
    # Order, device and account codes: letters and digits mixed, eight or more.
    re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[a-z])[a-z0-9][a-z0-9_-]{7,}\b", re.IGNORECASE | re.ASCII),
    re.compile(r"#\s?\d{4,}"),
    re.compile(r"(?<=尾号)\d{4}|(?<=ending in )\d{4}|(?<=ending )\d{4}", re.IGNORECASE),
)


def scrub(text: str) -> str:
    """Return ``text`` with everything that could identify or reach a person replaced by "…".

    Replaced are mail and web addresses, phone numbers, handles, bank, identity, order and device numbers, and names
    introduced as the writer's own. Other names stay: no list of names is right for every language. So do prices,
    versions and dates.
    """
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\0{len(kept) - 1}\0"

    shown = _HARMLESS.sub(put_aside, text.replace("\0", ""))
    for pattern in _PATTERNS:
        shown = pattern.sub(MASK, shown)
    return re.sub("\0(\\d+)\0", lambda match: kept[int(match.group(1))], shown)


# Long but harmless: dates, times, versions, prices with a currency.
_HARMLESS = re.compile(
    r"(?<!\d)\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?!\d)"
    r"|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){2,3}(?![\d.])(?<!\d{3}\.\d{3}\.\d{3})"
    r"|[$¥￥€£]\s?\d[\d,]*(?:\.\d+)?|(?<![\d-])\d[\d,]*(?:\.\d+)?\s?(?:元|块|块钱|usd|rmb|dollars|euros|yuan)(?!\w)",
    re.IGNORECASE,
)
