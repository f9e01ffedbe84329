"""How long a new version of a large environment takes a relay, what evaluations notice of it, and a start from the cache.

The relay's own histogram says how long a version took from its delivery to its swap. Versions come from upstream.py.
"""
import contextlib
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request

import servers
from steady import SteadyLoad
from upstream import Upstream

FLAGS, CHANGES, WHOLES = 10_000, 200, 5
DELTAS = 30  # of the changes, one by one; the rest beside evaluations
RATE, CONNECTIONS = 5_000, 16  # of evaluations meanwhile
SETTLE = 1.0                   # seconds after a start


class Relay:
    """A running relay with its operators' port."""

    def __init__(self, operators):
        self.operators = f"http://127.0.0.1:{operators}"

    def get(self, path):
        with urllib.request.urlopen(self.operators + path, timeout=10) as reply:
            return reply.read()

    def applied(self):
        """How many versions were swapped in, and the seconds that they took in all."""
        text = self.get("/metrics").decode()
        return tuple(float(re.search(rf"^fanion_relay_apply_seconds_{name} (\S+)$", text, re.M).group(1)) for name in ("count", "sum"))


def make_versions(programs, directory, flags, changes, wholes):
    """As servers.make_cache(), with versions for upstream.py."""
    words = [programs / "make_ruleset", directory, str(flags), str(changes), str(wholes)]
    key = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    return key


@contextlib.contextmanager
def following(bench, upstream, directory, key, prefix=(), options=()):
    """A relay that follows `upstream`, from its cache; the process, the port for applications and a Relay."""
    port, operators = servers.free_port(), servers.free_port()
    command = servers.relay_command(bench.bin, directory, port, operators, upstream.url)
    with servers.running([*prefix, *command, *options], port, bench.log) as process:
        if not upstream.is_followed.wait(30):
            raise SystemExit("bench: the relay does not follow")
        time.sleep(SETTLE)
        yield process, port, Relay(operators)


class Swaps:
    def __init__(self, bench):
        self.bench, self.bin, self.work = bench, bench.bin, bench.work

    def measure(self):
        self.bench.note(f"versions of {FLAGS:,} flags")
        self.measure_on_disk()
        with tempfile.TemporaryDirectory(prefix="fanion-bench-", dir="/dev/shm") as folder:
            self.measure_in_memory(pathlib.Path(folder))

    @contextlib.contextmanager
    def relay_in(self, directory):
        with Upstream(directory) as upstream, following(self.bench, upstream, directory, self.key) as (_, port, relay):
            self.upstream, self.port, self.relay = upstream, port, relay
            yield

    def measure_on_disk(self):
        directory = self.work / "large"
        self.key = make_versions(self.bin, directory, FLAGS, CHANGES, WHOLES)
        self.size = (directory / "events" / "put").stat().st_size
        self.measure_start(directory)
        with self.relay_in(directory):
            self.on_disk = self.apply_all(patches(1, DELTAS))
        self.disk = self.disk_time(directory)

    def measure_in_memory(self, folder):
        """With the cache in memory, where a disk's time and its noise are not in it."""
        self.key = make_versions(self.bin, folder, FLAGS, CHANGES, WHOLES)
        with self.relay_in(folder):
            times = self.apply_all(patches(1, DELTAS))
            self.row(f"delta of one flag among {FLAGS:,} ({self.size / 1e6:.1f} MB): verified, compiled and swapped, cache in memory",
                     times, 30)
            self.row(f"the same, cache on disk, which takes {self.disk:.1f} ms to append and flush as many bytes", self.on_disk, 30)
            self.measure_beside(patches(DELTAS + 1, CHANGES))
            self.row("the whole, every flag changed", self.apply_all([f"{number:04}.put" for number in range(1, WHOLES + 1)]), 700)

    def row(self, what, times, most):
        median = statistics.median(times)
        self.bench.row(f"{what}, median of {len(times)}", f"{median:.0f} ms ({min(times):.0f} to {max(times):.0f})", f"{most} ms",
                       median <= most)

    def disk_time(self, directory):
        """As much as a relay writes for a delta, appended and flushed as it does; median in milliseconds."""
        record, times = (directory / "events" / "0001.patch").read_bytes(), []
        with open(self.work / "flushed", "wb", buffering=0) as file:
            for _ in range(DELTAS):
                begin = time.perf_counter()
                file.write(record)
                os.fdatasync(file.fileno())
                times.append((time.perf_counter() - begin) * 1000)
        return statistics.median(times)

    def apply_all(self, names):
        return [self.apply(name) for name in names]

    def apply(self, name):
        """Milliseconds from the delivery of that version to its swap."""
        count, spent = self.relay.applied()
        self.upstream.send(name)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            now_count, now_spent = self.relay.applied()
            if now_count > count:
                return (now_spent - spent) * 1000
            time.sleep(0.01)
        raise SystemExit(f"bench: {name} was not swapped in")

    def measure_beside(self, names):
        """Latency of evaluations while one version after another is applied, against the same load alone."""
        alone = self.load().result()
        beside, applied = self.load(), 0
        while beside.runs() and applied < len(names):
            self.apply(names[applied])
            applied += 1
        beside = beside.result()
        ratio = beside["p99"] / alone["p99"]
        self.bench.row(f"evaluations beside {applied} such deltas one after another, {RATE:,}/s, p99; alone {alone['p99'] / 1e3:.2f} ms",
                       f"{beside['p99'] / 1e3:.2f} ms, {ratio:.1f} times", "3 times", ratio <= 3)

    def load(self):
        return SteadyLoad(self.bench, self.port, self.key, RATE, CONNECTIONS)

    def measure_start(self, directory):
        """From the start of the program until it says that it is ready."""
        times = []
        for _ in range(2 * self.bench.arguments.rounds + 1):
            port, operators = servers.free_port(), servers.free_port()
            begin = time.perf_counter()
            with open(self.bench.log, "ab") as out:
                process = subprocess.Popen(servers.relay_command(self.bin, directory, port, operators), stdout=out, stderr=out)
            try:
                while not is_ready(operators):
                    if process.poll() is not None or time.perf_counter() - begin > 30:
                        raise SystemExit("bench: the relay does not become ready")
                    time.sleep(0.002)
                times.append((time.perf_counter() - begin) * 1000)
            finally:
                process.terminate()
                process.wait(30)
        self.row(f"start with a cache of {FLAGS:,} flags ({self.size / 1e6:.1f} MB) to ready", times, 500)


def patches(first, last):
    return [f"{number:04}.patch" for number in range(first, last + 1)]


def is_ready(operators):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{operators}/readyz", timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


def measure(bench):
    Swaps(bench).measure()
