"""What a person sees, and the log: one JSON object per line, of everything that was decided or changed."""
import contextlib
import datetime
import json
import os
import sys
import time

from delivery.errors import Usage

EVERY = 30  # seconds between two lines that say the same, where the output is no terminal


class Report:
    def __init__(self, log_file=None):
        self.out, self.is_terminal = sys.stdout, sys.stdout.isatty()
        self.shown, self.shown_at, self.line_open = None, 0, False
        try:
            self.log = open(log_file, "a", encoding="utf-8") if log_file else None
        except OSError as error:
            raise Usage(f"--log {log_file}: {error.strerror}") from None

    def say(self, text, event=None, **fields):
        """A line, and a line of the log if there is an event."""
        self.close_line()
        self._print(text + "\n")
        if event:
            self.note(event, **fields)

    def _print(self, text):
        """A terminal that went away, or a closed pipe, is no reason to leave a rollout as it is."""
        try:
            self.out.write(text)
            self.out.flush()
        except (OSError, ValueError):
            self.out = open(os.devnull, "w", encoding="utf-8")

    def note(self, event, **fields):
        if not self.log:
            return
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            self.log.write(json.dumps({"ts": now, "event": event, **fields}) + "\n")
            self.log.flush()
        except OSError as error:
            with contextlib.suppress(OSError):
                self.log.close()
            self.log = None
            self.say(f"  the log cannot be written: {error.strerror}")

    def close(self):
        self.close_line()
        if self.log:
            with contextlib.suppress(OSError):
                self.log.close()

    def progress(self, state, detail):
        """While something is waited for: in place on a terminal; elsewhere a line when the state changes, or now and then."""
        now = time.monotonic()
        if self.is_terminal:
            self._print(f"\r\033[K  {detail}")
            self.line_open = True
        elif state != self.shown or now - self.shown_at >= EVERY:
            self._print(f"  {detail}\n")
            self.shown_at = now
        if state != self.shown:
            self.note("state_changed", state=state, detail=detail)
        self.shown = state

    def close_line(self):
        if self.line_open:
            self._print("\n")
        self.line_open, self.shown = False, None
