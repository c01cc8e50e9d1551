"""Answers: of each only what its sender newly wrote may stay."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, reply, several, written

OLD = "We have found the cause. Please install version 8.2 and try again."
OLD_ZH = "您好，我们已经找到原因，请升级到 8.2 版本后再试一次。"
NEW = "It still closes as soon as I open a live room.\n\nMy phone is a Pixel 6."
NEW_ZH = "升级以后还是闪退，一进直播间就退出。\n\n手机是小米 14。"
OURS = "support+k7q2@earshot.example"


def p(text: str, tag: str = "div") -> str:
    """Return each paragraph of ``text`` in a tag of its own, with an empty one between."""
    return f"<{tag}><br></{tag}>".join(f"<{tag}>{piece}</{tag}>" for piece in text.split("\n\n"))


def gmail() -> Iterator[Letter]:
    wrote = f"On Fri, Nov 20, 2026 at 10:00 AM Earshot Support <{OURS}>"
    quote = 'class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)"'
    yield from reply(
        "gmail-web-en",
        NEW,
        plain=f"{NEW}\n\n{wrote[:70]}\n{wrote[70:]} wrote:\n\n> {OLD[:60]}\n> {OLD[60:]}\n>\n",
        markup=f'<div dir="ltr">{p(NEW)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">On Fri, Nov 20, 2026 at 10:00\u202fAM Earshot Support &lt;'
        f'<a href="mailto:{OURS}">{OURS}</a>&gt; wrote:<br></div><blockquote {quote}>{OLD}</blockquote></div>',
    )
    yield from reply(
        "gmail-web-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n小助手客服 <{OURS}> 于2026年11月20日周五 10:00写道：\n\n> {OLD_ZH}\n",
        markup=f'<div dir="ltr">{p(NEW_ZH)}</div><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">小助手客服 &lt;<a href="mailto:{OURS}">{OURS}</a>&gt; 于2026年11月20日周五 '
        f"10:00写道：<br></div><blockquote {quote}>{OLD_ZH}</blockquote></div>",
    )
    yield from reply(
        "gmail-android-en",
        "Thanks, that worked",
        plain=f"Thanks, that worked\n\nOn Fri, 20 Nov 2026, 10:00 Earshot Support, <{OURS}> wrote:\n\n> {OLD}\n",
        markup='<div dir="auto">Thanks, that worked</div><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">On Fri, 20 Nov 2026, 10:00 Earshot Support, &lt;<a href="mailto:{OURS}">{OURS}'
        f"</a>&gt; wrote:<br></div><blockquote {quote}><p>{OLD}</p></blockquote></div>",
    )
    yield from reply(
        "gmail-signature-above",
        NEW,
        plain=f"{NEW}\n\n-- \nKim Lee\nOperations, Northwind\n+1 555 010 2030\n\n{wrote} wrote:\n\n> {OLD}\n",
        markup=f'<div dir="ltr">{p(NEW)}<div><br clear="all"></div><div><br></div><span '
        'class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" '
        'data-smartmail="gmail_signature"><div dir="ltr">Kim Lee<div>Operations, Northwind</div><div>'
        f'+1 555 010 2030</div></div></div></div><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">{wrote.replace("<", "&lt;").replace(">", "&gt;")} wrote:<br></div>'
        f"<blockquote {quote}>{OLD}</blockquote></div>",
    )
    yield from reply(
        "gmail-signature-below-html",
        NEW,
        markup=f'<div dir="ltr">{p(NEW)}</div><br><div class="gmail_quote"><div class="gmail_attr">'
        f"{wrote.replace('<', '&lt;').replace('>', '&gt;')} wrote:<br></div><blockquote {quote}>{OLD}"
        '</blockquote></div><br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span>'
        '<br><div dir="ltr" class="gmail_signature">Kim Lee<br>Northwind</div>',
    )
    yield from reply(
        "gmail-twice-quoted",
        "Any news?",
        plain=f"Any news?\n\n{wrote} wrote:\n\n> Still open.\n>\n> On Thu, Nov 19, 2026 at 9:00 AM Kim Lee "
        f"<kim@mail.example>\n> wrote:\n>\n>> It closes.\n>>\n",
        markup=f'<div dir="ltr">Any news?</div><br><div class="gmail_quote"><div class="gmail_attr">'
        f"{wrote.replace('<', '&lt;').replace('>', '&gt;')} wrote:<br></div><blockquote {quote}>Still open.<br>"
        f'<div class="gmail_quote">On Thu, Nov 19, 2026 Kim Lee wrote:<blockquote {quote}>It closes.'
        "</blockquote></div></blockquote></div>",
    )


def outlook() -> Iterator[Letter]:
    top = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"
    yield from reply(
        "outlook-desktop-en",
        NEW,
        plain=f"{NEW}\n\nFrom: Earshot Support <{OURS}>\nSent: Friday, November 20, 2026 10:00 AM\n"
        f"To: Kim Lee <kim@mail.example>\nCc: Bo Park <bo@mail.example>\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup='<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        "<head><style><!-- /* Font Definitions */ p.MsoNormal {margin:0in;} --></style><!--[if gte mso 9]><xml>"
        '<o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head><body lang="EN-US"><div '
        'class="WordSection1">'
        + "<p class=MsoNormal><o:p>&nbsp;</o:p></p>".join(
            f"<p class=MsoNormal>{each}<o:p></o:p></p>" for each in NEW.split("\n\n")
        )
        + f"<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='{top}'><p class=MsoNormal><b>From:</b> "
        f"Earshot Support &lt;{OURS}&gt; <br><b>Sent:</b> Friday, November 20, 2026 10:00 AM<br><b>To:</b> Kim "
        "Lee &lt;kim@mail.example&gt;<br><b>Subject:</b> [E-10007] The app closes<o:p></o:p></p></div></div>"
        f"<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>{OLD}<o:p></o:p></p></div></body></html>",
    )
    yield from reply(
        "outlook-desktop-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n \n\n发件人: 小助手客服 <{OURS}> \n发送时间: 2026年11月20日 10:00\n"
        f"收件人: 金小美 <kim@mail.example>\n抄送: 李四 <li@mail.example>\n主题: [E-10007] 应用闪退\n\n \n\n{OLD_ZH}\n",
        markup='<div class="WordSection1">'
        + "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>".join(
            f"<p class=MsoNormal>{each}<span lang=EN-US><o:p></o:p></span></p>"
            for each in NEW_ZH.split("\n\n")
        )
        + f"<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal "
        "align=left><b><span style='font-size:10.0pt'>发件人<span lang=EN-US>:</span></span></b><span "
        f"lang=EN-US> </span>小助手客服<span lang=EN-US> [mailto:{OURS}] <br></span><b>发送时间<span lang=EN-US>:"
        "</span></b><span lang=EN-US> 2026</span>年<span lang=EN-US>11</span>月<span lang=EN-US>20</span>日<span "
        "lang=EN-US> 10:00<br></span><b>收件人<span lang=EN-US>:</span></b> 金小美<span lang=EN-US><br></span><b>"
        "主题<span lang=EN-US>:</span></b> [E-10007] 应用闪退<span lang=EN-US><o:p></o:p></span></p></div>"
        f"<p class=MsoNormal>{OLD_ZH}</p></div>",
    )
    yield from reply(
        "outlook-web-en",
        NEW,
        plain=f"{NEW}\n________________________________\nFrom: Earshot Support <{OURS}>\nSent: Friday, November 20, "
        f"2026 10:00 AM\nTo: Kim Lee <kim@mail.example>\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup=f'<div class="elementToProof" style="font-family: Aptos">{p(NEW)}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font '
        f'face="Calibri, sans-serif"><b>From:</b> Earshot Support &lt;{OURS}&gt;<br><b>Sent:</b> Friday, November '
        "20, 2026 10:00 AM<br><b>To:</b> Kim Lee &lt;kim@mail.example&gt;<br><b>Subject:</b> [E-10007] The app "
        f"closes</font><div>&nbsp;</div></div><div>{OLD}</div>",
    )
    yield from reply(
        "outlook-web-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n________________________________\n发件人: 小助手客服 <{OURS}>\n发送时间: 2026年11月20日 10:00\n"
        f"收件人: 金小美 <kim@mail.example>\n主题: [E-10007] 应用闪退\n\n{OLD_ZH}\n",
        markup=f'<div dir="ltr">{p(NEW_ZH)}</div><hr style="display:inline-block;width:98%" tabindex="-1"><div '
        f'id="divRplyFwdMsg" dir="ltr"><b>发件人:</b> 小助手客服 &lt;{OURS}&gt;<br><b>发送时间:</b> 2026年11月20日 '
        f"10:00<br><b>收件人:</b> 金小美<br><b>主题:</b> [E-10007] 应用闪退</div><div>{OLD_ZH}</div>",
    )
    yield from reply(
        "outlook-ios-en",
        "Done, thank you.",
        plain="Done, thank you.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n"
        f"From: Earshot Support <{OURS}>\nSent: Friday, November 20, 2026 10:00:00 AM\nTo: Kim Lee "
        f"<kim@mail.example>\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup='<div dir="ltr">Done, thank you.</div><div id="ms-outlook-mobile-signature" dir="ltr"><div><br></div>'
        'Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg"><b>From:</b> Earshot Support &lt;{OURS}&gt;<br><b>Sent:</b> Friday, November 20, '
        f"2026 10:00:00 AM<br><b>To:</b> Kim Lee<br><b>Subject:</b> [E-10007] The app closes</div><div>{OLD}</div>",
    )
    yield from reply(
        "outlook-android-zh",
        "可以了，谢谢！",
        plain="可以了，谢谢！\n\n下载 Outlook for Android<https://aka.ms/AAb9ysg>\n________________________________\n"
        f"发件人: 小助手客服 <{OURS}>\n发送时间: Friday, November 20, 2026 10:00:00 AM\n收件人: 金小美\n主题: 闪退\n\n{OLD_ZH}",
        markup='<div>可以了，谢谢！</div><div id="ms-outlook-mobile-signature"><div><br></div>下载 <a '
        'href="https://aka.ms/AAb9ysg">Outlook for Android</a></div><div id="mail-editor-reference-message-container" '
        f'class="ms-outlook-mobile-reference-message"><hr><p><b>发件人: </b>小助手客服 &lt;{OURS}&gt;<br><b>发送时间: '
        f"</b>2026年11月20日星期五 10:00<br><b>收件人: </b>金小美<br><b>主题: </b>闪退</p><p>{OLD_ZH}</p></div>",
    )
    yield from reply(
        "outlook-mac-en",
        NEW,
        plain=f"{NEW}\n\n\nFrom: Earshot Support <{OURS}>\nDate: Friday, 20 November 2026 at 10:00\nTo: Kim Lee "
        f"<kim@mail.example>\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup=f'<div class="WordSection1">{p(NEW, "p")}<div id="mail-editor-reference-message-container"><div '
        f'style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal" '
        f'style="margin-bottom:12.0pt"><b><span style="color:black">From: </span></b><span>Earshot Support &lt;{OURS}'
        "&gt;<br><b>Date: </b>Friday, 20 November 2026 at 10:00<br><b>To: </b>Kim Lee &lt;kim@mail.example&gt;<br><b>"
        f"Subject: </b>[E-10007] The app closes</span></p></div><p>{OLD}</p></div></div>",
    )
    yield from reply(
        "outlook-plain-original",
        NEW,
        plain=f"{NEW}\n\n-----Original Message-----\nFrom: Earshot Support [mailto:{OURS}] \nSent: Friday, November 20, "
        f"2026 10:00 AM\nTo: Kim Lee\nSubject: [E-10007] The app closes\nImportance: High\n\n{OLD}\n",
    )
    yield from reply(
        "outlook-zh-tw",
        "還是不行，請再確認一次。",
        plain=f"還是不行，請再確認一次。\n\n寄件者: 客服中心 <{OURS}>\n寄件日期: 2026年11月20日 上午 10:00\n"
        f"收件者: 金小美 <kim@mail.example>\n主旨: [E-10007] 閃退\n\n{OLD_ZH}\n",
        markup="<p class=MsoNormal>還是不行，請再確認一次。</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
        f"<p class=MsoNormal><b>寄件者<span lang=EN-US>:</span></b> 客服中心 &lt;{OURS}&gt;<br><b>寄件日期:</b> 2026年11月"
        f"20日 上午 10:00<br><b>收件者:</b> 金小美<br><b>主旨:</b> [E-10007] 閃退</p></div><p>{OLD_ZH}</p>",
    )
    yield from reply(
        "windows-mail-en",
        "Works now.",
        plain=f"Works now.\n\nSent from Mail for Windows\n\nFrom: Earshot Support\nSent: Friday, November 20, 2026 10:00\n"
        f"To: Kim Lee\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup="<div class=WordSection1><p class=MsoNormal>Works now.</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p "
        'class=MsoNormal>Sent from <a href="https://go.microsoft.com/fwlink/?LinkId=550986">Mail</a> for Windows</p>'
        f"<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From: </b><a href=\"mailto:{OURS}\">"
        "Earshot Support</a><br><b>Sent: </b>Friday, November 20, 2026 10:00<br><b>To: </b>Kim Lee<br><b>Subject: </b>"
        f"[E-10007] The app closes</p></div><p>{OLD}</p></div>",
    )
    yield from reply(
        "windows-mail-zh",
        "可以了。",
        plain=f"可以了。\n\n从 Windows 版邮件发送\n\n发件人: 小助手客服\n发送时间: 2026年11月20日 10:00\n收件人: 金小美\n主题: 闪退\n\n{OLD_ZH}\n",
        markup="<p class=MsoNormal>可以了。</p><p class=MsoNormal><span lang=EN-US>&nbsp;</span></p><p class=MsoNormal>从 "
        '<a href="https://go.microsoft.com/fwlink/?LinkId=550986"><span lang=EN-US>Windows </span>版邮件</a>发送</p><div '
        "style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>发件人<span lang=EN-US>: </span></b>小助手客服"
        f"<br><b>发送时间: </b>2026年11月20日 10:00<br><b>收件人: </b>金小美<br><b>主题: </b>闪退</p></div><p>{OLD_ZH}</p>",
    )
    yield from reply(
        "hotmail-old",
        "No, not yet.",
        plain=f"No, not yet.\n\n> Date: Fri, 20 Nov 2026 10:00:00 +0800\n> From: {OURS}\n> To: kim@mail.example\n"
        f"> Subject: [E-10007] The app closes\n> \n> {OLD}\n",
        markup=f'<div dir="ltr">No, not yet.<br><br><div><hr id="stopSpelling">Date: Fri, 20 Nov 2026 10:00:00 +0800<br>'
        f"From: {OURS}<br>To: kim@mail.example<br>Subject: [E-10007] The app closes<br><br>{OLD}</div></div>",
    )


def apple() -> Iterator[Letter]:
    yield from reply(
        "apple-mail-en",
        NEW,
        plain=f"{NEW}\n\n> On Nov 20, 2026, at 10:00 AM, Earshot Support <{OURS}> wrote:\n> \n> {OLD}\n\n",
        markup=f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body '
        f'style="overflow-wrap: break-word; line-break: after-white-space;">{p(NEW)}<div><br><blockquote type="cite"><div>'
        f"On Nov 20, 2026, at 10:00\u202fAM, Earshot Support &lt;{OURS}&gt; wrote:</div><br "
        f'class="Apple-interchange-newline"><div>{OLD}</div></blockquote></div><br></body></html>',
    )
    yield from reply(
        "apple-mail-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n> 2026年11月20日 10:00，小助手客服 <{OURS}> 写道：\n> \n> {OLD_ZH}\n",
        markup=f'<body>{p(NEW_ZH)}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>2026年11月20日 '
        f"10:00，小助手客服 &lt;{OURS}&gt; 写道：</div><br><div>{OLD_ZH}</div></blockquote></div></body>",
    )
    yield from reply(
        "iphone-en",
        "Yes please",
        plain=f"Yes please\n\nSent from my iPhone\n\n> On 20 Nov 2026, at 10:00, Earshot Support <{OURS}> wrote:\n> \n"
        f"> \ufeff\n> {OLD}\n",
        markup='<html><body dir="auto">Yes please<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br>'
        f'<blockquote type="cite">On 20 Nov 2026, at 10:00, Earshot Support &lt;{OURS}&gt; wrote:<br><br></blockquote>'
        f'</div><blockquote type="cite"><div dir="ltr">\ufeff{OLD}</div></blockquote></body></html>',
    )
    yield from reply(
        "iphone-zh",
        "好的，麻烦尽快处理",
        plain=f"好的，麻烦尽快处理\n\n发自我的 iPhone\n\n> 在 2026年11月20日，10:00，小助手客服 <{OURS}> 写道：\n> \n> \ufeff{OLD_ZH}\n",
        markup='<body dir="auto">好的，麻烦尽快处理<br><br><div dir="ltr">发自我的 iPhone</div><div dir="ltr"><br><blockquote '
        f'type="cite">在 2026年11月20日，10:00，小助手客服 &lt;{OURS}&gt; 写道：<br><br></blockquote></div><blockquote '
        f'type="cite"><div dir="ltr">\ufeff{OLD_ZH}</div></blockquote></body>',
    )
    yield from reply(
        "iphone-tw",
        "收到，謝謝",
        plain=f"收到，謝謝\n\n從我的 iPhone 傳送\n\n> 客服中心 <{OURS}> 於 2026年11月20日 上午10:00 寫道：\n> \n> {OLD_ZH}\n",
        markup='<body dir="auto">收到，謝謝<br><br><div dir="ltr">從我的 iPhone 傳送</div><div dir="ltr"><br><blockquote '
        f'type="cite">客服中心 &lt;{OURS}&gt; 於 2026年11月20日 上午10:00 寫道：<br></blockquote></div><blockquote '
        f'type="cite">{OLD_ZH}</blockquote></body>',
    )
    yield from reply(
        "ipad-german",
        "Ja, bitte",
        plain=f"Ja, bitte\n\nVon meinem iPad gesendet\n\n> Am 20.11.2026 um 10:00 schrieb Earshot Support <{OURS}>:\n> \n> {OLD}\n",
    )


def chinese() -> Iterator[Letter]:
    yield from reply(
        "qq-web",
        NEW_ZH,
        markup=f'<meta http-equiv="Content-Type" content="text/html; charset=GB18030"><div>{p(NEW_ZH)}</div><div><br></div>'
        '<div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;'
        '原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div '
        f'id="menu_sender"><b>发件人:</b>&nbsp;"小助手客服"&lt;{OURS}&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月20日(星期五)'
        '&nbsp;上午10:00</div><div><b>收件人:</b>&nbsp;"金小美"&lt;10001@qq.com&gt;;</div><div><b>主题:</b>&nbsp;[E-10007] '
        f"应用闪退</div></div><div><br></div><div>{OLD_ZH}</div>",
        plain=f'{NEW_ZH}\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人:&nbsp;"小助手客服"<{OURS}&gt;;\n'
        f'发送时间:&nbsp;2026年11月20日(星期五) 上午10:00\n收件人:&nbsp;"金小美"<10001@qq.com&gt;;\n主题:&nbsp;闪退\n\n{OLD_ZH}\n',
    )
    yield from reply(
        "qq-new-title",
        NEW_ZH,
        markup=f'<div class="qmbox">{p(NEW_ZH)}<div>&nbsp;</div><div><hr><div>原始邮件</div><hr></div>'
        f'<div class="xm_mail_oringinal_describe"><div>发件人：小助手客服 &lt;{OURS}&gt;</div><div>发件时间：2026年11月20日 10:00</div>'
        f"<div>收件人：金小美 &lt;10001@qq.com&gt;</div><div>主题：[E-10007] 应用闪退</div></div><div>{OLD_ZH}</div></div>",
        plain=f"{NEW_ZH}\n\n\n\n\n         原始邮件\n         \n       \n发件人：小助手客服 <{OURS}>\n发件时间：2026年11月20日 10:00\n"
        f"收件人：金小美 <10001@qq.com>\n主题：闪退\n\n\n       {OLD_ZH}\n",
    )
    yield from reply(
        "qq-phone",
        "还没好",
        plain=f"还没好\n\n\n发自我的iPhone\n\n\n------------------ Original ------------------\nFrom: 小助手客服 <{OURS}>\n"
        f"Date: Fri,Nov 20,2026 10:00 AM\nTo: 10001 <10001@qq.com>\nSubject: Re: 闪退\n\n{OLD_ZH}",
        markup='还没好<br><br><br><div id="qqmail-signature">发自我的iPhone</div><br><br><div style="font-size:70%;padding:2px 0;">'
        '------------------ Original ------------------</div><div style="font-size:70%;background:#f0f0f0;padding:8px;"><div>'
        f"<b>From:</b> 小助手客服 &lt;{OURS}&gt;</div><div><b>Date:</b> Fri,Nov 20,2026 10:00 AM</div><div><b>To:</b> 10001 "
        f"&lt;10001@qq.com&gt;</div><div><b>Subject:</b> Re: 闪退</div></div><br>{OLD_ZH}",
    )
    foxmail = (
        '<div><br></div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left"><div><span><div '
        'style="MARGIN: 10px">金小美<br>kim@foxmail.example</div></span></div>'
    )
    table = (
        '<blockquote style="margin-top: 0px; margin-bottom: 0px; margin-left: 0.5em;"><div>&nbsp;</div><div style="border:none;'
        'border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="PADDING-RIGHT: 8px; background:#efefef;"><div>'
        f'<b>发件人：</b>&nbsp;<a href="mailto:{OURS}">小助手客服</a></div><div><b>发送时间：</b>&nbsp;2026-11-20&nbsp;10:00</div><div>'
        '<b>收件人：</b>&nbsp;<a href="mailto:kim@foxmail.example">金小美</a></div><div><b>主题：</b>&nbsp;[E-10007] 应用闪退</div>'
        f"</div></div><div>{OLD_ZH}</div></blockquote>"
    )
    yield from reply(
        "foxmail",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n\n\n金小美\nkim@foxmail.example\n \n发件人： 小助手客服\n发送时间： 2026-11-20 10:00\n收件人： 金小美\n"
        f"主题： [E-10007] 应用闪退\n{OLD_ZH}\n",
        markup=f"{p(NEW_ZH)}\n{foxmail}\n{table}",
        from_="金小美 <kim@foxmail.example>",
    )
    netease = '<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">'
    yield from reply(
        "netease-163",
        NEW_ZH,
        plain=f'{NEW_ZH}\n\n\n\n\n\n\n\n\n\n\n\n\n在 2026-11-20 10:00:00，"小助手客服" <{OURS}> 写道：\n\n{OLD_ZH}\n',
        markup=f'{netease}{p(NEW_ZH)}<p style="margin: 0;"><br></p><div style="position:relative;zoom:1"></div><div '
        'id="divNeteaseMailCard"></div><p style="margin: 0;"><br></p><div style="position: relative; zoom: 1;"></div><p '
        f'style="margin: 0px;">在 2026-11-20 10:00:00，"小助手客服" &lt;{OURS}&gt; 写道：</p><blockquote id="isReplyContent" '
        f'style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid"><div>{OLD_ZH}</div></blockquote></div>',
    )
    yield from reply(
        "netease-126-at",
        "谢谢，已经收到退款。",
        plain=f'谢谢，已经收到退款。\n\n\n\n\n\n\n\nAt 2026-11-20 10:00:00, "Earshot Support" <{OURS}> wrote:\n\n{OLD}\n',
        markup=f'{netease}谢谢，已经收到退款。<br/><br/><br/><pre>At 2026-11-20 10:00:00, "Earshot Support" &lt;{OURS}&gt; wrote:\n'
        f'</pre><blockquote id="isReplyContent">{OLD}</blockquote></div>',
    )
    yield from reply(
        "netease-master",
        "已付款，请查收",
        plain="已付款，请查收\n\n\n| |\n金小美\n|\n|\n邮箱：kim@163.example\n|\n\n签名由 网易邮箱大师 定制\n\n---- 回复的原邮件 ----\n"
        f"| 发件人 | 小助手客服<{OURS}> |\n| 发送日期 | 2026年11月20日 10:00 |\n| 收件人 | 金小美<kim@163.example> |\n| 主题 | 回复：闪退 |\n{OLD_ZH}",
        markup='<html><body><div id="spnEditorContent"><p style="margin: 0px;">已付款，请查收</p></div><div '
        'id="ntes-pcmac-signature"><div style="font-size:14px;"><a><table><tr><td>金小美</td></tr><tr><td>kim@163.example</td></tr>'
        '</table></a></div></div><div class="ntes-mailmaster-quote" style="padding-top: 1px"><div style="margin-top: 2em;">'
        '---- 回复的原邮件 ----</div><div style="background-color:#F3F3F3;"><table width="100%"><tbody><tr><td>发件人</td><td>'
        f"小助手客服&lt;{OURS}&gt;</td></tr><tr><td>发送日期</td><td>2026年11月20日 10:00</td></tr><tr><td>收件人</td><td>金小美</td></tr>"
        f"<tr><td>主题</td><td>回复：闪退</td></tr></tbody></table></div>{OLD_ZH}</div></body></html>",
        from_="金小美 <kim@163.example>",
    )
    yield from reply(
        "aliyun",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n------------------------------------------------------------------\n发件人：小助手客服 <{OURS}>\n"
        f"发送时间：2026年11月20日(星期五) 10:00\n收件人：金小美 <kim@aliyun.example>\n主　题：[E-10007] 应用闪退\n\n{OLD_ZH}\n",
        markup=f'<div class="__aliyun_email_body_block"><div style="font-family:Tahoma">{p(NEW_ZH)}</div><blockquote style="margin-right:'
        '0;margin-top:0;margin-bottom:0;"><div style="font-family:Tahoma">------------------------------------------------------------------'
        f"</div><div>发件人：小助手客服 &lt;{OURS}&gt;</div><div>发送时间：2026年11月20日(星期五) 10:00</div><div>收件人：金小美</div><div>主　题：闪退</div>"
        f"<div>{OLD_ZH}</div></blockquote></div>",
    )
    yield from reply(
        "exmail",
        NEW_ZH,
        plain=f'{NEW_ZH}\n \n \n------------------ Original ------------------\nFrom:  "小助手客服"<{OURS}>;\nDate:  Fri, Nov 20, 2026 10:00 AM\n'
        f'To:  "金小美"<kim@corp.example>;\nSubject:  [E-10007] 应用闪退\n \n{OLD_ZH}\n',
    )
    yield from reply(
        "coremail",
        NEW_ZH,
        plain=f'{NEW_ZH}\n\n\n-----原始邮件-----\n发件人:"小助手客服" <{OURS}>\n发送时间:2026-11-20 10:00:00 (星期五)\n收件人: kim@edu.example\n'
        f"抄送: \n主题: [E-10007] 应用闪退\n\n{OLD_ZH}\n",
        markup=f'<p>{NEW_ZH.replace(chr(10) * 2, "</p><p>")}</p><br /><br /><blockquote name="replyContent" class="ReferenceQuote" style="'
        'padding-left:5px;margin-left:5px;border-left:#b6b6b6 2px solid;">-----原始邮件-----<br /><b>发件人:</b><span id="rc_from">'
        f'"小助手客服" &lt;{OURS}&gt;</span><br /><b>发送时间:</b><span id="rc_senttime">2026-11-20 10:00:00 (星期五)</span><br /><b>收件人:</b> '
        f"kim@edu.example<br /><b>主题:</b> 闪退<br /><br />{OLD_ZH}</blockquote>",
    )
    yield from reply(
        "sohu",
        "还没有解决",
        plain=f"还没有解决\n\n\n-----  原始邮件  -----\n发件人: 小助手客服 <{OURS}>\n时间: 2026-11-20 10:00:00\n收件人: kim@sohu.example\n主题: 闪退\n\n{OLD_ZH}",
    )
    yield from reply(
        "huawei",
        "好的",
        plain=f"好的\n\n发自我的华为手机\n\n\n-------- 原始邮件 --------\n发件人： 小助手客服 <{OURS}>\n日期： 2026年11月20日周五 10:00\n收件人： kim@mail.example\n"
        f"主题： 闪退\n\n{OLD_ZH}\n",
        markup='<html><body><p dir="ltr">好的</p><p dir="ltr">发自我的华为手机</p><br><div class="quote">-------- 原始邮件 --------<br>发件人： '
        f"小助手客服 &lt;{OURS}&gt;<br>日期： 2026年11月20日周五 10:00<br>收件人： kim@mail.example<br>主题： 闪退<br><blockquote>{OLD_ZH}</blockquote>"
        "</div></body></html>",
    )
    yield from reply(
        "xiaomi",
        "还是不行",
        plain=f"还是不行\n\n发自我的小米手机\n在 小助手客服 <{OURS}>，2026年11月20日 10:00写道：\n{OLD_ZH}\n",
        markup=f'<div>还是不行</div><br><div>发自我的小米手机</div><div class="quote">在 小助手客服 &lt;{OURS}&gt;，2026年11月20日 10:00写道：<br>'
        f'<blockquote class="quote">{OLD_ZH}</blockquote></div>',
    )
    yield from reply(
        "dingtalk",
        "已经处理好了",
        plain=f"已经处理好了\n\n\n------------------------------------------------------------------\n发件人：小助手客服<{OURS}>\n日　期：2026年11月20日 10:00:00\n"
        f"收件人：金小美<kim@corp.example>\n主　题：闪退\n\n{OLD_ZH}",
    )
    yield from reply(
        "feishu",
        "收到",
        plain=f'收到\n\n发件人: "小助手客服"<{OURS}>\n日期: 2026年11月20日 (周五) 10:00\n主题:  闪退\n收件人: "金小美"<kim@corp.example>\n{OLD_ZH}',
        markup=f'<div>收到</div><div class="history-quote-wrapper"><div><div style="padding:12px"><div>发件人: <span>"小助手客服"&lt;{OURS}&gt;</span></div>'
        f"<div>日期: 2026年11月20日 (周五) 10:00</div><div>主题: 闪退</div><div>收件人: 金小美</div></div>{OLD_ZH}</div></div>",
    )


def others() -> Iterator[Letter]:
    yield from reply(
        "thunderbird-en",
        NEW,
        plain=f"{NEW}\n\n\nOn 11/20/26 10:00, Earshot Support wrote:\n> {OLD}\n\n",
        markup=f'<!DOCTYPE html><html><body><p>{NEW.replace(chr(10) * 2, "</p><p>")}</p><div class="moz-cite-prefix">On 11/20/26 10:00, Earshot '
        f'Support wrote:<br></div><blockquote type="cite" cite="mid:0001@earshot.example"><pre wrap="" class="moz-quote-pre">{OLD}\n</pre>'
        "</blockquote></body></html>",
    )
    yield from reply(
        "thunderbird-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n在 2026/11/20 10:00, 小助手客服 写道:\n> {OLD_ZH}\n",
        markup=f'<p>{NEW_ZH.replace(chr(10) * 2, "</p><p>")}</p><div class="moz-cite-prefix">在 2026/11/20 10:00, 小助手客服 写道:<br></div><blockquote '
        f'type="cite">{OLD_ZH}</blockquote>',
    )
    yield from reply(
        "thunderbird-bottom",
        NEW,
        plain=f"On 11/20/26 10:00, Earshot Support wrote:\n> {OLD}\n>\n\n{NEW}\n\n-- \nKim\n",
        markup=f'<div class="moz-cite-prefix">On 11/20/26 10:00, Earshot Support wrote:<br></div><blockquote type="cite">{OLD}</blockquote>'
        f'<p>{NEW.replace(chr(10) * 2, "</p><p>")}</p><pre class="moz-signature" cols="72">-- \nKim</pre>',
    )
    yield from reply(
        "yahoo",
        NEW,
        plain=f" {NEW}\n\n    On Friday, November 20, 2026 at 10:00:00 AM GMT+8, Earshot Support <{OURS}> wrote:  \n \n {OLD}  \n",
        markup=f'<div class="ydp1yahoo-style-wrap" style="font-size:16px;"><div dir="ltr">{p(NEW)}</div></div><div id="ydp2yahoo_quoted_1" '
        f'class="yahoo_quoted"><div style="color:#26282a;"><div>On Friday, November 20, 2026 at 10:00:00 AM GMT+8, Earshot Support &lt;{OURS}&gt; '
        f"wrote:</div><div><br></div><div><br></div><div>{OLD}</div></div></div>",
    )
    yield from reply(
        "yahoo-phone",
        "Perfect",
        plain="Perfect\n\nYahoo Mail: Search, Organize, Conquer \n \n  On Fri, Nov 20, 2026 at 10:00 AM, Earshot Support<support@earshot.example> "
        f"wrote:   {OLD}  \n",
        markup='Perfect<br><br><div id="ymail_android_signature"><a href="https://mail.onelink.me/1">Yahoo Mail: Search, Organize, Conquer</a></div> '
        f'<br> <blockquote style="margin: 0 0 20px 0;"> <div> <div> On Fri, Nov 20, 2026 at 10:00 AM, Earshot Support</div><div>&lt;{OURS}&gt; '
        f"wrote:</div> </div> <div> {OLD} </div> </blockquote>",
    )
    yield from reply(
        "samsung",
        "It still does not work",
        plain=f"It still does not work\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Earshot Support <{OURS}>\nDate: 20/11/2026  "
        f"10:00  (GMT+08:00)\nTo: Kim Lee <kim@mail.example>\nSubject: [E-10007] The app closes\n\n{OLD}\n",
        markup='<html><body><div dir="auto">It still does not work</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div '
        'style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div><br></div><div style="font-size:100%;color:#000000" '
        f'dir="auto"><!-- originalMessage --><div>-------- Original message --------</div><div>From: Earshot Support &lt;{OURS}&gt; </div><div>Date: '
        f"20/11/2026  10:00  (GMT+08:00) </div><div>To: Kim Lee </div><div>Subject: The app closes </div><div><br></div></div>{OLD}</body></html>",
    )
    yield from reply(
        "proton",
        NEW,
        plain=f"{NEW}\n\nSent with [Proton Mail](https://proton.me/mail/home) secure email.\n\nOn Friday, 20 November 2026 at 10:00, Earshot Support "
        f"<{OURS}> wrote:\n\n> {OLD}\n",
        markup=f'<div style="font-family: Arial">{p(NEW)}</div><div><br></div><div class="protonmail_signature_block"><div '
        'class="protonmail_signature_block-proton">Sent with <a href="https://proton.me/mail/home">Proton Mail</a> secure email.</div></div><div><br></div>'
        f'<div class="protonmail_quote">On Friday, 20 November 2026 at 10:00, Earshot Support &lt;{OURS}&gt; wrote:<br><blockquote '
        f'class="protonmail_quote" type="cite">{OLD}</blockquote><br></div>',
    )
    yield from reply(
        "lotus-notes",
        NEW,
        plain=f"{NEW}\n\n\n\nFrom:   Earshot Support <{OURS}>\nTo:     kim@corp.example\nDate:   20/11/2026 10:00\nSubject:        [E-10007] The app "
        f"closes\n\n\n\n{OLD}\n",
        markup='<font size=2 face="sans-serif">'
        + NEW.replace("\n\n", "</font><br><br><font>")
        + '</font><br><br><br><font size=1 color=#5f5f5f face="sans-serif">From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>Earshot Support &lt;'
        f"{OURS}&gt;</font><br><font size=1 color=#5f5f5f>To: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>kim@corp.example</font><br><font>Date: "
        "&nbsp; &nbsp; &nbsp; &nbsp;</font><font>20/11/2026 10:00</font><br><font>Subject: &nbsp; &nbsp; &nbsp; &nbsp;</font><font>[E-10007] The app "
        f"closes</font><br><hr noshade><br><br><tt>{OLD}</tt>",
    )
    yield from reply(
        "lotus-notes-old",
        NEW,
        plain=f"{NEW}\n\n\n\n\n\nEarshot Support <{OURS}>\n20/11/2026 10:00\n\n \n        To:     kim@corp.example\n        cc: \n        Subject:        "
        f"[E-10007] The app closes\n\n\n{OLD}\n",
    )
    yield from reply(
        "zoho",
        NEW,
        plain=f"{NEW}\n\n\n\n---- On Fri, 20 Nov 2026 10:00:00 +0800 Earshot Support <{OURS}> wrote ---\n\n{OLD}\n",
        markup=f'<div style="font-family: Verdana">{p(NEW)}<div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204)"><br></div><div '
        f'class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Fri, 20 Nov 2026 10:00:00 +0800 <b>Earshot Support &lt;{OURS}&gt;</b> wrote ---<br></div><br>'
        f'<blockquote id="blockquote_zmail" style="margin: 0px;"><div>{OLD}</div></blockquote></div></div>',
    )
    yield from reply(
        "spark",
        NEW,
        plain=f"{NEW}\nOn 20 Nov 2026 at 10:00 +0800, Earshot Support <{OURS}>, wrote:\n> {OLD}\n",
        markup=f'<div name="messageBodySection">{p(NEW)}</div><div name="messageReplySection">On 20 Nov 2026 at 10:00 +0800, Earshot Support &lt;{OURS}'
        f'&gt;, wrote:<br/><blockquote type="cite" class="spark_quote">{OLD}</blockquote></div>',
    )
    yield from reply(
        "fastmail",
        NEW,
        plain=f"{NEW}\n\nOn Fri, 20 Nov 2026, at 10:00 AM, Earshot Support wrote:\n> {OLD}\n",
        markup=f"<!DOCTYPE html><html><head><title></title></head><body>{p(NEW)}<div>On Fri, 20 Nov 2026, at 10:00 AM, Earshot Support wrote:<br></div>"
        f'<blockquote type="cite" id="qt"><div>{OLD}</div></blockquote></body></html>',
    )
    yield from reply(
        "em-client",
        NEW,
        plain=f'{NEW}\n\n------ Original Message ------\nFrom "Earshot Support" <{OURS}>\nTo "Kim Lee" <kim@mail.example>\nDate 20/11/2026 10:00:00\n'
        f"Subject [E-10007] The app closes\n\n>{OLD}\n",
        markup=f'<div>{p(NEW)}</div><div><br></div><div>------ Original Message ------</div><div>From "Earshot Support" &lt;{OURS}&gt;</div><div>To "Kim '
        f'Lee"</div><div>Date 20/11/2026 10:00:00</div><div>Subject The app closes</div><div><br></div><blockquote cite="x" type="cite" class="cite2">'
        f"{OLD}</blockquote>",
    )
    yield from reply(
        "blackberry",
        "Noted",
        plain=f"Noted\n\nSent from my BlackBerry 10 smartphone.\n\nFrom: Earshot Support\nSent: Friday, November 20, 2026 10:00 AM\nTo: Kim Lee\nReply To: {OURS}\n"
        f"Subject: The app closes\n\n{OLD}\n",
    )
    yield from reply(
        "superhuman",
        "Yes",
        plain=f"Yes\n\nSent via Superhuman ( https://sprh.mn/?vip=kim )\n\nOn Fri, Nov 20, 2026 at 10:00 AM, Earshot Support < {OURS} > wrote:\n\n> \n> \n> {OLD}\n",
    )
    yield from reply(
        "mail-ru",
        "Спасибо, всё работает",
        plain=f"Спасибо, всё работает\n\n--\nКим Ли\n\nПятница, 20 ноября 2026, 10:00 +03:00 от Earshot Support <{OURS}>:\n\n>{OLD}\n",
    )
    yield from reply(
        "yandex",
        "Спасибо",
        plain=f'Спасибо\n\n20.11.2026, 10:00, "Earshot Support" <{OURS}>:\n{OLD}\n\n-- \nКим\n',
        markup=f'<div>Спасибо</div><div>&nbsp;</div><div>20.11.2026, 10:00, "Earshot Support" &lt;{OURS}&gt;:</div><blockquote><p>{OLD}</p></blockquote>',
    )
    yield from reply(
        "french-gmail-wrapped",
        "Merci, ça marche.",
        plain=f"Merci, ça marche.\n\nLe ven. 20 nov. 2026 à 10:00, Earshot Support <\n{OURS}> a écrit :\n\n> {OLD}\n",
    )
    yield from reply(
        "japanese-outlook",
        "まだ直りません。",
        plain=f"まだ直りません。\n\n差出人: Earshot Support <{OURS}>\n送信日時: 2026年11月20日 10:00\n宛先: Kim\n件名: アプリが落ちる\n\n{OLD}\n",
    )
    yield from reply(
        "korean-naver",
        "아직 안 됩니다.",
        plain=f'아직 안 됩니다.\n\n-----Original Message-----\nFrom: "고객센터"<{OURS}>\nTo: <kim@naver.example>;\nCc: \nSent: 2026-11-20 (금) 10:00:00 (GMT+09:00)\n'
        f"Subject: 앱 종료\n\n{OLD}\n",
    )
    yield from reply(
        "spanish-outlook",
        "Gracias, ya funciona.",
        plain=f"Gracias, ya funciona.\n\nDe: Earshot Support <{OURS}>\nEnviado el: viernes, 20 de noviembre de 2026 10:00\nPara: Kim\nAsunto: Error\n\n{OLD}\n",
    )


def arrangements() -> Iterator[Letter]:
    """Answers between the lines, below them, with signatures and small print."""
    yield from reply(
        "interleaved",
        "Version 8.2, from the store.\n\nA Pixel 6.",
        plain=f"On Fri, Nov 20, 2026 at 10:00 AM Earshot Support <{OURS}> wrote:\n> Which version is it?\n\nVersion 8.2, from the store.\n\n> Which "
        "phone?\n\nA Pixel 6.\n",
        markup=f'<div class="gmail_quote"><div class="gmail_attr">On Fri, Nov 20, 2026 at 10:00 AM Earshot Support &lt;{OURS}&gt; wrote:<br></div><blockquote '
        'class="gmail_quote">Which version is it?</blockquote><div>Version 8.2, from the store.</div><blockquote class="gmail_quote">Which phone?'
        "</blockquote><div>A Pixel 6.</div></div>",
    )
    yield from reply(
        "interleaved-with-greeting",
        "Hello,\n\nsee below.\n\n8.2\n\nPixel 6\n\nRegards\nKim",
        plain="Hello,\n\nsee below.\n\nOn 20/11/2026 10:00, Earshot Support wrote:\n> Which version?\n8.2\n\n> Which phone?\nPixel 6\n\nRegards\nKim\n",
    )
    yield from reply(
        "interleaved-zh",
        "8.2 版\n\n小米 14",
        plain="在 2026/11/20 10:00, 小助手客服 写道:\n> 请问是哪个版本？\n8.2 版\n\n> 什么手机？\n小米 14\n",
    )
    yield from reply(
        "bottom-posting-zh",
        "已经升级，还是闪退。",
        plain=f"小助手客服 <{OURS}> 于2026年11月20日周五 10:00写道：\n\n> {OLD_ZH}\n>\n\n已经升级，还是闪退。\n",
    )
    yield from reply(
        "disclaimer-en",
        NEW,
        plain=f"{NEW}\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, "
        f"please delete it.\nNorthwind Ltd, registered in England No. 123456.\n\nFrom: Earshot Support <{OURS}>\nSent: 20 November 2026 10:00\nTo: Kim\n"
        f"Subject: The app closes\n\n{OLD}",
    )
    yield from reply(
        "disclaimer-caps",
        NEW,
        plain=f"{NEW}\n\n________________________________\n\nCONFIDENTIALITY NOTICE: The contents of this email message and any attachments are intended "
        "solely for the addressee(s) and may contain confidential information.\n",
    )
    yield from reply(
        "disclaimer-zh",
        NEW_ZH,
        plain=f"{NEW_ZH}\n\n本邮件及其附件含有某某公司的保密信息，仅限于发送给上面地址中列出的个人或群组。禁止任何其他人以任何形式使用本邮件中的信息。\nThis "
        "e-mail and its attachments contain confidential information from the company.\n",
    )
    yield from reply(
        "signature-outlook-ios-text",
        "Great",
        plain="Great\n\nSent from Outlook for iOS\n\nOn Fri, Nov 20, 2026 at 10:00 AM Earshot Support wrote:\n> Hello\n",
    )
    for number, line in enumerate(
        (
            "Sent from my iPhone",
            "Sent from my iPad",
            "Sent from my Samsung Galaxy smartphone.",
            "Sent from my Huawei phone",
            "Sent from my Xiaomi",
            "Sent from Yahoo Mail on Android",
            "Sent from Yahoo Mail for iPhone",
            "Sent from Proton Mail for iOS",
            "Sent from Proton Mail Android",
            "Sent from Gmail Mobile",
            "Sent from Mail for Windows 10",
            "Sent from AOL on Android",
            "Sent from Nine",
            "Sent from my mobile device",
            "Sent from mobile",
            "Get BlueMail for Android",
            "Get TypeApp for Android",
            "Get Outlook for Android",
            "Envoyé de mon iPhone",
            "Enviado desde mi iPhone",
            "Enviado do meu iPhone",
            "Inviato da iPhone",
            "Von meinem iPhone gesendet",
            "Verstuurd vanaf mijn iPhone",
            "Отправлено с iPhone",
            "iPhoneから送信",
            "나의 iPhone에서 보냄",
            "发自我的iPhone",
            "发自我的 iPad",
            "发自我的小米手机",
            "发自我的HUAWEI Mate 60 Pro",
            "发自我的OPPO手机",
            "发自我的vivo智能手机",
            "发自我的荣耀手机",
            "发自网易邮箱大师",
            "发自网易邮箱手机智能版",
            "发自 Windows 邮件",
            "發自我的 iPhone",
            "從我的 iPhone 傳送",
            "来自我的华为手机",
            "来自 iPhone 版 QQ 邮箱",
            "从我的 Android 手机发送。",
            "从手机QQ邮箱发送",
            "获取 Outlook for iOS",
            "获取适用于 Android 的 Outlook",
            "通过 Outlook for iOS 发送",
            "使用 QQ邮箱 发送",
        )
    ):
        yield from reply(f"program-line-{number:02}", "It works now", plain=f"It works now\n\n{line}\n")
    for number, text in enumerate(
        (
            "I sent it from my old account, not from this one.",
            "视频是从手机相册发送的，一直失败",
            "Get Outlook to accept the invite? It refuses.",
            "收件人写错了：地址应该是上海市。",
            "发件人：我自己，请问怎么改？",
            "The form says:\nFrom: Berlin\nTo: Paris\nand then the app closes.",
            "从 3 月 1 日写道现在，您的系统一直报错",
            "On the second page it says: wrote too much.",
            "The steps:\n--\nopen\n--\nclose\n--\nit hangs",
            "> 100 items fail, fewer work.",
            "退款金额：¥30\n订单号：2026112012345\n时间：2026-11-20 10:00",
            "本邮件是我第三次反馈了，请尽快处理",
            "On 20 November 2026 I paid twice:",
            "Your bot sent me this three times.\nSent from my old account because the new one is locked.",
            "Please write to my other address.\n\nkim.other@mail.example",
            "Original\nor copy? The picture is not mine.",
            "2026年11月20日 10:00 我付了两次款：",
            "----\nThe order number is 2026112012345",
        )
    ):
        yield Letter(
            f"kept-whole-{number:02}",
            written(text, subject="A question", in_reply_to=None, references=None),
            {"reply_text": text},
        )


def without_reply_headers() -> Iterator[Letter]:
    """Some clients and gateways lose In-Reply-To; the subject still tells."""
    bare = {"in_reply_to": None, "references": None}
    yield from reply(
        "no-headers-163",
        "好的",
        plain=f'好的\n\n\n在 2026-11-20 10:00:00，"小助手客服" <{OURS}> 写道：\n\n{OLD_ZH}\n',
        subject="回复：[E-10007] 闪退",
        **bare,
    )
    yield from reply(
        "no-headers-outlook",
        NEW,
        plain=f"{NEW}\n\nFrom: Earshot Support\nSent: Friday, November 20, 2026 10:00 AM\nTo: Kim Lee\nSubject: closes\n\n{OLD}\n",
        subject="RE: [E-10007] The app closes",
        **bare,
    )


def oddities() -> Iterator[Letter]:
    """What came up in single mails: each is somebody's program."""
    wrote = f"On Fri, Nov 20, 2026 at 10:00 AM Earshot Support <{OURS}> wrote:"
    bare: dict[str, str | None] = {"In-Reply-To": None, "References": None}
    yield Letter(
        "odd-reaction",
        mail(
            several(
                "alternative",
                part("👍\n\nKim Lee reacted via Gmail\n\n" + wrote + "\n> x\n"),
                part('{"emoji":"👍","version":1}', "text/vnd.google.email-reaction+json"),
                part("<p>👍</p>", "text/html"),
            )
        ),
        {"attachments": []},
    )
    yield Letter(
        "odd-amp",
        mail(
            several(
                "alternative",
                part("hi"),
                part("<html amp4email></html>", "text/x-amp-html"),
                part("<p>hi</p>", "text/html"),
            )
        ),
        {"attachments": [], "text": "hi"},
    )
    yield Letter(
        "odd-pasted",
        written(
            "Hello,\n\nI got this mail from you, is it real?\n\nFrom: Bank <b@bank.example>\nDate: 20 Nov 2026\nTo: kim@mail.example\nSubject: Your account\n\nGive us your code.",
            Subject="Is this you?",
            **bare,
        ),
        {
            "reply_text": "Hello,\n\nI got this mail from you, is it real?\n\nFrom: Bank <b@bank.example>\nDate: 20 Nov 2026\nTo: kim@mail.example\nSubject: Your account\n\nGive us your code."
        },
    )
    yield Letter(
        "odd-indent",
        mail(
            part(
                '<div dir="ltr">Steps:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>open it</div></blockquote><br><div class="gmail_quote"><div class="gmail_attr">'
                + wrote.replace("<", "&lt;")
                + '<br></div><blockquote class="gmail_quote">old</blockquote></div>',
                "text/html",
            )
        ),
        {"reply_text": "Steps:\n\nopen it"},
    )
    yield Letter(
        "odd-exim-warn",
        written(
            "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours\n  kim@mail.example\nNo action is required on your part.",
            Subject="Warning: message 1kX-0001 delayed 24 hours",
            From="Mail Delivery System <Mailer-Daemon@relay.example>",
            **{"Return-Path": "<>", **bare},
        ),
        {"auto_submitted": True, "bounce": False},
    )
    yield Letter(
        "odd-stars",
        written(
            f"{NEW}\n\n*From:* Earshot Support [mailto:{OURS}]\n*Sent:* Friday, November 20, 2026 10:00 AM\n*To:* Kim\n*Subject:* x\n\n{OLD}"
        ),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-three-line-attr",
        written(f"{NEW}\n\nOn Fri, Nov 20, 2026 at 10:00 AM Earshot Support\n<{OURS}>\nwrote:\n\n> {OLD}"),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-thanks-iphone",
        written(
            f"Thanks,\nKim\n\nSent from my iPhone\n\nOn Nov 20, 2026, at 10:00 AM, Earshot Support <{OURS}> wrote:\n\n\ufeff\n> {OLD}"
        ),
        {"reply_text": "Thanks,\nKim"},
    )
    yield Letter(
        "odd-notes-wrote",
        written(
            f"{NEW}\n\nEarshot Support <{OURS}> wrote on 20/11/2026 10:00:00 AM:\n\n> From: Earshot <{OURS}>\n> To: kim\n> {OLD}"
        ),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-subject-r",
        written(
            f"Ok\n\nDa: Earshot <{OURS}>\nInviato: venerdì 20 novembre 2026 10:00\nA: Kim\nOggetto: x\n\nvecchio",
            Subject="R: x",
            **bare,
        ),
        {"reply_text": "Ok"},
    )
    yield Letter(
        "odd-subject-i",
        written(
            "Guarda\n\nDa: Lin <l@x.example>\nInviato: venerdì 20 novembre 2026 10:00\nA: Kim\nOggetto: x\n\nvecchio",
            Subject="I: x",
            **bare,
        ),
        {
            "reply_text": "Guarda\n\nDa: Lin <l@x.example>\nInviato: venerdì 20 novembre 2026 10:00\nA: Kim\nOggetto: x\n\nvecchio"
        },
    )
    yield Letter(
        "odd-plain-empty-lines-quote",
        written(
            f'{NEW_ZH}\n\n\n------------------ 原始邮件 ------------------\n发件人:                                                                                                                        "小助手"                                                                                    <{OURS}>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: "金"<1@qq.com>;\n\n主题: x\n\n\n\n{OLD_ZH}'
        ),
        {"reply_text": NEW_ZH},
    )
    yield Letter(
        "odd-quote-then-disclaimer",
        written(
            f"{NEW}\n\n{wrote}\n> {OLD}\n\n--\nThis email and any attachments are confidential and intended solely for the addressee.\n"
        ),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-dash-long-sig",
        written(
            f"{NEW}\n\n--\nKim Lee\nHead of Operations\nNorthwind Trading Co., Ltd.\n12 Long Street, Singapore\nTel: +65 6555 0101\nMobile: +65 8555 0101\nwww.northwind.example\n\n{wrote}\n> {OLD}"
        ),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-wrapped-mark",
        written(
            f"{NEW}\n\n{wrote}\n\n> We have found the cause. Please install version 8.2 and\ntry again.\n>\n> Bye\n"
        ),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-top-and-between",
        written(f"See below.\n\n{wrote}\n\n> Version?\n\n8.2\n\n> Phone?\n\nPixel\n\nSent from my iPhone"),
        {"reply_text": "See below.\n\n8.2\n\nPixel"},
    )
    yield Letter(
        "odd-colon-in-name",
        written(f'{NEW}\n\nOn Fri, Nov 20, 2026 at 10:00 AM "Support: Team A" <{OURS}> wrote:\n\n> {OLD}'),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-gmail-zh-wrapped",
        written(
            f"{NEW_ZH}\n\n小助手客服中心服务团队 <\nsupport+mfzxi2lpobqwezdfobqwezdfobqwezdf@earshot.example> 于2026年11月20日周五 上午10:00写道：\n\n> {OLD_ZH}"
        ),
        {"reply_text": NEW_ZH},
    )
    yield Letter(
        "odd-no-colon",
        written(f"{NEW}\n\nOn Nov 20, 2026, at 10:00 AM, Earshot Support <{OURS}> wrote\n\n> {OLD}"),
        {"reply_text": NEW},
    )
    yield Letter(
        "odd-underscore-outlook-sig",
        written(
            f"{NEW}\n\nBest regards,\nKim Lee\n________________________________\nFrom: Earshot\nSent: Friday\nTo: Kim\nSubject: x\n\n{OLD}"
        ),
        {"reply_text": f"{NEW}\n\nBest regards,\nKim Lee"},
    )
    yield Letter("odd-re-only-quote", written(f"{wrote}\n> {OLD}\n"), {"reply_text": ""})
    yield Letter(
        "odd-html-quote-no-attr",
        mail(part(f"<div>{NEW}</div><blockquote type='cite'>{OLD}</blockquote>", "text/html")),
        {"reply_text": " ".join(NEW.split())},
    )
    yield Letter(
        "odd-hotmail-zh",
        written(
            f"好的\n________________________________\n寄件者: 客服 <{OURS}>\n已傳送: 2026年11月20日 上午 10:00\n收件者: 金\n主旨: x\n\n舊"
        ),
        {"reply_text": "好的"},
    )
    yield Letter(
        "odd-outlook-ko",
        written(
            f"네\n________________________________\n보낸 사람: 고객센터 <{OURS}>\n보낸 날짜: 2026년 11월 20일 금요일 오전 10:00\n받는 사람: Kim\n제목: x\n\nold"
        ),
        {"reply_text": "네"},
    )
    yield Letter(
        "odd-outlook-pt",
        written(
            f"Ok\n\nDe: Earshot <{OURS}>\nEnviada em: sexta-feira, 20 de novembro de 2026 10:00\nPara: Kim\nAssunto: x\n\nvelho"
        ),
        {"reply_text": "Ok"},
    )
    yield Letter(
        "odd-outlook-de-date",
        written(
            f"Danke\n\nVon: Earshot <{OURS}>\nDatum: Freitag, 20. November 2026 um 10:00\nAn: Kim\nBetreff: x\n\nalt"
        ),
        {"reply_text": "Danke"},
    )
    yield Letter(
        "odd-mailbird",
        written(f"Fine\n\nOn 20/11/2026 10:00:00, Earshot Support <{OURS}> wrote:\n\n{OLD}"),
        {"reply_text": "Fine"},
    )
    yield Letter(
        "odd-aol",
        written(
            f"Fine\n\n\n-----Original Message-----\nFrom: Earshot <{OURS}>\nTo: kim@aol.example\nSent: Fri, Nov 20, 2026 10:00 am\nSubject: x\n\n{OLD}"
        ),
        {"reply_text": "Fine"},
    )
    yield Letter(
        "odd-gmx",
        written(
            f'Gut\n\nGesendet: Freitag, 20. November 2026 um 10:00 Uhr\nVon: "Earshot" <{OURS}>\nAn: kim@gmx.example\nBetreff: x\n\n{OLD}'
        ),
        {"reply_text": "Gut"},
    )
    yield Letter(
        "odd-web.de-html",
        mail(
            part(
                f"<div>Gut</div><div>&nbsp;<div name='quote' style='margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;'><div><b>Gesendet:</b>&nbsp;Freitag, 20. November 2026 um 10:00 Uhr<br/><b>Von:</b>&nbsp;Earshot &lt;{OURS}&gt;<br/><b>An:</b>&nbsp;kim<br/><b>Betreff:</b>&nbsp;x</div><div>{OLD}</div></div></div>",
                "text/html",
            )
        ),
        {"reply_text": "Gut"},
    )
    yield Letter(
        "odd-laposte",
        written(
            f'Merci\n\n> Message du 20/11/26 10:00\n> De : "Earshot" <{OURS}>\n> A : kim\n> Objet : x\n>\n> {OLD}'
        ),
        {"reply_text": "Merci"},
    )
    yield Letter(
        "odd-freemail-hu",
        written(f"Köszönöm\n\nEarshot <{OURS}> ezt írta (időpont: 2026. nov. 20., P, 10:00):\n\n> {OLD}"),
        {"reply_text": "Köszönöm"},
    )
    yield Letter(
        "odd-naver-ko-html",
        mail(
            part(
                f"<div>아직이요</div><p>-----Original Message-----<br><b>From:</b> 고객센터 &lt;{OURS}&gt;<br><b>To:</b> kim<br><b>Cc:</b> <br><b>Sent:</b> 2026-11-20 (금) 10:00:00<br><b>Subject:</b> x<br></p><p>{OLD}</p>",
                "text/html",
            )
        ),
        {"reply_text": "아직이요"},
    )
    yield Letter(
        "odd-daum",
        written(
            f"네\n\n--------- 원본 메일 ---------\n보낸사람 : 고객센터 <{OURS}>\n받는사람 : kim\n날짜: 2026년 11월 20일\n제목: x\n\nold"
        ),
        {"reply_text": "네"},
    )
    yield Letter(
        "odd-yahoo-jp",
        written(
            f"はい\n\n----- Original Message -----\n差出人: Earshot <{OURS}>\n宛先: kim\n日付: 2026/11/20\n件名: x\n\n{OLD}"
        ),
        {"reply_text": "はい"},
    )
    yield Letter(
        "odd-becky",
        written(f"はい\n\n2026年11月20日(金) 10:00 Earshot Support <{OURS}>:\n\n> {OLD}"),
        {"reply_text": "はい"},
    )
    yield Letter("odd-line-marks-only", written(f"はい\n\n> {OLD}\n> bye"), {"reply_text": "はい"})
    yield Letter(
        "odd-html-hr-sig",
        mail(
            part("<div>Fine</div><div>--&nbsp;</div><div>Kim Lee</div><div>Northwind</div>", "text/html"),
            **bare,
        ),
        {"reply_text": "Fine"},
    )
    yield Letter(
        "odd-moz-sig",
        mail(
            part("<p>Fine</p><div class='moz-signature'>-- <br>Kim Lee<br>Northwind</div>", "text/html"),
            **bare,
        ),
        {"reply_text": "Fine"},
    )


