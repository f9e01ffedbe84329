"""What a relay starts from besides its own disk: bundles, a real Redis, a bucket of a server that checks signatures."""
import contextlib
import os
import shutil
import subprocess
import sys

import pytest

from support.processes import Process, free_port, http, wait_for
from support.stack import BIN, Service, ofrep_value

CREDENTIALS = {"FANION_REDIS_PASSWORD": "geheim"}


def fanion(*arguments, env=None):
    done = subprocess.run([BIN / "fanion", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout + done.stderr


@contextlib.contextmanager
def redis(folder):
    port = free_port()
    (folder / "redis").mkdir()
    server = Process(["/usr/bin/redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir",
                      folder / "redis", "--requirepass", CREDENTIALS["FANION_REDIS_PASSWORD"]], folder / "redis.log")
    server.start()
    try:
        yield f"redis://127.0.0.1:{port}/0/flags"
    finally:
        server.stop()


@contextlib.contextmanager
def bucket(folder):
    """A bucket, and the only credentials that may use it."""
    import boto3

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # These four requests are not checked; every later one needs a valid signature.
    environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "4"}
    server = Process([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], folder / "s3.log", environment)
    server.start()
    try:
        wait_for(lambda: _connects(port), "the S3 server listens")
        anybody = dict(endpoint_url=url, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="y")
        iam = boto3.client("iam", **anybody)
        iam.create_user(UserName="relay")
        iam.put_user_policy(UserName="relay", PolicyName="all", PolicyDocument=(
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'))
        key = iam.create_access_key(UserName="relay")["AccessKey"]
        boto3.client("s3", **anybody).create_bucket(
            Bucket="flags", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield f"s3://flags/prod?endpoint={url}&region=eu-central-1", {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    finally:
        server.stop()


def _connects(port):
    import socket

    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def add_relay(stack, name, *options, env=None):
    """A relay without a disk of its own that outlives it, without a key, and without an upstream unless `options` has one."""
    command = [BIN / "fanion-relay", "--trust", stack.dir / "control" / "trust.json", "--cache-dir", stack.dir / name / "cache",
               "--relay-id", name, "--threads", "2", "--drain-delay", "0", *options]
    service = Service(name, command, stack.dir / f"{name}.log", {**os.environ, **(env or {})})
    stack.services.append(service)
    return service


def with_options(relay, *options, env=None):
    relay.process.command += list(options)
    relay.process.env = {**os.environ, **(env or {})}
    return relay


@pytest.fixture
def published(stack):
    """A flag that is on, a server key, and a relay that has both."""
    stack.create_flag("f")
    key = stack.create_key("server")
    stack.configure("f", {"enabled": True})
    first = stack.add_relay("relay-a").start()
    wait_for(lambda: ofrep_value(first, key, "f", {"targetingKey": "u"}) is True, "relay-a has the flag")
    return stack, key, first


def says_true(relay, key):
    wait_for(lambda: ofrep_value(relay, key, "f", {"targetingKey": "u"}) is True, f"{relay.name} has the flag")


def test_a_relay_on_a_bundle_alone_serves_and_its_cache_is_a_bundle(published):
    stack, key, first = published
    trust = stack.dir / "control" / "trust.json"
    bundle = stack.dir / "bundle"
    code, text = fanion("bundle", "export", "--from", stack.dir / "relay-a" / "cache", "--trust", trust, "--output", bundle)
    assert code == 0, text
    code, text = fanion("bundle", "verify", bundle, "--trust", trust)
    assert code == 0 and "acme/web/development" in text, text
    forged, copy = stack.dir / "forged", stack.dir / "copy"
    shutil.copytree(stack.dir / "relay-a" / "cache", forged)
    for document in (forged / "trust").glob("*.trust"):
        document.write_bytes(document.read_bytes().replace(b'"iss"', b'"isx"'))
    code, text = fanion("bundle", "export", "--from", forged, "--trust", trust, "--output", copy)
    assert code == 0 and b'"isx"' not in copy.read_bytes(), text
    altered = stack.dir / "altered"
    altered.write_bytes(bundle.read_bytes().replace(b'"enabled":true', b'"enabled":false'))
    code, text = fanion("bundle", "verify", altered, "--trust", trust)
    assert code == 1 and "integrity" in text, text
    first.process.stop()
    stack.control.process.kill()

    alone = add_relay(stack, "relay-alone", "--bootstrap", f"{altered},{bundle}").start()
    says_true(alone, key)
    assert alone.metrics()['fanion_relay_bootstrap_documents_total{outcome="rejected"}'] >= 1
    other = add_relay(stack, "relay-other", "--bootstrap", stack.dir / "relay-alone" / "cache").start()
    says_true(other, key)


def test_a_fresh_relay_starts_from_redis_while_the_control_plane_is_away(published):
    stack, key, first = published
    with redis(stack.dir) as place:
        first.process.stop()
        publisher = with_options(first, "--publish-to", place, env=CREDENTIALS)
        publisher.start()
        wait_for(lambda: publisher.metrics()["fanion_published_documents_total"] >= 2, "relay-a has published")
        publisher.process.kill()
        stack.control.process.kill()
        shutil.rmtree(stack.dir / "relay-a" / "cache")

        upstream = ("--upstream", stack.control.url, "--key-file", stack.dir / "relay-a.key")
        fresh = add_relay(stack, "relay-b", *upstream, "--bootstrap", place, env=CREDENTIALS).start()
        says_true(fresh, key)
        stranger = add_relay(stack, "relay-c", "--bootstrap", place, env={"FANION_REDIS_PASSWORD": "falsch"}).start(ready=False)
        wait_for(lambda: stranger.metrics()["fanion_relay_bootstrap_failures_total"] >= 1, "the password is refused")
        assert "falsch" not in (stack.dir / "relay-c.log").read_text()


def test_a_relay_starts_from_a_bucket(published):
    stack, key, first = published
    trust = stack.dir / "control" / "trust.json"
    with bucket(stack.dir) as (place, credentials):
        first.process.stop()
        publisher = with_options(first, "--publish-to", place, env=credentials)
        publisher.start()
        wait_for(lambda: publisher.metrics()["fanion_published_documents_total"] >= 2, "relay-a has published")
        code, text = fanion("bundle", "verify", place, "--trust", trust, env=credentials)
        assert code == 0, text
        code, text = fanion("bundle", "verify", place, "--trust", trust, env={**credentials, "AWS_SECRET_ACCESS_KEY": "wrong"})
        assert code != 0 and "SignatureDoesNotMatch" in text, text
        fresh = add_relay(stack, "relay-b", "--bootstrap", place, env=credentials).start()
        says_true(fresh, key)


def test_the_control_plane_keeps_copies(stack):
    stack.create_flag("f")
    key = stack.create_key("server")
    with redis(stack.dir) as place:
        copies = with_options(stack.add_control_plane("control-2"), "--publish-to", place, env=CREDENTIALS).start()
        fresh = add_relay(stack, "relay-b", "--bootstrap", place, env=CREDENTIALS)
        stack.configure("f", {"enabled": True})
        wait_for(lambda: copies.metrics()["fanion_published_documents_total"] >= 2, "the control plane has published")
        wait_for(lambda: http("GET", copies.operators + "/readyz").status == 200, "ready")
        fresh.start()
        says_true(fresh, key)
