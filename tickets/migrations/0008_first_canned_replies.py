"""Wordings to begin with, in both first languages; administrators change them as they like."""

from django.db import migrations

REPLIES = [
    (
        "looking-into-it", "Looking into it", "look",
        "Hi {customer},\n\nThank you for telling us. We are looking into this now and will write again as soon as we know more; you need not do anything until then.\n\nYour number is {number}. You can see how far we are at any time: {status_link}\n\n{agent}",
        "{customer}，您好：\n\n感谢您告诉我们这个问题。我们正在查，有了结果会马上写信给您，在此之前您不需要做任何事。\n\n您的编号是 {number}，可以随时在这里查看进度：{status_link}\n\n{agent}",
    ),
    (
        "more-details", "Ask for details", "ask",
        "Hi {customer},\n\nTo find the cause we need a little more from you:\n\n1. What did you do just before it happened?\n2. Does it happen every time?\n3. If you can, please send a screenshot.\n\nWe have you on {app_version} ({platform}); please tell us if that is not right.\n\n{agent}",
        "{customer}，您好：\n\n为了找到原因，还需要您补充几点：\n\n1. 出现问题之前，您做了什么操作？\n2. 每次都会出现吗？\n3. 方便的话，请发一张截图。\n\n我们这里记录的版本是 {app_version}（{platform}），如果不对请告诉我们。\n\n{agent}",
    ),
    (
        "fixed", "It is fixed", "fixed",
        "Hi {customer},\n\nWhat you reported ({number}) is fixed. Please update to the newest version and try again. If it still happens, just answer this message: it comes straight back to us.\n\nThank you for helping us to find it.\n\n{agent}",
        "{customer}，您好：\n\n您反馈的问题（{number}）已经修复，请更新到最新版本后再试。如果还有问题，直接回复这条消息就会回到我们这里。\n\n谢谢您帮我们找到了它。\n\n{agent}",
    ),
    (
        "refund-started", "Refund started", "refund",
        "Hi {customer},\n\nWe are sorry that you were charged wrongly. We have started the refund today; depending on your bank it arrives within 3 to 7 working days. You will hear from us when it is done.\n\n{number} · {agent}",
        "{customer}，您好：\n\n很抱歉给您造成了错误扣款。退款今天已经提交，视银行而定，3 到 7 个工作日内到账，完成后我们会再通知您。\n\n{number} · {agent}",
    ),
    (
        "account-safety", "Secure your account", "secure",
        "Hi {customer},\n\nTo protect your account, please do this now: change your password, sign out of all other devices (Settings > Security), and turn on the second factor. We are checking the recent sign-ins on our side and will write to you about what we find.\n\nWe will never ask you for your password or a code.\n\n{agent}",
        "{customer}，您好：\n\n为了保护您的账号，请现在就做三件事：修改密码；在“设置 > 安全”里退出其他所有设备；打开两步验证。我们正在核查近期的登录记录，结果会写信告诉您。\n\n我们不会向您索要密码或验证码。\n\n{agent}",
    ),
    (
        "suggestion-noted", "Thanks for the idea", "idea",
        "Hi {customer},\n\nThank you for the suggestion. We have passed it to the people who plan the product, together with how many others asked for the same. We cannot promise when, but if it comes you will be told.\n\n{agent}",
        "{customer}，您好：\n\n谢谢您的建议。我们已经转给产品规划的同事，并附上了有多少人提过同样的想法。现在还不能承诺时间，但一旦上线，我们会告诉您。\n\n{agent}",
    ),
    (
        "self-harm", "Someone may be in danger", "care",
        "Hi {customer},\n\nI am reading what you wrote, and I am glad that you told us. You do not have to get through this alone. If you are in danger now, please call the emergency number where you are, or a crisis line; in mainland China 12356 answers day and night, in the US and Canada 988.\n\nA person, not a machine, is on this. Please write back.\n\n{agent}",
        "{customer}，您好：\n\n我认真读了您写的话，谢谢您愿意说出来。您不必一个人扛着。如果您现在有危险，请马上拨打 110 或 120；也可以拨打全国统一心理援助热线 12356，24 小时都有人接听。\n\n这里是真人在看您的消息，请回复我。\n\n{agent}",
    ),
    (
        "closing", "Anything else?", "close",
        "Hi {customer},\n\nWe have not heard from you for a while and take it that all is well. If not, answer this message and {number} opens again.\n\n{agent}",
        "{customer}，您好：\n\n有一段时间没有收到您的消息了，我们先当作问题已经解决。如果没有，直接回复这条消息，{number} 就会重新打开。\n\n{agent}",
    ),
]  # fmt: skip


def add(apps, schema_editor):
    reply, text = apps.get_model("tickets", "CannedReply"), apps.get_model("tickets", "CannedReplyText")
    for slug, name, shortcut, english, chinese in REPLIES:
        row, created = reply.objects.get_or_create(slug=slug, defaults={"name": name, "shortcut": shortcut})
        if created:
            text.objects.create(reply=row, language="en", text=english)
            text.objects.create(reply=row, language="zh-Hans", text=chinese)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_published_summaries_stay")]
    # Going back keeps the rows: administrators may have made them their own.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
