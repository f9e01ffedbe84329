"""A control plane whose packets vanish. Needs root: everything runs in a network namespace of its own."""
import pathlib
import shutil
import tempfile
import time

import pytest

from support import host
from support.load import Load
from support.processes import wait_for
from support.stack import Admin, Stack, ofrep_value


@pytest.fixture
def stack():
    host.require("nft", "ip")
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with host.network_of_its_own():
        with Stack(directory) as running:
            yield running
    shutil.rmtree(directory, ignore_errors=True)


def test_a_control_plane_in_a_black_hole_is_left_for_the_other(stack):
    second = stack.add_control_plane("control-2").start()
    stack.create_flag("f")
    stack.configure("f", {"enabled": False})
    key = stack.create_key("server")
    relay = stack.add_relay("relay", controls=[stack.control, second]).start()
    alone = stack.add_relay("alone", controls=[stack.control]).start()
    for each in (relay, alone):
        wait_for(lambda r=each: ofrep_value(r, key, "f", {"targetingKey": "u"}) is False, f"{each.name} serves")
    with Load(relay.port, key, "f", (False, True), threads=1) as load, Load(alone.port, key, "f", (False, True), threads=1) as lone:
        with host.black_hole(stack.control.port):
            begun = time.monotonic()
            stack.configure("f", {"enabled": True}, admin=Admin(second.url, stack.admin.token))
            wait_for(lambda: ofrep_value(relay, key, "f", {"targetingKey": "u"}) is True, "the change", 40)
            print(f"after {time.monotonic() - begun:.1f} s")
            assert ofrep_value(alone, key, "f", {"targetingKey": "u"}) is False
        wait_for(lambda: ofrep_value(alone, key, "f", {"targetingKey": "u"}) is True, "the packets come again")
    for each in (load, lone):
        each.check()
