"""Pages that belong to no app: errors."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def csrf_failure(request, reason=""):
    """Tell what to do when a form was opened too long ago or in another tab."""
    return render(request, "403_csrf.html", status=403)
