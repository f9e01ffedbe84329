"""Two control-plane replicas with one database: each serves every change, and one may die."""
from support.processes import wait_for
from support.stack import Admin, ofrep_value


def test_changes_arrive_through_either_replica_and_after_one_died(stack):
    second = stack.add_control_plane("control-2").start()
    stack.create_flag("f")
    key = stack.create_key("server")
    relay = stack.add_relay("relay-1", controls=[stack.control, second]).start()
    other = stack.add_relay("relay-2", controls=[second, stack.control]).start()

    def both_say(value, what):
        for each in (relay, other):
            wait_for(lambda r=each: ofrep_value(r, key, "f", {"targetingKey": "u"}) is value, f"{each.name}: {what}")

    stack.configure("f", {"enabled": True})
    both_say(True, "a change through the first replica")
    through_second = Admin(second.url, stack.admin.token)
    stack.configure("f", {"enabled": False}, admin=through_second)
    both_say(False, "a change through the second")

    # The embedded database belongs to the replica that started it; only the second one's process dies here.
    second.process.kill()
    stack.configure("f", {"enabled": True})
    both_say(True, "a change after one replica was killed")
