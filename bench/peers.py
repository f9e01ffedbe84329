"""Fanion's evaluator beside those of other projects: the same fifty flags and two hundred contexts, each flag asked for alone.

First every evaluator's answers for five thousand contexts, those two hundred among them, are held against Fanion's: flags without a
split must agree on each context; of flags with one, which every project hashes in its own way, the shares must. Then all of them run in turn on one core, round by round; figures are medians.
"""
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent / "peers"
sys.path.insert(0, str(HERE))
import ruleset  # noqa: E402

TIMES_FASTEST_IN_NODE = 10
CONTEXTS, CHECKED_CONTEXTS = 200, 5_000
DEVIATIONS = 4.5  # how far two shares may be apart, in standard deviations of their difference
NODE_PACKAGES = {"flagd": "@openfeature/flagd-core", "growthbook": "@growthbook/growthbook", "unleash": "unleash-client"}
CRATE = "unleash-yggdrasil"
INSTALL_SECONDS = 600


class NotMeasured(Exception):
    """A part that cannot be measured here, and why."""


class Evaluator:
    def __init__(self, name, command, answers, rate):
        self.name, self.command, self.answer_words, self.rate_words = name, command, answers, rate
        self.rates = []

    def run(self, words):
        environment = {**os.environ, "NODE_ENV": "production"}
        done = subprocess.run([*map(str, self.command), *map(str, words)], capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            sys.exit(f"bench: {self.name} failed\n{done.stderr}")
        return done.stdout

    def answers(self):
        return [json.loads(line) for line in self.run(self.answer_words).splitlines()]


def install(command, directory, what):
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except FileNotFoundError as error:
        raise NotMeasured(f"{what}: there is no {error.filename} on this machine") from error
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"{what}: {command[0]} did not end in {INSTALL_SECONDS} s (is the registry away?)") from error
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        raise NotMeasured(f"{what}: {command[0]} could not install its packages (is the registry away? its words are above the table)")


def copied(names, directory):
    """Copies the files into `directory`; whether one of them was another before."""
    directory.mkdir(parents=True, exist_ok=True)
    changed = False
    for name in names:
        there = directory / pathlib.Path(name).name
        if not there.exists() or there.read_bytes() != (HERE / name).read_bytes():
            shutil.copy(HERE / name, there)
            changed = True
    return changed


def node_evaluators(build, checked, folder, seconds):
    modules = build / "node"
    if copied(["package.json", "package-lock.json"], modules) or not (modules / "node_modules/.package-lock.json").exists():
        shutil.rmtree(modules / "node_modules", ignore_errors=True)
        install(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], modules, "evaluators under Node")
    pinned = json.loads((HERE / "package.json").read_text())["dependencies"]
    for name, package in NODE_PACKAGES.items():
        yield Evaluator(f"{package} {pinned[package]} (Node)", ["node", HERE / "evaluate.mjs", name, modules], [checked, "answers"],
                        [folder, "rate", seconds])


def rust_evaluators(build, checked, folder, seconds):
    crate = build / "yggdrasil"
    copied(["yggdrasil/Cargo.toml", "yggdrasil/main.rs"], crate)
    install(["cargo", "build", "--release", "--quiet", "--target-dir", "target"], crate, "evaluator in Rust")
    line = next(line for line in (HERE / "yggdrasil/Cargo.toml").read_text().splitlines() if line.startswith(CRATE))
    version = line.split("=", 1)[1].strip().strip('"=')
    yield Evaluator(f"{CRATE} {version} (Rust)", [crate / "target/release/yggdrasil"], [checked, "answers"], [folder, "rate", seconds])


def fanion_evaluators(program, checked, folder, seconds):
    for name, manner in (("Fanion, context parsed", "parsed"), ("Fanion, with parsing the context's JSON for each evaluation", "text"),
                         ("Fanion, all 50 flags of a context in one go", "bulk")):
        yield Evaluator(name, [program], ["answers", checked], ["rate", folder, seconds, manner])


def share_apart(ours, theirs, value):
    """How many standard deviations two samples' shares of a value are apart."""
    count = len(ours)
    shares = [answers.count(value) / count for answers in (ours, theirs)]
    middle = sum(shares) / 2
    deviation = math.sqrt(2 * middle * (1 - middle) / count)
    return abs(shares[0] - shares[1]) / deviation if deviation else 0


