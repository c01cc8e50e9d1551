"""Phrases that mail programs insert, in the languages they use. Tables, no logic.

Each line of a table is one alternative of its pattern. Patterns are applied to single lines of bounded
length, and none nests repetitions, so matching stays linear.
"""

from __future__ import annotations

import re


def one_of(table: str) -> str:
    """Return the alternatives in ``table``, one per line, as one expression."""
    return "|".join(line.strip() for line in table.splitlines() if line.strip())


def line_pattern(pattern: str) -> re.Pattern[str]:
    """Return ``pattern`` compiled like all tables here: ignoring case."""
    return re.compile(pattern, re.IGNORECASE)


# -- quoting ---------------------------------------------------------------------------------------

# "On Mon, 5 Oct 2026 at 15:04, Kim <kim@example.com> wrote:"
WROTE = line_pattern(
    one_of(
        r"""
        \bwrote\b|\bwrites\b
        写道|寫道|写到|寫到|来信说|來信說
        \bschrieb(?:en sie)?\b|a écrit|escribi[oó]|escreveu|ha scritto|scrisse|schreef|\bskrev\b
        пише|писал|написа
        さんは書きました|のメール|書きました|님이 작성|님이 쓴|이\(가\) 쓴 글
        \bnapis(?:ał|a[ol])|\bpisze\b|\bnapísal|yazdı|kirjoitti|napsal|a scris|írta|έγραψε|menulis|đã viết|เขียน
        כתב|كتب|كتابة|نوشت|ने लिखा|^(?:zitat von|quoting|citando a|missatge de)\s
        """
    )
)
WROTE_AT_END = line_pattern(r"(?:wrote|写道|寫道|écrit)$")
# How such a sentence begins.
ATTRIBUTION_START = line_pattern(
    one_of(
        r"""
        ^(?:on|at|in a message dated|le|am|el|em|il|op|w dniu|dnia|den|dne|pe|pada|vào|kl|на|в)\s
        ^(?:在|于|於)\s?\S
        ^\S{1,40}(?:\s\S{1,20})?\s(?:在|于|於)\s?\d{4}
        ^\S{1,30}(?:\s\S{1,30}){0,3}\swrote\son\s
        ^\d{4}\s?[年년/.\-]
        ^\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}
        ^(?:mon|tue|wed|thu|fri|sat|sun|周|週|星期)
        ^(?:في|בתאריך|เมื่อ)\s
        ^(?:пн|вт|ср|чт|пт|сб|вс|[а-я]{2,12}),?\s
        ^[^\W\d]{2,4}\.?,?\s\d{1,2}\.
        ^\d{1,2}\.?\s[^\W\d]{3,12}\.?,?\s\d{4}
        ^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2},?\s\d{4}
        """
    )
)
DATE = line_pattern(
    one_of(
        r"""
        \d{4}\s?[年년/.\-]\s?\d{1,2}
        \d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}
        \d{1,2}[:：]\d{2}
        \d{1,2}月\s?\d{1,2}日
        \b(?:19|20)\d{2}\b
        """
    )
)
TIME = line_pattern(r"\d{1,2}[:：]\d{2}")
# "2011/4/7 Kim <kim@example.com>", above marked lines.
DATED_ADDRESS = line_pattern(r"^\d{4}\s?[/.\-年]\s?\d{1,2}\s?[/.\-月]\s?\d{1,2}日?.{0,120}<[^<>\s]{3,120}>$")
# "Done, thanks. On Mon, 5 Oct 2026 at 15:04, Kim wrote:": a program lost the line end. "Kim on 5 Oct" is a name.
WORDS_BEFORE_ATTRIBUTION = re.compile(
    r"^(?:([^\s\-—_=*>].{0,249}?)(?:\s*[-—]{2,10}\s*|\s+)On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{1,2}[ /.\-]"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6} \d)"
    r"|(\S.{0,249}?[。！？!?~～…])\s*(?:在|于|於)\s?\d{4})"
)
LINK_AT_END = line_pattern(r"https?://\S{5,280}$")
EMAIL = line_pattern(r"[^\s<>@,;:\"'()\[\]]{1,64}@[^\s<>@,;:\"'()\[\]]{2,253}")

