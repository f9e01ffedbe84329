"""What is secret at rest: the signing key in a process of another user or in a token, and keys for stored secrets that are replaced."""
import base64
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess

from support.processes import Process, http, wait_for
from support.stack import BIN, ofrep_value

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
NOBODY = 65534
PIN = "71894"


class Signer:
    """`fanion signer serve` as a user of its own, as far as the test's user may choose."""

    def __init__(self, stack):
        self.dir = stack.dir / "signer"
        self.dir.mkdir()
        self.socket = self.dir / "signer.sock"
        self.key = self.dir / "signer.pem"
        (stack.dir / "control" / "signer.pem").rename(self.key)
        self.log = stack.dir / "signer.log"
        self.program = shutil.copy(BIN / "fanion", self.dir / "fanion")  # the build may be in a folder of the test's user alone
        self.own()

    def own(self):
        if os.geteuid() == 0:
            for path in (self.dir, *self.dir.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def start(self, *key, env=None):
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
        self.process = Process([*user, self.program, "signer", "serve", "--socket", self.socket, *(key or ("--key", self.key))],
                               self.log, {"HOME": str(self.dir), **(env or {})}).start()
        wait_for(lambda: self.check().returncode == 0, lambda: f"signer ready\n{self.process.tail()}")
        return self

    def check(self):
        assert self.process.alive, self.process.tail()
        return subprocess.run([BIN / "fanion", "signer", "check", "--socket", self.socket], capture_output=True, text=True, timeout=60,
                              check=False)


def softhsm(signer, directory):
    """A token with the signer's key; the variable that leads SoftHSM to it."""
    (directory / "tokens").mkdir(parents=True)
    (directory / "softhsm2.conf").write_text(f"directories.tokendir = {directory / 'tokens'}\n")
    env = {**os.environ, "SOFTHSM2_CONF": str(directory / "softhsm2.conf")}
    for command in (["--init-token", "--free", "--label", "fanion", "--pin", PIN, "--so-pin", "1111"],
                    ["--import", signer.key, "--token", "fanion", "--label", "rulesets", "--id", "a1", "--pin", PIN]):
        subprocess.run(["softhsm2-util", *map(str, command)], env=env, capture_output=True, timeout=60, check=True)
    (directory / "pin").write_text(PIN + "\n")
    (directory / "pin").chmod(0o600)
    signer.own()
    return {"SOFTHSM2_CONF": env["SOFTHSM2_CONF"]}


def test_publishing_waits_for_a_signer_and_serving_does_not(stack):
    stack.create_flag("f")
    key, relay = stack.create_key("server"), stack.add_relay("relay-1").start()
    newcomer = stack.add_relay("relay-2")  # its key is in the ruleset before it starts

    def serves(value):
        wait_for(lambda: ofrep_value(relay, key, "f", {"targetingKey": "u"}) is value, f"the relay serves {value}")

    stack.configure("f", {"enabled": True, "fallthrough": {"variation": "off"}})
    serves(False)
    stack.control.process.stop()
    signer = Signer(stack)
    options = ["--signer", f"unix:{signer.socket}", "--trust", str(stack.dir / "control" / "trust.json")]
    stack.control.process.command += options

    # Without its signer it does not start, and says why.
    failed = subprocess.run(stack.control.process.command, capture_output=True, text=True, timeout=120, check=False)
    assert failed.returncode == 1 and f"the signer at unix:{signer.socket} cannot be used: No such file" in failed.stderr

    signer.start()
    try:
        stack.control.start()
        stack.admin.login(stack.email)
        assert not (stack.dir / "control" / "signer.pem").exists()
        stack.configure("f", {"fallthrough": {"variation": "on"}})
        serves(True)
        for each in (stack.control.process, relay.process, signer.process):  # no core dumps, whatever the system says
            limits = pathlib.Path(f"/proc/{each.process.pid}/limits").read_text()
            assert re.search(r"^Max core file size +0 +0 ", limits, re.M), limits
        if os.geteuid() == 0:
            status = pathlib.Path(f"/proc/{signer.process.process.pid}/status").read_text()
            assert f"Uid:\t{NOBODY}\t{NOBODY}" in status

        signer.process.process.send_signal(signal.SIGKILL)
        signer.process.process.wait()
        wait_for(lambda: stack.control.metrics()["fanion_control_plane_signer_up"] == 0, "the metric says so")
        path = f"{stack.home}/flags/f/environments/development"
        before = stack.admin.call("GET", path)
        refused = stack.admin.call("PATCH", path, {"fallthrough": {"variation": "off"}}, expect=(503,), headers={
            "If-Match": before.headers["ETag"], "Content-Type": "application/merge-patch+json"})
        assert "nothing is published now: the signer at unix:" in refused.json["detail"]
        assert refused.headers["Retry-After"]
        assert stack.admin.call("GET", path).body == before.body  # nothing of it is stored
        serves(True)
        # A relay that has nothing gets what was signed before.
        newcomer.start()
        assert ofrep_value(newcomer, key, "f", {"targetingKey": "u"}) is True
        assert http("GET", stack.control.operators + "/readyz").status == 200

        # Back, with the same key in a token, and without a restart of the control plane.
        env = softhsm(signer, signer.dir / "hsm")
        signer.start("--pkcs11-module", MODULE, "--token", "fanion", "--key-label", "rulesets", "--pin-file", signer.dir / "hsm/pin",
                     env=env)
        wait_for(lambda: stack.control.metrics()["fanion_control_plane_signer_up"] == 1, "the metric says so")
        stack.configure("f", {"fallthrough": {"variation": "off"}})
        serves(False)
        wait_for(lambda: ofrep_value(newcomer, key, "f", {"targetingKey": "u"}) is False, "the newcomer follows")
        log = stack.control.process.log.read_text()
        assert '"event":"signer_away"' in log and '"event":"signer_back"' in log
        for each in (log, signer.log.read_text()):
            assert PIN not in each and "PRIVATE KEY" not in each
        assert signer.process.stop() == 0
        assert " signatures, 0 refused, 0 failed" in signer.log.read_text()
    finally:
        signer.process.stop()


def make_webhooks(stack):
    return [stack.admin.call("POST", f"/orgs/{stack.org}/webhooks", {"url": f"https://hooks.example/in/{number}"}).json["id"]
            for number in range(3)]


def webhook_urls(stack):
    return [each["url"] for each in stack.admin.call("GET", f"/orgs/{stack.org}/webhooks").json["items"]]


def run_rewrap(stack, *arguments):
    command = [BIN / "fanion-control-plane", "rewrap", *stack._database(), *arguments]  # pylint: disable=protected-access
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def sealed(stack, key):
    return stack.control.metrics()[f'fanion_control_plane_sealed_values{{kind="webhook_url",key="{key}"}}']


def test_the_key_of_stored_secrets_is_replaced_while_the_control_plane_runs(stack):
    file = stack.dir / "control" / "secrets.key"
    old = file.read_text()
    webhooks = make_webhooks(stack)
    urls = webhook_urls(stack)

    def reload_with(text):
        file.write_text(text)
        log = stack.control.process.log
        before = log.stat().st_size
        stack.control.process.process.send_signal(signal.SIGHUP)
        wait_for(lambda: b"configuration_reread" in log.read_bytes()[before:], "the configuration is read again")

    new = base64.b64encode(secrets.token_bytes(32)).decode() + "\n"
    reload_with("# the new key\n" + new + old)
    assert webhook_urls(stack) == urls
    late = stack.admin.call("POST", f"/orgs/{stack.org}/webhooks", {"url": "https://hooks.example/late"}).json["id"]
    checked = run_rewrap(stack, "--check")
    assert checked.returncode == 1
    assert "webhook_url: 0 rewrapped, 1 under the first key, 3 under another, 0 under a key that is not here" in checked.stdout
    wait_for(lambda: (sealed(stack, "older"), sealed(stack, "current")) == (3, 1), "the metric counts them")
    done = run_rewrap(stack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "webhook_url: 3 rewrapped, 4 under the first key, 0 under another, 0 under a key that is not here" in done.stdout
    assert "everything is sealed with the first key" in done.stdout
    again = run_rewrap(stack)
    assert again.returncode == 0 and "webhook_secret: 0 rewrapped, 4 under" in again.stdout
    assert run_rewrap(stack, "--check").returncode == 0

    # The old key is of no use any more, nor is it needed.
    reload_with(new)
    assert sorted(webhook_urls(stack)) == sorted([*urls, "https://hooks.example/late"])
    only_old = stack.dir / "old.key"
    only_old.write_text(old)
    only_old.chmod(0o644)
    refused = run_rewrap(stack, "--secrets-key", only_old)
    assert refused.returncode == 2 and f"--secrets-key: {only_old} has mode 0644" in refused.stderr
    only_old.chmod(0o600)
    unopened = run_rewrap(stack, "--secrets-key", only_old)
    assert unopened.returncode == 1
    for webhook in (*webhooks, late):
        assert f"not opened: webhooks.url of {webhook} in organisation o_" in unopened.stdout
    assert old.strip() not in unopened.stdout + unopened.stderr and "hooks.example" not in unopened.stdout + unopened.stderr
    assert webhook_urls(stack)  # untouched
