"""Runs the program in a temporary directory, without any of the caller's environment that could matter."""
import os
import pathlib
import subprocess
import tempfile
import unittest

FANION = pathlib.Path(os.environ["FANION_BIN"]).resolve() / "fanion"
ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "proto-schemas" / "examples"
DONE, REFUSED, USAGE, UNREACHABLE, UNAUTHORIZED = range(5)  # the exit codes of docs/cli.md


class CommandTest(unittest.TestCase):
    """`self.run_fanion(..)` in `self.dir`."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fanion-cli-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def environment(self, **changes):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANION_")}
        return {**kept, "XDG_CONFIG_HOME": str(self.dir / "config"), **changes}

    def run_fanion(self, *arguments, stdin=b"", env=None, stdout=subprocess.PIPE):
        command = [str(FANION), *(str(a) for a in arguments)]
        return subprocess.run(command, input=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=self.dir, timeout=60,
                              env=self.environment(**(env or {})), check=False)

    def expect(self, code, *arguments, stdin=b"", env=None):
        """Runs the program, checks that its exit code is `code`, and returns the completed process."""
        done = self.run_fanion(*arguments, stdin=stdin, env=env)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout.decode()}\n{done.stderr.decode()}")
        return done

    def file(self, name, content):
        path = self.dir / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path
