"""Files of tenants: outside the media that the web server publishes, under names that tell nothing."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage

EVIDENCE = "pieces"


class PrivateStorage(FileSystemStorage):
    """No address leads to its files: asking for one is an error."""

    base_url = None


def private_storage() -> PrivateStorage:
    return PrivateStorage(
        location=settings.PRIVATE_MEDIA_ROOT,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def evidence_path(evidence, name: str) -> str:
    """Return a path that owes nothing to the name of the file."""
    return f"{EVIDENCE}/{evidence.assessment_id}/{uuid.uuid4().hex}"
