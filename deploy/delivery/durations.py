"""Durations as Prometheus writes them: 90s, 5m, 1h30m, 3d."""
import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse(text):
    """Seconds. ValueError says what is wrong."""
    if not re.fullmatch(r"(\d+[dhms])+", text):
        raise ValueError(f"'{text}' is no duration; write 90s, 5m, 1h or 3d")
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))


def show(seconds):
    """The shortest form: 300 is 5m."""
    seconds, parts = int(seconds), []
    for unit, size in reversed(SECONDS.items()):
        if seconds >= size:
            parts.append(f"{seconds // size}{unit}")
            seconds %= size
    return "".join(parts) or "0s"
