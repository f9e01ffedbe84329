"""Requests at a steady rate, with the program steady_load."""
import json
import subprocess

import servers


class SteadyLoad:
    """A run of steady_load, started at once: evaluations of one flag."""

    def __init__(self, bench, port, key, rate, connections, prefix=(), seconds=None):
        words = [port, servers.SINGLE, key, servers.CONTEXT, rate, seconds or bench.arguments.seconds, connections]
        self.process = subprocess.Popen([*prefix, bench.bin / "steady_load", *map(str, words)], stdout=subprocess.PIPE, text=True)

    def runs(self):
        return self.process.poll() is None

    def result(self):
        """rate; p50, p99 and worst in microseconds."""
        out = self.process.communicate(timeout=300)[0]
        if self.process.returncode != 0:
            raise SystemExit("bench: the load was not answered")
        return json.loads(out)
