"""The canned replies to begin with get their Chinese names, save those that somebody named already."""

from django.db import migrations

NAMES = {
    "looking-into-it": "正在处理",
    "more-details": "请补充信息",
    "fixed": "问题已修复",
    "refund-started": "退款已提交",
    "account-safety": "保护账号安全",
    "suggestion-noted": "感谢建议",
    "self-harm": "可能有人身危险",
    "closing": "还有其他问题吗",
}


def name(apps, schema_editor):
    unnamed = apps.get_model("tickets", "CannedReply").objects.filter(name_zh="")
    for slug, name_zh in NAMES.items():
        unnamed.filter(slug=slug).update(name_zh=name_zh)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0023_chinese_names_of_canned_replies")]
    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
