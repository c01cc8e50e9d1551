import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0010_opinions_of_readers"),
        ("tickets", "0017_threads_handled_as_one"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="fix",
            name="problem",
            field=models.ForeignKey(
                help_text="Then those who said “me too” are told.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.knownproblem",
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="theme",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.theme"
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="version",
            field=models.CharField(
                blank=True,
                help_text="Of a problem: or a date, or empty.",
                max_length=60,
                verbose_name="fixed in version",
            ),
        ),
        migrations.AddConstraint(
            model_name="fix",
            constraint=models.UniqueConstraint(fields=("problem",), name="fix_once_per_problem"),
        ),
        migrations.AddConstraint(
            model_name="fix",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("problem", None), ("theme__isnull", False)),
                    models.Q(("problem__isnull", False), ("theme", None)),
                    _connector="OR",
                ),
                name="fix_of_theme_or_problem",
            ),
        ),
    ]
