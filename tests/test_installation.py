import signal
import subprocess
import sys
from pathlib import Path

from config.env import ROOT
from config.pids import command_line

RUN = """
import time
from tests.installation import Installation
installation = Installation()
try:
    installation.servers.join()
    print(installation.home, *installation.servers.pids().values(), flush=True)
    time.sleep(600)
finally:
    installation.close()
"""


class TestInstallation:
    def test_is_gone_after_sigterm(self):
        with subprocess.Popen(
            [sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as run:
            home, *servers = run.stdout.readline().split()
            run.send_signal(signal.SIGTERM)
            assert run.wait() == 128 + signal.SIGTERM
        assert not Path(home).exists()
        assert len(servers) == 2
        assert not [server for server in servers if command_line(int(server))]
