"""How long the pages agents look at take with few tickets and with many, as ratios within one run.

Run: ``.venv/bin/python -m benchmarks.pages --help``.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import re
import statistics
import time
import urllib.parse
import urllib.request

from benchmarks.filling import fill
from tests.installation import Installation

LOGIN = """
from django.core.management import call_command
from feedback.intake.services import default_channel
from users.accounts.models import Role, User
default_channel("rest")
User.objects.create_superuser("ana", password="benchmark", role=Role.ADMINISTRATOR)
"""
PAGES = {
    "inbox": "/admin/desk/",
    "inbox, newest": "/admin/desk/?folder=all",
    "crisis queue": "/admin/desk/crisis/",
    "ticket": None,
    "search zh": "/admin/desk/search/?" + urllib.parse.urlencode({"q": "加载不出来"}),
    "search en": "/admin/desk/search/?q=subscription",
    "search number": "/admin/desk/search/?q=100000777",
    "API list of tickets": "/api/v1/tickets",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000, help="tickets at first (1000)")
    parser.add_argument("--many", type=int, default=100_000, help="tickets later (100000)")
    parser.add_argument("--times", type=int, default=30, help="requests per page (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    options = parser.parse_args()
    installation = Installation("web")
    try:
        installation.open()
        installation.manage("shell", "--no-imports", "-c", LOGIN)
        browser = log_in(installation.address)
        few = at_size(installation, browser, options.few, options.times)
        many = at_size(installation, browser, options.many - options.few, options.times)
    finally:
        installation.close()
    rows = [
        {"page": page, "few_ms": few[page], "many_ms": many[page], "ratio": round(many[page] / few[page], 2)}
        for page in few
    ]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"| page | {options.few} tickets, ms | {options.many} tickets, ms | ratio |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row['page']} | {row['few_ms']} | {row['many_ms']} | {row['ratio']} |")


def at_size(
    installation: Installation, browser: urllib.request.OpenerDirector, more: int, times: int
) -> dict[str, float]:
    """Add ``more`` tickets; return each page's median in milliseconds."""
    fill(installation.servers.database_url, more)
    installation.manage("index_messages")
    first = browser.open(installation.address + "/admin/desk/").read().decode()
    ticket = re.search(r"/admin/desk/[0-9a-f-]{36}/", first)
    if ticket is None:
        raise SystemExit("the inbox shows no ticket")
    return {
        page: median_ms(browser, installation.address + (url or ticket.group()), times)
        for page, url in PAGES.items()
    }


def median_ms(browser: urllib.request.OpenerDirector, url: str, times: int) -> float:
    """Return the median time of ``times`` requests for ``url``, after three to warm up."""
    took = []
    for number in range(times + 3):
        started = time.perf_counter()
        browser.open(url).read()
        if number >= 3:
            took.append(time.perf_counter() - started)
    return round(statistics.median(took) * 1000, 1)


def log_in(address: str) -> urllib.request.OpenerDirector:
    """Return an opener with the session of the benchmark's administrator."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    url = f"{address}/admin/login/"
    page = browser.open(url).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise SystemExit("the login page has no form")
    form = {
        "username": "ana",
        "password": "benchmark",
        "csrfmiddlewaretoken": found.group(1),
        "next": "/admin/",
    }
    browser.open(urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Referer": url})).read()
    return browser


if __name__ == "__main__":
    main()
