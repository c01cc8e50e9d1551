"""What mail programs write by themselves, in the languages they write it in. Tables, no logic.

Each line of a table is one alternative of its pattern. Patterns meet one line of bounded length, and
none nests repetitions, so matching stays linear.
"""

from __future__ import annotations

import re


def one_of(table: str) -> str:
    """Return the alternatives of ``table``, one a line, as one expression."""
    return "|".join(line.strip() for line in table.splitlines() if line.strip())


def line_pattern(pattern: str) -> re.Pattern[str]:
    """Return ``pattern`` compiled as all tables here are: blind to case."""
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
# "Done, thanks. On Mon, 5 Oct 2026 at 15:04, Kim wrote:", where a program lost the line end. "Kim on 5 Oct" is a name.
WORDS_BEFORE_ATTRIBUTION = re.compile(
    r"^(?:([^\s\-—_=*>].{0,249}?)(?:\s*[-—]{2,10}\s*|\s+)On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{1,2}[ /.\-]"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6} \d)"
    r"|(\S.{0,249}?[。！？!?~～…])\s*(?:在|于|於)\s?\d{4})"
)
LINK_AT_END = line_pattern(r"https?://\S{5,280}$")
EMAIL = line_pattern(r"[^\s<>@,;:\"'()\[\]]{1,64}@[^\s<>@,;:\"'()\[\]]{2,253}")

_DASHES = r"[-_=—－─~‐‑–]{2,40}"
# A line of its own that begins the original message.
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
# A line of its own that begins a forwarded message: that is content, not a quote of ours.
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
        请在(?:此|本)行(?:以上|上方|之上).{0,6}回复
        請在(?:此|本)行(?:以上|上方|之上).{0,6}回覆
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
    "cc": r"cc|bcc|抄送人?|密送|副本|kopie|copia|копия|참조|kopia|kopi|dw|bilgi|ccn",
    "subject": r"""
        subject|主 ?题|主 ?旨|主 ?題|标题|標題|betreff|objet|asunto|assunto|oggetto|тема|件名|제목
        onderwerp|ämne|emne|temat|konu|aihe|předmět|tárgy|perihal|chủ đề|เรื่อง|الموضوع|주제|subiect|θέμα|נושא
        """,
}
# One row of the table that Outlook, Foxmail and others put above the original; the group names its kind.
LABEL = line_pattern(
    r"^[\s*|>【\[]{0,12}(?:"
    + "|".join(f"(?P<{kind}>{one_of(names)})" for kind, names in _LABELS.items())
    + r")\s*(?:[】\]]|\*{0,2}\s*[:：|])"
)
_RULE = r"[\s>*|]{0,12}[-_=—－─]{5,200}[\s*|]*"
RULE = line_pattern(rf"^{_RULE}$")
# What stands above such a table and says nothing without it.
HEADING = line_pattern(
    rf"^(?:{_RULE}|{_DASHES}\s?\S.{{0,30}}?\s?{_DASHES}"
    r"|原始邮件|原邮件|原始郵件|回复的原邮件|original(?: message| email)?|replied message)$"
)
# Yahoo on a phone writes the sentence and the quoted mail on one line.
WROTE_AND_GOES_ON = line_pattern(r"^(on .{10,250} wrote:) {2,}\S.{0,300}$")

REPLY_SUBJECT = line_pattern(
    r"^\s*(?:re|r|aw|antw(?:ort)?|sv|rif|odp|ynt|yanıt|cevap|res|rép|réf|vá|απ|отв|ответ|回复|答复|回覆|答覆|回信|回应|回應"
    r"|返信|회신|답장|رد|השב|trả lời)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
)
# "VS:" forwards in Danish and Norwegian, and answers in Finnish: what is kept needlessly harms less.
FORWARD_SUBJECT = line_pattern(
    r"^\s*(?:fwd?|i|wg|tr|rv|enc|doorst|vb|vs|vl|pd|ilt|转发|轉寄|轉發|転送|전달|пересл)\s*(?:\[\d+\])?\s*[:：]"
)

