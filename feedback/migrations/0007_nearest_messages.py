import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import pgvector.django.bit
import pgvector.django.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside the writes that go on: at a million messages it takes minutes."""

    atomic = False

    dependencies = [
        ("feedback", "0006_message_search"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="messagevector",
            index=pgvector.django.indexes.HnswIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.comparison.Cast(
                        models.Func("vector", function="binary_quantize"),
                        pgvector.django.bit.BitField(length=512),
                    ),
                    name="bit_hamming_ops",
                ),
                name="message_vector_nearest",
            ),
        ),
    ]
