"""Files of tenants: outside the media that the web server publishes, under names that tell nothing."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def private_storage() -> FileSystemStorage:
    """Return where private files are kept; it has no address of its own."""
    return FileSystemStorage(location=settings.PRIVATE_MEDIA_ROOT, base_url=None)


def evidence_path(evidence, name: str) -> str:
    """Return a path that owes nothing to the name of the file."""
    return f"pieces/{evidence.assessment_id}/{uuid.uuid4().hex}"
