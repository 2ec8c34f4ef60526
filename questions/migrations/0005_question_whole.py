"""Say in the edition, and no more in the code, which figures are parts of another; those that were known are written."""

from django.db import migrations, models

WHOLES = {"PAR5B": "PAR5A", "ACH2B": "ACH2A", "ACH6B": "ACH6A"}


def write(apps, schema_editor):
    questions = apps.get_model("questions", "Question")._base_manager
    for part, whole in WHOLES.items():
        editions = questions.filter(code=whole).values("theme__questionnaire")
        questions.filter(code=part, theme__questionnaire__in=editions).update(whole=whole)


class Migration(migrations.Migration):
    dependencies = [
        ("questions", "0004_count_closed_assessments"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="whole",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Pour un chiffre : le code de la question qui donne le tout. Pour des pourcentages qui se partagent 100 % : un même mot sur chacun. Au-delà du tout, on demande de confirmer par un commentaire.",
                max_length=20,
                verbose_name="fait partie de",
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop, elidable=True),
    ]
