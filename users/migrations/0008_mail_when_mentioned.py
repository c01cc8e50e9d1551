from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("users", "0007_kinds_of_habits")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mails_mentions",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="When a colleague names them in an internal note.",
                verbose_name="mailed when mentioned",
            ),
        ),
    ]
