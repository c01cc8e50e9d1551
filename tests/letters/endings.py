"""What stands below a person's words, and forwarded mail, whose content is the matter."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several, written

BO = "Bo Li <bo@mail.example>"
SAID = "The payment went through twice."
SAID_ZH = "重复扣款了，请退一笔。"
FRESH = {"In-Reply-To": None, "References": None, "Subject": "Charged twice"}


def program_lines() -> Iterator[Letter]:
    lines = (
        "Sent from my iPhone", "Sent from my Galaxy", "Sent from my T-Mobile 4G LTE Device", "Sent from my Verizon Wireless BlackBerry",
        "Sent from Mail for Windows", "Sent from Mail for Windows 10", "Sent from Outlook for Android", "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>", "Get Outlook for Mac <https://aka.ms/GetOutlookForMac>",
        "Sent with Proton Mail secure email.", "Sent with [Proton Mail](https://proton.me/mail/home) secure email.",
        "Sent from Proton Mail for iOS.", "Sent with Spark", "Sent from Spark", "Sent from Yahoo Mail on Android",
        "Yahoo Mail: Search, Organize, Conquer", "Sent from AOL on Android", "Sent with Tutanota", "Sent from my mobile device",
        "Sent using Zoho Mail", "Sent from Front", "Sent via Superhuman iOS", "Sent from HUAWEI P60", "Sent from my vivo smartphone",
        "Sent from my HTC M8 Android phone.  Please excuse typoze", "Sent from my cell, please excuse any typos.", "Sent from Mailbox", "Sent from my Windows 8 PC <http://windows.example/consumer-preview>",
        "发自我的iPhone", "发自我的 iPad", "发自我的华为手机", "发自我的小米手机", "发自我的 HUAWEI Mate 60", "发自vivo电子邮件", "发自 OPPO 手机",
        "来自我的华为手机", "来自QQ邮箱手机版", "来自 Outlook", "来自 iPhone", "发自网易邮箱大师", "发自网易邮箱手机版", "从 iPhone 发送", "从我的 iPhone 发送",
        "从 Windows 版邮件发送", "发送自 Windows 10 版邮件应用", "发送自 Outlook", "获取 Outlook for iOS", "获取适用于 iOS 的 Outlook",
        "下载 Outlook for Android", "取得適用於 iOS 的 Outlook", "從我的 iPhone 傳送", "從我的iPhone傳送", "來自我的 iPhone", "寄自我的 iPad",
        "发自阿里邮箱 iPhone版", "来自 华为手机", "从我的 Galaxy 智能手机发送", "從 iPhone 版 Yahoo奇摩電子信箱 傳送", "透過 Yahoo奇摩電子信箱傳送", "Sent from NetEase Mail Master", "Yahoo Mailアプリから送信",
        "发自飞书邮箱", "发自钉钉邮箱", "发自企业微信", "来自企业微信", "使用 Foxmail 发送", "由 Foxmail 发送", "发自Mac版QQ邮箱",
        "Von meinem iPhone gesendet", "Gesendet von Outlook für Android", "Gesendet mit der GMX Mail App", "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Von meinem Samsung Galaxy Smartphone gesendet.", "Envoyé de mon iPhone", "Envoyé depuis mon smartphone Samsung Galaxy.", "Envoyé à partir d’Outlook pour Android",
        "Télécharger Outlook pour iOS", "Provenance : Courrier pour Windows 10", "Enviado desde mi iPhone", "Enviado desde Outlook para Android", "Obtener Outlook para iOS",
        "Enviado do meu iPhone", "Enviado a partir do Outlook para Android", "Obter o Outlook para iOS", "Inviato da iPhone", "Inviato dal mio iPhone", "Ottieni Outlook per iOS",
        "Отправлено с iPhone", "Отправлено из мобильной Яндекс.Почты", "Отправлено из Outlook для Android", "iPhoneから送信", "Outlook for iOS を入手", "나의 iPhone에서 보냄",
        "내 Galaxy에서 보냄", "Outlook for iOS 다운로드", "Verstuurd vanaf mijn iPhone", "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a",
        "Odesláno z iPhonu", "iPhone'umdan gönderildi", "Được gửi từ iPhone của tôi", "Dikirim dari iPhone saya", "ส่งจาก iPhone ของฉัน", "Trimis de pe iPhone-ul meu",
        "Virus-free. www.avast.com", "Virus-free.www.avg.com", "This email has been checked for viruses by Avast antivirus software.\nwww.avast.com",
        "Diese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.\nwww.avast.com", "Garanti sans virus. www.avast.com",
    )  # fmt: skip
    for number, line in enumerate(lines):
        said = SAID_ZH if not line.isascii() and line[0] > "\u2e80" else SAID
        yield Letter(
            f"ending-program-{number:02}", written(f"{said}\n\n{line}\n", **FRESH), {"reply_text": said}
        )


def cards() -> Iterator[Letter]:
    signatures = {
        "delimiter": "-- \nKim Lee\nNorthwind Ltd\n+1 555 010 2030",
        "delimiter-trimmed": "--\nKim Lee\nNorthwind Ltd\n+1 555 010 2030",
        "delimiter-twice": "--\nKim Lee\nSenior Buyer\nNorthwind Ltd\n\nSent from my iPhone",
        "long-dash": "—————\nKim Lee\nProduct Manager\n📧 kim@mail.example\n📱 +1 555-0123",
        "underscores": "_______________\nKim Lee\nTel: +1 555 010 2030\nkim@mail.example",
        "chinese": "--\n金小美\n产品经理 | 某某科技有限公司\n手机：13800000000\n地址：北京市海淀区某某路1号",
        "foxmail": " \n--------------------------------\n金小美\n某某科技有限公司\n电话：010-12345678\n邮箱：kim@mail.example",
        "outlook-zh": "——————————\n金小美\n某某科技有限公司  市场部\nTel: 010-12345678\nE-mail: kim@mail.example",
        "qq-zh": "------------------\n金小美",
        "japanese-frame": "==================================\n株式会社サンプル\n田中太郎\nTEL: 03-1234-5678\nE-mail: kim@mail.example\n==================================",
        "japanese-rules": "----------------------------------\n田中太郎\n株式会社サンプル\nTEL: 03-1234-5678\nMail: kim@mail.example\n----------------------------------",
        "mailing-list": "-- \nYou received this message because you are subscribed to the Google Groups \"app\" group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to app+unsubscribe@groups.example.",
        "mailman": "_______________________________________________\napp-users mailing list\napp-users@lists.example\nhttps://lists.example/mailman/listinfo/app-users",
        "disclaimer-de": "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.",
        "disclaimer-fr": "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires.",
        "disclaimer-es": "Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario.",
        "disclaimer-pt": "Esta mensagem e seus anexos são confidenciais e destinam-se exclusivamente ao seu destinatário.",
        "disclaimer-it": "Questo messaggio e gli eventuali allegati sono riservati e destinati esclusivamente al destinatario.",
        "disclaimer-please": "If you are not the intended recipient of this message, please delete it and notify the sender immediately. Any unauthorised use is prohibited.",
        "disclaimer-notice": "IMPORTANT NOTICE: The contents of this email are intended for the named recipient only and may be confidential or privileged.",
        "disclaimer-stars": "**********************************************************************\nThis email and any files transmitted with it are confidential and intended solely for the use of the individual or entity to whom they are addressed.\n**********************************************************************",
        "disclaimer-tw": "本信件可能包含機密資訊，非指定之收件者，請勿使用或揭露本信件內容，並請銷毀此信件。",
        "disclaimer-zh-statement": "重要提示：本邮件及附件具保密性质，包含商业秘密，受法律保护，不得泄露。如果您意外收到了此邮件，请立即删除。",
        "disclaimer-zh-you": "【免责声明】本邮件仅供收件人使用，可能含有保密信息，如您误收，请删除本邮件并通知发件人。",
        "green": "Please consider the environment before printing this email.",
        "green-zh": "请在打印此邮件前考虑环保。",
    }  # fmt: skip
    for name, below in signatures.items():
        said = SAID_ZH if "zh" in name or name in ("chinese", "foxmail") else SAID
        yield Letter(f"ending-card-{name}", written(f"{said}\n\n{below}\n", **FRESH), {"reply_text": said})
    quote = "On Fri, Nov 20, 2026 at 10:00 AM Bo Li <support@earshot.example> wrote:\n\n> Hello\n"
    for name in ("delimiter", "disclaimer-fr", "disclaimer-please", "mailing-list", "disclaimer-stars"):
        yield Letter(
            f"ending-above-quote-{name}",
            written(f"{SAID}\n\n{signatures[name]}\n\n{quote}"),
            {"reply_text": SAID},
        )
        yield Letter(
            f"ending-below-quote-{name}",
            written(f"{SAID}\n\n{quote}\n{signatures[name]}\n"),
            {"reply_text": SAID},
        )


def banners() -> Iterator[Letter]:
    """What a company's server writes above mail from outside, and what only begins like it."""
    lines = (
        "CAUTION: This email originated from outside of this company. Do not click links or open attachments.",
        "*CAUTION:* This email originated from outside of the organization. Do not click links\nor open attachments unless you recognize the\nsender.",
        "[EXTERNAL EMAIL]", "External email. Use caution.", "EXTERNAL SENDER - be careful with links", "WARNING: This message was sent from outside the company.",
        "You don't often get email from kim@mail.example. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
        "【外部邮件】此邮件来自公司外部，请谨慎点击链接和附件。", "注意：此邮件来自外部发件人，请谨慎处理。", "你通常不会收到来自 kim@mail.example 的电子邮件。了解这一点为什么很重要",
        "ACHTUNG: Diese E-Mail kommt von außerhalb der Organisation. Klicken Sie nicht auf Links.", "ATTENTION : ce message provient de l'extérieur de l'organisation.",
    )  # fmt: skip
    for number, line in enumerate(lines):
        yield Letter(
            f"ending-banner-{number:02}", written(f"{line}\n\n{SAID}", **FRESH), {"reply_text": SAID}
        )
    bodies = {
        "nothing-below": lines[0],
        "hot-phone": f"WARNING: your app burns my phone!\n\n{SAID}",
        "courier": f"Attention: the courier came from outside the city.\n\n{SAID}",
        "microphone": f"External microphone does not work.\n\n{SAID}",
        "zh": f"注意：你们的客服态度很差！\n\n{SAID_ZH}",
    }
    for name, body in bodies.items():
        yield Letter(f"ending-no-banner-{name}", written(body, **FRESH), {"reply_text": body})


