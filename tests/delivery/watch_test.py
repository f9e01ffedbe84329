#!/usr/bin/env python3
"""`deploy/rollout watch`: the guard alone, on a scripted Prometheus."""
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import support
from scripted_prometheus import ScriptedPrometheus


class Watch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        self.addCleanup(folder.cleanup)
        self.directory = pathlib.Path(folder.name)
        self.prometheus = ScriptedPrometheus()
        self.enterContext(self.prometheus)
        self.command = f"echo off >>{self.directory}/flag"
        self.options = ["watch", "--prometheus", self.prometheus.url, "--hold", "1s", "--interval", "1s", "--settle", "1s", "--on-burn",
                        self.command, "--log", str(self.directory / "log")]

    def turned_off(self):
        return (self.directory / "flag").exists()

    def watch(self, *more):
        return support.rollout(self.directory, *self.options, *more)

    def test_all_is_well(self):
        done = self.watch()
        self.assertEqual((done.returncode, self.turned_off()), (0, False), done.stdout + done.stderr)
        self.assertIn("good: job fanion-relay: burn rate 0", done.stdout)

    def test_what_begins_to_burn_turns_the_flag_off(self):
        for name, more in (("job", []), ("build", ["--selector", 'instance="a:1"', "--min-errors", "2", "--hold", "60s"]),
                           ("ratio", ["--error-ratio", "app_ratio[$window]", "--hold", "60s", "--job", "fanion-relay"])):
            with self.subTest(name):
                self.prometheus.__dict__.update(job=(0.0, 50.0), build=(0.0, 50.0), ratio=0.0)
                setattr(self.prometheus, name, 0.5 if name == "ratio" else (5.0, 50.0))
                done = self.watch(*more)
                if name == "job":  # before it began
                    self.assertEqual((done.returncode, self.turned_off()), (3, False), done.stdout + done.stderr)
                    self.assertIn("not begun", done.stderr)
                else:
                    self.assertEqual((done.returncode, (self.directory / "flag").read_text()), (1, "off\n"), done.stdout + done.stderr)
                    (self.directory / "flag").unlink()

    def test_a_ratio_of_applications_needs_no_relay(self):
        """A flag is guarded by what the application counts: its relays need not be in this Prometheus."""
        self.prometheus.job, self.prometheus.ratio = None, 0.5
        done = self.watch("--error-ratio", "app_ratio[$window]", "--budget", "0.001")
        self.assertEqual((done.returncode, self.turned_off()), (1, True), done.stdout + done.stderr)
        self.assertIn("app_ratio[1h]", self.prometheus.asked)

    def test_what_is_not_measured_is_not_good(self):
        self.prometheus.ratio = None
        done = self.watch("--error-ratio", "app_ratio[$window]")
        self.assertEqual((done.returncode, self.turned_off()), (3, False), done.stdout + done.stderr)
        self.assertIn("unknown: error ratio", done.stdout)

    def test_there_must_be_something_to_watch(self):
        done = self.watch("--even-if-burning")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nothing is left to watch", done.stderr)

    def test_a_dry_run_turns_nothing_off(self):
        self.prometheus.ratio = 0.5
        done = self.watch("--error-ratio", "app_ratio[$window]", "--dry-run")
        self.assertEqual((done.returncode, self.turned_off()), (1, False), done.stdout + done.stderr)
        self.assertIn(f"would run: --on-burn: {self.command}", done.stdout)

    def test_an_interruption_ends_it(self):
        process = subprocess.Popen([support.PYTHON, support.ROLLOUT, *self.options, "--hold", "1h"], stdout=subprocess.DEVNULL,
                                   env=support.environment(self.directory))
        end = time.monotonic() + 60
        while not (self.directory / "log").exists() or "state_changed" not in (self.directory / "log").read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        self.assertEqual((process.wait(60), self.turned_off()), (130, False))


if __name__ == "__main__":
    unittest.main()