# -- signatures ------------------------------------------------------------------------------------

# "-- " (RFC 3676) and what is left of it by programs that trim lines.
SIGNATURE_MARK = line_pattern(r"^(?:--|—|––|－－)$")
SIGNATURE_RULE = line_pattern(r"^[-_=—─~*]{4,80}$")
# The last line of mail from phones and web mail.
SENT_FROM = line_pattern(
    r"^[\s*|_(<]{0,12}(?:"
    + one_of(
        r"""
        sent (?:from|via|using|with) (?:my |the |an? )\S{1,30}(?: \S{1,30}){0,4}(?: <https?://\S{1,100}>)?
        sent (?:from|via|using|with|by) \[?(?:mail|outlook|yahoo|proton|gmail|superhuman|edison|canary|zoho).{0,80}
        sent (?:from|by) (?:windows|galaxy|netease)\b.{0,40}
        sent (?:from|via|using|with) (?:hey|nine|fastmail|bluemail|typeapp|boxer|blackberry|gmx)\b.{0,40}
        sent (?:from|via|using|with) (?:tuta(?:nota)?|front)\b.{0,40}
        (?:get|download) (?:bluemail|typeapp|spark|aqua mail|edison mail|mymail|gmx|yahoo mail) (?:for|app).{0,40}
        yahoo mail\s?[:：] .{1,60}|powered by .{0,20}(?:mail|outlook|gmail).{0,20}
        sent (?:from|via|using|with) (?:ip(?:hone|ad)|android|samsung|huawei|xiaomi|spark).{0,80}
        sent (?:from|via|using|with) (?:airmail|mobile|wps|foxmail|qq|aol).{0,80}
        (?:get|下载|获取|取得|获得|herunterladen|obtenir|obtener) ?outlook (?:for|适用于|für|pour|para).{1,40}
        (?:télécharger|obter o|ottieni) outlook (?:pour|para|per).{1,40}
        (?:获取|取得) ?(?:适用于|適用於).{1,20}的 ?outlook|outlook (?:for|für|pour|para) (?:ios|android).{0,20}
        (?:发|發|发送|發送|寄|传送|傳送)自(?!\s?内心)\s?.{1,40}
        (?:来|來)自\s?.{0,20}(?:邮箱|郵箱|客户端|手机|手機|邮件|iphone|ipad|android|outlook|foxmail|企业微信).{0,20}
        (?:从|從|由|通过|透過|使用)(?!.{0,40}(?:无法|不能|没|失败|不了)).{0,20}(?:手机|手機|iphone|ipad|android|邮箱|郵箱|信箱|客户端).{0,20}(?:发送|发出|傳送|寄出|發送)
        (?:从|從|由|通过|使用)(?!.{0,40}(?:无法|不能|没|失败|不了)).{0,20}(?:outlook|foxmail|windows|mac|mail|qq|网易).{0,20}(?:发送|发出|傳送|寄出|發送)
        签名由.{0,10}网易邮箱.{0,20}
        (?:von|über|aus) mein(?:em|er) .{1,40}|gesendet (?:von|mit|über) .{1,60}
        diese nachricht wurde von mein.{1,60}
        envoyé (?:de |depuis |à partir d(?:e |['’])).{1,60}|provenance ?: courrier pour .{1,20}
        enviad[oa] (?:desde|do|a partir d[oe]|de) .{1,60}|inviato da.{1,60}
        отправлено (?:с|из) .{1,60}
        .{1,20}から送信|나의 .{1,20}에서 보냄|내 .{1,20}에서 보냄|.{1,20}에서 보낸 메일
        (?:verstuurd|verzonden) (?:vanaf|met|via) .{1,60}|skickat från .{1,60}|sendt fra .{1,60}
        wysłan[eo] z .{1,60}|odesláno z .{1,60}|.{1,20}['’][dt][ae]n gönderildi|iphone['’]umdan gönderildi
        trimis de pe .{1,60}|dikirim dari .{1,60}|được gửi từ .{1,60}|elküldve az? .{1,60}
        أرسلت من .{1,60}|נשלח מה.{1,60}|lähetetty (?:\S{1,20}sta|\S{1,20}stä)|ส่งจาก .{1,40}
        (?:virus-?free|virenfrei|garanti sans virus|libre de virus|livre de vírus|privo di virus)\.? ?www\..{3,160}
        (?:www\.)?(?:avast|avg|avira)\.com.{0,120}
        this e-?mail (?:has been|was) (?:checked|scanned) (?:for|by) .{1,60}
        diese e-?mail wurde von .{1,60} auf viren geprüft
        please consider the environment before printing.{0,40}|请在打印.{0,12}前(?:考虑|三思).{0,10}
        """
    )
    + r")(?:[.,!] {1,2}(?:please )?(?:excuse|pardon|forgive|sorry|apolog).{1,60})?[.。!\s*|_)>]*$"
)
# What a visiting card has and a sentence has not.
CONTACT = line_pattern(
    one_of(
        r"""
        @|https?://|www\.
        电话|電話|手机|手機|微信|传真|地址|公司|部门|邮箱
        tel\b|phone|mobile|fax|address|\b(?:ltd|inc|llc|gmbh)\b
        \+?\d[\d\s()\-]{6,20}
        """
    )
)
# What a company's mail server writes above mail that comes from outside.
BANNER = line_pattern(
    r"^[\s*\[【(!⚠\ufe0f]{0,12}(?:"
    + one_of(
        r"""
        (?:caution|warning|attention|notice|alert)\W{1,8}(?:this )?(?:e-?mail|message) .{0,30}(?:outside|external)
        (?:caution|warning)\W{1,8}external (?:e-?mail|sender|message)
        external (?:e-?mail|sender|message)\s*(?:[\]】:.\-!*]|$)
        (?:you|some people who received this message) don['’]t often get e-?mail from
        (?:(?:请)?注意[:：])?(?:此|本|该)邮件来自.{0,6}外部|外部邮件[】\]]|[你您](?:通常不会|不常)收到来自
        (?:achtung|vorsicht|warnung)\W{1,6}diese (?:e-?mail|nachricht) .{0,30}(?:au(?:ß|ss)erhalb|extern)
        attention\s?\W{1,6}ce (?:message|mail|courriel) (?:provient|vient) de l['’]ext[ée]rieur
        """
    )
    + ")"
)
# The end of a sentence: a card has none.
SENTENCE = line_pattern(r"[。！？!?；;]|\.$|[,，]\s*$")
#: What the text after the beginning of a disclaimer has to say for it to be one.
SECRECY = line_pattern(
    r"保密|机密|機密|禁止|严禁|confiden[tc]i|privileged|intended (?:recipient|solely|only)|unauthori[sz]ed"
    r"|vertraulich|riservat"
)
DISCLAIMER = line_pattern(
    r"^[\s*【\[]{0,12}(?:"
    + one_of(
        r"""
        (?:重要提示[:：]\s?)?本(?:电子)?邮件(?:及|和|（|\(|所含|包含|内容)|此(?:电子)?邮件(?:及|和|包含)|本(?:電?子?郵件|信件)(?:及|和|所|包含|可能)
        保密(?:声明|提示|通知)|免责声明|免責聲明
        this (?:e-?mail|message),? (?:and|including) (?:any|all|its|the) (?:files|attach)
        this (?:e-?mail|message) (?:may )?contains? (?:confidential|privileged)
        confidentiality notice|disclaimer\s*:|the information (?:contained|transmitted) in this
        important notice\s*:|if you are not the (?:intended|named) (?:recipient|addressee)
        diese e-?mail (?:kann |und |enthält )|dieses? (?:e-?mail|nachricht) (?:ist|enthält) vertraulich
        ce (?:message|courriel|mail) (?:et|peut|est|contient)|este (?:mensaje|correo|e-?mail) (?:y|puede|es|contiene)
        est[ae] (?:mensagem|e-?mail) (?:e|pode|é|contém)
        quest[oa] (?:messaggio|e-?mail|comunicazione) (?:e|può|è|contiene)
        """
    )
    + ")"
)
