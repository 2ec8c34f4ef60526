import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_territory_exports"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Centre",
            fields=[
                (
                    "collectivite",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="centre",
                        serialize=False,
                        to="territories.collectivite",
                        verbose_name="commune",
                    ),
                ),
                ("longitude", models.FloatField(verbose_name="longitude")),
                ("latitude", models.FloatField(verbose_name="latitude")),
            ],
            options={
                "verbose_name": "centre d’une commune",
                "verbose_name_plural": "centres des communes",
            },
        ),
    ]
