"""Backups of a running installation, and the drill: the database is lost, an old dump is restored, relays follow unaided."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import pytest

from support import host
from support.load import Load
from support.processes import free_port, wait_for
from support.stack import BIN, Stack, ofrep_value
from test_bootstrap import bucket

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
DONE, REFUSED, USAGE, UNREACHABLE, FORBIDDEN = range(5)


class Backups:
    """The command line with a place, a key pair and the database of a stack."""

    def __init__(self, stack, name="nowhere"):
        self.stack, self.place, self.keys = stack, stack.dir / "backups" / name, stack.dir / "keys"
        self.trust = stack.dir / "control" / "trust.json"

    @staticmethod
    def make_keys(stack):
        Backups(stack).expect(DONE, "backup", "keygen", "--dir", stack.dir / "keys")

    def url(self, user="fanion", database="fanion"):
        return f"host={self.stack.dir / 'pg'} port=5432 user={user} dbname={database}"

    def expect(self, code, *arguments, **variables):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("FANION_", "PG"))}
        done = subprocess.run([BIN / "fanion", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                              check=False, env={**env, **variables})
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout if code == DONE else done.stderr

    def make(self, *options, code=DONE, place=None, user="fanion", **variables):
        return self.expect(code, "--json", "backup", "--place", place or self.place, "--recipient", self.keys / "backup.crt",
                           "--trust", self.trust, *options, FANION_DATABASE_URL=self.url(user), **variables)

    def with_key(self, *command, code=DONE, place=None, **variables):
        key = [] if "--key" in command else ["--key", self.keys / "backup.key"]
        return self.expect(code, *command, "--place", place or self.place, *key, **variables)

    def psql(self, sql, database="postgres", user="fanion"):
        command = [POSTGRES / "psql", "-X", "-Atq", "-v", "ON_ERROR_STOP=1", self.url(user, database), "-c", sql]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def objects(self):
        return sorted(str(path.relative_to(self.place)) for path in self.place.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def installed():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as stack:
        stack.create_flag("f")
        stack.key = stack.create_key("server")
        stack.relay = stack.add_relay("relay-a").start()
        Backups.make_keys(stack)
        yield stack
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def installation(installed, request):
    """One for all tests: whatever happens to it, it works again at their ends. Each has a place of its own."""
    installed.configure("f", {"enabled": False})
    serves(installed.relay, installed.key, False, "the flag is off")
    return installed, Backups(installed, request.node.name)


def serves(relay, key, value, what):
    wait_for(lambda: ofrep_value(relay, key, "f", {"targetingKey": "u"}) is value, f"{what}\n{relay.process.tail()}")


def epoch_of(relay):
    found = [file.stem.split(".") for file in (relay.process.log.parent / relay.name / "cache" / "env").glob("*/*.ruleset")]
    return max((int(epoch), int(version)) for epoch, version in found) if found else (0, 0)


def test_the_drill(installation):
    stack, backups = installation
    relay = stack.relay
    made = json.loads(backups.make())["backup"]
    assert [each["problem"] for each in made["environments"]] == [""] * len(made["environments"])
    assert "acme/web/development" in [each["place"] for each in made["environments"]]
    assert made["rows"]["fanion.flags"] == 1 and made["id"] in backups.expect(DONE, "backup", "list", "--place", backups.place)
    said = backups.with_key("backup", "verify", "--restore", "--trust", backups.trust, "--max-age", "1")
    assert "tables have the rows that they had" in said, said
    # Life goes on: all of this is lost.
    for value in (True, False, True):
        stack.configure("f", {"enabled": value})
        serves(relay, stack.key, value, "a change")
    wait_for(lambda: epoch_of(relay) != (0, 0), "the relay has stored what it serves")
    ahead = epoch_of(relay)
    with Load(relay.port, stack.key, "f", (False, True), threads=1) as load:
        said = backups.with_key("restore", "--replace", code=REFUSED, FANION_DATABASE_URL=backups.url())
        assert "a control plane is connected" in said, said
        stack.control.process.kill()
        backups.psql('DROP DATABASE "fanion" WITH (FORCE)')
        backups.psql('CREATE DATABASE "fanion" OWNER fanion_owner')
        bundle = stack.dir / "restored.bundle"
        # As the role of the control plane, which is no superuser.
        said = backups.with_key("restore", "--bundle", bundle, FANION_DATABASE_URL=backups.url("fanion_owner"))
        assert "What to do next" in said and made["id"] in said, said
        assert backups.psql("SELECT count(*) FROM fanion.flags", "fanion") == "1"
        assert backups.psql("SELECT DISTINCT pg_get_userbyid(proowner) FROM pg_proc WHERE prosecdef AND pronamespace = "
                            "'fanion'::regnamespace", "fanion") == "fanion_lookup"
        stack.control.start()
        serves(relay, stack.key, False, "what was restored")
        wait_for(lambda: epoch_of(relay)[0] > ahead[0], "the new epoch is stored")
        stack.configure("f", {"enabled": True})
        serves(relay, stack.key, True, "a change after that")
    load.check()
    assert relay.metrics()['fanion_relay_rulesets_rejected_total{code="rollback"}'] == 0
    # The snapshots alone are enough to keep a relay serving.
    assert backups.expect(DONE, "bundle", "verify", bundle, "--trust", backups.trust)


def test_an_embedded_cluster_is_backed_up_and_replaced(installation):
    stack, backups = installation
    embedded = ("--embedded-postgres", stack.dir / "pg")
    backups.expect(DONE, "backup", "--place", backups.place, "--recipient", backups.keys / "backup.crt",
                   "--trust", backups.trust, *embedded)
    stack.control.process.stop()  # and with it the cluster
    refused = backups.with_key("restore", *embedded, code=REFUSED)
    assert "is not empty" in refused, refused
    said = backups.with_key("restore", *embedded, "--replace")
    assert ", replaced" in said, said
    stack.control.start()
    stack.configure("f", {"enabled": True})
    serves(stack.relay, stack.key, True, "a change after that")


def test_outdated_backups_are_removed_and_nothing_else(installation):
    stack, backups = installation
    made = []
    for _ in range(3):
        wait_for(lambda: not made or backups_second() > made[-1][:16], "the next second")
        made.append(json.loads(backups.make())["backup"]["id"])
    (backups.place / "notes.txt").write_text("mine")
    (backups.place / made[0] / "mine.txt").write_text("mine, too")
    other = backups.place / (made[0][:17] + "00000000")  # of another installation
    shutil.copytree(backups.place / made[0], other)
    wait_for(lambda: backups_second() > made[-1][:16], "the next second")
    last = json.loads(backups.make("--keep", "2"))
    assert last["removed"] == made[:2], last
    left = {path.split("/")[0] for path in backups.objects()}
    assert left == {"notes.txt", made[0], other.name, made[2], last["backup"]["id"]}
    assert [path for path in backups.objects() if path.startswith(made[0] + "/")] == [f"{made[0]}/mine.txt"]


def backups_second():
    return subprocess.run(["date", "-u", "+%Y%m%dT%H%M%SZ"], capture_output=True, text=True, check=True).stdout.strip()


def test_what_is_damaged_or_sealed_for_another_key_is_recognised(installation):
    stack, backups = installation
    made = json.loads(backups.make())["backup"]["id"]
    folder = backups.place / made
    backups.expect(DONE, "backup", "keygen", "--dir", stack.dir / "other")
    said = backups.with_key("backup", "verify", "--key", stack.dir / "other" / "backup.key", code=REFUSED)
    assert "is sealed for the key" in said, said
    for name, change, word in (("database.00000.cms", lambda b: b[:-20], "bytes instead of"),
                               ("rulesets.00000.cms", lambda b: b[:300] + bytes([b[300] ^ 1]) + b[301:], "was altered"),
                               ("manifest.json", lambda b: b.replace(b'"fanion.flags":1', b'"fanion.flags":2'), "not the one that was sealed"),
                               ("manifest.json", lambda b: b[:200], "not JSON")):
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(change(good))
        for command in (("backup", "verify"), ("restore", "--bundle", stack.dir / "bundle")):
            said = backups.with_key(*command, code=REFUSED) if command[0] == "backup" or name != "database.00000.cms" else word
            assert word in said and (command[0] == "restore" or made in said), said
        assert not list(stack.dir.glob("bundle*"))
        (folder / name).write_bytes(good)
    (folder / "database.00000.cms").unlink()
    # Without a key hashes alone are checked, which is enough for this.
    assert "is missing" in backups.expect(REFUSED, "backup", "verify", "--place", backups.place)
    (folder / "manifest.json").unlink()
    assert "no complete backup" in backups.expect(REFUSED, "backup", "verify", "--place", backups.place)
    assert "unfinished" in backups.expect(DONE, "backup", "list", "--place", backups.place)


def test_a_backup_that_fails_leaves_nothing_and_says_why(installation):
    stack, backups = installation
    said = backups.make(code=FORBIDDEN, user="fanion_owner")
    assert "BYPASSRLS" in said, said
    programs = stack.dir / "programs"
    programs.mkdir()
    said = backups.make("--postgres-programs", programs, code=USAGE)
    assert "pg_dump of PostgreSQL 15 or later was not found" in said and str(programs) in said, said
    pg_dump = programs / "pg_dump"
    for text, code, word in (("echo 'pg_dump (PostgreSQL) 13.2'", USAGE, "has version 13.2"),
                             (f'[ "$1" = --version ] && exec {POSTGRES}/pg_dump "$@"; echo half; echo "out of luck" >&2; exit 1',
                              REFUSED, "out of luck")):
        pg_dump.write_text(f"#!/bin/sh\n{text}\n")
        pg_dump.chmod(0o755)
        said = backups.make("--postgres-programs", programs, code=code)
        assert word in said, said
    assert backups.objects() == []
    with contextlib.closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    said = backups.make(code=UNREACHABLE, place=f"s3://backups?endpoint=http://127.0.0.1:{port}")
    assert "s3://backups" in said, said
    said = backups.expect(UNREACHABLE, "backup", "--place", backups.place, "--recipient", backups.keys / "backup.crt", "--trust",
                          backups.trust, FANION_DATABASE_URL=f"postgresql://fanion:geheim@127.0.0.1:{port}/fanion")
    assert "the database cannot be reached" in said and "geheim" not in said, said
    assert "cannot be read" in backups.expect(USAGE, "backup", "--place", backups.place, "--recipient", "/nowhere", "--trust",
                                              backups.trust, FANION_DATABASE_URL=backups.url())
    (stack.dir / "file").write_text("")
    assert "cannot" in backups.make(code=USAGE, place=stack.dir / "file" / "below")


def test_a_full_disk_keeps_the_last_good_backup(installation):
    host.require("mount")
    stack, backups = installation
    with host.small_disk(stack.dir / "small", 4) as disk:
        first = json.loads(backups.make(place=disk))["backup"]["id"]
        (disk / "filling").write_bytes(b"x" * (shutil.disk_usage(disk).free - 16 * 1024))
        wait_for(lambda: backups_second() > first[:16], "the next second")
        said = backups.make("--keep", "1", code=USAGE, place=disk)
        assert "No space left on device" in said and str(disk) in said, said
        assert sorted(path.name for path in disk.iterdir()) == [first, "filling"]
        backups.with_key("backup", "verify", place=disk)


def test_a_bucket_holds_backups(installation):
    stack, backups = installation
    with bucket(stack.dir) as (place, credentials):
        made = json.loads(backups.make(place=place, **credentials))["backup"]["id"]
        assert made in backups.expect(DONE, "backup", "list", "--place", place, **credentials)
        assert "verify" in backups.with_key("backup", "verify", place=place, **credentials)
        said = backups.make(code=FORBIDDEN, place=place, **{**credentials, "AWS_SECRET_ACCESS_KEY": "wrong"})
        assert "SignatureDoesNotMatch" in said and "s3://flags/prod" in said, said


def test_a_doctor_examines_the_installation(installation):
    stack, backups = installation
    relay = stack.relay
    token = {"FANION_TOKEN": stack.admin.token, "FANION_URL": stack.control.url, "FANION_ORG": stack.org}
    everything = ("--url", stack.control.url, "--relay", relay.url, "--database-url", backups.url("fanion_owner"), "--data-dir",
                  stack.dir / "control", "--cache-dir", stack.dir / "relay-a" / "cache")

    def examine(code=DONE, *more):
        done = subprocess.run([BIN / "fanion", "doctor", "-o", "json", *map(str, (*everything, *more))], capture_output=True, text=True,
                              timeout=60, check=False, env={**os.environ, **token})
        assert done.returncode == code, done.stdout + done.stderr
        return {(each["area"], each["subject"]): each for each in json.loads(done.stdout)["checks"]}

    wait_for(lambda: ("relays", "relay-a") in examine(), "the relay has reported")
    found = examine()
    assert found["database", "migrations"]["state"] == "ok", found
    assert found["control plane", "clock"]["state"] == "ok" and found["relays", "versions"]["state"] == "ok"
    assert found["keys", str(stack.dir / "control" / "signer.pem")]["state"] == "ok"
    assert found["keys", str(stack.dir / "control" / "root.pem")]["state"] == "warning"
    (stack.dir / "control" / "jwt.pem").chmod(0o644)
    closed = free_port()
    broken = examine(REFUSED, "--relay", f"http://127.0.0.1:{closed}", "--certificate", backups.trust)
    assert broken["files", str(stack.dir / "control" / "jwt.pem")]["advice"].startswith("chmod 0600")
    assert {key for key, each in broken.items() if each["state"] == "failure"} == {
        ("files", str(stack.dir / "control" / "jwt.pem")), ("relay", f"http://127.0.0.1:{closed}"), ("certificates", str(backups.trust))}
