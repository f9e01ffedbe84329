#!/usr/bin/env python3
"""A change on its way through a tree of relays to the streams of SDKs, simulated with the measured costs of its parts.

    bench/tree.py --streams N --relays N [--parents N,..] [--flags N] [--seed N]

Each node gets the change, applies it, and writes it to those below one after the other, as one thread of a relay does. The time for
applying is drawn around the measured median, as far as the measured fastest and slowest; the network takes what --network says. Who
loses the stream of a dead relay comes back by itself, and is not part of this. Prints JSON; docs/benchmarks.md has the figures."""
import argparse
import heapq
import json
import random

WRITE_MS = 4.4              # a change of a flag
CONTROL_STREAM_MS = 0.03    # 1,000 relays in 0.03 s
STREAM_MS = 0.0228          # 10,000 streams in 228 ms
DELTA_MS = (22, 26, 34)     # a delta to 10,000 flags: fastest, median, slowest
DELTA_FLAGS = 10_000


def shares(count, places):
    """`count` things on so many places, as evenly as they go."""
    return [count // places + (place < count % places) for place in range(places)]


class Tree:
    def __init__(self, levels, streams, flags, network, seed):
        self.levels, self.network, self.random = levels, network, random.Random(seed)
        self.scale = flags / DELTA_FLAGS
        self.streams = shares(streams, levels[-1])

    def apply(self):
        low, median, high = DELTA_MS
        return self.random.triangular(low, high, 3 * median - low - high) * self.scale if high > low else median

    def run(self):
        """When each stream has the change, in milliseconds after it was asked for."""
        arrived, waiting = [], []
        for number in range(self.levels[0]):
            heapq.heappush(waiting, (WRITE_MS + (number + 1) * CONTROL_STREAM_MS + self.hop(), 0, number))
        while waiting:
            now, level, node = heapq.heappop(waiting)
            now += self.apply()
            if level + 1 == len(self.levels):
                arrived += [now + (stream + 1) * STREAM_MS + self.hop() for stream in range(self.streams[node])]
                continue
            below = shares(self.levels[level + 1], self.levels[level])
            first = sum(below[:node])
            for number in range(below[node]):
                heapq.heappush(waiting, (now + (number + 1) * STREAM_MS + self.hop(), level + 1, first + number))
        return sorted(arrived)

    def hop(self):
        return self.random.uniform(0.5, 1.5) * self.network


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--streams", type=int, default=1_000_000)
    parser.add_argument("--relays", type=int, default=100)
    parser.add_argument("--parents", default="", metavar="N,..", help="relays between, by level from the control plane down")
    parser.add_argument("--flags", type=int, default=500)
    parser.add_argument("--network", type=float, default=0.0, metavar="MS", help="one way between two nodes, on average")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    levels = [int(part) for part in arguments.parents.split(",") if part] + [arguments.relays]
    arrived = Tree(levels, arguments.streams, arguments.flags, arguments.network, arguments.seed).run()
    at = {f"p{share}": round(arrived[max(0, len(arrived) * share // 100 - 1)], 1) for share in (50, 99, 100)}
    print(json.dumps({"levels": levels, "streams": arguments.streams, "relay_streams": max(shares(arguments.streams, levels[-1])), **at}))


if __name__ == "__main__":
    main()
