"""Waiting that shows what it waits for, has a deadline, and ends at once when the person interrupts."""
import signal
import threading
import time

from delivery.errors import Failure, Interrupted, Unsafe


class Waiting:
    """One thread. `interval`: seconds between two looks; `limit`: seconds within which instances must be ready."""

    def __init__(self, report, interval, limit):
        self.report, self.interval, self.limit = report, interval, limit
        self.asked_to_stop = threading.Event()

    def listen(self):
        """From now on SIGINT, SIGTERM, and a terminal that goes away, end what is waited for."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked_to_stop.set())

    def forget(self):
        """The interruption was answered; the next one is another."""
        self.asked_to_stop.clear()

    def check(self):
        if self.asked_to_stop.is_set():
            raise Interrupted

    def pause(self, seconds):
        self.asked_to_stop.wait(seconds)
        self.check()

    def until(self, look, failure, reason="not_ready"):
        """`look()` gives (whether it is so, what to show). If it fails nobody knows, and the next look may."""
        self.check()
        end = time.monotonic() + self.limit
        while True:
            try:
                is_so, shown = look()
            except Failure as failure:
                is_so, shown = False, str(failure)
            self.report.progress("waiting" if not is_so else "ready", shown)
            if is_so:
                self.report.close_line()
                return
            if time.monotonic() >= end:
                raise Unsafe(reason, f"{failure} within {self.limit} s: {shown}")
            self.pause(min(self.interval, 2))