def kept() -> Iterator[Letter]:
    """Endings that say something."""
    bodies = {
        "call-me": "The app closes.\n\nPlease call me:\n+1 555 010 2030",
        "call-me-zh": "闪退，请给我打电话：\n13800000000",
        "thanks": "The app closes.\n\nBest regards,\nKim",
        "list": "It closes when I\n- open a room\n- send a gift\n-- twice in a row\n- leave it",
        "confidential-matter": "This message contains confidential data of my customers:\nwhy was it shown to all viewers?",
        "two-orders": "订单一\n------------------\n重复扣款\n\n请退款。",
        "print": "Please consider my refund before Friday.",
        "from-phone": "I cannot log in from my phone.\nSent from my phone it fails, too, says the shop assistant.",
        "laizi": "来自我的手机号的验证码一直收不到，\n来自银行的可以收到。",
        "antivirus": "Your app is no longer virus-free says Avast.",
        "dashes-between": "first try\n--\nsecond try, which took much longer than the first one and also ended with an error message\n--\nthird try",
    }  # fmt: skip
    for name, body in bodies.items():
        yield Letter(f"ending-kept-{name}", written(body, **FRESH), {"reply_text": body})


def forwards() -> Iterator[Letter]:
    inner = "Dear customer, your account was charged 98.00."
    heads = {
        "gmail": ("Fwd: Receipt", f"---------- Forwarded message ---------\nFrom: {BO}\nDate: Thu, Nov 19, 2026 at 9:00 AM\nSubject: Receipt\nTo: Kim <kim@mail.example>"),
        "gmail-zh": ("转发: 收据", f"---------- Forwarded message ---------\n发件人： {BO}\nDate: 2026年11月19日周四 09:00\nSubject: 收据\nTo: kim <kim@mail.example>"),
        "gmail-de": ("Fwd: Beleg", f"---------- Forwarded message ---------\nVon: {BO}\nDate: Do., 19. Nov. 2026 um 09:00 Uhr\nSubject: Beleg\nTo: Kim <kim@mail.example>"),
        "apple": ("Fwd: Receipt", f"Begin forwarded message:\n\nFrom: {BO}\nSubject: Receipt\nDate: November 19, 2026 at 9:00:00 AM GMT+8\nTo: kim@mail.example"),
        "apple-zh": ("Fwd: 收据", f"下面是被转发的邮件：\n\n发件人: {BO}\n主题: 收据\n日期: 2026年11月19日 GMT+8 09:00:00\n收件人: kim@mail.example"),
        "apple-ja": ("Fwd: 領収書", f"転送されたメッセージ:\n\n差出人: {BO}\n件名: 領収書\n日付: 2026年11月19日 9:00:00 JST\n宛先: kim@mail.example"),
        "apple-tw": ("Fwd: 收據", f"開始轉寄郵件：\n\n寄件人: {BO}\n主旨: 收據\n日期: 2026年11月19日 上午9:00:00\n收件人: kim@mail.example"),
        "apple-fr": ("Fwd: Reçu", f"Début du message transféré :\n\nDe: {BO}\nObjet: Reçu\nDate: 19 novembre 2026 à 09:00:00\nÀ: kim@mail.example"),
        "apple-es": ("Fwd: Recibo", f"Inicio del mensaje reenviado:\n\nDe: {BO}\nAsunto: Recibo\nFecha: 19 de noviembre de 2026, 9:00\nPara: kim@mail.example"),
        "outlook": ("FW: Receipt", f"From: {BO}\nSent: Thursday, November 19, 2026 9:00 AM\nTo: Kim <kim@mail.example>\nSubject: Receipt"),
        "outlook-zh": ("转发: 收据", f"发件人: {BO}\n发送时间: 2026年11月19日 9:00\n收件人: kim@mail.example\n主题: 收据"),
        "outlook-de": ("WG: Beleg", f"Von: {BO}\nGesendet: Donnerstag, 19. November 2026 09:00\nAn: Kim\nBetreff: Beleg"),
        "outlook-fr": ("TR: Reçu", f"De : {BO}\nEnvoyé : jeudi 19 novembre 2026 09:00\nÀ : Kim\nObjet : Reçu"),
        "outlook-es": ("RV: Recibo", f"De: {BO}\nEnviado el: jueves, 19 de noviembre de 2026 9:00\nPara: Kim\nAsunto: Recibo"),
        "outlook-pt": ("ENC: Recibo", f"De: {BO}\nEnviada em: quinta-feira, 19 de novembro de 2026 09:00\nPara: Kim\nAssunto: Recibo"),
        "outlook-sv": ("VB: Kvitto", f"Från: {BO}\nSkickat: den 19 november 2026 09:00\nTill: Kim\nÄmne: Kvitto"),
        "outlook-da": ("VS: Kvittering", f"Fra: {BO}\nSendt: 19. november 2026 09:00\nTil: Kim\nEmne: Kvittering"),
        "outlook-pl": ("PD: Paragon", f"From: {BO}\nSent: Thursday, November 19, 2026 9:00 AM\nTo: Kim\nSubject: Paragon"),
        "outlook-ja": ("転送: 領収書", f"差出人: {BO}\n送信日時: 2026年11月19日 9:00\n宛先: Kim\n件名: 領収書"),
        "outlook-ko": ("전달: 영수증", f"보낸 사람: {BO}\n보낸 날짜: 2026년 11월 19일 목요일 오전 9:00\n받는 사람: Kim\n제목: 영수증"),
        "qq": ("转发：收据", '------------------ 原始邮件 ------------------\n发件人: "Bo" <bo@mail.example>;\n发送时间: 2026年11月19日(星期四) 上午9:00\n收件人: "kim"<kim@qq.example>;\n主题: 收据'),
        "163": ("Fw:收据", '-------- 转发邮件信息 --------\n发件人："Bo" <bo@mail.example>\n发送日期：2026-11-19 09:00:00\n收件人：kim <kim@163.example>\n主题：收据'),
        "163-new": ("转发：收据", "---- 转发的原邮件 ----\n| 发件人 | Bo<bo@mail.example> |\n| 发送日期 | 2026年11月19日 09:00 |\n| 收件人 | kim |\n| 主题 | 收据 |"),
        "foxmail": ("转发: 收据", " \n发件人： Bo\n发送时间： 2026-11-19 09:00\n收件人： kim\n主题： 收据"),
        "yahoo": ("Fw: Receipt", f"   ----- Forwarded Message ----- From: {BO}To: kim@mail.example <kim@mail.example>Sent: Thursday, November 19, 2026, 09:00:00 AM GMT+8Subject: Receipt"),
        "yahoo-lines": ("Fw: Receipt", f"----- Forwarded Message -----\nFrom: {BO}\nTo: kim@mail.example\nSent: Thursday, November 19, 2026\nSubject: Receipt"),
        "thunderbird": ("Fwd: Receipt", f"-------- Forwarded Message --------\nSubject: \tReceipt\nDate: \tThu, 19 Nov 2026 09:00:00 +0800\nFrom: \t{BO}\nTo: \tkim@mail.example"),
        "thunderbird-zh": ("Fwd: 收据", f"-------- 转发的消息 --------\n主题: \t收据\n日期: \tThu, 19 Nov 2026 09:00:00 +0800\n发件人: \t{BO}\n收件人: \tkim@mail.example"),
        "thunderbird-de": ("Fwd: Beleg", f"-------- Weitergeleitete Nachricht --------\nBetreff: \tBeleg\nDatum: \tThu, 19 Nov 2026 09:00:00 +0800\nVon: \t{BO}\nAn: \tkim@mail.example"),
        "proton": ("Fw: Receipt", f"------- Forwarded Message -------\nFrom: {BO}\nDate: On Thursday, November 19th, 2026 at 9:00 AM\nSubject: Receipt\nTo: kim@proton.example <kim@proton.example>"),
        "yandex": ("Fwd: Чек", "-------- Пересылаемое сообщение --------\n19.11.2026, 09:00, \"Bo\" <bo@mail.example>:"),
        "samsung": ("Fwd: Receipt", f"-------- Original message --------\nFrom: {BO} \nDate: 19/11/2026  09:00  (GMT+08:00) \nTo: kim@mail.example \nSubject: Receipt "),
        "no-prefix": ("Receipt", f"---------- Forwarded message ----------\nFrom: {BO}\nDate: Thu, Nov 19, 2026\nSubject: Receipt\nTo: kim@mail.example"),
        "outlook-no-prefix": ("Question about the receipt", f"From: {BO}\nSent: Thursday, November 19, 2026 9:00 AM\nTo: Kim <kim@mail.example>\nSubject: Receipt"),
    }  # fmt: skip
    for name, (subject, head) in heads.items():
        body = f"{SAID}\n\n{head}\n\n{inner}"
        threads = (
            {"References": "<r1@mail.example>"} if name.startswith("outlook") and "no-" not in name else {}
        )
        new = {**FRESH, **threads, "Subject": subject.encode()}
        yield Letter(
            f"forward-spoken-{name}", written(body, **new), {"reply_text": body, "flags": ["forwarded"]}
        )
        yield Letter(
            f"forward-silent-{name}",
            written(f"{head}\n\n{inner}", **new),
            {"reply_text": f"{head}\n\n{inner}"},
        )
    nested = f"{SAID}\n\nOn Fri, Nov 20, 2026 Bo <support@earshot.example> wrote:\n> ---------- Forwarded message ---------\n> From: {BO}\n> Subject: Receipt\n>\n> {inner}\n"
    yield Letter("forward-inside-a-quote", written(nested), {"reply_text": SAID})
    answered = f"{SAID}\n\nFrom: Support <support@earshot.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Kim <kim@mail.example>\nSubject: RE: FW: Receipt\n\nHello"
    yield Letter("forward-answered", written(answered, Subject="RE: FW: Receipt"), {"reply_text": SAID})
    page = (
        f'<div dir="ltr">{SAID}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
        'From: <strong>Bo Li</strong> <span>&lt;bo@mail.example&gt;</span><br>Date: Thu, Nov 19, 2026<br>Subject: Receipt<br>To: kim<br></div>'
        f"<br><div>{inner}</div></div>"
    )  # fmt: skip
    yield Letter(
        "forward-page",
        mail(part(page, "text/html"), **{**FRESH, "Subject": "Fwd: Receipt"}),
        {
            "reply_text": f"{SAID}\n\n---------- Forwarded message ---------\nFrom: Bo Li <bo@mail.example>\nDate: Thu, Nov 19, 2026\n"
            f"Subject: Receipt\nTo: kim\n\n{inner}"
        },
    )
    attached = (
        b"From: bo@mail.example\r\nSubject: Receipt\r\nDate: Thu, 19 Nov 2026 09:00:00 +0800\r\n\r\n"
        + inner.encode()
    )
    yield Letter(
        "forward-eml-as-octets",
        mail(
            several(
                "mixed",
                part(SAID),
                part(attached, "application/octet-stream", encoding="base64", Content_Disposition='attachment; filename="receipt.eml"'),
            ),
            **FRESH,
        ),
        {"reply_text": SAID, "attachments": [{"filename": "receipt.eml", "inline": False, "size": len(attached)}]},
    )  # fmt: skip


def all_endings() -> list[Letter]:
    makers = (program_lines, cards, banners, kept, forwards)
    return [letter for make in makers for letter in make()]
