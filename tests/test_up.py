import subprocess
import sys

import pytest

import up
from config.env import ROOT


def run(*arguments):
    return subprocess.run(
        [sys.executable, "up.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


class TestMain:
    def test_teaches(self):
        assert "python3 up.py test" in run("--help").stdout

    def test_refuses_what_it_does_not_know(self):
        done = run("tets")
        assert done.returncode == 1
        assert "knows no 'tets'" in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "command"),
        [
            ([], ["-m", "config.supervisor"]),
            (["--port", "9000"], ["-m", "config.supervisor", "--port", "9000"]),
            (["start", "--no-demo"], ["-m", "config.supervisor", "--no-demo"]),
            (["test"], ["-m", "pytest", "-n", "2"]),
            (["test", "-n0", "tests/config"], ["-m", "pytest", "-n0", "tests/config"]),
            (["check"], ["-m", "config.checks"]),
            (["manage", "migrate", "--plan"], ["manage.py", "migrate", "--plan"]),
        ],
    )
    def test_becomes_what_it_is_asked_for(self, monkeypatch, arguments, command):
        became = []
        monkeypatch.setattr(up, "install", lambda requirements: None)
        monkeypatch.setattr(up, "become", lambda *words: became.append(list(words)))
        up.main(arguments)
        assert became == [command]


class TestInstall:
    @pytest.fixture
    def environment(self, monkeypatch, tmp_path):
        """An environment that notes what is installed into it."""
        monkeypatch.setattr(up, "ENVIRONMENT", tmp_path / "venv")
        monkeypatch.setattr(up, "can_run", lambda *command: (tmp_path / "venv").exists())
        monkeypatch.setattr(up, "make_environment", (tmp_path / "venv").mkdir)
        installed = []
        monkeypatch.setattr(up, "install_packages", installed.append)
        return installed

    def test_installs_once(self, environment):
        up.install(up.RUN)
        up.install(up.RUN)
        assert environment == [up.RUN]

    def test_installs_again_when_the_list_changed(self, environment, monkeypatch):
        up.install(up.RUN)
        monkeypatch.setattr(up, "fingerprint", lambda: "other")
        up.install(up.RUN)
        assert environment == [up.RUN, up.RUN]

    def test_needs_no_second_time_for_what_the_longer_list_holds(self, environment):
        up.install(up.DEVELOP)
        up.install(up.RUN)
        assert environment == [up.DEVELOP]

    def test_tries_again_after_a_failure(self, environment, monkeypatch):
        def fail(requirements):
            raise SystemExit("no network")

        with monkeypatch.context() as broken:
            broken.setattr(up, "install_packages", fail)
            with pytest.raises(SystemExit):
                up.install(up.RUN)
        up.install(up.RUN)
        assert environment == [up.RUN]


class TestConstraints:
    def test_pin_every_package_that_is_asked_for(self):
        pinned = {
            line.partition("==")[0].lower().replace("_", "-")
            for line in (ROOT / "constraints.txt").read_text().splitlines()
            if "==" in line
        }
        for name in (up.RUN, up.DEVELOP):
            for line in (ROOT / name).read_text().splitlines():
                if "==" in line:
                    package = line.partition("==")[0].partition("[")[0].lower().replace("_", "-")
                    assert package in pinned, f"{package} of {name} is not in constraints.txt"
