from django.db import migrations, models

COSTS = [
    ("none", "gratuit"),
    ("low", "moins de 500\u00a0€"),
    ("medium", "500 à 5\u00a0000\u00a0€"),
    ("high", "plus de 5\u00a0000\u00a0€"),
]


class Migration(migrations.Migration):
    dependencies = [("questions", "0006_theme_indices")]

    operations = [
        migrations.AlterField(
            "measure",
            "cost",
            models.CharField("coût", choices=COSTS, max_length=6),
        ),
    ]
