import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0008_mail_when_mentioned"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("feedback:write", "Submit feedback"),
                        ("feedback:read", "Read own feedback"),
                        ("feedback:act-for", "Submit and read for named customers"),
                        ("profile", "Read and change the own profile"),
                        ("tickets:read", "Read tickets"),
                        ("tickets:write", "Work on tickets: answer, note, assign, move"),
                        ("summaries:read", "Read summaries"),
                        ("webhooks", "Set up own webhooks"),
                    ],
                    max_length=30,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
    ]
