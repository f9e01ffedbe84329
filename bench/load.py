"""What a relay answers in a second beside nginx: relay and wrk have one core each, and nginx takes the relay's place in each round.

Where there are fewer than four cores, two threads cannot be compared with one by their rates, because wrk needs a core for each
of them; the relay's processor time for a request shows then whether the threads are in each other's way.
"""
import json
import os
import re
import statistics
import subprocess
import sys

import servers
from steady import SteadyLoad

CONNECTIONS = 32
FLAGS = 350
SHARE = 0.7  # of the highest rate, at which latency is measured


class Load:
    def __init__(self, bench):
        self.bench, self.bin, self.work = bench, bench.bin, bench.work

    def wrk(self, port, path, key, body=servers.CONTEXT, *, scheme="http", etag=None, cores=None, threads=1):
        script = self.work / "post.lua"
        script.write_text(f"""
wrk.method = "POST"
wrk.body = '{body}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {key}"
wrk.headers["If-None-Match"] = {"'" + etag + "'" if etag else "nil"}
done = function(summary)
  local e = summary.errors
  io.write(string.format("RATE %f BAD %d\\n", summary.requests / summary.duration * 1e6,
                         e.connect + e.read + e.write + e.status + e.timeout))
end
""")
        command = ["taskset", "-c", cores or self.bench.load_core, "wrk", f"-t{threads}", f"-c{CONNECTIONS}",
                   f"-d{self.bench.arguments.seconds}s", "-s", str(script), f"{scheme}://127.0.0.1:{port}{path}"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rate, bad = re.search(r"RATE ([\d.]+) BAD (\d+)", out).groups()
        if int(bad) > 0:
            sys.exit(f"bench: {bad} failed requests\n{out}")
        return float(rate)

    def relay(self, port, cores=None, threads=1, options=()):
        command = servers.relay_command(self.bin, self.directory, port, threads=threads)
        return servers.running(["taskset", "-c", cores or self.bench.server_core, *command, *options], port, self.bench.log)

    def nginx(self, port):
        command = servers.nginx_command(self.work, port, self.single.body)
        return servers.running(["taskset", "-c", self.bench.server_core, *command], port, self.bench.log)

    def measure(self):
        self.bench.note("load: relay and nginx in turn")
        self.directory, self.key = servers.make_cache(self.bin, self.work, FLAGS)
        self.measure_rates()
        self.measure_latency()
        self.measure_threads()
        self.measure_events()

    # -- Rates -----------------------------------------------------------------------------------------------------

    def measure_rates(self):
        port = servers.free_port()
        with self.relay(port):
            self.single, self.bulk = (servers.Answer(port, path, self.key) for path in (servers.SINGLE, servers.BULK))
            assert self.single.status == 200 and self.bulk.status == 200, (self.single.body, self.bulk.body)
        names = ("single", "bulk", "unchanged", "https", "nginx")
        self.rates = {name: [] for name in names}
        self.costs = {"single": [], "https": []}  # the relay's processor time of a request, in seconds
        for number in range(self.bench.arguments.rounds):
            self.measure_round()
            rates = ", ".join(f"{name} {values[-1]:,.0f}/s" for name, values in self.rates.items())
            self.bench.note(f"  round {number + 1}: {rates}")
        # Of each round, because what else the machine does changes between them.
        shares = {name: statistics.median(rate / nginx for rate, nginx in zip(self.rates[name], self.rates["nginx"])) for name in names}
        self.row(f"OFREP single, one thread, {CONNECTIONS} connections, {len(self.single.body)} bytes (nginx `return 200`: "
                 f"{statistics.median(self.rates['nginx']):,.0f}/s)", "single", shares["single"], 0.85)
        self.row(f"OFREP bulk of {FLAGS} flags, {len(self.bulk.body):,} bytes", "bulk", shares["bulk"], 0.10)
        self.row("the same with `If-None-Match`, answered 304", "unchanged", shares["unchanged"], 0.7)
        self.row_of_tls()

    def row_of_tls(self):
        """wrk encrypts as much as the relay does, on one core too, and may be the slower of the two: then the rates say what TLS costs
        wrk. The relay's processor time says what it costs the relay."""
        rates = 1 - statistics.median(tls / plain for tls, plain in zip(self.rates["https"], self.rates["single"]))
        cost = 1 - statistics.median(plain / tls for tls, plain in zip(self.costs["https"], self.costs["single"]))
        plain, tls = (statistics.median(self.costs[name]) * 1e6 for name in ("single", "https"))
        self.bench.row(f"OFREP single over TLS, connections kept, by the relay's processor time of a request ({plain:.1f} and {tls:.1f} µs; "
                       f"wrk, which encrypts too, got {statistics.median(self.rates['https']):,.0f}/s, {rates:.0%} less)",
                       f"{cost:.0%} less", "35 % less", cost <= 0.35)

    def row(self, what, name, share, target):
        rate = statistics.median(self.rates[name])
        self.bench.row(what, f"{rate:,.0f}/s, {share:.2f} of nginx", f"{target:.2f} of nginx", share >= target)

    def measure_round(self):
        port = servers.free_port()
        with self.relay(port) as process:
            self.measure_cost("single", process, port)
            self.rates["bulk"].append(self.wrk(port, servers.BULK, self.key))
            etag = re.search(rb"^etag: *(\S+)\r$", servers.Answer(port, servers.BULK, self.key).head, re.I | re.M).group(1).decode()
            self.rates["unchanged"].append(self.wrk(port, servers.BULK, self.key, etag=etag))
        port = servers.free_port()
        with self.relay(port, options=servers.tls_options(self.work)) as process:
            self.measure_cost("https", process, port, scheme="https")
        port = servers.free_port()
        with self.nginx(port):
            self.rates["nginx"].append(self.wrk(port, servers.SINGLE, self.key))

    def measure_cost(self, name, process, port, **options):
        before = servers.processor_seconds(process.pid)
        self.rates[name].append(self.wrk(port, servers.SINGLE, self.key, **options))
        spent = servers.processor_seconds(process.pid) - before
        self.costs[name].append(spent / self.rates[name][-1] / self.bench.arguments.seconds)

    def measure_latency(self):
        rate = SHARE * statistics.median(self.rates["single"])
        times = {"relay": [], "nginx": []}
        for _ in range(self.bench.arguments.rounds):
            port = servers.free_port()
            with self.relay(port):
                times["relay"].append(self.latency(port, rate))
            port = servers.free_port()
            with self.nginx(port):
                times["nginx"].append(self.latency(port, rate))
        p99 = {name: statistics.median(values) for name, values in times.items()}
        self.bench.row(f"OFREP single at {SHARE} of that rate ({rate:,.0f}/s), p99 from the moment that a request is due",
                       f"{p99['relay']:.2f} ms (nginx: {p99['nginx']:.2f} ms)", "2 ms", p99["relay"] <= 2)

    def latency(self, port, rate):
        pinned = ["taskset", "-c", self.bench.load_core]
        SteadyLoad(self.bench, port, self.key, rate, CONNECTIONS, pinned, seconds=1).result()  # what a start leaves to do is over then
        return SteadyLoad(self.bench, port, self.key, rate, CONNECTIONS, pinned).result()["p99"] / 1000

    # -- Threads ---------------------------------------------------------------------------------------------------

    def measure_threads(self):
        cores = sorted(os.sched_getaffinity(0))
        has_room = len(cores) >= 4
        server, load = (f"{cores[0]},{cores[1]}", f"{cores[2]},{cores[3]}") if has_room else (",".join(map(str, cores)),) * 2
        rates, costs = {1: [], 2: []}, {1: [], 2: []}
        for _ in range(self.bench.arguments.rounds):
            for threads in rates:
                port = servers.free_port()
                with self.relay(port, server, threads) as process:
                    before = servers.processor_seconds(process.pid)
                    rates[threads].append(self.wrk(port, servers.SINGLE, self.key, cores=load, threads=2))
                    spent = servers.processor_seconds(process.pid) - before
                    costs[threads].append(spent / rates[threads][-1] / self.bench.arguments.seconds)
        one, two = (statistics.median(rates[threads]) for threads in (1, 2))
        if has_room:
            self.bench.row("OFREP single, two threads against one", f"{two:,.0f}/s, {two / one:.2f} times", "1.6 times", two >= 1.6 * one)
            return
        one, two = (statistics.median(costs[threads]) * 1e6 for threads in (1, 2))
        self.bench.row(f"OFREP single, two threads against one, by the processor time of a request ({len(cores)} cores, which wrk "
                       "needs too: rates cannot show it)", f"{one:.1f} and {two:.1f} µs, {2 * one / two:.2f} times", "1.6 times",
                       2 * one >= 1.6 * two)

    # -- Events ----------------------------------------------------------------------------------------------------

    def measure_events(self):
        """Without a control plane: the spool keeps what it has room for."""
        exposures = [{"flag": "bench-0050", "variation": "on", "version": 1, "unit": f"user-{number:08}", "at": 1763720000000}
                     for number in range(100)]
        body = json.dumps({"exposures": exposures}, separators=(",", ":"))
        rates = []
        for _ in range(self.bench.arguments.rounds):
            port = servers.free_port()
            with self.relay(port):
                rates.append(self.wrk(port, servers.EVENTS, self.key, body))
        rate = statistics.median(rates)
        self.bench.row(f"requests with 100 exposures, {len(body):,} bytes, one core", f"{rate:,.0f}/s", "5,000/s", rate >= 5000)


def measure(bench):
    Load(bench).measure()
