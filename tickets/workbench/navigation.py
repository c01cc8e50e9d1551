"""The side navigation, by role: the desk with its counts first, settings last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from tickets.workbench.folders import Folder, counts_of, folders_for, shown_count

#: Folders for looking tickets up (followed, waiting for others, finished, all), shown in a collapsible group.
_QUIET = frozenset({"following", "waiting", "hold", "solved", "every"})

Group = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """The folders of a user and how much waits in each."""

    folders: list[Folder]
    counts: dict[str, int]

    def shown(self, key: str) -> str:
        """Return the number for a badge, "" for none."""
        return shown_count(self.counts.get(key, 0))


def desk_of(request: HttpRequest) -> Desk:
    """Return the desk of this request's user, cached on the request. Two queries."""
    known: Desk | None = getattr(request, "desk", None)
    if known is None:
        user: Any = request.user
        folders = folders_for(user, at=timezone.now())
        known = Desk(folders, counts_of(folders, user))
        request.desk = known  # type: ignore[attr-defined]
    return known


def navigation(request: HttpRequest) -> list[Group]:
    """Return the groups of the side navigation for this user, in unfold's shape. Two queries."""
    user: Any = request.user
    if not user.has_staff_role:
        return []
    desk = desk_of(request)
    folders = desk.folders
    first = [folder for folder in folders if not _is_queue(folder) and folder.key not in _QUIET]
    return [
        {
            "items": [
                {"title": _("Home"), "icon": "space_dashboard", "link": reverse("admin:index")},
                *[_item(folder, desk, request) for folder in first],
                {
                    "title": _("Pain points"),
                    "icon": "insights",
                    "link": reverse("summaries:list"),
                    "active": request.path.startswith(reverse("summaries:list")),
                },
                {
                    "title": _("Warnings"),
                    "icon": "trending_up",
                    "link": reverse("warnings:list"),
                    "active": request.path.startswith(reverse("warnings:list")),
                },
                {
                    "title": _("Team figures"),
                    "icon": "bar_chart",
                    "link": reverse("figures:figures"),
                    "active": request.path.startswith(reverse("figures:figures")),
                },
            ]
        },
        {
            "title": _("Queues"),
            "items": [_item(folder, desk, request) for folder in folders if _is_queue(folder)],
        },
        {
            "title": _("Waiting and done"),
            "collapsible": True,
            "items": [
                *[_item(folder, desk, request) for folder in folders if folder.key in _QUIET],
                {"title": _("Outgoing mail"), "icon": "outgoing_mail", "link": reverse("desk:mail")},
            ],
        },
        *_settings(request),
    ]


def _is_queue(folder: Folder) -> bool:
    return folder.key.startswith("queue-")


def _item(folder: Folder, desk: Desk, request: HttpRequest) -> dict[str, Any]:
    is_crisis = folder.key == "crisis"
    count_key = folder.count_key or folder.key
    return {
        # Unfold does not escape titles, and users choose the names of queues.
        "title": escape(folder.title),
        "icon": folder.icon,
        "link": folder.url,
        "active": _is_open(folder, request),
        "count_key": count_key if folder.is_counted else "",
        "badge": desk.shown(count_key) if folder.is_counted else "",
        "badge_style": "solid" if is_crisis else "",
        "badge_variant": "danger" if is_crisis or folder.key == "overdue" else "primary",
    }


def _is_open(folder: Folder, request: HttpRequest) -> bool:
    if request.path == reverse("desk:inbox"):
        return request.GET.get("folder", "all") == folder.key
    return request.path.startswith(folder.url) and folder.key == "crisis"


def _settings(request: HttpRequest) -> list[Group]:
    """Return a folded group for each app whose models this user may see in the admin."""
    return [
        {
            "title": app["name"],
            "collapsible": True,
            "separator": number == 0,
            "items": [
                {"title": escape(model["name"]), "link": model["admin_url"]}
                for model in app["models"]
                if model["admin_url"]
            ],
        }
        for number, app in enumerate(admin.site.get_app_list(request))
    ]
