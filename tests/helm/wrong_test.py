#!/usr/bin/env python3
"""Each values file of tests/helm/wrong is refused with one message, which names the place that the file says: those that break the
schema by both Helms, whose validators differ, and those that the charts' own checks find by one."""
import unittest

import charts


def findings(stderr):
    """The lines that say what is wrong, and whether they are of the schema."""
    lines = stderr.splitlines()
    if any("don't meet the specifications of the schema" in line for line in lines):
        return [line[2:] for line in lines if line.startswith("- ")], True
    return [line.strip() for line in lines if line.startswith("  ")], False


def places(place):
    """How the validators of both Helms write a place."""
    names = [name for name in place.split("/") if name]
    return [(".".join(names) or "(root)") + ": ", f"at '{place.rstrip('/')}': "]


class Wrong(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.charts = charts.Charts()
        cls.addClassCleanup(cls.charts.close)

    def test_one_message_names_the_place(self):
        for case in charts.cases("wrong"):
            for helm in charts.PROGRAMS if case.place else ("helm4",):
                with self.subTest(case.name, helm=helm):
                    done = self.charts.template(case.chart, case.path, helm=helm)
                    found, is_of_schema = findings(done.stderr)
                    self.assertNotEqual(done.returncode, 0)
                    self.assertEqual(done.stdout, "")
                    self.assertEqual(len(found), 1, done.stderr)
                    self.assertIn(case.says, found[0])
                    self.assertEqual(is_of_schema, bool(case.place), done.stderr)
                    if case.place:
                        self.assertTrue(found[0].startswith(tuple(places(case.place))), found[0])

    def test_every_mistake_at_once(self):
        found, _ = findings(self.charts.template("fanion-relay").stderr)
        self.assertEqual([line.split(":")[0] for line in found], ["upstream", "trust.existingConfigMap"])


if __name__ == "__main__":
    unittest.main()