def shared_lines() -> Iterator[Letter]:
    """Programs that run the new words, the attribution and the quote into one another."""
    wrote = "On Fri, 20 Nov 2026 at 10:00, Bo <bo@earshot.example> wrote:"
    bodies = {
        "attribution-on-the-same-line": (f"Done, thanks {wrote}\n> old", "Done, thanks"),
        "attribution-after-dashes": (f"Works.\nBut slow - very--- {wrote}\n> old", "Works.\nBut slow - very"),
        "attribution-after-chinese": (
            "好的，已经解决了。在 2026年11月20日 10:00，Bo <bo@earshot.example> 写道：\n> 旧内容",
            "好的，已经解决了。",
        ),
        "name-before-on": (
            "Fine now.\n\nKim Lee on Fri, 20 Nov 2026 <kim@mail.example> wrote:\n> old",
            "Fine now.",
        ),
        "attribution-between-dashes": (
            "Fine now.\n\n------On 12/29/2026 17:32, Bo wrote-----\n\nold",
            "Fine now.",
        ),
        "date-and-address-only": ("Fine now.\n2026/11/20 Bo <bo@earshot.example>\n\n> old", "Fine now."),
        "ornament": (
            "See below\n>>> https://shop.example <<<\nand answer me.",
            "See below\n>>> https://shop.example <<<\nand answer me.",
        ),
        "link-cut-inside-quote": (
            f"Fine now.\n\n{wrote}\n> See (https://earshot.example/status\n_token=3dd518)\n> thanks",
            "Fine now.",
        ),
        "danish-original": (
            "Fine now.\n\n-------- Oprindelig besked --------\nFra: Bo <bo@earshot.example>\nDato: 20.11.2026\nTil: kim@mail.example\nEmne: App",
            "Fine now.",
        ),
    }
    for name, (body, new) in bodies.items():
        yield Letter(f"shared-{name}", written(body), {"reply_text": new})


def all_replies() -> list[Letter]:
    makers = (
        *(gmail, outlook, apple, chinese, others, arrangements),
        *(without_reply_headers, oddities, shared_lines),
    )
    return [letter for make in makers for letter in make()]
