"""A campaign of the year 1 or 9999 broke every page that counts its days: what is beyond the bounds is brought back to them."""

import datetime

from django.db import migrations, models
from django.db.models.functions import Greatest, Least

FIRST_DAY, LAST_DAY = datetime.date(1980, 1, 1), datetime.date(2060, 12, 31)


def bring_back(apps, schema_editor):
    def within(column):
        return Least(Greatest(column, models.Value(FIRST_DAY)), models.Value(LAST_DAY))

    rows = apps.get_model("supervision", "Campaign")._base_manager
    outside = models.Q(starts_on__lt=FIRST_DAY) | models.Q(ends_on__gt=LAST_DAY)
    rows.filter(outside).update(starts_on=within("starts_on"), ends_on=within("ends_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0005_centres"),
    ]

    operations = [
        migrations.RunPython(bring_back, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(ends_on__lte=LAST_DAY, starts_on__gte=FIRST_DAY),
                name="a_campaign_is_in_days_of_our_time",
                violation_error_message="Donnez des dates entre 01/01/1980 et 31/12/2060.",
            ),
        ),
    ]
