"""HAProxy's runtime socket: which servers get requests. What it says is in force at once, and until HAProxy is restarted or its
configuration read anew."""
import socket

from delivery.errors import NoTarget


class HAProxy:
    """`address`: the path of a Unix socket, or HOST:PORT."""

    def __init__(self, address, report, dry_run=False):
        self.address, self.report, self.dry_run = address, report, dry_run

    def _ask(self, command):
        is_path = "/" in self.address
        host, _, port = self.address.rpartition(":")
        try:
            with socket.socket(socket.AF_UNIX if is_path else socket.AF_INET) as connection:
                connection.settimeout(10)
                connection.connect(self.address if is_path else (host, int(port)))
                connection.sendall(command.encode() + b"\n")
                answer = b""
                while part := connection.recv(65536):
                    answer += part
        except (OSError, ValueError) as error:
            raise NoTarget(f"no HAProxy answers at {self.address}: {error}") from None
        return answer.decode(errors="replace").strip()

    def servers(self):
        """{BACKEND/SERVER: status}: UP, DOWN, MAINT, DRAIN, `no check`, or such with a count of checks."""
        lines = self._ask("show stat").removeprefix("# ").splitlines()
        if not lines or not lines[0].startswith("pxname,"):
            raise NoTarget(f"what answers at {self.address} is no HAProxy: {lines[:1]}")
        names = lines[0].split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines[1:] if line]
        return {f"{row['pxname']}/{row['svname']}": row["status"] for row in rows if row["svname"] not in ("FRONTEND", "BACKEND")}

    def set_state(self, server, state):
        """`ready`, `drain` (goes on with what it has, gets nothing new) or `maint` (gets nothing)."""
        command = f"set server {server} state {state}"
        if self.dry_run:
            self.report.say(f"  would tell HAProxy: {command}")
            return
        self.report.note("haproxy", command=command)
        if answer := self._ask(command):
            raise NoTarget(f"HAProxy at {self.address}: {answer}")
