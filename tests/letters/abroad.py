"""Answers in the words that mail programs have in other languages, and in the dress of rarer programs."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import BO, NEW, OLD, OURS, Letter, answer_as_page, mail, part, written

ZH = "还是没有声音。\n\n需要我把日志发过来吗？"
OLD_ZH = "请重新启动应用后再试一次。"


def gmail() -> Iterator[Letter]:
    """The line above the quote as Gmail writes it, with marks below it, and without."""
    lines = {
        "sv": f"Den fre 20 nov. 2026 kl 10:00 skrev {BO}:",
        "sv-no-den": f"fre 20 nov. 2026 kl. 10:00 skrev {BO}:",
        "da": f"Den fre. 20. nov. 2026 kl. 10.00 skrev {BO}:",
        "no": f"fre. 20. nov. 2026 kl. 10:00 skrev {BO}:",
        "fi": f"pe 20. marrask. 2026 klo 10.00 Bo Li ({OURS}) kirjoitti:",
        "cs": f"pá 20. 11. 2026 v 10:00 odesílatel {BO} napsal:",
        "sk": f"pi 20. 11. 2026 o 10:00 {BO} napísal(a):",
        "hu": f"Bo Li <{OURS}> ezt írta (időpont: 2026. nov. 20., P, 10:00):",
        "ro": f"În vin., 20 nov. 2026 la 10:00, {BO} a scris:",
        "el": f"Στις Παρ 20 Νοε 2026 στις 10:00 π.μ., ο χρήστης {BO} έγραψε:",
        "bg": f"На пт, 20.11.2026 г. в 10:00 {BO} написа:",
        "uk": f"пт, 20 лист. 2026 р. о 10:00 {BO} пише:",
        "hr": f"pet, 20. stu 2026. u 10:00 {BO} napisao je:",
        "sl": f"V V pet., 20. nov. 2026 ob 10:00 je oseba {BO} napisala:",
        "tr": f"Bo Li <{OURS}>, 20 Kas 2026 Cum, 10:00 tarihinde şunu yazdı:",
        "vi": f"Vào Th 6, 20 thg 11, 2026 vào lúc 10:00 {BO} đã viết:",
        "id": f"Pada Jum, 20 Nov 2026 pukul 10.00 {BO} menulis:",
        "ms": f"Pada Jum, 20 Nov 2026 pada 10:00 PG {BO} menulis:",
        "th": f"เมื่อ ศ. 20 พ.ย. 2026 เวลา 10:00 {BO} เขียนว่า:",
        "hi": f"शुक्र, 20 नव॰ 2026 को 10:00 am बजे को {BO} ने लिखा:",
        "he": f"\u202bבתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:00 מאת \u202aBo Li\u202c\u200f <\u202a{OURS}\u202c\u200f>:\u202c",
        "ar": f"في الجمعة، 20 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة {BO}:",
        "fa": f"در تاریخ جمعه ۲۰ نوامبر ۲۰۲۶،\u200f ۱۰:۰۰ {BO} نوشت:",
        "ca": f"Missatge de {BO} del dia dv., 20 de nov. 2026 a les 10:00:",
        "hk": f"{BO} 於 2026年11月20日週五 上午10:00寫道：",
    }
    for language, line in lines.items():
        yield Letter(
            f"abroad-gmail-{language}", written(f"{NEW}\n\n{line}\n\n> {OLD}\n>\n"), {"reply_text": NEW}
        )
    for language in ("sv", "da", "fi", "cs", "hu", "ro", "el", "tr", "vi", "id", "th", "he", "hk"):
        yield Letter(
            f"abroad-unmarked-{language}",
            written(f"{NEW}\n\n{lines[language]}\n\n{OLD}\n"),
            {"reply_text": NEW},
        )


def desktop_lines() -> Iterator[Letter]:
    """The line above the quote of Thunderbird, Apple Mail, Roundcube, K-9 and others."""
    lines = {
        "tb-de": "Am 20.11.26 um 10:00 schrieb Bo Li:",
        "tb-fr": "Le 20/11/2026 à 10:00, Bo Li a écrit :",
        "tb-es": "El 20/11/26 a las 10:00, Bo Li escribió:",
        "tb-it": "Il 20/11/2026 10:00, Bo Li ha scritto:",
        "tb-pt": "Em 20/11/2026 10:00, Bo Li escreveu:",
        "tb-nl": "Op 20-11-2026 om 10:00 schreef Bo Li:",
        "tb-pl": "W dniu 20.11.2026 o 10:00, Bo Li pisze:",
        "tb-cs": "Dne 20. 11. 26 v 10:00 Bo Li napsal(a):",
        "tb-ru": "20.11.2026 10:00, Bo Li пишет:",
        "tb-ja": "2026/11/20 10:00, Bo Li のメール:",
        "tb-ko": "2026-11-20 오전 10:00에 Bo Li 이(가) 쓴 글:",
        "apple-de": f"Am 20.11.2026 um 10:00 schrieb {BO}:",
        "apple-fr": f"Le 20 nov. 2026 à 10:00, {BO} a écrit :",
        "apple-es": f"El 20 nov 2026, a las 10:00, {BO} escribió:",
        "apple-pt": f"Em 20 de nov. de 2026, à(s) 10:00, {BO} escreveu:",
        "apple-ru": f"20 нояб. 2026 г., в 10:00, {BO} написал(а):",
        "apple-ja": f"2026/11/20 10:00、{BO}のメール:",
        "apple-ko": f"2026. 11. 20. 오전 10:00, {BO} 작성:",
        "apple-tw": f"{BO} 於 2026年11月20日 上午10:00 寫道：",
        "apple-da": f"Den 20. nov. 2026 kl. 10.00 skrev {BO}:",
        "roundcube-de": "Am 2026-11-20 10:00, schrieb Bo Li:",
        "roundcube-en": "On 2026-11-20 10:00, Bo Li wrote:",
        "k9-de": f"Am 20. November 2026 10:00:00 MEZ schrieb {BO}:",
        "fairemail": f"Nov 20, 2026 10:00:00 AM {BO}:",
        "horde-de": f"Zitat von {BO}:",
        "horde-en": f"Quoting {BO}:",
        "gnus": f"{BO} writes:",
        "claws": f"On Fri, 20 Nov 2026 10:00:00 +0800\n{BO} wrote:",
        "kmail-de": "Am Freitag, 20. November 2026, 10:00:00 MEZ schrieb Bo Li:",
        "evolution": "On Fri, 2026-11-20 at 10:00 +0800, Bo Li wrote:",
        "mutt": "On Fri, Nov 20, 2026 at 10:00:00AM +0800, Bo Li wrote:",
        "proton": f"On Friday, November 20th, 2026 at 10:00 AM, {BO} wrote:",
        "proton-zh": f"在 2026年11月20日 星期五 10:00，{BO} 写道：",
        "proton-old": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Friday, November 20th, 2026 at 10:00 AM, Bo Li wrote:",
        "proton-phone": f"-------- Original Message --------\nOn 20/11/2026 10:00, {BO} wrote:",
        "tuta": f"20 Nov 2026, 10:00 by {OURS}:",
        "someone-sent": f"On 11-Nov-2026, at 6:54 PM, {BO} sent:",
        "laposte": f"> Message du 20/11/26 10:00\n> De : {BO}\n> A : kim@mail.example\n> Copie à :\n> Objet : Son\n>",
        "nothing": "",
    }
    for program, line in lines.items():
        yield Letter(
            f"abroad-line-{program}", written(f"{NEW}\n\n{line}\n\n> {OLD}\n> \n> Bo\n"), {"reply_text": NEW}
        )
        yield Letter(
            f"abroad-below-{program}",
            written(f"{line}\n> {OLD}\n> \n> Bo\n\n{NEW}\n"),
            {"reply_text": NEW},
        )
    for program in ("tb-de", "apple-ja", "apple-ru", "apple-fr", "tb-pl"):
        # An iPhone marks the line, too.
        yield Letter(
            f"abroad-marked-{program}",
            written(f"{NEW}\n\n> {lines[program]}\n> \n> \ufeff{OLD}\n"),
            {"reply_text": NEW},
        )


def tables() -> Iterator[Letter]:
    """From, sent, to and subject above the original, as Outlook and its relatives have them."""
    heads = {
        "de": "Von: {0}\nGesendet: Freitag, 20. November 2026 10:00\nAn: Kim Lee\nBetreff: Re: Ton",
        "fr": "De : {0}\nEnvoyé : vendredi 20 novembre 2026 10:00\nÀ : Kim Lee\nObjet : Re: Son",
        "it": "Da: {0}\nInviato: venerdì 20 novembre 2026 10:00\nA: Kim Lee\nOggetto: Re: Audio",
        "es": "De: {0}\nEnviado: viernes, 20 de noviembre de 2026 10:00\nPara: Kim Lee\nAsunto: Re: Sonido",
        "pt": "De: {0}\nEnviada em: sexta-feira, 20 de novembro de 2026 10:00\nPara: Kim Lee\nAssunto: Re: Som",
        "pt-pt": "De: {0}\nEnviado: 20 de novembro de 2026 10:00\nPara: Kim Lee\nAssunto: Re: Som",
        "nl": "Van: {0}\nVerzonden: vrijdag 20 november 2026 10:00\nAan: Kim Lee\nOnderwerp: Re: Geluid",
        "sv": "Från: {0}\nSkickat: den 20 november 2026 10:00\nTill: Kim Lee\nÄmne: Re: Ljud",
        "da": "Fra: {0}\nSendt: 20. november 2026 10:00\nTil: Kim Lee\nEmne: Re: Lyd",
        "no": "Fra: {0}\nDato: fredag 20. november 2026 kl. 10:00\nTil: Kim Lee\nEmne: Re: Lyd",
        "fi": "Lähettäjä: {0}\nLähetetty: perjantai 20. marraskuuta 2026 10.00\nVastaanottaja: Kim Lee\nAihe: Re: Ääni",
        "pl": "Od: {0}\nWysłano: piątek, 20 listopada 2026 10:00\nDo: Kim Lee\nTemat: Re: Dźwięk",
        "cs": "Od: {0}\nOdesláno: pátek 20. listopadu 2026 10:00\nKomu: Kim Lee\nPředmět: Re: Zvuk",
        "hu": "Feladó: {0}\nElküldve: 2026. november 20. 10:00\nCímzett: Kim Lee\nTárgy: Re: Hang",
        "ro": "De la: {0}\nTrimis: vineri, 20 noiembrie 2026 10:00\nCătre: Kim Lee\nSubiect: Re: Sunet",
        "el": "Από: {0}\nΣτάλθηκε: Παρασκευή, 20 Νοεμβρίου 2026 10:00\nΠρος: Kim Lee\nΘέμα: Re: Ήχος",
        "ru": "От: {0}\nОтправлено: 20 ноября 2026 г. 10:00\nКому: Kim Lee\nТема: Re: Звук",
        "uk": "Від: {0}\nНадіслано: 20 листопада 2026 р. 10:00\nКому: Kim Lee\nТема: Re: Звук",
        "tr": "Kimden: {0}\nGönderildi: 20 Kasım 2026 Cuma 10:00\nKime: Kim Lee\nKonu: Re: Ses",
        "ja": "差出人: {0}\n送信日時: 2026年11月20日 10:00\n宛先: Kim Lee\n件名: Re: 音",
        "ja-new": "送信元: {0}\n日付: 2026年11月20日 金曜日 10:00\n宛先: Kim Lee\n件名: Re: 音",
        "ko": "보낸 사람: {0}\n보낸 날짜: 2026년 11월 20일 금요일 오전 10:00\n받는 사람: Kim Lee\n제목: Re: 소리",
        "ko-new": "보낸 사람: {0}\n날짜: 금요일, 2026년 11월 20일 오전 10:00\n받는 사람: Kim Lee\n주제: Re: 소리",
        "tw": "寄件者: {0}\n寄件日期: 2026年11月20日 上午 10:00\n收件者: Kim Lee\n主旨: Re: 聲音",
        "tw-new": "從: {0}\n日期: 星期五, 2026年11月20日 上午10:00\n至: Kim Lee\n主旨: Re: 聲音",
        "zh-web": "发件人: {0}\n日期: 星期五, 2026年11月20日 10:00\n收件人: Kim Lee\n主题: Re: 声音",
        "zh-brackets": "【发件人】{0}\n【发送时间】2026年11月20日 10:00\n【收件人】Kim Lee\n【主题】Re: 声音",
        "he": "מאת: {0}\nנשלח: יום שישי 20 נובמבר 2026 10:00\nאל: Kim Lee\nנושא: Re: קול",
        "ar": "من: {0}\nتم الإرسال: 20 نوفمبر 2026 10:00\nإلى: Kim Lee\nالموضوع: Re: صوت",
        "th": "จาก: {0}\nส่ง: 20 พฤศจิกายน 2026 10:00\nถึง: Kim Lee\nเรื่อง: Re: เสียง",
        "vi": "Từ: {0}\nĐã gửi: Thứ Sáu, 20 Tháng Mười Một 2026 10:00\nTới: Kim Lee\nChủ đề: Re: Âm thanh",
        "stars": "*From:* {0}\n*Sent:* Friday, November 20, 2026 10:00 AM\n*To:* Kim Lee\n*Subject:* Re: Sound",
        "stars-outside": "*From: *{0}\n*Date: *Friday, November 20, 2026 at 10:00 AM\n*To: *Kim Lee\n*Subject: *Re: Sound",
        "web-de": "Gesendet: Freitag, 20. November 2026 um 10:00 Uhr\nVon: {0}\nAn: kim@web.example\nBetreff: Re: Ton",
        "date-first": "Date: Fri, 20 Nov 2026 10:00:00 +0800\nFrom: {0}\nTo: kim@mail.example\nSubject: Re: Sound",
        "date-and-to": "Date: Fri, 20 Nov 2026 10:00:00 +0800\nTo: kim@mail.example\nFrom: {0}\nSubject: Re: Sound",
        "subject-first": "Subject: Re: Sound\nDate: Fri, 20 Nov 2026 10:00\nFrom: {0}\nTo: kim@mail.example",
        "wrapped": "From: Bo Li of the Support Team of Earshot\n<support@earshot.example>\nSent: Friday, November 20, 2026\n10:00 AM\nTo: Kim Lee\nSubject: Re: Sound",
        "no-sent": "From: {0}\nTo: Kim Lee <kim@mail.example>\nSubject: Re: Sound",
        "zimbra": "----- Original Message -----\nFrom: {0}\nTo: \"Kim Lee\" <kim@mail.example>\nSent: Friday, 20 November, 2026 10:00:00\nSubject: Re: Sound",
        "zimbra-rule": "From: {0}\nTo: \"Kim Lee\" <kim@mail.example>\nSent: Friday, November 20, 2026 10:00:00 AM\nSubject: Re: Sound",
        "t-online": "-----Original-Nachricht-----\nBetreff: Re: Ton\nDatum: 2026-11-20T10:00:00+0100\nVon: {0}\nAn: \"kim\" <kim@mail.example>",
        "samsung-de": "-------- Ursprüngliche Nachricht --------\nVon: {0} \nDatum: 20.11.26  10:00  (GMT+01:00) \nAn: kim@mail.example \nBetreff: Re: Ton",
        "samsung-fr": "-------- Message d'origine --------\nDe : {0} \nDate : 20/11/2026  10:00  (GMT+01:00) \nÀ : kim@mail.example \nObjet : Re: Son",
        "samsung-pt": "-------- Mensagem original --------\nDe: {0} \nData: 20/11/2026 10:00 (GMT-03:00) \nPara: kim@mail.example \nAssunto: Re: Som",
        "samsung-zh": "-------- 原始邮件 --------\n自： {0} \n日期： 2026/11/20 10:00 (GMT+08:00) \n收件人： kim@mail.example \n主题： Re: 声音",
        "samsung-tw": "-------- 原始訊息 --------\n自： {0} \n日期： 2026/11/20 上午10:00 (GMT+08:00) \n至： kim@mail.example \n主旨： Re: 聲音",
        "samsung-ko": "-------- 원본 이메일 --------\n발신: {0} \n날짜: 20/11/2026 10:00 (GMT+09:00) \n받은 사람: kim@mail.example \n제목: Re: 소리",
    }  # fmt: skip
    for name, block in heads.items():
        yield Letter(
            f"abroad-table-{name}",
            written(f"{NEW}\n\n{block.format(BO)}\n\n{OLD}\n"),
            {"reply_text": NEW},
        )
    marked = (
        f">From: {BO}\n>To: kim@mail.example\n>Date: 2026/11/20, Fri 10:00\n>Subject: Re: 音\n>\n>{OLD}\n"
    )
    yield Letter(
        "abroad-table-yahoo-jp",
        written(f"{NEW}\n\n----- Original Message -----\n{marked}"),
        {"reply_text": NEW},
    )


def chinese() -> Iterator[Letter]:
    """Providers and programs of China, in their plain texts."""
    quotes = {
        "qq": f'------------------ 原始邮件 ------------------\n发件人: "小助手" <{OURS}>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: "金小美"<kim@qq.example>;\n主题: Re: 声音',
        "qq-entity": f'------------------&nbsp;原始邮件&nbsp;------------------\n发件人:                                                                                                                        "小助手"                                                                                    <{OURS}&gt;;\n发送时间:&nbsp;2026年11月20日(星期五) 上午10:00\n收件人:&nbsp;"金小美"<kim@qq.example&gt;;\n\n主题:&nbsp;Re: 声音',
        "qq-2024": f"\n               原始邮件\n         \n       \n发件人：小助手 <{OURS}>\n发件时间：2026年11月20日 10:00\n收件人：金小美 <kim@qq.example>\n主题：Re: 声音",
        "exmail": f'------------------ Original ------------------\nFrom:  "小助手"<{OURS}>;\nDate:  Fri, Nov 20, 2026 10:00 AM\nTo:  "金小美"<kim@corp.example>; \nCc:  "李四"<li@corp.example>; \nSubject:  Re: 声音',
        "wecom-no-address": '------------------ 原始邮件 ------------------\n发件人: 小助手\n发送时间: 2026年11月20日 10:00\n收件人: 金小美\n主题: Re: 声音',
        "163-old": f'在 2026-11-20 10:00:00，"小助手" <{OURS}> 写道：',
        "163-dash": f"在2026年11月20日 10:00，小助手<{OURS}> 写道：",
        "163-old-marked": f'At 2026-11-20 10:00:00, "小助手" <{OURS}> wrote:',
        "163-new": f"---- 回复的原邮件 ----\n| 发件人 | 小助手<{OURS}> |\n| 发送日期 | 2026年11月20日 10:00 |\n| 收件人 | 金小美<kim@163.example> |\n| 主题 | Re: 声音 |",
        "163-en": f"---- Replied Message ----\n| From | Earshot<{OURS}> |\n| Date | 11/20/2026 10:00 |\n| To | kim@163.example<kim@163.example> |\n| Subject | Re: Sound |",
        "163-single": f"| |\n小助手\n|\n|\n{OURS}\n|\n签名由网易邮箱大师定制\n在2026年11月20日 10:00，小助手<{OURS}> 写道：",
        "foxmail": " \n发件人： 小助手\n发送时间： 2026-11-20 10:00\n收件人： 金小美\n抄送： 李四\n主题： Re: 声音",
        "foxmail-en": "From: Earshot\nDate: 2026-11-20 10:00\nTo: kim\nCC: li\nSubject: Re: Sound",
        "aliyun": f"------------------------------------------------------------------\n发件人：小助手 <{OURS}>\n发送时间：2026年11月20日(星期五) 10:00\n收件人：金小美 <kim@aliyun.example>\n主　题：Re: 声音",
        "sina": f"----- 原始邮件 -----\n发件人：小助手 <{OURS}>\n收件人：kim@sina.example\n主题：Re: 声音\n日期：2026年11月20日 10点00分",
        "139": f"----邮件原文----\n发件人：小助手 <{OURS}>\n收 件 人：kim <kim@139.example>\n抄 送： （无）\n发送时间：2026-11-20 10:00:00\n主题：Re: 声音",
        "189": f"------------------ 原始邮件 ------------------\n发件人：{OURS}\n收件人：kim@189.example\n时间：2026年11月20日(周五) 10:00\n主题：Re: 声音",
        "21cn": f"----- 原文信息 -----\n发件人： {OURS}\n日期： 2026-11-20\n收件人： kim@21cn.example\n主题： Re: 声音",
        "sohu": f"---------- 回复邮件信息 ----------\n发件人：小助手 <{OURS}>\n时间：2026-11-20 10:00:00\n收件人：kim@sohu.example\n主题：Re: 声音",
        "coremail": f"-----原始邮件-----\n发件人:小助手 <{OURS}>\n发送时间:2026-11-20 10:00:00 (星期五)\n收件人: kim@edu.example\n抄送: \n主题: Re: 声音",
        "coremail-en": f"-----Original Messages-----\nFrom:Earshot <{OURS}>\nSent Time:2026-11-20 10:00:00 (Friday)\nTo: kim@edu.example\nCc: \nSubject: Re: Sound",
        "xiaomi": f"小助手 <{OURS}> 在 2026年11月20日 周五 上午10:00写道：",
        "huawei": f"-------- 原始邮件 --------\n发件人：小助手 <{OURS}>\n日期：2026年11月20日周五 10:00\n收件人：kim@mail.example\n主题：Re: 声音",
        "oppo": f"---原始邮件---\n发件人: \"小助手\"<{OURS}>\n发送时间: 2026年11月20日(周五) 上午10:00\n收件人: \"金小美\"<kim@qq.example>;\n主题: Re: 声音",
        "outlook-web": f"________________________________\n发件人: 小助手 <{OURS}>\n发送时间: 2026年11月20日 10:00\n收件人: 金小美 <kim@outlook.example>\n主题: 回复: 声音",
        "mac-outlook": f"发件人： 小助手 <{OURS}>\n日期： 星期五, 2026年11月20日 10:00\n收件人： 金小美 <kim@corp.example>\n主题： Re: 声音",
        "iphone-unmarked": f"在 2026年11月20日，上午10:00，小助手 <{OURS}> 写道：",
        "gmail-hk": f"小助手 <{OURS}> 於 2026年11月20日週五 上午10:00寫道：",
        "yahoo-tw": f"    小助手 <{OURS}> 於 2026年11月20日 星期五 上午10:00:00 [GMT+8] 寫道：  ",
        "feishu": f"发件人：小助手<{OURS}>\n日期：2026年11月20日 (周五) 10:00\n主题：Re: 声音\n收件人：金小美<kim@corp.example>",
        "dingtalk": f"------------------------------------------------------------------\n发件人:小助手<{OURS}>\n日　期:2026年11月20日 10:00:00\n收件人:金小美<kim@corp.example>\n主　题:Re: 声音",
    }  # fmt: skip
    for name, head in quotes.items():
        yield Letter(f"abroad-zh-{name}", written(f"{ZH}\n\n\n\n{head}\n\n{OLD_ZH}\n"), {"reply_text": ZH})
    yield Letter(
        "abroad-zh-iphone",
        written(f"{ZH}\n\n> 在 2026年11月20日，10:00，小助手 <{OURS}> 写道：\n> \n> \ufeff{OLD_ZH}\n"),
        {"reply_text": ZH},
    )
    phone = "发自我的iPhone"
    for name in ("qq", "163-old", "outlook-web", "gmail-hk", "iphone-unmarked"):
        yield Letter(
            f"abroad-zh-phone-{name}",
            written(f"{ZH}\n\n{phone}\n\n\n{quotes[name]}\n\n{OLD_ZH}\n"),
            {"reply_text": ZH},
        )


def pages() -> Iterator[Letter]:
    """Answers that come as HTML alone."""
    wrote = f"On Fri, Nov 20, 2026 at 10:00 AM Bo Li &lt;{OURS}&gt; wrote:"
    rows = "<b>发件人:</b>&nbsp;{0};<br><b>发送时间:</b>&nbsp;2026年11月20日(星期五) 上午10:00<br><b>收件人:</b>&nbsp;kim;<br><b>主题:</b>&nbsp;Re"
    head = f"<b>From:</b> Bo Li &lt;{OURS}&gt;<br><b>Sent:</b> Friday, November 20, 2026 10:00 AM<br><b>To:</b> Kim<br><b>Subject:</b> Re: Sound"
    quotes = {
        "yahoo": f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{wrote}</div><div><br></div><div><br></div><div>{OLD}</div></div>',
        "proton": f'<div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Sent with <a>Proton Mail</a> secure email.</div></div><br><div class="protonmail_quote">{wrote}<br><blockquote class="protonmail_quote" type="cite">{OLD}</blockquote></div>',
        "qq": f'<div><br></div><div style="font: Verdana;color:#000;"><div style="font-size: 12px;padding:2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size:12px;background:#efefef;padding:8px;"><div>{rows.format("小助手")}</div></div><div><br></div><div>{OLD}</div></div>',
        "163": f'<div id="spnEditorContent"><br></div><pre><br>At 2026-11-20 10:00:00, "Bo" &lt;{OURS}&gt; wrote:\n</pre><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; BORDER-LEFT: #ccc 1px solid">{OLD}</blockquote>',
        "foxmail": f'<blockquote style="margin-top: 0px; margin-bottom: 0px;"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="background:#efefef">{rows.format("小助手")}</div></div><div>{OLD}</div></blockquote>',
        "zimbra": f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>From: </b>"Bo" &lt;{OURS}&gt;<br><b>To: </b>"kim" &lt;kim@mail.example&gt;<br><b>Sent: </b>Friday, November 20, 2026 10:00:00 AM<br><b>Subject: </b>Re: Sound<br></div><br><div>{OLD}</div>',
        "cells": f'<hr><table><tr><td>From:</td><td>Bo Li &lt;{OURS}&gt;</td></tr><tr><td>Date:</td><td>20/11/2026 10:00</td></tr><tr><td>To:</td><td>kim@mail.example</td></tr><tr><td>Subject:</td><td>Re: Sound</td></tr></table><p>{OLD}</p>',
        "hr-only-head": f'<hr><div>{head}</div><br><div>{OLD}</div>',
        "paragraphs": f'<p><b>From:</b> Bo Li &lt;{OURS}&gt;</p><p><b>Sent:</b> Friday, November 20, 2026 10:00 AM</p><p><b>To:</b> Kim</p><p><b>Subject:</b> Re: Sound</p><p>{OLD}</p>',
        "block-in-block": f'<blockquote type="cite"><div>{wrote}</div><br><div>{OLD}</div><blockquote type="cite">older</blockquote></blockquote>',
        "ios": f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 20 Nov 2026, at 10:00, Bo Li &lt;{OURS}&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{OLD}</div></blockquote>',
        "outlook-new": f'<div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message skipProofing" style="padding:3pt 0in 0in;border-width:1pt medium medium;border-style:solid none none;border-color:rgb(181,196,223) currentcolor currentcolor">{head}</div><div>{OLD}</div></div>',
        "gmail-old": f'<div class="gmail_extra"><br><div class="gmail_quote">On Fri, Nov 20, 2026 at 10:00 AM, Bo Li <span dir="ltr">&lt;<a href="mailto:{OURS}" target="_blank">{OURS}</a>&gt;</span> wrote:<br><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{OLD}</blockquote></div><br></div>',
        "mail-ru": f'<br><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px">Пятница, 20 ноября 2026, 10:00 +03:00 от Bo Li &lt;{OURS}&gt;:<br>&nbsp;<div>{OLD}</div></blockquote>',
        "nothing-but-blockquote": f'<blockquote style="border-left:2px solid blue">{OLD}</blockquote>',
        "naver": f'<p>-----Original Message-----<br><b>From:</b> "Bo"&lt;{OURS}&gt;<br><b>To:</b> &lt;kim@naver.example&gt;<br><b>Cc:</b> <br><b>Sent:</b> 2026-11-20 (금) 10:00:00 (GMT+09:00)<br><b>Subject:</b> Re: 소리<br></p><div>{OLD}</div>',
        "comcast": f'<hr align="center" width="100%"/>From: Bo Li [mailto:{OURS}]<br/>To: kim@mail.example<br/>Sent: Fri, 20 Nov 2026 02:00:00 -0000 (UTC)<br/>Subject: Re: Sound<br/><br/>{OLD}',
    }  # fmt: skip
    for name, quote in quotes.items():
        yield answer_as_page(f"abroad-page-{name}", quote)


def interleaved() -> Iterator[Letter]:
    wrote = f"On Fri, Nov 20, 2026 at 10:00 AM {BO} wrote:"
    bodies = {
        "answer-below-each": (
            f"Hi Bo,\n\n{wrote}\n\n> Which phone is it?\n\nA Pixel 6.\n\n> Since when?\n\nSince Monday.\n\n-- \nKim Lee\nNorthwind",
            "Hi Bo,\n\nA Pixel 6.\n\nSince Monday.",
        ),
        "no-empty-lines": (
            f"{wrote}\n> Which phone is it?\nA Pixel 6.\n> Since when?\nSince Monday.\n",
            "A Pixel 6.\nSince Monday.",
        ),
        "two-depths": (
            f"{wrote}\n> Kim Lee wrote:\n>> No sound.\n>\n> Which phone is it?\n\nA Pixel 6.\n\n>> No picture either.\n> Since when?\n\nSince Monday.\n",
            "A Pixel 6.\n\nSince Monday.",
        ),
        "chinese": (
            f"{BO} 于2026年11月20日周五 10:00写道：\n\n> 是什么手机？\n\n小米 14。\n\n> 什么时候开始的？\n\n周一开始的，很急！\n",
            "小米 14。\n\n周一开始的，很急！",
        ),
        "full-width-marks": (
            f"{BO} 写道：\n＞是什么手机？\n小米 14。\n＞什么时候？\n周一。\n",
            "小米 14。\n周一。",
        ),
        "top-and-bottom": (
            f"Short answer: no.\n\n{wrote}\n> {OLD}\n> \n> Bo\n\nP.S. I pay for this!\n",
            "Short answer: no.\n\nP.S. I pay for this!",
        ),
    }
    for name, (body, new) in bodies.items():
        yield Letter(f"abroad-between-{name}", written(body), {"reply_text": new})
    page = (
        f'<div class="gmail_quote"><div class="gmail_attr">{wrote.replace("<", "&lt;").replace(">", "&gt;")}<br></div>'
        '<blockquote class="gmail_quote"><div>Which phone is it?</div></blockquote><div><br></div><div>A Pixel 6.</div>'
        '<blockquote class="gmail_quote"><div>Since when?</div></blockquote><div>Since Monday.</div></div>'
    )
    yield Letter(
        "abroad-between-page",
        mail(part(page, "text/html")),
        {"reply_text": "A Pixel 6.\n\nSince Monday."},
    )


def subjects() -> Iterator[Letter]:
    """Answers of programs that name no mail they answer: only the subject tells."""
    starts = (
        *("Re: ", "RE:", "re: ", "Re[2]: ", "Re(3): ", "R: ", "AW: ", "Antwort: ", "Antw: ", "SV: ", "RIF: ", "Odp: ", "YNT: "),
        *("Cevap: ", "RES: ", "Rép : ", "Vá: ", "ΑΠ: ", "Отв: ", "Ответ: ", "回复：", "回复: ", "答复: ", "回覆：", "回信: ", "返信: "),
        *("회신: ", "답장: ", "رد: ", "השב: ", "Trả lời: ", "Re:Re: "),
    )  # fmt: skip
    table = f"From: {BO}\nSent: Friday, November 20, 2026 10:00 AM\nTo: Kim Lee\nSubject: Sound"
    for number, start in enumerate(starts):
        fields = {"In-Reply-To": None, "References": None, "Subject": f"{start}Sound".encode()}
        body = f"{NEW}\n\n{table}\n\n{OLD}\n"
        yield Letter(f"abroad-subject-{number:02}", written(body, **fields), {"reply_text": NEW})


def kept() -> Iterator[Letter]:
    """What looks like a quote and is the matter itself."""
    fresh = {"In-Reply-To": None, "References": None, "Subject": "Complaint"}
    bodies = {
        "said-in-the-story": "昨天客服在2026年11月19日给我写道：\n请等待三天。\n可是到现在还没有处理！",
        "agent-wrote": "I paid on Monday.\n\nYour agent wrote on 20/11/2026:\n\nwe will refund you within a day\n\nbut nothing came.",
        "on-a-day-agent-wrote": "I paid on Monday.\n\nOn 20 November 2026 at 10:00 your agent wrote:\n\nwe will refund you\n\nbut nothing came.",
        "agent-wrote-zh": "我周一付的款。\n\n在2026年11月20日 10:00，你们的客服写道：\n\n一天之内退款\n\n可是到现在还没有收到！",
        "flight": "From: Beijing\nTo: Shanghai\nDate: 2026-11-20\nPrice: 900\n\nYou charged me twice for this flight.",
        "timestamps": "The crashes were at\n2026-11-20 10:00:12\n2026/11/20 10:05\n20.11.2026 10:09\nNov 20, 2026 at 10:12\nand I sent you the log each time.",
        "on-the-other-hand": "On the 20th of November 2026 I paid.\n\nOn the other hand nothing was unlocked.\nOn average I wait two days:\nthat is too long.",
        "markdown": "## Steps\n----\n\n1. open\n2. tap\n\n----\n\nThe app closes.\n\n====\n\nEvery time.",
        "code": "The mail says\n\n```\nsignature: '--\\nJohn'\n// Sent from my mailer\n```\n\nbut it should not.",
        "sent-from-in-text": "The notification was sent from my iPhone app to all users.\n\nAll messages are sent from the main server.",
        "prompt": "> ping earshot.example\nRequest timed out.\n> ping 127.0.0.1\nReply in 1ms.",
        "dialogue": "Your bot wrote:\n\"I can not help you\"\n\nand then nothing came for a week.",
        "form": "姓名：金小美\n电话：13800000000\n日期：2026-11-20\n主题：账号被盗\n\n请尽快处理，我很着急。",
        "orders": "订单一\n--------------------\n已付款，未到账\n\n订单二\n--------------------\n重复扣款\n\n请退款。",
        "colon-at-end": "On Friday 20 November 2026 at 10:00 my daughter got this message:\n\nPay or we publish your pictures\n\nPlease help us.",
    }  # fmt: skip
    for name, body in bodies.items():
        yield Letter(f"abroad-kept-{name}", written(body, **fresh), {"reply_text": body})


def all_abroad() -> list[Letter]:
    makers = (gmail, desktop_lines, tables, chinese, pages, interleaved, subjects, kept)
    return [letter for make in makers for letter in make()]
