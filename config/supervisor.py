"""Everything on one machine with one command: servers, migrations, demo, web, workers and loops.

``up.py`` installs the packages and then becomes this process. Production runs the same processes one by
one (compose.yaml).
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from config import embedded, processes
from config.env import ROOT, home
from config.processes import Child
from config.programs import CannotStart

FIRST_PORT = 8000
PORTS_TO_TRY = 50
SECONDS_TO_BE_READY = 180
HERE = {"127.0.0.1", "::1", "localhost"}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """The user asked us to stop, by Ctrl-C, SIGTERM or closing the terminal."""


def main(arguments: list[str]) -> int:
    """Run until stopped, or until it cannot continue; return the exit code."""
    options = parse(arguments)
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    run = home() / "run"
    run.mkdir(parents=True, exist_ok=True)
    children: list[Child] = []
    try:
        with only_one(run / "up"):
            supervise(options, run, children)
    except Stopped:
        say("Stopping.")
        return 0
    except (processes.GaveUp, Refused) as error:
        say(str(error))
        return 1
    finally:
        # A second Ctrl-C must not interrupt the cleanup.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        processes.stop_all(children)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="up.py", description="Set up and run Earshot.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help=f"port to listen on ({FIRST_PORT}, or the next free one)")
    parser.add_argument("--no-demo", action="store_true", help="start empty, without the demo")
    return parser.parse_args(arguments)


class Refused(Exception):
    """We cannot start; the message says why and what to do."""


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file ``path``, so that a checkout runs only once; it is released however the process ends."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "Earshot already runs from this directory (process and address: "
                f"{path.read_text().strip() or 'starting'}). Stop it there with Ctrl-C."
            ) from None
        yield


def supervise(options: argparse.Namespace, run: Path, children: list[Child]) -> NoReturn:
    """Start everything, adding each process to ``children``, and keep it running.

    Ends only by an exception: Stopped, Refused or GaveUp.
    """
    record = run / "children.json"
    if processes.end_leftovers(record):
        say("Ended what an earlier start had left behind.")
    port = choose_port(options.host, options.port)
    reachable = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host
    address = f"http://{reachable}:{port}"
    os.environ.setdefault("PUBLIC_BASE_URL", address)
    (run / "up").write_text(f"{os.getpid()} {address}\n")
    if options.host not in HERE and not options.no_demo and "DATABASE_URL" not in os.environ:
        raise Refused(
            "The demo's logins have known passwords, so it is shown on this machine only. "
            f"Start without it: python3 up.py --no-demo --host {options.host}"
        )
    servers = embedded.ensure()
    is_embedded = servers is not None
    prepare(with_demo=is_embedded and not options.no_demo)

    children += [Child(*each, home() / "log" / f"{each[0]}.log") for each in commands(options.host, port)]
    (home() / "log").mkdir(exist_ok=True)
    share_figures(run / "figures")
    processes.start_all(children, record)
    wait_until_ready(address, children)
    welcome(address, is_embedded=is_embedded)
    while True:
        if servers is not None and (news := watch_servers(servers)):
            say(news)
        watch(children, record)
        time.sleep(0.2)


def choose_port(host: str, wanted: int | None) -> int:
    """Return ``wanted`` or, when none is wanted, the first free port from FIRST_PORT on."""
    if wanted is not None:
        if not is_free(host, wanted):
            raise Refused(f"Port {wanted} is in use. Choose another: python3 up.py --port {wanted + 1}")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if is_free(host, port):
            if port != FIRST_PORT:
                say(f"Port {FIRST_PORT} is in use; taking {port}. Choose yours with --port.")
            return port
    raise Refused(f"No port from {FIRST_PORT} to {port} is free. Choose one: python3 up.py --port NUMBER")


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Servers set it, too: a port with connections in TIME_WAIT only is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def share_figures(directory: Path) -> None:
    """Let all processes keep their metrics in ``directory``, so that /metrics of one shows them all."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)


def prepare(*, with_demo: bool) -> None:
    """Migrate, collect the static files and load the demo, in a separate process.

    The supervisor keeps running and does not need Django, which would cost it 100 MB.
    """
    command = [sys.executable, "manage.py", "prepare", *(["--demo"] if with_demo else [])]
    # In the terminal's process group: Ctrl-C ends it together with us.
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise Refused("Setting up failed; the reason stands above.")


def commands(host: str, port: int) -> Iterator[tuple[str, list[str]]]:
    """Yield name and command line of every process."""
    python = [sys.executable, "-m"]
    granian = [*python, "granian", "--interface", "asginl", "--host", host, "--port", str(port)]
    # Without a kill timeout open event streams would keep the server from ever stopping.
    granian += ["--no-ws", "--log-level", "warning", "--workers-kill-timeout", "3"]
    yield "web", [*granian, "config.asgi:application"]
    worker = [*python, "celery", "-A", "config.celery", "worker", "--loglevel", "WARNING"]
    quiet = ["--without-gossip", "--without-mingle"]
    yield "worker-crisis", [*worker, *quiet, "-Q", "crisis", "-n", "crisis@%h", "-c", "1"]
    yield "worker", [*worker, *quiet, "-Q", "default,text,bulk", "-n", "default@%h", "-c", "2"]
    yield "loops", [sys.executable, "manage.py", "loop", "--all"]


def wait_until_ready(address: str, children: list[Child]) -> None:
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    while time.monotonic() < deadline:
        for child in children:
            if news := child.watch():
                say(news)
        with (
            contextlib.suppress(urllib.error.URLError, TimeoutError, ConnectionError),
            urllib.request.urlopen(f"{address}/readyz", timeout=2),
        ):
            return
        time.sleep(0.1)
    web = children[0]
    raise processes.GaveUp(f"No answer from {address} in {SECONDS_TO_BE_READY} s.\n{web.last_words()}")


def watch_servers(servers: embedded.Servers) -> str | None:
    """Restart a server that died, before the children give up; return a sentence about it, None when none died."""
    try:
        return servers.watch()
    except CannotStart as error:
        raise processes.GaveUp(str(error)) from error


def watch(children: list[Child], record: Path) -> None:
    """Restart children that died, report it, and keep ``record`` up to date."""
    before = [child.process for child in children]
    for child in children:
        if news := child.watch():
            say(news)
    if before != [child.process for child in children]:
        try:
            processes.write_record(children, record)
        except OSError as error:
            # A full disk is no reason to stop running processes.
            say(f"{record} cannot be written: {error.strerror}.")


WELCOME = """
  Earshot is ready: {address}/admin/

    What your customers see:  {address}/
    For programs:             {address}/api/docs/

{logins}
  Send it a first feedback:

    curl -sS {address}/api/v1/feedback -H 'Content-Type: application/json' \\
      -d '{{"text": "视频加载不出来，一直转圈 / the video does not load"}}'

  Ctrl-C stops everything. Logs: {logs}
"""


def welcome(address: str, *, is_embedded: bool) -> None:
    """Print the address, the logins and a command to try."""
    logins = "  Make the first login with: python3 up.py manage createsuperuser\n"
    noted = home() / "run" / "logins"
    if is_embedded and noted.exists():
        lines = "\n".join(f"    {line}" for line in noted.read_text().splitlines())
        logins = f"  Logins, on this machine only:\n\n{lines}\n"
    say(WELCOME.format(address=address, logins=logins, logs=home() / "log"))


def say(text: str) -> None:
    print(text, flush=True)


def _stop(number: int, frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
