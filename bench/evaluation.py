"""What an evaluation, a context's parse and a compile cost: instructions counted by callgrind, uses of the heap, processor time.

Instructions of one evaluation are the difference of two runs of different length, so that start and end cancel.
"""
import json
import os
import statistics
import subprocess

FEW, MANY = 1_000, 21_000
# (case of evaluate_loop, what it is, most instructions)
CASES = (("static", "boolean flag without rules", 120),
         ("rules", "three rules, one segment, one murmur3 split (an earlier limit was 1,500)", 700),
         ("last-of-100", "flag with 100 rules over four attributes, of which the last holds", 8_000))
# (cases that differ in the number of values, what they are)
LISTS = (("values", "value listed"), ("misses", "value not listed"))
MOST_BY_LENGTH = 1.05
COMPILED_FLAGS, COMPILES = 10_000, 7


class Evaluation:
    def __init__(self, bench):
        self.bench = bench
        self.program = str(bench.bin / "evaluate_loop")
        self.heap_uses = {}

    def output(self, *words):
        return subprocess.run([self.program, *map(str, words)], check=True, capture_output=True, text=True).stdout

    def each(self, *words):
        """Instructions of one of what `evaluate_loop WORDS N` repeats."""
        longer, shorter = (self.bench.callgrind([self.program, *words, str(times)]) for times in (MANY, FEW))
        self.heap_uses[" ".join(words)] = int(self.output(*words, MANY).split()[0])
        return (longer - shorter) / (MANY - FEW)

    def measure_cases(self):
        for case, what, most in CASES:
            figure = self.each("evaluate", case)
            self.bench.row(f"evaluation: {what}", f"{figure:,.0f} instructions", f"{most:,}", figure <= most)

    def measure_lists(self):
        for case, what in LISTS:
            few, many = self.each("evaluate", f"{case}-10"), self.each("evaluate", f"{case}-100000")
            self.bench.row(f"evaluation: condition with 100,000 values against one with 10, {what}",
                           f"{many:,.0f} and {few:,.0f} instructions, {many / few:.2f} times", f"{MOST_BY_LENGTH:.2f} times",
                           many <= MOST_BY_LENGTH * few)

    def measure_parse(self):
        size = int(self.output("parse", 1).split()[1])
        figure = self.each("parse") / size
        self.bench.row(f"context of {size} bytes from JSON to evaluable form", f"{figure:.1f} instructions a byte", "60", figure <= 60)

    def measure_heap(self):
        used = {name: count for name, count in self.heap_uses.items() if count > 0}
        detail = ", ".join(f"{name}: {count / MANY:g} each" for name, count in used.items())
        self.bench.row(f"heap allocations in all of the above ({len(self.heap_uses)} cases, {MANY:,} times each)", detail or "0", "0",
                       not used)

    def measure_compile(self):
        result = json.loads(self.output("compile", COMPILED_FLAGS, COMPILES))
        megabytes = result["bytes"] / 1e6
        times = [time / megabytes for time in result["milliseconds"]]
        median = statistics.median(times)
        self.bench.row(f"compiling {COMPILED_FLAGS:,} flags ({megabytes:.1f} MB), processor time, median of {COMPILES}",
                       f"{median:.0f} ms a MB ({min(times):.0f} to {max(times):.0f})", "100 ms a MB", median <= 100)
        compiled, bodies = result["compiled"] / result["bytes"], result["bodies"] / result["bytes"]
        self.bench.row("heap that the compiled form holds, with the items' bodies (shared with the cache)",
                       f"{compiled + bodies:.2f} times the bytes ({compiled:.2f} without the bodies)", "4 times", compiled + bodies <= 4)

    def measure_counting(self):
        """What a relay adds to an evaluation for the counts that it reports; loops of a relay's worker, with and without."""
        program = str(self.bench.bin / "count_loop")
        environment = {**os.environ, "TMPDIR": str(self.bench.work)}

        def each(manner):
            longer, shorter = (self.bench.callgrind([program, manner, str(times)], env=environment) for times in (MANY, FEW))
            return (longer - shorter) / (MANY - FEW)

        figure = each("counted") - each("plain")
        self.bench.row("counting an evaluation", f"{figure:,.0f} instructions", "60", round(figure) <= 60)
        sealed = subprocess.run([program, "counted", str(MANY), "sealed"], capture_output=True, text=True, env=environment)
        locks = sealed.stdout.strip()
        self.bench.row(f"system calls and locks of {MANY:,} evaluations that are counted",
                       f"{'no' if sealed.returncode == 0 else 'some'} system call, {locks} locks", "none",
                       sealed.returncode == 0 and locks == "0")


def measure(bench):
    evaluation = Evaluation(bench)
    evaluation.measure_cases()
    evaluation.measure_lists()
    evaluation.measure_parse()
    evaluation.measure_heap()
    evaluation.measure_counting()
    evaluation.measure_compile()
