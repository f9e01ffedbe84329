"""Pure: from measured rates to a judgement, by burn rates over two windows each.

The burn rate is the share of failed requests divided by the share that may fail. A pair of windows burns if it is above the limit in
both: the long one keeps a moment of errors from being one, and the short one ends soon after the errors do. What is not known is
never good: a rollout goes on only with `GOOD`.
"""
import dataclasses
import math

from delivery import durations

GOOD, BURNING, UNKNOWN = "good", "burning", "unknown"


@dataclasses.dataclass(frozen=True)
class Window:
    """More than `burn` times too fast, over `long` and `short` seconds."""
    burn: float
    long: int
    short: int

    def clipped(self, age):
        """The same for what is only `age` seconds old. Before that another build ran, perhaps under the same name."""
        return Window(self.burn, min(self.long, age), min(self.short, age))


# The pages of deploy/monitoring/alerts.yml.
PAGES = (Window(14.4, 3600, 300), Window(6, 21600, 1800))


@dataclasses.dataclass(frozen=True)
class Verdict:
    state: str
    text: str


@dataclasses.dataclass(frozen=True)
class Rates:
    """A second, over one window; None: Prometheus has no sample."""
    errors: float | None
    requests: float | None

    @property
    def ratio(self):
        return self.errors / self.requests


def is_number(value):
    return value is not None and math.isfinite(value)


def both(window, ratios, budget):
    """(whether the pair burns, text). All that fails is more than any limit, also where the budget is so large that its multiple is
    never reached."""
    burns = [ratio / budget for ratio in ratios]
    limit = min(window.burn, 0.99 / budget)
    if min(burns) > limit:
        return True, f"burn rate {burns[0]:.3g} over {durations.show(window.long)} and {burns[1]:.3g} over " \
                     f"{durations.show(window.short)}; the limit is {limit:.3g}"
    return False, f"burn rate {max(burns):.3g}"


def judge_ratios(name, windows, ratio_of, budget):
    """`ratio_of(seconds)` is the share of failed requests over that time, or None."""
    texts = []
    for window in windows:
        ratios = [ratio_of(seconds) for seconds in (window.long, window.short)]
        if not all(map(is_number, ratios)):
            return Verdict(UNKNOWN, f"{name}: no requests were measured")
        burns, text = both(window, ratios, budget)
        if burns:
            return Verdict(BURNING, f"{name}: {text}")
        texts.append(text)
    return Verdict(GOOD, f"{name}: {texts[0]}")


def judge(name, windows, rates_of, budget, min_requests=0, min_errors=0, few=UNKNOWN):
    """`rates_of(seconds)` are the Rates over that time. Fewer requests than `min_requests` in the longest window are not judged. A
    pair with at most `min_errors` failed requests in its long window does not burn: the state is `few` then."""
    hesitates = None
    for window in windows:
        long, short = rates_of(window.long), rates_of(window.short)
        if not all(map(is_number, (long.errors, long.requests, short.errors, short.requests))):
            return Verdict(UNKNOWN, f"{name}: Prometheus has no samples of requests and errors")
        if not long.requests or not short.requests:
            return Verdict(UNKNOWN, f"{name}: there were no requests")
        burns, text = both(window, [long.ratio, short.ratio], budget)
        counted = f"{name}: {text} ({round(long.errors * window.long)} of {round(long.requests * window.long)} requests failed)"
        if burns and round(long.errors * window.long) > min_errors:
            return Verdict(BURNING, counted)
        if burns or hesitates is None:
            hesitates = (few if burns else GOOD, counted)
    longest = max(window.long for window in windows)
    requests = round(rates_of(longest).requests * longest)
    if requests < min_requests:
        return Verdict(UNKNOWN, f"{name}: {requests} requests, of {min_requests} that are needed")
    return Verdict(*hesitates)


def together(verdicts):
    """The worst of several."""
    for state in (BURNING, UNKNOWN):
        found = [verdict for verdict in verdicts if verdict.state == state]
        if found:
            return Verdict(state, "; ".join(verdict.text for verdict in found))
    return Verdict(GOOD, "; ".join(verdict.text for verdict in verdicts))
