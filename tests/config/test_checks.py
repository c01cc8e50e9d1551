import subprocess
import sys

from config import checks
from config.checks import Check, command, find_secrets


class TestMain:
    def test_runs_every_check_and_names_those_that_failed(self, monkeypatch, capsys):
        ran = []

        def check(name, wrong):
            return Check(name, lambda: ran.append(name) or wrong)

        monkeypatch.setattr(checks, "CHECKS", (check("a", ""), check("b", "line 3"), check("c", "")))
        assert checks.main() == 1
        assert ran == ["a", "b", "c"]
        assert "Failed: b" in capsys.readouterr().out

    def test_is_content_when_nothing_is_wrong(self, monkeypatch):
        monkeypatch.setattr(checks, "CHECKS", (Check("a", lambda: ""),))
        assert checks.main() == 0


class TestCommand:
    def test_tells_what_a_failed_command_said(self):
        assert command("-c", "print('no'); raise SystemExit(2)", environment={})() == "no"

    def test_tells_the_code_of_one_that_said_nothing(self):
        assert command("-c", "raise SystemExit(2)", environment={})() == "exit code 2"

    def test_says_nothing_of_one_that_succeeded(self):
        assert command("-c", "print('fine')", environment={})() == ""


class TestFindSecrets:
    def test_finds_a_key_in_a_file_of_the_repository(self, monkeypatch, tmp_path):
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        (tmp_path / "safe.txt").write_text("nothing")
        (tmp_path / "unsafe.txt").write_text("key = '" + "AKIA" + "A" * 16 + "'")
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        monkeypatch.setattr(checks, "ROOT", tmp_path)
        assert find_secrets() == "unsafe.txt holds what looks like a private key or token"


class TestProduction:
    def test_starts_with_these_settings_and_no_others(self):
        """The environment that `check --deploy` is given is complete: every switch is on by default."""
        words = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG)"
        done = subprocess.run(
            [sys.executable, "-c", words],
            env={**checks.PRODUCTION, "PATH": "/usr/bin:/bin", "EARSHOT_NO_SERVERS": ""},
            capture_output=True,
            text=True,
            check=False,
            cwd=checks.ROOT,
        )
        assert done.stdout.strip() == "True False", done.stderr
