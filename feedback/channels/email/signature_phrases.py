"""Phrases around a person's words: signatures, "sent from my phone", disclaimers. Tables, no logic.

As in ``phrases``, each line of a table is one alternative.
"""

from __future__ import annotations

import re

from feedback.channels.email.phrases import line_pattern, one_of

# "-- " (RFC 3676) and its forms in programs that trim lines.
SIGNATURE_MARK = line_pattern(r"^(?:--|—|––|－－)$")
SIGNATURE_RULE = line_pattern(r"^[-_=—─~*]{4,80}$")
_DEVICE = one_of(
    r"""
    iphone|ipad|android|galaxy|samsung|huawei|honor|xiaomi|redmi|oppo|vivo|smartphone|phone|handy\b
    outlook|foxmail|thunderbird|proton|windows|mac\b|mail|qq|wps
    安卓|苹果|アイフォン|アンドロイド|아이폰|안드로이드|갤럭시|айфон|андроид|آيفون|أندرويد
    téléphone|teléfono|телефон|スマートフォン|携帯|스마트폰|휴대폰|네이버|다음|هاتف
    手[机機](?![号號])|平板|移动端|邮箱|郵箱|信箱|邮件|客户端|网易|钉钉|飞书|企业微信|华为|荣耀|小米
    """
)
_SENT = one_of(
    r"""
    sent|gesendet|envoyée?|enviad[oa]|inviat[oa]|отправлено|verstuurd|verzonden|skickat|sendt|wysłan[eo]|odesláno
    أرسلت|أرسل|مرسلة?|تم الإرسال|تم إرسالها?
    (?:本邮件)?[发發]自|[发發]送自|寄自|[传傳]送自|[来來]自|[从從由用]|通过|透過|使用
    """
)
_SENT_AT_END = one_of(
    r"""
    gesendet|(?:から(?:の)?|で)送信(?:しています|しました)?|에서 (?:보냄|보냈습니다|보낸 메일)|gönderildi
    发送|发出|傳送|寄出|發送
    """
)
_GET = one_of(
    r"""
    get|download|herunterladen|hol(?:e|en sie)? (?:sich|dir)|télécharge[rz]|obten(?:ez|ir)|obt[eé]n(?:er|ga)?
    descarg(?:a|ar|ue)|obt(?:er|enha)|baix(?:ar|e)|ottieni|scarica|ontvang|pobierz|hämta
    скача(?:ть|йте)|получ(?:ить|ите)|загрузить|احصل على|الحصول على|تنزيل|تحميل|下载|获取|取得|获得
    """
)
_GET_AT_END = r"다운로드|받기|を(?:入手|ダウンロード)(?:する)?|beziehen|herunterladen|downloaden"
_SENT_BY = "sent (?:from|via|using|with|by)"
_SYSTEM = r"(?:ios|android|mac|iphone|mobile)"
# A line written by a program asks, denies and explains nothing.
_QUIET = r"(?!.{0,60}(?:[,，。;；?？]\s?\S|无法|無法|不能|没|沒|失败|不了))"
# The last line of mail from phones and web mail, without the link after it.
SENT_FROM = line_pattern(
    r"^(?:"
    + one_of(
        rf"""
        {_QUIET}(?:{_SENT})(?![内內]心).{{0,40}}(?:{_DEVICE}).{{0,30}}
        {_QUIET}.{{0,40}}(?:{_DEVICE}).{{0,30}}?(?:{_SENT_AT_END})
        (?:{_GET}).{{0,16}}\boutlook .{{0,10}}{_SYSTEM}.{{0,10}}|(?:{_GET}).{{0,6}}{_SYSTEM}.{{0,8}}outlook.{{0,3}}
        outlook .{{0,16}}{_SYSTEM}.{{0,3}}(?:{_GET_AT_END})|{_SYSTEM}.{{0,8}}outlook ?(?:{_GET_AT_END})
        outlook (?:for|für|pour|para|per) {_SYSTEM}.{{0,20}}
        (?:[发發]|[发發]送|寄|[传傳]送)自(?!\s?[内內]心)\s?.{{1,40}}|签名由.{{0,10}}网易邮箱.{{0,20}}
        sent (?:from|via|using|with) (?:my |the |an? )\S{{1,30}}(?: \S{{1,30}}){{0,4}}
        sent (?:from|via) the .{{1,60}} smartphone
        {_SENT_BY} \[?(?:yahoo|gmail|proton|superhuman|edison|canary|zoho|spark|airmail|mobile|aol).{{0,80}}
        {_SENT_BY} (?:hey|nine|typeapp|boxer|blackberry|gmx|tuta(?:nota)?|front|spike|shortwave)\b.{{0,40}}
        sent (?:from|by) (?:galaxy|netease)\b.{{0,40}}
        (?:please )?(?:excuse|pardon|forgive) .{{1,40}}\bsent from .{{1,40}}
        .{{1,40}}[.,!\-] sent from (?:my|the) .{{1,40}}
        (?:get|download) (?:bluemail|typeapp|spark|aqua mail|edison mail|mymail|gmx|yahoo mail) (?:for|app).{{0,40}}
        yahoo mail\s?[:：] .{{1,60}}|powered by .{{0,20}}(?:mail|outlook|gmail).{{0,20}}
        (?:von|über|aus) mein(?:em|er)\S{{0,8}} .{{1,40}}|gesendet (?:von|mit|über) .{{1,60}}
        diese nachricht wurde von mein.{{1,60}}
        envoyé (?:de |depuis |à partir d(?:e |['’])).{{1,60}}|provenance ?: courrier pour .{{1,20}}
        enviad[oa] (?:desde|do|da|a partir d[oe]|de|via) .{{1,60}}|inviato da.{{1,60}}
        отправлено (?:с|из) .{{1,60}}|.{{1,20}}から送信|(?:나의|내) .{{1,20}}에서 보냄
        (?:verstuurd|verzonden) (?:vanaf|met|via) .{{1,60}}|skickat från .{{1,60}}|sendt fra .{{1,60}}
        wysłan[eo] z .{{1,60}}|odesláno z .{{1,60}}|.{{1,20}}['’][dt][ae]n gönderildi|iphone['’]umdan gönderildi
        trimis de pe .{{1,60}}|dikirim dari .{{1,60}}|được gửi từ .{{1,60}}|elküldve az? .{{1,60}}
        (?:أرسلت|مرسلة?) من .{{1,60}}|נשלח מה.{{1,60}}|lähetetty (?:\S{{1,20}}sta|\S{{1,20}}stä)|ส่งจาก .{{1,40}}
        (?:virus-?free|virenfrei|garanti sans virus|libre de virus|livre de vírus|privo di virus)\.? ?www\..{{3,160}}
        (?:www\.)?(?:avast|avg|avira)\.com.{{0,120}}
        this e-?mail (?:has been|was) (?:checked|scanned) (?:for|by) .{{1,60}}
        diese e-?mail wurde von .{{1,60}} auf viren geprüft
        """
    )
    + r")(?:[.,!] {1,2}(?:please )?(?:excuse|pardon|forgive|sorry|apolog).{1,60})?[.。!]?$"
)
# "Think of the trees before you print": its topic and its request.
PRINTING = line_pattern(
    r"\bprint|imprim|\bdruck|ausdruck|stamp(?:are|i)|распеча|печат|打印|列印|印刷|인쇄|طباع"
)
TREES = line_pattern(
    one_of(
        r"""
        environ(?:ne)?ment|\bpaper\b|\btrees?\b|umwelt|papier|ambient|papel|carta\b|natur[ae]
        природ|окружающ|бумаг|环保|環保|环境|環境|节约|纸张|紙|환경|종이|البيئة|ورق
        """
    )
)
SPARING = line_pattern(
    one_of(
        r"""
        \bthink|consider|\bsave\b|really need|denk|schon|pens[eé]|piens|avant d|подумай|прежде
        考虑|考慮|三思|必要|节约|珍惜|配慮|생각|고려|فكر|التفكير|قبل
        """
    )
)
# How a line for leaving a mailing list begins.
UNSUBSCRIBE = line_pattern(
    r"^(?:(?:to )?unsubscribe\b|退订|取消订阅|abmelden\s?:|se désabonner|se désinscrire|darse de baja|отписаться)"
    r".{0,80}(?:https?://|@|click|here|点击|此处|list).{0,200}$"
)
# What a business card contains and a sentence does not.
CONTACT = line_pattern(
    one_of(
        r"""
        @|https?://|www\.
        电话|電話|手机|手機|微信|传真|地址|公司|部门|邮箱|〒|株式会社|전화|주식회사|телефон|тел\.|ооо\b|هاتف|جوال|شركة
        \bt[eé]l\b|telefon|tel[eé]fono|phone|mobil|fax|address|^[tmepwf]\s?[:：]
        \b(?:ltd|inc|llc|gmbh|sarl|ltda|s\.?l\.?u?|s\.a\.|s\.r\.l|co\., ?ltd)(?:\b|\.|$)
        \+?\d[\d\s()\-]{6,20}
        """
    )
)
# What a company's mail server inserts above mail from outside.
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
# The end of a sentence: cards have none.
SENTENCE = line_pattern(r"[。！？!?；;]|\.$|[,，]\s*$")
# A line that says something other than whose card this is: "Order: 88".
OTHER_LABEL = line_pattern(r"^[^:：@/]{1,24}[:：]\s*\S")
# The line that closes a letter.
SIGN_OFF = line_pattern(
    r"^\W{0,3}(?:"
    + one_of(
        r"""
        (?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes|thanks)|regards|best|all the best
        (?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|respectfully|cheers|thanks(?: again| a lot)?
        thank you(?: very much)?
        thanks (?:and|&) (?:best |kind )?regards|many thanks
        此致|敬礼|敬禮|此致\s?敬[礼禮]|祝好|順祝|顺祝.{0,6}|顺颂.{0,6}|順頌.{0,6}|祝您?.{0,6}|谢谢|謝謝|多谢|感谢|致敬
        よろしくお願い(?:いた|致)?し?ます|(?:何卒)?宜しくお願い.{0,8}|敬具|以上
        감사합니다|고맙습니다|.{1,8} 드림|.{1,8} 올림
        (?:mit )?(?:freundlichen|besten|lieben|vielen|herzlichen) (?:grü(?:ß|ss)en|dank)
        (?:viele|liebe|beste|schöne|herzliche|freundliche) grü(?:ß|ss)e|mfg|lg|vg
        (?:bien )?cordialement|bien à vous|cdlt|salutations.{0,20}|sincères salutations|meilleures salutations
        merci(?: d['’]avance)?
        (?:un )?(?:cordial )?saludos?(?: cordiales| cordial)?|atentamente|gracias|muchas gracias
        atenciosamente|att|cumprimentos|abraços?|obrigad[oa]|grat[oa]
        с уважением|с наилучшими пожеланиями|спасибо|заранее спасибо
        مع (?:أطيب|خالص) (?:التحيات|التحية|تحياتي)|مع التحية|تحياتي|وشكرا|شكرا(?: جزيلا)?|مع فائق الاحترام
        """
    )
    + r")\W{0,4}$"
)
# The elements of a disclaimer: this mail, confidential or exclusive, its recipient. It has no first person.
_THIS_MAIL = one_of(
    r"""
    \b(?:this|the) (?:electronic (?:e?mail )?)?(?:e?-?mail|message|communication|transmission|correspondence)\b
    information (?:contained|transmitted) in this
    [此本该這该](?:电子|電子)?(?:邮件|郵件|信件|信息(?!有误))|(?:本|この)(?:電子)?メール
    [본이] (?:메일|이메일|전자우편|메시지)
    dieser? (?:e-?mail|nachricht|mail)|dieses? (?:e-?mail|schreiben)|\bce (?:message|courriel|mail)|cet? e-?mail
    est[ea] (?:mensaje|correo|e-?mail|mensagem|comunicaci[oó]n|comunicação)
    quest[oa] (?:messaggio|e-?mail|comunicazione)
    (?:данн|настоящ|эт)\w{1,3} (?:электронн\w{1,3} )?(?:сообщени|письм)\w?|هذه الرسالة|هذا البريد
    """
)
THIS_MAIL = line_pattern(_THIS_MAIL)
# How a disclaimer that begins with this continues; "this message: access denied" is not one.
ABOUT_THIS_MAIL = line_pattern(
    r"^\W{0,12}(?:(?:重要)?(?:声明|提示)|ご注意|notice|(?:der inhalt|the contents?|the information) (?:of )?)?"
    rf"\W{{0,12}}(?:{_THIS_MAIL})\s?(?:"
    + one_of(
        r"""
        及|和|或|包|可能|所|内容|仅|含|属|[（(,，]|に|は|お|은|는|에|및
        and|or|including|may|contains?|is\b|are\b|kann|ist|und|enthält|et\b|peut|est\b|contient
        y\b|puede|es\b|contiene|e\b|pode|é\b|contém|può|è\b|и\b|содерж|явля|может|و|قد|تحتوي
        """
    )
    + ")"
)
SECRET = line_pattern(
    r"保密|机密|機密|商业秘密|기밀|비밀|confiden[tc]i|privileged|vertraulich|riservat|конфиденциальн|سرية|سري\b"
)
EXCLUSIVE = line_pattern(
    one_of(
        r"""
        禁止|严禁|仅[供限](?!参考)|僅[供限](?!參考)|のみを|만을|수신인만
        intended (?:recipient|solely|only|for)|unauthori[sz]ed|solely for|exclusive(?:ly)? for
        ausschlie(?:ß|ss)lich|exclusiv|исключительно
        """
    )
)
ADDRESSED = line_pattern(
    one_of(
        r"""
        recipient|addressee|in error|by mistake|delete|destroy|收件人|收件者|误收|誤收|错收|删除|刪除|销毁|銷毀
        宛先|誤って|削除|수신|삭제|empfänger|adressat|irrtümlich|lösch|vernicht|destinat[aáà]ri|destinataire|par erreur
        supprim|détrui|por error|b[oó]rr|elim[ií]n|apagu|por engano|dirigid[ao]
        адресат|получател|по ошибке|удалит|للمرسل إليه|المرسل إليه|بالخطأ|حذف
        """
    )
)
FIRST_PERSON = re.compile(
    r"\b(?:I|I['’]m|I['’]ve|my|My|ich|Ich|mein\w{0,2}|je|Je|j['’]ai|J['’]ai|mon|ma|yo|Yo|mi|eu|Eu|meu|minha|я|Я|мой|мне)\b"
    r"|我(?![们們司公方行])|私|俺|제가|저는|أنا"
)
# Cards do not ask for anything either.
ASKING = line_pattern(
    r"\bplease\b|请|請|麻烦|bitte|s['’]il vous|merci de|por favor|пожалуйста|ください|부탁|الرجاء|يرجى|[?？!！]"
)
# A heading or beginning that is enough to recognise a disclaimer.
DISCLAIMER_HEADING = line_pattern(
    r"^\W{0,12}(?:"
    + one_of(
        r"""
        (?:legal |e-?mail )?disclaimer|confidentiality (?:notice|statement)|important notice|legal notice
        保密(?:声明|提示|通知)|免责声明|免責聲明|면책.{0,6}|إخلاء (?:ال)?مسؤولية
        aviso (?:legal|de confidencialidad|de confidencialidade)|haftungsausschluss|avis de confidentialité
        if you are not the (?:intended|named) (?:recipient|addressee)|the information (?:contained|transmitted) in this
        """
    )
    + r")(?=\W|$)"
)
# The footer of a mailing list.
LIST_FOOT = line_pattern(r"mailing list|listinfo|unsubscribe|邮件列表")
# The company details that the law of some countries requires.
REGISTERED = line_pattern(
    r"registered (?:in|office)\b.{0,200}\b(?:company|no\b|number|office)|company (?:no|number|registration)"
)
