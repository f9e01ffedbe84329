"""Webhooks of two control-plane replicas, one of which is killed while it delivers. Signatures are verified by the receiver of
docs/howto/webhooks.md."""
import http.server
import pathlib
import shutil
import tempfile
import threading
import types

import pytest

from support.documented import documented_receiver
from support.processes import wait_for
from support.stack import Admin, Stack


class OpenStack(Stack):
    options = (*Stack.options, "--webhook-allow-networks", "127.0.0.1")


@pytest.fixture
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with OpenStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


class Receiver:
    """Keeps what it gets. While it is held, it answers nothing."""

    def __init__(self):
        self.got, self.free, self.lock = [], threading.Event(), threading.Lock()
        self.free.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    outer.got.append((dict(self.headers), body))
                outer.free.wait(90)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"

    def messages(self):
        with self.lock:
            return list(self.got)

    def close(self):
        self.free.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def test_killing_a_replica_in_the_middle_of_a_delivery_loses_nothing(stack, receiver):
    stack.create_flag("f")
    hook = stack.admin.call("POST", "/orgs/acme/webhooks", {"url": receiver.url, "events": ["flag.configured"]}).json
    second = stack.add_control_plane("control-2").start()
    through_second = Admin(second.url, stack.admin.token)
    documented = documented_receiver(hook["secret"])
    receiver.free.clear()
    # Both replicas take from one queue: changes of several flags, until the one that will be killed holds one of them.
    flags = [f"f{i}" for i in range(8)]
    for flag in flags:
        stack.create_flag(flag)
    for number, flag in enumerate(flags):
        stack.configure(flag, {"enabled": True}, admin=through_second if number % 2 else stack.admin)

    def in_flight():
        return [replica.metrics()["fanion_control_plane_webhook_in_flight"] for replica in (stack.control, second)]

    def all_are_sent():  # a delivery is in flight before its request is sent, and until it is answered
        before = in_flight()
        return before[1] > 0 and sum(before) == len(receiver.messages()) and in_flight() == before
    wait_for(all_are_sent, "the second replica has sent what it delivers")
    second.process.kill()
    receiver.free.set()
    stack.configure("f", {"enabled": True})

    def open_ones():
        log = stack.admin.call("GET", f"/orgs/acme/webhooks/{hook['id']}/deliveries?limit=200").json["items"]
        return [one for one in log if one["state"] != "delivered"], log
    wait_for(lambda: not open_ones()[0] and len(open_ones()[1]) == 9, "everything is delivered", 120)
    ids = {}
    for headers, body in receiver.messages():
        lower = {name.lower(): value for name, value in headers.items()}
        documented.verify(lower, body)
        ids.setdefault(lower["webhook-id"], body)
        assert ids[lower["webhook-id"]] == body
    assert len(ids) == 9
    assert len(receiver.messages()) > 9  # what the killed one had sent came again


def test_the_documented_receiver_refuses_what_it_should():
    documented = documented_receiver("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    sent = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
    documented.time = types.SimpleNamespace(time=lambda: 1614265330 + 299)
    documented.verify(sent, body)
    documented.verify({**sent, "webhook-signature": "v1,AAAA " + sent["webhook-signature"]}, body)
    for faulty in ({"webhook-id": "msg_other"}, {"webhook-timestamp": "1614265331"}, {"webhook-signature": "v1,AAAA"},
                   {"webhook-signature": sent["webhook-signature"].replace("v1", "v2")}):
        with pytest.raises(ValueError):
            documented.verify({**sent, **faulty}, body)
    with pytest.raises(ValueError):
        documented.verify(sent, body + b" ")
    documented.time = types.SimpleNamespace(time=lambda: 1614265330 + 301)
    with pytest.raises(ValueError):
        documented.verify(sent, body)
