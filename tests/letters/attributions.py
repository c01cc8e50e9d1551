"""The line or the table that a program writes above the mail it answers, marked below or not."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import BO, NEW, OLD, OURS, Letter, answer_as_page, written

FRESH = {"In-Reply-To": None, "References": None, "Subject": "Complaint"}


def lines() -> Iterator[Letter]:
    programs = {
        "via": "On Thursday, November 19, 2026, Bo via Earshot Support wrote:",
        "at-you": "At 11/19/2026 08:32 PM, you wrote:",
        "in-message": "In message <b7q2@earshot.example>, Bo Li writes:",
        "sie": "Am 19.11.2026 um 16:24 schrieben Sie:",
        "russian-user": "суббота, 14 ноября 2026 г. пользователь Bo Li написал:",
        "ukrainian": f'14 лист. 2026 р. 20:45 "Bo" {OURS} пише:',
        "someone-am": f"{BO} schrieb am Fr., 20. Nov. 2026 um 10:00 Uhr:",
        "iso-gmt": f"2026-11-20 10:00 GMT+08:00 {BO}:",
        "schrieb": f"{BO} schrieb:",
        "parens": f"Bo Li ({OURS}) wrote:",
        "wrote-on": "Bo Li wrote on 20/11/2026 10:00:",
        "dutch-phone": f"Op 20 nov. 2026 om 10:00 heeft {BO} het volgende geschreven:",
        "samsung": f"Sent from Samsung MobileBo Li <{OURS}> wrote:",
        "quoted-name": f'On Fri, 20 Nov 2026 at 10:00, "Li, Bo" <{OURS}> wrote:',
        "mobile-nospace": f"On Fri, Nov 20, 2026 at 10:00 AM Bo Li <{OURS}>wrote:",
        "french-phone": f"Le 20 nov. 2026 10:00 AM, Bo Li <{OURS}> a écrit :",
        "french-user": "Le vendredi 20 novembre 2026, Bo Li a écrit :",
        "spanish-user": "El viernes, 20 de noviembre de 2026, Bo Li escribió:",
        "spanish-2": f"El vie, 20 nov 2026 a las 10:00, Bo Li (<{OURS}>) escribió:",
        "pt-seg": f"Em sex., 20 de nov. de 2026 às 10:00, {BO} escreveu:",
        "pt-pt": f"{BO} escreveu no dia sexta, 20/11/2026 à(s) 10:00:",
        "it-gg": f"Il giorno ven 20 nov 2026 alle ore 10:00 {BO} ha scritto:",
        "pl-godz": f"Dnia 20 lis 2026 o godz. 10:00 {BO} napisał(a):",
        "pl-pt": f"pt., 20 lis 2026 o 10:00 {BO} napisał(a):",
        "ru-short": f"пт, 20 нояб. 2026 г. в 10:00, {BO}:",
        "ja-gmail": f"2026年11月20日(金) 10:00 {BO}:",
        "ja-wrote": "On 2026/11/20 10:00、Bo Li さんは書きました:",
        "ko-gmail": f"2026년 11월 20일 (금) 오전 10:00, {BO}님이 작성:",
        "zh-gmail": f"{BO} 于2026年11月20日周五 10:00写道：",
        "zh-tb": "在 2026/11/20 10:00, Bo Li 写道:",
        "zh-in": f"在 2026年11月20日 星期五 10:00:00 [GMT+8], {BO} 写道：",
        "zh-to": "Bo Li 在 2026-11-20 10:00 写道:",
        "tw-tb": "Bo Li 於 2026/11/20 10:00 寫道:",
        "zh-time": f"{BO} 于2026年11月20日 周五上午10:00写道：",
        "zh-mac": f"在 2026年11月20日，10:00，{BO} 写道：",
        "zh-outlookmac": f"在 2026/11/20 10:00，“Bo Li”<{OURS}> 写入:",
        "en-outlookmac": f'On 20/11/2026, 10:00, "Bo Li" <{OURS}> wrote:',
        "zh-mail-said": f"{BO} 来信写道：",
    }  # fmt: skip
    for name, line in programs.items():
        yield Letter(
            f"above-line-{name}", written(f"{NEW}\n\n{line}\n\n> {OLD}\n> \n> Bo\n"), {"reply_text": NEW}
        )
        yield Letter(f"above-bare-{name}", written(f"{NEW}\n\n{line}\n\n{OLD}\n"), {"reply_text": NEW})
        yield Letter(
            f"above-fresh-{name}",
            written(f"{NEW}\n\n{line}\n\n> {OLD}\n> \n> Bo\n", **FRESH),
            {"reply_text": NEW},
        )


def small() -> Iterator[Letter]:
    blocks = {
        "from-date": f"_____________\nFrom: {OURS}\nDate: Thu, 19 Nov 2026 08:07:12 -0700",
        "from-date-plain": f"From: {OURS}\nDate: Thu, 19 Nov 2026 08:07:12 -0700",
        "original-short": "---Original Message---",
        "stars": "*----- Original Message -----*",
        "reply-message": "----- Reply message -----",
        "reply-message-lines": f'----- Reply message -----\nFrom: "Bo" <{OURS}>\nTo: <kim@mail.example>\nSubject: Re: Sound\nDate: Fri, Nov 20, 2026 10:00 am',
        "above-de": "## Bitte gib deine Antwort oberhalb dieser Zeile ein. ##",
        "above-zendesk": "##- Please type your reply above this line -##",
        "above-fr": "##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
    }  # fmt: skip
    for name, block in blocks.items():
        yield Letter(f"above-block-{name}", written(f"{NEW}\n\n{block}\n\n{OLD}\n"), {"reply_text": NEW})
    endings = {"galaxy": "<<sent by galaxy>>", "phone": "(sent from a phone)", "mob": "(Sent from mobile device)", "by": "Sent by Outlook for Android", "win": "Sent from Windows Mail", "k9": "-- \nSent from my Android device with K-9 Mail. Please excuse my brevity."}  # fmt: skip
    for name, line in endings.items():
        yield Letter(f"above-sent-{name}", written(f"{NEW}\n\n{line}\n", **FRESH), {"reply_text": NEW})


def pages() -> Iterator[Letter]:
    quotes = {
        "olk": f'<span id="OLK_SRC_BODY_SECTION"><div><span>From: </span> Bo &lt;{OURS}&gt;<br><span>Date: </span> Friday, November 20, 2026<br><span>To: </span> Kim<br><span>Subject: </span> Re<br></div><div>{OLD}</div></span>',
        "one-line-hr": f"<hr>From: {OURS}<br>Date: Fri, 20 Nov 2026<br><br>{OLD}",
        "quote-then-disclaimer": f"<blockquote>{OLD}</blockquote>",
        "wrote-in-quote": f"<blockquote><div>On 20 Nov 2026, at 10:00, Bo &lt;{OURS}&gt; wrote:</div><div>{OLD}</div></blockquote>",
        "gmail-no-blockquote": f'<div class="gmail_quote">On Fri, Nov 20, 2026 at 10:00 AM Bo &lt;{OURS}&gt; wrote:<div>{OLD}</div></div>',
        "hotmail": f'<div><hr id="stopSpelling">From: {OURS}<br>To: kim@mail.example<br>Subject: Re<br>Date: Fri, 20 Nov 2026 10:00:00 +0000<br><br>{OLD}</div>',
        "outlook-2003": f'<div><div class=MsoNormal align=center><hr size=2 width="100%" align=center tabIndex=-1></div><p class=MsoNormal><b><span>From:</span></b><span> Bo [mailto:{OURS}] <br><b>Sent:</b> Friday, November 20, 2026 10:00 AM<br><b>To:</b> Kim<br><b>Subject:</b> Re</span></p></div><p class=MsoNormal>{OLD}</p>',
        "windows-mail": f'<div data-signatureblock="true"><br>Sent from Windows Mail</div><div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"><div><b>From:</b>&nbsp;<a href="mailto:{OURS}">Bo</a><br><b>Sent:</b>&nbsp;Friday, November 20, 2026 10:00 AM<br><b>To:</b>&nbsp;<a>Kim</a></div></div><div><br></div><div>{OLD}</div>',
        "moz": f'<div class="moz-cite-prefix">On 11/20/26 10:00, Bo wrote:<br></div><blockquote type="cite" cite="mid:x">{OLD}</blockquote><p><br></p>',
        "moz-sig": f'<div class="moz-signature">-- <br>Kim Lee</div><div class="moz-cite-prefix">On 11/20/26 10:00, Bo wrote:<br></div><blockquote type="cite">{OLD}</blockquote>',
        "zh-outlook-app": f'<div id="ms-outlook-mobile-signature"><div>获取 <a href="x">Outlook for iOS</a></div></div><hr><div id="divRplyFwdMsg"><b>发件人:</b> 小助手 &lt;{OURS}&gt;<br><b>发送时间:</b> 星期五, 十一月 20, 2026 10:00 上午<br><b>收件人:</b> kim<br><b>主题:</b> Re</div><div>{OLD}</div>',
        "qq-app": f'<div><br></div><div>发自我的iPhone</div><div><br></div><div><br></div><div class="original-style"><div>------------------ Original ------------------</div><div><b>From:</b> Bo &lt;{OURS}&gt;</div><div><b>Date:</b> Fri,Nov 20,2026 10:00 AM</div><div><b>To:</b> kim &lt;kim@qq.example&gt;</div><div><b>Subject:</b> Re: Re</div></div><div>{OLD}</div>',
        "qq-2024": f'<div><br></div><hr style="margin: 0 0 10px 0;border: 0;border-bottom:1px solid #E4E5E6;"><div style="font-size:14px">原始邮件</div><table><tr><td>发件人：</td><td>小助手 &lt;{OURS}&gt;</td></tr><tr><td>发件时间：</td><td>2026年11月20日 10:00</td></tr><tr><td>收件人：</td><td>kim</td></tr><tr><td>主题：</td><td>Re</td></tr></table><div>{OLD}</div>',
        "netease-iphone": f'<div><br></div><div>| |<br>金小美<br>|</div><div style="font-size:14px">---- 回复的原邮件 ----</div><table><tr><td>发件人</td><td>小助手&lt;{OURS}&gt;</td></tr><tr><td>发送日期</td><td>2026年11月20日</td></tr><tr><td>主题</td><td>Re</td></tr></table><div>{OLD}</div>',
    }  # fmt: skip
    for name, quote in quotes.items():
        yield answer_as_page(f"above-page-{name}", quote)


def between() -> Iterator[Letter]:
    """Rules, bullets and lost line ends in the sender's own words or in the quote."""
    wrote = f"On Fri, Nov 20, 2026 at 10:00 AM {BO} wrote:"
    rule = "_" * 80
    bodies = {
        "rule-between": (f"First part.\n\n{rule}\n\nSecond part.\n\nBest regards,\nKim\n\n{wrote}\n> {OLD}", f"First part.\n\n{rule}\n\nSecond part.\n\nBest regards,\nKim"),
        "bullets": ("My list:\n\n-\nFirst item.\n*\nSecond item.\n\n--\nKim Lee", "My list:\n\n-\nFirst item.\n*\nSecond item."),
        "wrapped-quote": (f"{NEW}\n\n{wrote}\n>\n> You have three unread messages of a very long kind, and they say\nthat the app was updated.\n> Bo", NEW),
        "initials": ("Hello,\n\nOn Friday, November 20, 2026, 10:00:15, you wrote:\n\nBL> Which model is it?\n\nAn old one.\n\nBL>> And its name?\nBL> Tell me.\n\nNovel 2.\n\n-- \nKim", "Hello,\n\nAn old one.\n\nNovel 2."),
        "prompt": (f"It fails here:\n\nSQL> select 1\nSQL> exit\n\nand then nothing.\n\n{wrote}\n> {OLD}", "It fails here:\n\nSQL> select 1\nSQL> exit\n\nand then nothing."),
        "no-space-before-yu": (f"{NEW}\n\nBo <{OURS}>于2026年11月20日 周五下午9:10写道：\n\n{OLD}", NEW),
    }  # fmt: skip
    for name, (body, new) in bodies.items():
        yield Letter(f"above-{name}", written(body), {"reply_text": new})


def all_attributions() -> list[Letter]:
    return [letter for make in (lines, small, pages, between) for letter in make()]
