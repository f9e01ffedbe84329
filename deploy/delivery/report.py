"""What a person sees, and the log: one JSON object per line, of everything that was decided or changed."""
import datetime
import json
import sys
import time

from delivery.errors import Usage

EVERY = 30  # seconds between two lines that say the same, where the output is no terminal


class Report:
    def __init__(self, log_file=None, out=sys.stdout):
        self.out, self.is_terminal = out, out.isatty()
        self.shown, self.shown_at, self.line_open = None, 0, False
        try:
            self.log = open(log_file, "a", encoding="utf-8") if log_file else None
        except OSError as error:
            raise Usage(f"--log {log_file}: {error.strerror}") from None

    def say(self, text, event=None, **fields):
        """A line, and a line of the log if there is an event."""
        self.close_line()
        print(text, file=self.out, flush=True)
        if event:
            self.note(event, **fields)

    def note(self, event, **fields):
        if self.log:
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self.log.write(json.dumps({"ts": now, "event": event, **fields}) + "\n")
            self.log.flush()

    def progress(self, state, detail):
        """While something is waited for: in place on a terminal; elsewhere a line when the state changes, or now and then."""
        now = time.monotonic()
        if self.is_terminal:
            print(f"\r\033[K  {detail}", end="", file=self.out, flush=True)
            self.line_open = True
        elif state != self.shown or now - self.shown_at >= EVERY:
            print(f"  {detail}", file=self.out, flush=True)
            self.shown_at = now
        if state != self.shown:
            self.note("state_changed", state=state, detail=detail)
        self.shown = state

    def close_line(self):
        if self.line_open:
            print(file=self.out)
        self.line_open, self.shown = False, None
