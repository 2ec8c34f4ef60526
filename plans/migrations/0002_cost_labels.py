from django.db import migrations, models

COSTS = [
    ("none", "gratuit"),
    ("low", "moins de 500\u00a0€"),
    ("medium", "500 à 5\u00a0000\u00a0€"),
    ("high", "plus de 5\u00a0000\u00a0€"),
]


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.AlterField(
            "action",
            "cost",
            models.CharField("coût", blank=True, choices=COSTS, max_length=6),
        ),
    ]
