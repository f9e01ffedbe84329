"""`fanion capacity`: its output is that of docs/capacity.md, its figures are those of docs/benchmarks.md, and the simulated tree takes
as long as it says."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

from command import DONE, USAGE, CommandTest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "capacity.md").read_text()
EXAMPLE = re.search(r"^fanion (capacity .*)$", PAGE, re.M).group(1).split()


class Capacity(CommandTest):
    def test_the_example_of_the_page_is_what_is_printed(self):
        shown = re.search(r"```text\n(.*?)```", PAGE, re.S).group(1)
        self.assertEqual(self.expect(DONE, *EXAMPLE).stdout.decode().strip(), shown.strip())

    def test_the_example_adds_up(self):
        found = json.loads(self.expect(DONE, *EXAMPLE, "--json").stdout)
        figure = {each["name"]: each["value"] for each in found["figures"]}
        cores = 50_000 / figure["evaluations"] + 2_500 / 100 / figure["exposure_requests"] + \
            500 / 86_400 * 1_000_000 * figure["fan_out"] / 10_000 / 1_000
        self.assertEqual(found["relays"]["by_processor"], -(-cores * 2 // 4))
        self.assertEqual((found["relays"]["by_streams"], found["relays"]["count"], found["tree"]["parents"]), (100, 100, []))
        tables = {table["what"]: table for table in found["postgresql"]["tables"]}
        self.assertEqual(tables["counts of evaluations"]["rows_per_day"], 5 * 1_000 * 1_440)
        self.assertAlmostEqual(tables["exposures"]["bytes_kept"], 2_000 * 86_400 * figure["exposure_bytes"] * 45)
        for part in ("rows_per_day", "bytes_per_day", "log_bytes_per_day", "bytes_kept"):
            self.assertAlmostEqual(found["postgresql"]["together"][part], sum(table[part] for table in tables.values()))

    def test_each_figure_is_in_its_row_of_the_benchmarks(self):
        rows = [line.removeprefix("| ") for line in (ROOT / "docs" / "benchmarks.md").read_text().splitlines() if line.startswith("| ")]
        for figure in json.loads(self.expect(DONE, "capacity", "--json").stdout)["figures"]:
            with self.subTest(figure["name"]):
                named = [row for row in rows if row.startswith(figure["source"])]
                self.assertTrue(any(figure["text"] in row for row in named), named)
                number = float(re.match(r"[\d,.]+", figure["text"]).group(0).replace(",", ""))
                self.assertEqual(figure["value"], number)

    def test_the_simulated_tree_takes_as_long(self):
        for relays, parents, streams in ((100, [], 1_000_000), (20_000, [20], 200_000), (1_500, [2], 100_000)):
            options = ["--streams", str(streams), "--relays", str(relays)]
            found = json.loads(self.expect(DONE, "capacity", "--json", "--requests", "0", *options).stdout)
            self.assertEqual(found["tree"]["parents"], parents)
            said = subprocess.run([sys.executable, ROOT / "bench" / "tree.py", *options, "--parents", ",".join(map(str, parents))],
                                  capture_output=True, text=True, timeout=60, check=True)
            self.assertAlmostEqual(json.loads(said.stdout)["p100"] / found["tree"]["reach_ms"], 1, delta=0.1)

    def test_the_page_shows_what_the_simulation_says(self):
        rows = re.findall(r"^\| ([\d,]+)[^|]*\| (none|[\d,]+) \| ([\d,]+) \| (\d+) ms \| (\d+) ms \| (\d+) ms \| (\d+) ms \|$", PAGE, re.M)
        self.assertEqual(len(rows), 3)
        for relays, parents, each, half, most, whole, apart in rows:
            options = ["--relays", relays.replace(",", ""), "--parents", "" if parents == "none" else parents.replace(",", "")]

            def run(*more, given=tuple(options)):
                done = subprocess.run([sys.executable, ROOT / "bench" / "tree.py", *given, *more], capture_output=True, text=True,
                                      timeout=60, check=True)
                return json.loads(done.stdout)
            found = run()
            self.assertEqual([found["relay_streams"], *(round(found[part]) for part in ("p50", "p99", "p100")), round(run("--network", "5")["p100"])],
                             [int(each.replace(",", "")), int(half), int(most), int(whole), int(apart)])

    def test_wrong_numbers_are_refused_by_name(self):
        for option, value in (("--requests", "-1"), ("--cores", "0"), ("--fan-out", "1"), ("--utilisation", "0"), ("--utilisation", "101"),
                              ("--streams", "many"), ("--environments", "0"), ("--flags", "nan"), ("--streams", "1e13")):
            with self.subTest(f"{option} {value}"):
                self.assertIn(option, self.expect(USAGE, "capacity", option, value).stderr.decode())


if __name__ == "__main__":
    unittest.main()
