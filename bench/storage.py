"""What PostgreSQL stores: bytes of a row with its share of the indexes, and bytes written to the log for it.

The real control plane stores batches and changes; sizes are those of the tables with indexes and TOAST, before and after. The log
(WAL) is what archiving and replication carry; a page that is changed for the first time after a checkpoint is in it as a whole.
"""
import json
import pathlib
import random
import subprocess
import time

from control_plane import Client, load_stack

FLAGS = 200
MINUTE = 60_000
COUNT_BATCHES, UNIT_BATCHES, CHANGES = 300, 100, 1_000
PUBLISHED = ["manifests", "item_changes", "version_authors", "outbox", "audit", "items", "flag_configs", "flags", "webhook_events"]


class Storage:
    def __init__(self, bench):
        self.bench, self.rows = bench, []

    def measure(self):
        folder = self.bench.work / "storage"
        folder.mkdir()
        with load_stack(self.bench.bin)(folder) as stack:
            self.stack, self.client = stack, Client(stack)
            for number in range(FLAGS):
                self.client.call("POST", f"{stack.home}/flags", {"key": f"bench-{number:05}", "type": "boolean"})
            place = self.client.call("GET", f"{stack.home}/environments/development")[1]
            self.env, self.key = json.loads(place)["env_id"], stack.create_key("relay")
            self.relay = Client(stack, self.key)
            self.measure_counts()
            self.measure_units("exposures", "exposures", self.exposure)
            self.measure_units("metrics", "metric_events", self.metric)
            self.measure_changes()
        return ["\nBytes in PostgreSQL 15: tables with their indexes, and the write-ahead log.\n\n| what | stored | log |\n|---|---|---|\n" +
                "\n".join(f"| {what} | {stored:,.0f} bytes | {'in that of its counts' if log is None else f'{log:,.0f} bytes'} |"
                          for what, stored, log in self.rows)]

    def sql(self, text):
        lines = next((self.stack.dir / "pg").rglob("postmaster.pid")).read_text().splitlines()
        server = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql"))[-1]
        done = subprocess.run([server, "-X", "-Atq", "-h", lines[4].strip(), "-p", lines[3].strip(), "-U", "fanion", "-d", "fanion", "-c", text],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip() if done.returncode == 0 else self.bench.note(done.stderr)

    def sizes(self, pattern):
        """Bytes of the tables, and of the log so far."""
        self.sql("CHECKPOINT")
        both = self.sql("SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0), pg_current_wal_insert_lsn() - '0/0'::pg_lsn FROM pg_class c "
                        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('fanion', 'fanion_days') AND c.relkind = 'r' "
                        f"AND c.relname ~ '^({pattern})$'")
        return [float(part) for part in both.split("|")]

    def note(self, what, pattern, before, count):
        after = self.sizes(pattern)
        self.rows.append((what, *((late - early) / count for early, late in zip(before, after))))

    def post(self, number, begin, content):
        batch = {"batch": f"bench.run.{number}", "relay": "bench", "from": begin, "to": begin + 10_000, "units": "digest", **content}
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self.relay.peer.request("POST", "/relay/v1/events", json.dumps(batch), headers)
        reply = self.relay.peer.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise SystemExit(f"bench: a batch got {reply.status} {text[:300]}")

    def measure_counts(self):
        """Every batch of another minute: each of its counts makes a row."""
        counts = [{"env": self.env, "flag": f"bench-{number:05}", "variation": "on", "version": 1, "reason": "DEFAULT",
                   "sdk": "python/1.2", "n": 3} for number in range(FLAGS)]
        now, pattern = int(time.time() * 1000), "evaluation_counts"
        before, batches = self.sizes(pattern), self.sizes("event_batches")
        for number in range(COUNT_BATCHES):
            self.post(number, now - (number + 2) * MINUTE, {"counts": counts})
        self.note("a count: flag, variation, version, reason, SDK and minute", pattern, before, FLAGS * COUNT_BATCHES)
        stored = (self.sizes("event_batches")[0] - batches[0]) / COUNT_BATCHES
        self.rows.append(("a batch of a relay, kept for seven days", stored, None))
        before = self.sizes(pattern)
        for number in range(COUNT_BATCHES):
            self.post(f"again-{number}", now - 2 * MINUTE, {"counts": counts})
        self.note("an addition to a count that is there", pattern, before, FLAGS * COUNT_BATCHES)

    def exposure(self, at):
        return {"env": self.env, "flag": f"bench-{random.randrange(FLAGS):05}", "variation": "on", "version": 1,
                "unit": random.randbytes(16).hex(), "at": at, "attrs": {"plan": "pro"}}

    def metric(self, at):
        return {"env": self.env, "key": "purchase", "unit": random.randbytes(16).hex(), "at": at, "value": random.random() * 100}

    def measure_units(self, member, table, make):
        now = int(time.time() * 1000)
        before = self.sizes(f"{table}.*")
        for number in range(UNIT_BATCHES):
            self.post(f"{member}-{number}", now - 10_000, {member: [make(now - 5_000) for _ in range(1_000)]})
        self.note("an exposure with one attribute" if member == "exposures" else "a metric event", f"{table}.*", before,
                  UNIT_BATCHES * 1_000)

    def measure_changes(self):
        self.stack.admin.login(self.stack.email)
        before = self.sizes("|".join(PUBLISHED))
        for number in range(CHANGES):
            path = f"{self.stack.home}/flags/bench-{number % FLAGS:05}/environments/development"
            body = {"instructions": [{"kind": "turn_off" if number // FLAGS % 2 else "turn_on"}]}
            self.client.call("PATCH", path, body, "application/vnd.fanion.instructions+json")
        self.note("a change of a flag: version, manifests, audit entry", "|".join(PUBLISHED), before, CHANGES)


def measure(bench):
    return Storage(bench).measure()
