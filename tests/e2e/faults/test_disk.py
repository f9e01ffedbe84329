"""Disks that are full, read-only, damaged or emptied under a running relay. The first two need root, for a disk of their own."""
import os
import random
import shutil

import pytest

from support import host
from support.load import Load
from support.processes import wait_for
from support.stack import ofrep_value

SEED = int(os.environ.get("FANION_TEST_SEED", random.randrange(2**31)))


class Following:
    """A relay whose cache and spool are in one folder, and the value that it has to serve."""

    def __init__(self, stack, name):
        self.stack, self.value = stack, False
        stack.configure("f", {"enabled": False})
        self.folder = stack.dir / name
        self.service = stack.add_relay(name)

    def serves(self, what):
        wait_for(lambda: ofrep_value(self.service, self.stack.key, "f", {"targetingKey": "u"}) is self.value,
                 f"{what}\n{self.service.process.tail()}")

    def change(self):
        self.value = not self.value
        self.stack.configure("f", {"enabled": self.value})
        self.serves("the change")

    def events(self, part):
        return sum(value for series, value in self.service.metrics().items()
                   if series.startswith(f"fanion_relay_events_{part}") and 'kind="counts"' in series)

    def disk_is_ok(self, value):
        wait_for(lambda: self.service.metrics()["fanion_relay_cache_disk_ok"] == value, f"cache_disk_ok {value}")

    def balances(self, load):
        """What was answered is counted, and arrives."""
        wait_for(lambda: self.events("queued") == 0, "everything is delivered")
        assert self.events("dropped") == 0
        assert self.events("delivered") == self.events("accepted") >= load.answered

    def restarts_alone(self):
        """What is on the disk now is enough."""
        self.service.process.kill()
        self.stack.control.process.kill()
        try:
            self.service.start()
            assert ofrep_value(self.service, self.stack.key, "f", {"targetingKey": "u"}) is self.value
        finally:
            self.stack.control.start()
        self.service.process.stop()


def fill(folder):
    """Writes until nothing more fits."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                pass


def test_a_disk_that_is_full(shared):
    host.require("mount")
    relay = Following(shared, "full")
    with host.small_disk(relay.folder, 16):
        relay.service.start()
        relay.serves("at first")
        with Load(relay.service.port, shared.key, "f", (False, True), threads=2) as load:
            fill(relay.folder)
            relay.change()
            relay.disk_is_ok(0)
            relay.change()
            relay.service.wait_ready()
            (relay.folder / "filler").unlink()
            relay.disk_is_ok(1)
            relay.change()
        load.check(least=100)
        relay.balances(load)
        relay.restarts_alone()


def test_a_disk_that_is_read_only(shared):
    """From the start: Linux makes no file system read-only that has files open for writing."""
    host.require("mount")
    relay = Following(shared, "read-only")
    with host.small_disk(relay.folder, 64):
        relay.service.start()
        relay.serves("at first")
        relay.service.process.kill()
        host.run("mount", "-o", "remount,ro", relay.folder)
        relay.service.start()
        with Load(relay.service.port, shared.key, "f", (False, True), threads=2) as load:
            relay.change()
            relay.disk_is_ok(0)
            relay.service.wait_ready()
            host.run("mount", "-o", "remount,rw", relay.folder)
            relay.disk_is_ok(1)
            relay.change()
        load.check(least=100)
        relay.balances(load)
        relay.restarts_alone()


def test_folders_that_are_deleted_under_the_running_relay(shared):
    relay = Following(shared, "deleted")
    relay.service.start()
    relay.serves("at first")
    with Load(relay.service.port, shared.key, "f", (False, True), threads=2) as load:
        wait_for(lambda: load.answered > 100, "load")
        for folder in ("cache", "spool"):
            shutil.rmtree(relay.folder / folder, ignore_errors=True)
        relay.change()
        wait_for(lambda: list((relay.folder / "cache" / "env").glob("*/*.ruleset")), "the ruleset is written again")
        wait_for(lambda: list((relay.folder / "spool").rglob("cursor")), "the spool is made again")
        relay.disk_is_ok(1)
    load.check(least=100)
    wait_for(lambda: relay.events("queued") == 0, "everything is delivered")
    assert relay.events("accepted") == relay.events("delivered") + relay.events("dropped") >= load.answered
    relay.restarts_alone()


def damaged_by(kind, moments):
    def damage(file):
        data = bytearray(file.read_bytes())
        if not data:
            return
        if kind == "torn":
            del data[moments.randrange(len(data)):]
        else:
            data[moments.randrange(len(data))] ^= 1 << moments.randrange(8)
        with file.open("wb") as out:
            out.write(data)
    return damage


@pytest.mark.parametrize("kind", ["torn", "flipped"])
def test_files_that_are_damaged_while_the_relay_is_down(shared, kind):
    print(f"FANION_TEST_SEED={SEED}")
    relay, moments = Following(shared, kind), random.Random(SEED)
    relay.service.start()
    relay.serves("at first")
    relay.change()
    for number in range(5):
        relay.service.process.kill()
        files = sorted(file for file in relay.folder.rglob("*") if file.is_file() and file.name != "lock")
        newest = {max((file for file in files if file.suffix == suffix), default=None, key=lambda f: f.stat().st_mtime_ns)
                  for suffix in (".ruleset", ".journal")}
        for file in (newest | set(moments.sample(files, 2))) - {None}:
            damaged_by(kind, moments)(file)
        relay.service.start()
        relay.serves(f"after damage {number}, seed {SEED}")
        relay.change()
        metrics = relay.service.metrics()
        assert metrics["fanion_relay_cache_disk_ok"] == 1, f"round {number}, seed {SEED}"
        sums = {part: relay.events(part) for part in ("accepted", "delivered", "queued", "dropped")}
        assert sums["accepted"] == sums["delivered"] + sums["queued"] + sums["dropped"], (number, sums)
    relay.service.process.stop()
