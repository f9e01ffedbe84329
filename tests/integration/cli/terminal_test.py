"""On a terminal the output is for people; --json and pipes get JSON (docs/cli.md). The tests use a pseudo-terminal."""
import json
import os
import pty
import select
import subprocess
import time
import unittest

from command import DONE, EXAMPLES, FANION, REFUSED, UNREACHABLE, CommandTest
from plain_rulesets import BAD, GOOD
from usage_test import closed_port

DEADLINE = 30


class Screen:
    """One run on a pseudo-terminal, and everything that a person would see."""

    def __init__(self, command, cwd, env):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=env, start_new_session=True)
        os.close(slave)
        self.seen = ""
        self.ended = False

    def read_until(self, text=None):
        """Reads until `text` is seen, or to the end if `text` is None."""
        end = time.monotonic() + DEADLINE
        while not self.ended and (text is None or text not in self.seen):
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"not seen within {DEADLINE} s: {text!r} in {self.seen!r}"
            try:
                block = os.read(self.master, 65536)
            except OSError:  # Linux says so when the other side is closed
                block = b""
            self.ended = not block
            self.seen += block.decode().replace("\r\n", "\n")
        return self.seen

    def type(self, text):
        os.write(self.master, text.encode())

    def finish(self):
        self.read_until()
        os.close(self.master)
        return self.process.wait(DEADLINE), self.seen


class OnATerminal(CommandTest):
    def setUp(self):
        super().setUp()
        self.file("good.json", GOOD)

    def screen(self, *arguments):
        return Screen([str(FANION), *(str(a) for a in arguments)], self.dir, self.environment())

    def shown(self, *arguments):
        return self.screen(*arguments).finish()

    def test_one_flag_is_answered_as_a_sentence(self):
        for arguments, sentence in (
                (["ruled", '{"country":"DE"}'], "ruled = true  (variation on, TARGETING_MATCH, rule r-de, version 12)\n"),
                (["text"], 'text = "a \\"b\\" 🚩"  (variation t, STATIC, version 12)\n'),
                (["sleeping"], "sleeping = the caller's default  (DISABLED, version 12)\n"),
                (["behind"], "behind = false  (variation off, DISABLED, prerequisite sleeping, version 12)\n")):
            self.assertEqual(self.shown("eval", *arguments, "--ruleset", "good.json"), (DONE, sentence))
        self.assertEqual(self.shown("eval", "nope", "--ruleset", "good.json"), (REFUSED, "nope: FLAG_NOT_FOUND\n"))

    def test_json_is_what_a_pipe_gets(self):
        for key in ("basic", "sleeping", "nope"):
            piped = self.run_fanion("eval", key, "--ruleset", "good.json")
            asked = self.run_fanion("eval", key, "--ruleset", "good.json", "--json")
            self.assertEqual(asked.stdout, piped.stdout)
            self.assertEqual(self.shown("eval", key, "--ruleset", "good.json", "--json"), (asked.returncode, asked.stdout.decode()))

    def test_lines_are_answered_in_json_there_too(self):
        screen = self.screen("eval", "--ruleset", "good.json")
        screen.type('{"flag":"basic"}\n')
        screen.read_until('"version":12}\n')  # before the input has ended
        screen.type("\x04")
        code, seen = screen.finish()
        self.assertEqual(code, DONE)
        self.assertIn('{"flag":"basic","value":true,"variation":"on","reason":"STATIC","version":12}\n', seen)

    def test_findings_are_a_list(self):
        self.file("bad.json", BAD)
        code, seen = self.shown("eval", "wrong", "--ruleset", "bad.json")
        self.assertEqual((code, len(seen.splitlines())), (REFUSED, 4))
        self.assertIn("\n  flag/wrong /flags/0/fallthrough/variation: there is no variation `maybe` [unknown_reference]\n", seen)
        code, seen = self.shown("eval", "wrong", "--ruleset", "bad.json", "--json")
        self.assertEqual((code, len(json.loads(seen)["error"]["findings"])), (REFUSED, 3))

    def test_a_report_is_a_table(self):
        code, seen = self.shown("ruleset", "verify", EXAMPLES / "full.snapshot", "--trust", EXAMPLES / "trust.json")
        self.assertEqual(code, DONE)
        self.assertEqual([line.split()[0] for line in seen.splitlines()], ["verified", "issuer", "issued", "items", "root"])

    def test_a_password_is_read_without_echo(self):
        screen = self.screen("login", "--url", f"http://127.0.0.1:{closed_port()}", "--email", "a@example.com")
        screen.read_until("Password: ")
        screen.type("correct horse\n")
        code, seen = screen.finish()
        self.assertEqual(code, UNREACHABLE)
        self.assertNotIn("horse", seen)


if __name__ == "__main__":
    unittest.main()