_DASHES = r"[-_=—－─~‐‑–]{2,40}"
# A separate line that begins the original message.
ORIGINAL = line_pattern(
    rf"^[\s>|*]{{0,12}}{_DASHES}\s*(?:"
    + one_of(
        r"""
        original(?:\s(?:messages?|e-?mail|text))?|repl(?:y|ied) message
        原始?(?:邮件|郵件|信件|訊息|邮件信息)|原信|原文(?:信息)?|邮件原[文件]|回复的?原?邮件(?:信息)?|回覆的?原?郵件
        ursprüngliche nachricht|original-?nachricht
        message d[’']origine|message original|mensaje original|mensagem original
        messaggio original[ei]|исходное сообщение|元のメッセージ
        원본 ?(?:메일|메시지|이메일)
        oorspronkelijk (?:bericht|e-?mail)|(?:oprindelig|opprinnelig) (?:meddelelse|besked|melding|e-?mail|e-?post)
        ursprungligt (?:meddelande|e-?post.{0,12})|wiadomość oryginalna|oryginalna wiadomość|antwort nachricht
        orijinal mesaj|özgün ileti|alkuperäinen viesti|původní (?:zpráva|e-?mail)|pôvodná správa|eredeti üzenet
        mesaj(?:ul)? original|оригинал(?:ьное)? сообщени[ея]|исходное письмо|пересланное письмо
        thư gốc|tin nhắn gốc|pesan asli|ข้อความต้นฉบับ|αρχικό μήνυμα|الرسالة الأصلية|הודעה מקורית
        """
    )
    + rf")\s*[:：]?\s*{_DASHES}[\s*|]*(?:$|(?:from|von|de|发件人|發件人|寄件者)\s?[:：])"
)
# A separate line that begins a forwarded message: that is content, not a quote of ours.
FORWARDED = line_pattern(
    rf"^[\s>|*]{{0,12}}(?:{_DASHES}\s*(?:"
    + one_of(
        r"""
        forwarded (?:message|by .{1,80})
        转发的?原?(?:邮件|邮件信息|消息)|轉[寄發]的?郵件
        weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada
        messaggio inoltrato|пересланное сообщение|пересылаемое сообщение
        転送(?:された)?メッセージ|전달된 ?(?:메일|메시지)|doorgestuurd bericht
        """
    )
    + r")\s*[-_=—－─~]{0,40}|"
    + one_of(
        r"""
        begin forwarded message
        开始转发的?邮件|下面是被?转发的邮件
        anfang der weitergeleiteten (?:nachricht|e-?mail)
        début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|inicio del mensaje reenviado
        """
    )
    + r")[\s*|:：]*$"
)
# What helpdesks, ours among them, put above the message they send.
REPLY_ABOVE = line_pattern(
    one_of(
        r"""
        reply above this line|antwort oberhalb dieser zeile
        请在(?:此|本)[行线](?:以上|上方|之上).{0,6}回复
        請在(?:此|本)[行線](?:以上|上方|之上).{0,6}回覆
        ##-.{0,80}-##
        """
    )
)
_LABELS = {
    "from": r"""
        from|发件人|發件人|寄件者|寄件人|發信人|发信人|从|從|自
        von|de|da|van|från|fra|od|от|от кого|від|差出人|送信者|送信元|보낸 ?사람|발신
        kimden|gönderen|lähettäjä|odesílatel|expéditeur|feladó|dari|từ|จาก|من|de la|από|מאת
        """,
    "sent": r"""
        sent|date|发送时间|發送時間|发送日期|發送日期|发件时间|日 ?期|时间|時間|傳送時間|寄件日期
        gesendet|datum|envoyé|enviad[oa](?: em| el)?|fecha|data|inviato|отправлено|дата
        送信日時|日時|日付|보낸 ?날짜|날짜|발송일|verzonden|skickat|sendt|wysłano
        gönderilme(?: tarihi)?|gönderildi|tarih
        lähetetty|odesláno|elküldve|dátum|تم الإرسال|التاريخ|trimis|στάλθηκε|ημερομηνία|надіслано|נשלח|ส่ง|đã gửi
        """,
    "to": r"""
        to|收件人|收信人|收件者|an|para|à|a|aan|til|till|do|кому|宛先|받는 ?사람|수신
        kime|alıcı|vastaanottaja|komu|címzett|kepada|tới|ถึง|إلى|至|către|προς|אל
        """,
    "cc": r"cc|bcc|抄 ?送(?:人|至)?|密送|副本|kopie|copia|копия|참조|kopia|kopi|dw|bilgi|ccn",
    "subject": r"""
        subject|主 ?题|主 ?旨|主 ?題|标题|標題|betreff|objet|asunto|assunto|oggetto|тема|件名|제목
        onderwerp|ämne|emne|temat|konu|aihe|předmět|tárgy|perihal|chủ đề|เรื่อง|الموضوع|주제|subiect|θέμα|נושא
        """,
}
_LABEL = (
    "(?:"
    + "|".join(f"(?P<{kind}>{one_of(names)})" for kind, names in _LABELS.items())
    + r")\s*(?:[】\]]|\*{0,2}\s*[:：|])"
)
# One row of the table that Outlook, Foxmail and others put above the original; the group names its kind.
LABEL = line_pattern(rf"^[\s*|>【\[]{{0,12}}{_LABEL}")
# The next row of it, for programs that lose the line ends.
NEXT_LABEL = line_pattern(rf"(?:(?<=[\s>;])|(?<=[AP]M)){_LABEL}")
_RULE = r"[\s>*|]{0,12}[-_=—－─]{5,200}[\s*|]*"
# A line above such a table that means nothing without it.
HEADING = line_pattern(
    rf"^(?:{_RULE}|{_DASHES}\s?\S.{{0,30}}?\s?{_DASHES}"
    r"|原始邮件|原邮件|原始郵件|回复的原邮件|original(?: message| email)?|replied message)$"
)
# The line above an unmarked quote in which the sender answers.
ANSWERS_BELOW = line_pattern(
    one_of(
        r"""
        (?:answer|repl(?:y|ie)|comment|response|remark)s?.{0,30}\b(?:below|inline|in ?line|in (?:red|blue|green|bold))
        \b(?:see|find) (?:below|inline)\W*$|^(?:below|inline|in red)\W*$
        (?:答复|回复|回答|意见|反馈|答覆|回覆).{0,8}(?:如下|下面|下方|文中)|见(?:下文|下面|下方|文中|红字)|[红紅蓝藍][字色]|标红
        (?:antwort|kommentar|anmerkung).{0,30}\b(?:unten|rot|blau|inline)|siehe unten\W*$
        (?:réponse|commentaire).{0,30}(?:dessous|en rouge|en bleu)|voir ci-dessous\W*$
        (?:respuesta|comentario).{0,30}(?:abajo|debajo|en rojo|en azul)|ver abajo\W*$
        (?:resposta|comentário).{0,30}(?:abaixo|em vermelho|em azul)|(?:ver|veja) abaixo\W*$
        (?:ответ|комментари).{0,30}(?:ниже|красным|синим|в тексте)|см\. ниже\W*$
        (?:回答|返信|コメント).{0,15}(?:下|赤|文中|インライン)|赤字
        (?:답변|회신|코멘트).{0,15}(?:아래|본문|빨간)|빨간색
        (?:ردود|رد|إجاب|تعليق).{0,30}(?:أدناه|بالأحمر|باللون)
        """
    )
)
# How such an answer begins when it is labelled as one; the alternative is the sender's name.
ANSWER = line_pattern(
    r"^\W{0,3}(?:答复?|回复|回答|答覆|回覆|answer|reply|antwort|réponse|respuesta|resposta|ответ|回答|답변?)\s*[\]】:：)]"
)
# Yahoo on phones puts the sentence and the quoted mail on one line.
WROTE_AND_GOES_ON = line_pattern(r"^(on .{10,250} wrote:) {2,}\S.{0,300}$")

REPLY_SUBJECT = line_pattern(
    r"^\s*(?:re|r|aw|antw(?:ort)?|sv|rif|odp|ynt|yanıt|cevap|res|rép|réf|vá|απ|отв|ответ|回复|答复|回覆|答覆|回信|回应|回應"
    r"|返信|회신|답장|رد|השב|trả lời)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
)
# "VS:" means forward in Danish and Norwegian, but answer in Finnish: keeping too much does less harm.
FORWARD_SUBJECT = line_pattern(
    r"^\s*(?:fwd?|i|wg|tr|rv|enc|doorst|vb|vs|vl|pd|ilt|转发|轉寄|轉發|転送|전달|пересл)\s*(?:\[\d+\])?\s*[:：]"
)
