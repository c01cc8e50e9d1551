import json
import os
import signal
import subprocess
import sys
import time

import pytest

from config import processes
from config.pids import command_line
from config.processes import Child, GaveUp

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
FAIL = [sys.executable, "-c", "print('out of cheese'); raise SystemExit(3)"]
# A parent with a child of its own, as a worker has.
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)",
]


@pytest.fixture
def child(tmp_path):
    """Make a child of ours that is gone when the test ends."""
    made = []

    def make(command):
        made.append(Child(f"child-{len(made)}", command, tmp_path / f"{len(made)}.log"))
        return made[-1]

    yield make
    processes.stop_all(made, patience=0.01)


def wait_for(condition, *, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class TestWatch:
    def test_restarts_what_died(self, child):
        sleeper = child(SLEEP)
        sleeper.start()
        sleeper.process.kill()
        sleeper.process.wait()
        # It had lived long enough not to count as a failure to start.
        sleeper.started -= processes.YOUNG_SECONDS
        assert "ended with -9; starting it again in 0 s" in sleeper.watch()
        assert sleeper.watch() is None
        assert sleeper.process.poll() is None

    def test_waits_longer_each_time_and_gives_up_with_the_last_words(self, child):
        failing = child(FAIL)
        pauses = []
        for _ in range(processes.MOST_FAILURES - 1):
            failing.start()
            failing.process.wait()
            pauses.append(failing.watch())
            assert failing.watch() is None
            assert failing.process is None, "it must not be started before its pause is over"
        assert ["in 2 s" in pauses[0], "in 4 s" in pauses[1]] == [True, True]
        failing.start()
        failing.process.wait()
        with pytest.raises(GaveUp, match="out of cheese"):
            failing.watch()


class TestStopAll:
    def test_ends_the_willing_and_kills_the_others_with_their_children(self, child):
        willing, stubborn, family = child(SLEEP), child(STUBBORN), child(FAMILY)
        for each in (willing, stubborn, family):
            each.start()
        wait_for(lambda: stubborn.log.read_text() and family.log.read_text())
        grandchild = int(family.log.read_text())
        started = time.monotonic()
        processes.stop_all([willing, stubborn, family], patience=0.5)
        assert time.monotonic() - started < 5
        assert [each.process.poll() for each in (willing, stubborn)] == [-signal.SIGTERM, -signal.SIGKILL]
        wait_for(lambda: not command_line(grandchild))

    def test_knows_children_that_never_started(self, child):
        processes.stop_all([child(SLEEP)])


class TestEndLeftovers:
    def test_ends_the_children_of_a_killed_supervisor(self, child, tmp_path):
        left = child(SLEEP)
        record = tmp_path / "children.json"
        processes.start_all([left], record)
        assert processes.end_leftovers(record) == 1
        left.process.wait(5)
        assert not record.exists()

    def test_spares_a_stranger_with_the_same_number(self, tmp_path):
        record = tmp_path / "children.json"
        record.write_text(json.dumps({str(os.getpid()): SLEEP}))
        assert processes.end_leftovers(record) == 0

    @pytest.mark.parametrize("text", ["", "{"])
    def test_survives_a_record_cut_short(self, tmp_path, text):
        record = tmp_path / "children.json"
        record.write_text(text)
        assert processes.end_leftovers(record) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed parent")
class TestStart:
    def test_lets_no_child_outlive_a_killed_parent(self, tmp_path):
        parent = f"""
import time
from pathlib import Path
from config.processes import Child
child = Child("child", {SLEEP!r}, Path({str(tmp_path / "log")!r}))
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""
        with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
            pid = int(process.stdout.readline())
            assert command_line(pid)
            process.kill()
        wait_for(lambda: not command_line(pid))
