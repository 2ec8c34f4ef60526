"""Find at once the few collectivités that no longer exist: each figure of the country leaves them out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territories", "0010_journal_of_validity")]

    operations = [
        migrations.AddIndex(
            model_name="collectivite",
            index=models.Index(
                fields=["retired_at"],
                name="collectivite_retired",
                condition=models.Q(retired_at__isnull=False),
            ),
        ),
    ]