def disagreements(flags, ours, theirs):
    if len(theirs) != len(flags):
        yield f"{len(theirs)} flags answered of {len(flags)}"
    for flag, mine, other in zip(flags, ours, theirs):
        values = flag["variants"].values()
        if ruleset.is_split(flag):
            worst = max(share_apart(mine, other, value) for value in values)
            strange = [value for value in other if value not in values]
            if worst > DEVIATIONS or strange or len(other) != len(mine):
                yield f"{flag['key']}: shares are {worst:.1f} standard deviations apart"
        elif mine != other:
            yield f"{flag['key']}: {sum(a != b for a, b in zip(mine, other))} of {len(mine)} contexts differ"


def check(flags, evaluators):
    reference, *others = [one.answers() for one in evaluators]
    if [len(answers) for answers in reference] != [CHECKED_CONTEXTS] * len(flags):
        sys.exit("bench: Fanion does not answer every flag for every context")
    for evaluator, answers in zip(evaluators[1:], others):
        if found := list(disagreements(flags, reference, answers)):
            sys.exit(f"bench: {evaluator.name} does not agree with Fanion, so the comparison is void:\n  " + "\n  ".join(found))


def collect(bench, checked, folder):
    """Evaluators that are here, and sentences about those that are not."""
    build = pathlib.Path(bench.arguments.build).resolve() / "peers"
    seconds = bench.arguments.seconds
    found, missing = list(fanion_evaluators(bench.bin / "evaluate_loop", checked, folder, seconds)), []
    for make in (node_evaluators, rust_evaluators):
        try:
            found += make(build, checked, folder, seconds)
        except NotMeasured as reason:
            missing.append(f"Not measured: {reason}.")
            bench.note(f"  NOT MEASURED: {reason}")
    return found, missing


def measure_rates(bench, evaluators):
    for number in range(bench.arguments.rounds):
        for evaluator in evaluators:
            pinned = Evaluator(evaluator.name, ["nice", "-n", "-15", "taskset", "-c", bench.load_core, *evaluator.command], None, None)
            evaluator.rates.append(float(pinned.run(evaluator.rate_words)))
        bench.note(f"  round {number + 1}: " + ", ".join(f"{one.name} {one.rates[-1]:,.0f}/s" for one in evaluators))


def spread(values, form):
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def times_as_fast(ours, other):
    """Each round's ratio: within a round the machine is the same for both."""
    return [a / b for a, b in zip(ours.rates, other.rates)]


def table(bench, evaluators):
    node = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip() if shutil.which("node") else "none"
    lines = ["", f"Evaluations of 50 flags with {CONTEXTS} contexts a second of processor time, one core, {bench.arguments.rounds} alternated "
             f"rounds of {bench.arguments.seconds} s after a warm-up, and the rounds' ratios to the first row: median (least to "
             f"most). Node: {node}.", "", "| evaluator | evaluations a second | first row is so many times as fast |", "|---|---|---|"]
    lines += [f"| {one.name} | {spread(one.rates, ',.0f')} | {spread(times_as_fast(evaluators[0], one), '.1f')} |" for one in evaluators]
    return lines


def measure(bench):
    """Adds the verdict to the bench's table; returns the lines of the comparison's own."""
    folder, checked = bench.work / "peers", bench.work / "peers-checked"
    ruleset.write(folder, CONTEXTS)
    flags = ruleset.write(checked, CHECKED_CONTEXTS)
    evaluators, missing = collect(bench, checked, folder)
    check(flags, evaluators)
    bench.note(f"  {len(evaluators)} evaluators agree on {len(flags)} flags and {CHECKED_CONTEXTS:,} contexts")
    measure_rates(bench, evaluators)
    target, what = f"{TIMES_FASTEST_IN_NODE} times", f"Fanion's evaluator against the fastest under Node, 50 flags, {CONTEXTS} contexts"
    in_node = [one for one in evaluators if one.name.endswith("(Node)")]
    if in_node:
        fastest = max(in_node, key=lambda one: statistics.median(one.rates))
        times = times_as_fast(evaluators[0], fastest)
        bench.row(what, f"{spread(times, '.1f')} times {fastest.name}", target, statistics.median(times) >= TIMES_FASTEST_IN_NODE)
    else:
        bench.row(what, "not measured", target, None)
    return table(bench, evaluators) + ([""] + missing if missing else [])
