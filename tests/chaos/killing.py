"""Kill -9 whatever the dice choose."""

from __future__ import annotations

import contextlib
import os
import random
import signal

import redis

from tests.installation import Installation


def kill_one(installation: Installation, dice: random.Random) -> str:
    """Kill one process or server, or wipe Redis; return which. ``installation.revive()`` mends it."""
    victim = dice.choice([*installation.children, "postgresql", "valkey", "wiped"])
    servers = installation.servers
    if victim == "wiped":
        with contextlib.suppress(redis.RedisError):
            redis.Redis(unix_socket_path=str(servers.valkey_socket)).flushall()
    elif victim in installation.children:
        process = installation.children[victim].process
        if process is not None and process.poll() is None:
            # The whole group: granian and Celery have children of their own.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    elif pid := servers.pids().get(victim):
        os.kill(pid, signal.SIGKILL)
    return victim
