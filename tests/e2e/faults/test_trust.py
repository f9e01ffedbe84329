"""Keys are exchanged, stolen and misused while relays run; a database is restored behind what relays hold."""
import contextlib
import json
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from support import hostile, trust
from support.load import Load
from support.processes import http, wait_for
from support.stack import ofrep_value

REJECTED = 'fanion_relay_rulesets_rejected_total{{code="{}"}}'


class Operator:
    """Who has the installation's keys."""

    def __init__(self, stack):
        self.stack, self.folder = stack, stack.dir / "control"
        self.root, self.signer = trust.Key(self.folder / "root.pem"), trust.Key(self.folder / "signer.pem")
        self.first = (self.folder / "trust.json").read_bytes()
        self.iss = json.loads(self.first.split(b"\n")[1])["iss"]
        self.version = 1

    def new_key(self, name):
        return trust.Key(self.stack.dir / f"{name}.pem")

    def publish(self, roots, signers, **more):
        """Appends the next trust document and has it read."""
        self.version += 1
        document = trust.trust_document(self.iss, self.version, roots, signers, **more)
        with (self.folder / "trust.json").open("ab") as file:
            file.write(document)
        self.reload("trust_reloaded")

    def sign_with(self, key, reload=True):
        self.signer = key
        shutil.copy(key.file, self.folder / "signer.pem")
        if reload:
            self.reload("configuration_reread")

    def reload(self, said):
        log = self.stack.control.process.log
        before = log.read_text().count(f'"event":"{said}"')
        self.stack.control.process.process.send_signal(signal.SIGHUP)
        wait_for(lambda: log.read_text().count(f'"event":"{said}"') > before, f"{said}\n{self.stack.control.process.tail()}")


class Relay:
    """A relay that begins with the first trust document, as one that was installed long ago."""

    def __init__(self, stack, operator, name, control=None):
        self.stack, self.name = stack, name
        self.service = stack.add_relay(name, controls=[control or stack.control])
        first = stack.dir / f"{name}.trust"
        first.write_bytes(operator.first)
        command = self.service.process.command
        command[command.index("--trust") + 1] = str(first)

    def start(self):
        self.service.start()
        return self

    def value(self):
        return ofrep_value(self.service, self.stack.key, "f", {"targetingKey": "u"})

    def serves(self, value, what="the change"):
        wait_for(lambda: self.value() is value, f"{self.name}: {what}\n{self.service.process.tail()}")

    def trusts(self, version):
        wait_for(lambda: self.service.metrics()["fanion_relay_trust_version"] == version, f"{self.name}: trust {version}")

    def rejected(self, code, least=1):
        wait_for(lambda: self.service.metrics().get(REJECTED.format(code), 0) >= least,
                 f"{self.name} rejects: {code}\n{self.service.process.tail()}")

    def stored(self):
        """The newest ruleset in the cache."""
        files = (self.stack.dir / self.name / "cache" / "env").glob("*/*.ruleset")
        newest = max(files, key=lambda file: [int(part) for part in file.stem.split(".")])
        with contextlib.suppress(FileNotFoundError):
            return trust.Ruleset(newest.read_bytes())

    def stored_by(self, key):
        def is_stored():
            found = self.stored()
            return found and found.kids == [key.kid]
        wait_for(is_stored, f"{self.name}: what is stored is signed by the new key\n{self.service.process.tail()}")
        return self.stored()


