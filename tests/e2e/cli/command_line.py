"""Runs `fanion` with a real control plane and relay, in a home of its own."""
import contextlib
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.stack import BIN, PASSWORD, Stack  # noqa: E402

DONE, REFUSED, USAGE, UNREACHABLE, UNAUTHORIZED = range(5)  # docs/cli.md


class CommandLine(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        cls.stack = cls.enterClassContext(Stack(cls.dir))

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="home-", dir=self.dir)
        self.addCleanup(home.cleanup)
        self.home = pathlib.Path(home.name)
        self.credentials = self.home / "fanion" / "credentials.json"

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANION_")}
        return {**kept, "XDG_CONFIG_HOME": str(self.home), **more}

    def fanion(self, *arguments, stdin=b"", expect=DONE, **env):
        done = subprocess.run([str(BIN.resolve() / "fanion"), *(str(a) for a in arguments)], input=stdin, capture_output=True,
                              timeout=60, check=False, cwd=self.home, env=self.environment(**env))
        self.assertEqual(done.returncode, expect, (arguments, done.stdout, done.stderr))
        return (done.stdout if expect == DONE or not done.stderr else done.stderr).decode()

    def noted(self, *arguments):
        """What a person sees beside the result: standard error is a terminal."""
        ours, its = pty.openpty()
        with os.fdopen(ours, "rb", buffering=0) as seen:
            with os.fdopen(its, "wb", buffering=0) as terminal:
                subprocess.run([str(BIN.resolve() / "fanion"), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=terminal, timeout=60, check=True, cwd=self.home, env=self.environment())
            return seen.read(65536).decode().replace("\r\n", "\n")

    def screen(self, *arguments, typed="", expect=DONE):
        """What a person sees who has typed `typed` ahead: input and outputs are a terminal."""
        ours, its = pty.openpty()
        run = subprocess.Popen([str(BIN.resolve() / "fanion"), *arguments], stdin=its, stdout=its, stderr=its, cwd=self.home,
                               env=self.environment(), start_new_session=True)
        os.close(its)
        os.write(ours, typed.encode())
        seen = b""
        with contextlib.suppress(OSError):  # Linux says so when the other side is closed
            while block := os.read(ours, 65536):
                seen += block
        os.close(ours)
        self.assertEqual(run.wait(60), expect, (arguments, seen))
        return seen.decode().replace("\r\n", "\n")

    def json(self, *arguments, **more):
        return json.loads(self.fanion(*arguments, "--json", **more))

    def login(self, *more, email=None, password=PASSWORD, **options):
        return self.fanion("login", "--url", self.stack.control.url, "--email", email or self.stack.email, "--password-stdin", *more,
                           stdin=password.encode() + b"\n", **options)

    def sign_in(self, env="development"):
        self.login("--org", self.stack.org, "--project", self.stack.project, "--env", env)

    def invite(self, email, role):
        answer = self.stack.admin.call("POST", f"/orgs/{self.stack.org}/members", {"email": email, "role": role})
        return answer.json["setup_token"]
