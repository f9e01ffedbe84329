"""Pure: what Prometheus is asked. Errors, requests and objectives are those of deploy/monitoring/recording.yml: tests compare them.

A new build is judged by its own series, which `selector` finds; the job as a whole by the recorded rates, as the alerts do.
"""
from delivery import durations

SPANS = {  # what is summed, by program, with the matchers of the new build's series in the place of SELECTOR
    "relay": {
        "requests": "sum(rate(fanion_relay_requests_total{SELECTOR}[WINDOW]))",
        "errors": 'sum(rate(fanion_relay_requests_total{SELECTOR,outcome=~"not_synchronised|overloaded"}[WINDOW]))'
                  ' + sum(rate(fanion_http_handler_exceptions_total{SELECTOR,server="public"}[WINDOW]))',
    },
    "control-plane": {
        "requests": 'sum(rate(fanion_http_requests_total{SELECTOR,server="public"}[WINDOW]))'
                    " + sum(rate(fanion_control_plane_grpc_ended_total{SELECTOR}[WINDOW]))",
        "errors": 'sum(rate(fanion_http_requests_total{SELECTOR,server="public", status="5xx"}[WINDOW]))'
                  ' + sum(rate(fanion_control_plane_grpc_ended_total{SELECTOR,code=~"INTERNAL|UNAVAILABLE|UNKNOWN"}[WINDOW]))',
    },
}


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def of_build(program, what, selector, seconds):
    """Requests or errors a second of the new build."""
    return SPANS[program][what].replace("SELECTOR", selector).replace("WINDOW", durations.show(seconds))


def of_job(program, what, job, seconds):
    """Requests or errors a second of the whole job, from the recorded rates."""
    recorded = f"job:fanion_{program.replace('-', '_')}_{what}:rate5m{{job={quote(job)}}}"
    return recorded if seconds == 300 else f"avg_over_time({recorded}[{durations.show(seconds)}])"


def budget(program):
    """The share of requests that may fail."""
    return f"fanion:{program.replace('-', '_')}_errors:budget"


def of_ratio(query, selector, seconds):
    """An error ratio that was given by --error-ratio."""
    return query.replace("$window", durations.show(seconds)).replace("$canary", selector)


def ready_since(selector):
    """Per instance that is ready: when Prometheus last heard so."""
    return f"timestamp(fanion_ready{{{selector}}}) and fanion_ready{{{selector}}} == 1"


def alone(program, selector, window, min_requests=100):
    """One query for tools that ask nothing else (argo-rollouts.yaml, flagger.yaml): 1 if both windows burn, 0 if not. Without a rate, an
    objective or enough requests it has no result, which is neither. It does not clip windows: series of new pods begin with them."""
    def rates(what, seconds):
        return of_build(program, what, selector, seconds)

    def burns(seconds):
        limit = f"{window.burn:g} * {budget(program)} * ({rates('requests', seconds)})"
        return f"(({rates('errors', seconds)}) > bool {limit})"

    return f"{burns(window.long)} * {burns(window.short)}" \
           f" and ({rates('requests', window.long)}) * {window.long} >= {min_requests} and ({rates('requests', window.short)}) > 0"
