"""Whether the error budget is spent too fast, asked of Prometheus: by the new build, by the whole job, and by what --error-ratio
measures. A question without an answer is not good news."""
from delivery import burn, durations, queries
from delivery.errors import NoPrometheus

RULES = "load deploy/monitoring/recording.yml into Prometheus"


class Guard:
    def __init__(self, prometheus, options, job):
        self.prometheus, self.options, self.job = prometheus, options, job
        self.budget = options.budget

    def before(self, resumed=False):
        """NoPrometheus unless all is well now: nobody could tell whose errors they are. If a rollout is resumed, they may be its own."""
        if self.budget is None:
            self.budget = self.prometheus.number(queries.budget(self.options.program))
        self.prometheus.time()
        if not self.budget:
            raise NoPrometheus(f"Prometheus has no {queries.budget(self.options.program)}: {RULES}, or give --budget")
        if self.options.even_if_burning or resumed:
            return
        verdict = self._job()
        if verdict.state == burn.BURNING:
            raise NoPrometheus(f"not begun: {verdict.text}. Wait, or give --even-if-burning if this build is the remedy")
        if verdict.state == burn.UNKNOWN:
            raise NoPrometheus(f"not begun: {verdict.text}. {RULES[0].upper()}{RULES[1:]}, and look at --job")

    def look(self, selector, age):
        """A Verdict. `age`: seconds since instances of `selector` last changed; None: there are none."""
        try:
            verdicts = [] if self.options.even_if_burning else [self._job()]
            if selector:
                verdicts.append(self._build(selector, age))
            verdicts += [self._ratio(query, selector or "", age) for query in self.options.error_ratio]
        except NoPrometheus as error:
            return burn.Verdict(burn.UNKNOWN, str(error))
        return burn.together(verdicts)

    def _job(self):
        rates = self._rates(lambda what, seconds: queries.of_job(self.options.program, what, self.job, seconds))
        return burn.judge(f"job {self.job}", self.options.windows, rates, self.budget, min_errors=self.options.min_errors, few=burn.GOOD)

    def _build(self, selector, age):
        if age < self.options.settle:
            return burn.Verdict(burn.UNKNOWN, f"new build: measured for {durations.show(age)}")
        rates = self._rates(lambda what, seconds: queries.of_build(self.options.program, what, selector, seconds))
        return burn.judge("new build", self._clipped(age), rates, self.budget, self.options.min_requests, self.options.min_errors)

    def _ratio(self, query, selector, age):
        """Before a while has passed it is unknown for a new build; without one it is as it always was."""
        if age is not None and age < self.options.settle:
            return burn.Verdict(burn.UNKNOWN, f"error ratio: measured for {durations.show(age)}")
        windows = self.options.windows if age is None else self._clipped(age)
        return burn.judge_ratios("error ratio", windows,
                                 lambda seconds: self.prometheus.number(queries.of_ratio(query, selector, seconds)), self.budget)

    def _clipped(self, age):
        return [window.clipped(int(age)) for window in self.options.windows]

    def _rates(self, query_of):
        known = {}

        def rates(seconds):
            if seconds not in known:
                known[seconds] = burn.Rates(*(self.prometheus.number(query_of(what, seconds)) for what in ("errors", "requests")))
            return known[seconds]

        return rates
