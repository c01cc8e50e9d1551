"""What stands below a person's words without any mark, and what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, written

FRESH = {"In-Reply-To": None, "References": None, "Subject": "Refund"}
SAID = {
    "en": "The refund never arrived.\nIt has been ten days.",
    "zh": "退款一直没到。\n已经十天了。",
    "ja": "返金がまだ届きません。\n十日経ちました。",
    "ko": "환불이 아직 안 왔습니다.\n열흘이 지났습니다.",
    "de": "Die Erstattung ist nie angekommen.\nEs sind schon zehn Tage.",
    "fr": "Le remboursement n'est jamais arrivé.\nCela fait dix jours.",
    "es": "El reembolso nunca llegó.\nHan pasado diez días.",
    "pt": "O reembolso nunca chegou.\nJá faz dez dias.",
    "ru": "Возврат так и не пришёл.\nПрошло десять дней.",
    "ar": "لم يصل المبلغ المسترد.\nمضت عشرة أيام.",
}
QUOTE = "On Tue, 3 Mar 2026 at 21:05, Bo <care@earshot.example> wrote:\n\n> Hi\n> please try again\n"

PROGRAM_LINES = {
    "en": ("Sent via the Samsung Galaxy S24 Ultra, an AT&T 5G smartphone", "Sent from Spike", "-------- Sent from my phone --------", "Typed on tiny keys. Sent from my iPhone", "Get Outlook for Mac<https://aka.ms/o0ukef>", "Sent via Superhuman ( https://sprh.mn/?vip=x )"),
    "zh": ("由Honor手机发送", "用手机QQ邮箱发送", "从我的 Galaxy 发送", "来自 Microsoft Outlook for iOS", "取得 iOS 版 Outlook", "本邮件发自我的手机", "来自钉钉专属商务邮箱-------------------"),
    "ja": ("Outlook for Android を入手する", "iPhone からの送信", "スマートフォンから送信しています"),
    "ko": ("Galaxy에서 보냄", "Windows용 메일에서 보냄", "iOS용 Outlook 받기", "네이버 메일앱에서 보냈습니다."),
    "de": ("Holen Sie sich Outlook für iOS", "Von Outlook für iOS gesendet", "Von meinem/meiner Galaxy gesendet", "Outlook für Android beziehen"),
    "fr": ("Obtenir Outlook pour iOS", "Envoyé depuis l’application Mail Orange"),
    "es": ("Enviado con el correo electrónico seguro de Proton Mail.", "Descarga Outlook para iOS"),
    "pt": ("Enviado via iPhone", "Baixe o Outlook para iOS"),
    "ru": ("Скачать Outlook для iOS", "Отправлено с устройства Galaxy"),
    "ar": ("أُرسلت من الـ iPhone الخاص بي", "احصل على Outlook لـ iOS", "تم الإرسال من Yahoo Mail على Android"),
}  # fmt: skip

CARDS = {
    "en": ("Best regards,\n\nKim Lee\nSenior Buyer | Northwind Ltd.\nT: +44 20 7946 0000 | M: +44 7700 900000\nwww.northwind.example", "Kind regards\n\n*Kim Lee*\nHead of Sales\n12 Long Street, London\nkim@northwind.example\n[image: logo]", "Kim Lee\nDirector of Operations\nPartners LLC\n(415) 555-0134 | partners.example"),
    "zh": ("此致\n敬礼！\n\n金小美\n某某科技有限公司 市场部\n手机：13800000000\n邮箱：kim@corp.example", "-----------------------------\n安小姐\n上海图客\n139-1234-5678"),
    "ja": ("◆━━━━━━━━━━━━━━◆\n金 美咲（キム）\nmail: kim@corp.example\n◆━━━━━━━━━━━━━━◆", "**********************\n株式会社サンプル　営業部\n金　美咲\nTEL：03-1111-2222　FAX：03-1111-3333\n**********************"),
    "ko": ("감사합니다.\n김미 드림\n\n주식회사 샘플 | 영업팀\nTel 02-1234-5678\nE-mail kim@corp.example",),
    "de": ("Mit freundlichen Grüßen\n\nKim Lee\nVertrieb\n\nNordwind GmbH\nTel.: +49 30 123456\nGeschäftsführer: Bo Müller | Amtsgericht Berlin HRB 1234",),
    "fr": ("Cordialement,\n\nKim Lee\nResponsable des ventes\nNordwind SARL\nTél. : +33 1 23 45 67 89",),
    "es": ("Un cordial saludo,\n\nKim Lee\nAtención al cliente\nSocios S.A.\nTeléfono: 911 234 567",),
    "pt": ("Atenciosamente,\n\nKim Lee\nGerente de Vendas\nNordwind Ltda.\nTel.: +55 11 1234-5678",),
    "ru": ("С уважением,\nКим Ли\nменеджер по продажам\nООО «Нордвинд»\nтел.: +7 495 123-45-67",),
    "ar": ("مع أطيب التحيات،\n\nكيم لي\nشركة نوردويند\nهاتف: +966 11 123 4567",),
}  # fmt: skip

DISCLAIMERS = {
    "en": ("This e-mail message and any attached files are confidential and are intended solely for the use of the addressee(s) named above.", "Disclaimer\n\nThe information contained in this communication is confidential.\n\nThis email has been scanned for viruses.", "Northwind Ltd is registered in England and Wales, company number 01234567.", "P Save paper - think before you print."),
    "zh": ("声明：此邮件可能包含保密信息。如您并非预期收件人，请立即删除。", "此信息可能包含保密内容，仅限收件人阅览。如误收请删除。", "请考虑环境保护，非必要不打印本邮件"),
    "ja": ("このメールには機密情報が含まれている場合があります。誤って受信された場合は、削除してください。",),
    "ko": ("본 메일은 지정된 수신인만을 위한 것이며, 기밀 정보를 포함할 수 있습니다.",),
    "de": ("Der Inhalt dieser E-Mail ist vertraulich und ausschließlich für den bezeichneten Adressaten bestimmt.",),
    "fr": ("Les informations contenues dans ce message sont confidentielles et destinées exclusivement à son destinataire.", "Pensez à l'environnement avant d'imprimer ce message."),
    "es": ("La información contenida en este correo es confidencial y para uso exclusivo de la persona destinataria.",),
    "pt": ("AVISO LEGAL: Esta mensagem é destinada exclusivamente para a(s) pessoa(s) a quem é dirigida.",),
    "ru": ("Информация, содержащаяся в этом письме, является конфиденциальной и предназначена только адресату.",),
    "ar": ("هذه الرسالة ومرفقاتها سرية ومخصصة للمرسل إليه فقط. إذا استلمتها عن طريق الخطأ فيرجى حذفها.",),
}  # fmt: skip

KEPT = {
    "own-secret": "Hello,\n\nthe message you sent me contains confidential data of some other recipient, why?",
    "own-secret-zh": "我要投诉\n\n此邮件的内容涉及我的个人机密，为什么别的收件人能看到？",
    "app-says": "Hi,\n\nThe app shows this message: access unauthorized.",
    "app-says-zh": "点登录没反应\n\n提示：禁止访问",
    "link-zh": "你好\n\n点开此邮件里的链接显示禁止访问",
    "leak-zh": "你好\n\n此邮件泄露了其他用户的机密信息",
    "order-after-thanks": "Thanks\n\nOrder: 8834-2211\nAmount: 20 USD\nDate: March 3",
    "number-after-thanks": "Hi team,\n\nThanks!\n\nOne more thing: my number changed.\nPlease use +1 415 555 0134",
    "call-after-thanks": "Thanks\n\nPlease call +1 415 555 0134 before Friday.\nOr write to kim@mail.example",
    "call-after-thanks-zh": "谢谢\n\n麻烦回电 13800000000\n地址：北京市海淀区1号",
    "order-after-thanks-zh": "你好\n\n谢谢\n\n订单号：8834\n金额：20元\n姓名：安",
    "address-zh": "把我的收货地址改一下：\n安小姐\n13912345678\n上海市浦东新区世纪大道1号",
    "mailbox-zh": "来自上海的用户一枚，用手机邮箱登录不了",
    "printer": "Where do I print the label? The paper tray says environment error.",
    "leave": "Please unsubscribe me from all of it.\n\nunsubscribe",
    "only-signed": "The app closes.\n\nBest regards,\nKim",
}

SIGNATURES = {
    "gmail": '<div class="gmail_signature"><div>Kim Lee</div><div>Northwind</div></div>',
    "outlook": '<div id="x_Signature"><p>Kim Lee</p><p>Northwind</p></div>',
    "proton": '<div class="protonmail_signature_block"><div>Kim Lee<br>Northwind</div></div>',
    "spark": '<div name="messageSignatureSection">Kim Lee<br>Northwind</div>',
    "qq": "<sign><div>Kim Lee</div><div>Northwind</div></sign>",
}


def unmarked() -> Iterator[Letter]:
    for kind, table in (("line", PROGRAM_LINES), ("card", CARDS), ("disclaimer", DISCLAIMERS)):
        for language, endings in table.items():
            for number, ending in enumerate(endings):
                name, said = f"below-{kind}-{language}-{number}", SAID[language]
                yield Letter(name, written(f"{said}\n\n{ending}\n", **FRESH), {"reply_text": said})
                yield Letter(f"{name}-quote", written(f"{said}\n\n{ending}\n\n{QUOTE}"), {"reply_text": said})


def kept() -> Iterator[Letter]:
    for name, body in KEPT.items():
        yield Letter(f"below-kept-{name}", written(body, **FRESH), {"reply_text": body})


def shown_by_page() -> Iterator[Letter]:
    """The HTML names the signature, also the one in the plain text beside it."""
    said = SAID["en"]
    page = "<br>".join(said.split("\n"))
    for name, block in SIGNATURES.items():
        markup = f"<div>{page}</div><br>{block}"
        yield Letter(f"below-page-{name}", mail(part(markup, "text/html"), **FRESH), {"reply_text": said})
        yield Letter(
            f"below-page-{name}-plain",
            written(f"{said}\n\nKim Lee\nNorthwind\n", markup, **FRESH),
            {"reply_text": said},
        )
    alone = '<div class="gmail_signature">It is all I have to say.</div>'
    yield Letter(
        "below-page-nothing-else",
        mail(part(alone, "text/html"), **FRESH),
        {"reply_text": "It is all I have to say."},
    )


def all_below() -> list[Letter]:
    return [letter for make in (unmarked, kept, shown_by_page) for letter in make()]
