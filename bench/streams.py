"""Many SDKs' streams (/sdk/v1/stream) on one relay: memory, how fast a change reaches them, and how fast they come back.

The relay, with one serving thread, has one core, and stream_clients the other, which evaluations meanwhile come from too.
Memory is the growth of the relay's resident size, which does not include what the kernel keeps for a socket.
"""
import contextlib
import pathlib
import re
import statistics
import subprocess
import threading
import time

import servers
from steady import SteadyLoad
from swaps import following, make_versions
from upstream import Upstream

STREAMS, REOPENED = 10_000, 5_000
FLAGS, CHANGES = 100, 60
ROUNDS = 9               # changes of which the median is taken
PERIOD = 0.5             # seconds between changes beside evaluations, at least
KIB_EACH = {"plain": 8, "tls": 24, "websocket": 8}
SUFFIX = {"plain": "", "tls": " over TLS", "websocket": " over WebSockets"}
EVALUATIONS, CONNECTIONS = 1_000_000, 32  # a second: as many as there can be


class Clients:
    """A running stream_clients."""

    def __init__(self, bench, port, key, kind):
        command = ["taskset", "-c", bench.load_core, bench.bin / "stream_clients", str(port), key, str(STREAMS), kind]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def tell(self, command):
        self.process.stdin.write(command + "\n")

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("bench: stream_clients has ended")
        return line.split()

    def ask(self, command):
        self.tell(command)
        return [float(word) for word in self.answer()]

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


class Streams:
    def __init__(self, bench):
        self.bench, self.work = bench, bench.work

    def measure(self):
        self.bench.note(f"{STREAMS:,} streams of SDKs")
        for kind in KIB_EACH:
            self.measure_kind(kind)

    def measure_kind(self, kind):
        self.directory, self.changes = self.work / f"streams-{kind}", iter(range(1, CHANGES + 1))
        self.key = make_versions(self.bench.bin, self.directory, FLAGS, CHANGES, 0)
        prefix = ["taskset", "-c", self.bench.server_core]
        options = servers.tls_options(self.work) if kind == "tls" else []
        name = f"{STREAMS:,} streams{SUFFIX[kind]}"
        with Upstream(self.directory) as self.upstream:
            running = following(self.bench, self.upstream, self.directory, self.key, prefix, options)
            with running as (process, port, _), contextlib.closing(Clients(self.bench, port, self.key, kind)) as clients:
                self.process, self.port, self.clients = process, port, clients
                self.measure_memory(name, KIB_EACH[kind])
                if kind == "plain":
                    self.measure_reach(name)
                    self.measure_beside()
                if kind != "websocket":
                    self.measure_return(name)

    def resident(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1))

    def measure_memory(self, name, most):
        before = self.resident()
        # All SDKs hold the version that the relay has: they get a head.
        seconds = self.clients.ask(f"open e_bench={self.newest()}")[0]
        time.sleep(2)
        each = (self.resident() - before) / STREAMS
        self.bench.note(f"  opened in {seconds:.1f} s")
        self.bench.row(f"{name}: resident memory of each", f"{each:.1f} KiB", f"{most} KiB", each <= most)

    def newest(self):
        return re.search(rb"^id: e_bench:(\S+)$", self.upstream.event("put"), re.M).group(1).decode()

    def change(self):
        """Sends a change; seconds until it has reached 99 % of the streams, and all."""
        self.clients.tell("expect event: patch")
        self.clients.answer()
        begin = time.monotonic_ns()
        self.upstream.send(f"{next(self.changes):04}.patch")
        count, most, last = self.clients.answer()
        assert int(count) == STREAMS
        return (int(most) - begin) / 1e9, (int(last) - begin) / 1e9

    def measure_reach(self, name):
        times = []
        for _ in range(ROUNDS):
            times.append(self.change())
            time.sleep(0.3)
        most, last = (statistics.median(column) * 1000 for column in zip(*times))
        self.bench.row(f"{name}: a change reaches 99 %, median of {ROUNDS}", f"{most:.0f} ms", "250 ms", most <= 250)
        self.bench.row("the same, all", f"{last:.0f} ms", "500 ms", last <= 500)

    def measure_beside(self):
        """Evaluations while a change is sent every half a second, against evaluations beside silent streams."""
        alone, beside, reached = [], [], []
        for _ in range(self.bench.arguments.rounds):
            alone.append(self.evaluations())
            stop = threading.Event()

            def send():
                while not stop.is_set():
                    begin = time.monotonic()
                    reached.append(self.change()[1])
                    stop.wait(max(0, begin + PERIOD - time.monotonic()))

            sender = threading.Thread(target=send)
            sender.start()
            beside.append(self.evaluations())
            stop.set()
            sender.join()
        ratio = statistics.median(beside) / statistics.median(alone)
        reached_all = statistics.median(reached) * 1000
        self.bench.row(f"as many evaluations as there can be beside changes to {STREAMS:,} streams, one every {PERIOD} s or when all "
                       f"have the one before ({reached_all:.0f} ms), against silent streams ({statistics.median(alone):,.0f}/s)",
                       f"{statistics.median(beside):,.0f}/s, {ratio:.2f} times", "0.5 times", ratio >= 0.5)

    def evaluations(self):
        pinned = ["taskset", "-c", self.bench.load_core]
        return SteadyLoad(self.bench, self.port, self.key, EVALUATIONS, CONNECTIONS, pinned).result()["rate"]

    def measure_return(self, name):
        most, last = self.clients.ask(f"reopen {REOPENED}")
        self.bench.row(f"{name}, of which {REOPENED:,} reconnect at once: 90 % are back after", f"{most:.2f} s (all {last:.2f} s)",
                       "10 s", most <= 10)


def measure(bench):
    Streams(bench).measure()
