"""What an OPSN says of itself to its collectivités."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from supervision.forms import ProfileForm
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Opsn
from territories.rules import manages_opsn


def change_profile(*, form: ProfileForm, by: User, at: datetime) -> Opsn:
    """Save a valid form; the journal tells which fields changed. Raises NotEntitled."""
    with transaction.atomic():
        if not manages_opsn(by, form.instance):
            raise NotEntitled
        opsn = form.save()
        if form.changed_data:
            changed = ", ".join(str(form.fields[name].label) for name in form.changed_data)
            record(AuditAction.OPSN_CHANGED, None, by=by, at=at, opsn=opsn, ground=changed)
    return opsn
