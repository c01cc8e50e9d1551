"""Shares, moods and long names in templates."""

from __future__ import annotations

from django import template

from tickets.summaries.writing import per_cent, share, shortened, signed, times

register = template.Library()

for write in (per_cent, share, shortened, signed, times):
    register.filter(write.__name__, write)
