"""Save and remove views of the inbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.workbench import saved_views
from tickets.workbench.filters import Filters
from tickets.workbench.models import SavedView
from tickets.workbench.views.frame import desk_action
from users.accounts.requests import StaffRequest


@desk_action
def save_view(request: StaffRequest) -> dict[str, Any]:
    """Save the list on the page as a view."""
    view = saved_views.save_view(
        request.user,
        name=request.POST.get("name", ""),
        filters=Filters.read(request.POST),
        is_shared=bool(request.POST.get("shared")),
        at=timezone.now(),
    )
    return {"done": _("Saved as “%(name)s”.") % {"name": view.name}}


@desk_action
def remove_view(request: StaffRequest, view_id: uuid.UUID) -> dict[str, Any]:
    """Remove a view."""
    view = SavedView.objects.offered_to(request.user).filter(public_id=view_id).first()
    if view is None:
        raise Http404
    saved_views.remove_view(view, actor=request.user)
    return {"done": _("The view is removed. Its tickets stay.")}