def ruleset(stack, relay):
    """What the control plane would give this relay."""
    env_id = relay.stored().manifest["env_id"]
    key = (stack.dir / f"{relay.name}.key").read_text().strip()
    answer = http("GET", f"{stack.control.url}/relay/v1/rulesets/{env_id}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 200, answer.body
    return trust.Ruleset(answer.body)


@pytest.fixture
def ready(shared):
    """The flag serves false; one relay follows."""
    stack = shared
    stack.configure("f", {"enabled": False})
    operator = stack.operator = getattr(stack, "operator", None) or Operator(stack)
    relay = Relay(stack, operator, f"relay-{len(stack.services)}").start()
    relay.serves(False)
    yield stack, operator, relay
    relay.service.process.stop()


def test_a_signing_key_is_exchanged_while_relays_run(ready):
    stack, operator, relay = ready
    old, new = operator.signer, operator.new_key("second-signer")
    with Load(relay.service.port, stack.key, "f", (False, True), threads=2) as load:
        operator.publish([operator.root], [old, new])
        relay.trusts(operator.version)  # at once, although nothing has changed
        assert relay.stored().kids == [old.kid]
        before = relay.stored()
        operator.sign_with(new)
        after = relay.stored_by(new)  # without waiting for a change
        assert after.items == before.items
        assert after.manifest["version"] == before.manifest["version"] + 1 and after.manifest["epoch"] == before.manifest["epoch"]
        operator.publish([operator.root], [new])
        relay.trusts(operator.version)
        stack.configure("f", {"enabled": True})
        relay.serves(True)
    load.check()
    # Nobody needs the old key any more: neither a relay that restarts alone nor one that is new.
    newcomer = Relay(stack, operator, "newcomer").start()
    newcomer.serves(True)
    stack.control.process.kill()
    relay.service.process.kill()
    relay.start()
    assert relay.value() is True
    for each in (relay, newcomer):
        assert each.service.metrics().get(REJECTED.format("bad_signature"), 0) == 0
    newcomer.service.process.stop()
    stack.control.start()


def test_a_key_that_is_exchanged_at_a_restart_signs_what_is_stored_too(ready):
    stack, operator, relay = ready
    old, new = operator.signer, operator.new_key("third-signer")
    operator.publish([operator.root], [old, new])
    relay.trusts(operator.version)
    operator.sign_with(new, reload=False)
    stack.control.process.stop()
    stack.control.start()
    relay.stored_by(new)
    version = relay.stored().version
    stack.control.process.stop()
    stack.control.start()
    stack.configure("f", {"enabled": True})
    relay.serves(True)
    wait_for(lambda: relay.stored().version != version, "the change is stored")
    # The second start published nothing again.
    assert int(relay.stored().version.split(".")[1]) == int(version.split(".")[1]) + 1


def test_the_root_key_is_exchanged(ready):
    stack, operator, relay = ready
    old, new = operator.root, operator.new_key("second-root")
    trusted = (operator.folder / "trust.json").read_bytes()
    # Not by the new key alone.
    with (operator.folder / "trust.json").open("ab") as file:
        file.write(trust.trust_document(operator.iss, operator.version + 1, [new], [operator.signer]))
    operator.reload("configuration_refused")
    (operator.folder / "trust.json").write_bytes(trusted)
    operator.publish([new], [operator.signer], signed_by=[old, new])
    operator.root = new
    relay.trusts(operator.version)
    operator.publish([new], [operator.signer])  # the old root key is not needed any more
    relay.trusts(operator.version)
    stack.configure("f", {"enabled": True})
    relay.serves(True)
    relay.service.process.kill()
    relay.start()
    assert relay.value() is True
    relay.trusts(operator.version)


def test_a_stolen_signing_key_is_of_no_use(ready):
    stack, operator, relay = ready
    stolen, new = operator.signer, operator.new_key("fourth-signer")
    env_id = relay.stored().manifest["env_id"]
    old_epoch = relay.stored().manifest["epoch"]
    proxy = hostile.Hostile(stack.control)
    victim = Relay(stack, operator, "victim", proxy).start()
    victim.serves(False)
    # The key is removed and the epoch floor raised in one document; what is published follows at once.
    floor = max(old_epoch + 1, int(time.time()))
    operator.sign_with(new, reload=False)
    operator.publish([operator.root], [new], epoch_floor=floor)
    for each in (relay, victim):
        each.trusts(operator.version)
        after = each.stored_by(new)
        assert after.manifest["epoch"] == floor
    forged = ruleset(stack, relay).replace(b"flag/f", b'"enabled":false', b'"enabled":true').sign(stolen, epoch=floor + 1, version=10**6)
    proxy.turn(hostile.streams(hostile.event("put", env_id, f"{floor + 1}.1000000", forged)))
    victim.rejected("bad_signature")
    assert victim.value() is False
    # What the right key signs below the floor is refused too.
    late = ruleset(stack, relay).replace(b"flag/f", b'"enabled":false', b'"enabled":true').sign(new, epoch=old_epoch, version=10**6)
    proxy.turn(hostile.streams(hostile.event("put", env_id, f"{old_epoch}.1000000", late)))
    victim.rejected("rollback")
    assert victim.value() is False
    proxy.turn(None)
    stack.configure("f", {"enabled": True})
    for each in (relay, victim):
        each.serves(True)
    victim.service.process.stop()
    proxy.close()


def test_two_rulesets_of_one_version_are_told_apart(ready):
    stack, operator, relay = ready
    env_id = relay.stored().manifest["env_id"]
    proxy = hostile.Hostile(stack.control)
    victim = Relay(stack, operator, "twice", proxy).start()
    victim.serves(False)
    twin = ruleset(stack, relay)
    version = twin.version
    document = twin.replace(b"flag/f", b'"enabled":false', b'"enabled":true').sign(operator.signer)
    proxy.turn(hostile.streams(hostile.event("put", env_id, version, document)))
    victim.rejected("equivocation")
    assert victim.value() is False
    assert "equivocation" in victim.service.process.tail()
    victim.service.process.kill()  # and its start does not change that
    victim.start()
    victim.rejected("equivocation")
    assert victim.value() is False
    victim.service.process.stop()
    proxy.close()


def postgres(stack, program, *arguments):
    server = pathlib.Path("/usr/lib/postgresql/15/bin")
    file = next((stack.dir / "pg").rglob("postmaster.pid"))
    lines = file.read_text().splitlines()
    command = [server / program, "-h", lines[4].strip(), "-p", lines[3].strip(), "-U", "fanion", *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_relays_follow_a_database_that_was_restored_behind_them(ready):
    stack, operator, relay = ready
    names = postgres(stack, "psql", "-d", "postgres", "-Atc", "SELECT datname, pg_get_userbyid(datdba) FROM pg_database")
    database, owner = re.search(r"^(fanion\w*)\|(\w+)$", names, re.M).groups()
    dump = stack.dir / "dump"
    postgres(stack, "pg_dump", "-d", database, "-Fc", "-f", dump)
    for value in (True, False, True):
        stack.configure("f", {"enabled": value})
        relay.serves(value)
    wait_for(lambda: relay.stored(), "stored")
    ahead = [relay.stored().manifest[part] for part in ("epoch", "version")]
    with Load(relay.service.port, stack.key, "f", (False, True), threads=1) as load:
        stack.control.process.kill()
        postgres(stack, "psql", "-d", "postgres", "-c", f'DROP DATABASE "{database}" WITH (FORCE)')
        postgres(stack, "psql", "-d", "postgres", "-c", f'CREATE DATABASE "{database}" OWNER "{owner}"')
        postgres(stack, "pg_restore", "-d", database, dump)
        stack.control.start()
        relay.serves(False, "what was restored")
        wait_for(lambda: relay.stored().manifest["epoch"] > ahead[0], "the new epoch is stored")
        stack.configure("f", {"enabled": True})
        relay.serves(True)
    load.check()
    assert relay.service.process.alive
