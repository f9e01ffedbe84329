"""The dashboards, as a table: make_dashboards turns it into JSON. This is the only place to change them.

Each panel has a title, a Grafana unit, a sentence that says what it shows, and its queries by legend. A string begins a row. A
query of Prometheus names its metrics without job and instance: make_dashboards adds the dashboard's variables to each of them. The
names must be in docs/metrics.md, which tests/monitoring checks.
"""


def panel(kind, title, unit, description, queries, **options):
    return {"kind": kind, "title": title, "unit": unit, "description": description, "queries": queries, **options}


def graph(title, unit, description, queries, **options):
    return panel("timeseries", title, unit, description, queries, **options)


def stat(title, unit, description, query, **options):
    """One number; it is red from `red` on, or with `below` under it."""
    return panel("stat", title, unit, description, {"": query}, **options)


def table(title, unit, description, query, **options):
    return panel("table", title, unit, description, {"": query}, **options)


def by(label, metric, function="rate"):
    """The metric's rate, summed by a label, which is the legend."""
    return {"{{%s}}" % label: f"sum by ({label}) ({function}({metric}[$__rate_interval]))"}


def quantiles(metric):
    return {f"p{q}": f"histogram_quantile({q / 100}, sum by (le) (rate({metric}_bucket[$__rate_interval])))" for q in (50, 99)}


BAD = 'outcome=~"not_synchronised|overloaded"'
RELAY_RATIO = "job:fanion_relay_errors:rate5m / job:fanion_relay_requests:rate5m"
CONTROL_PLANE_RATIO = "job:fanion_control_plane_errors:rate5m / job:fanion_control_plane_requests:rate5m"


def burn(program, window):
    """How many times faster than allowed the error budget is spent over the window."""
    errors, requests = (f"avg_over_time(job:fanion_{program}_{what}:rate5m[{window}])" for what in ("errors", "requests"))
    return f"{errors} / {requests} / scalar(fanion:{program}_errors:budget)"


OVERVIEW = {
    "uid": "fanion-overview", "title": "Fanion overview", "programs": "fanion_build_info",
    "description": "Whether all is well, and where to look if it is not.",
    "panels": [
        stat("Programs that do not answer", "short", "Targets of Prometheus that are down.",
             'count(up{job=~"$job", instance=~"$instance"} == 0) or vector(0)', red=1),
        stat("Not ready", "short", "Programs whose /readyz does not answer 200.", "count(fanion_ready == 0) or vector(0)", red=1),
        stat("Stale relays", "short", "Relays that have not heard of one of their environments for more than two minutes.",
             "count(max by (instance) (fanion_relay_environment_stale_seconds) > 120) or vector(0)", red=1),
        stat("Quarantined rulesets", "short", "Environments whose newest ruleset crashed a relay, of all relays.",
             "sum(fanion_relay_environments_quarantined)", red=1),
        stat("Events dropped in a day", "short", "Evaluations, exposures and metric events that relays gave up.",
             "sum(increase(fanion_relay_events_dropped_total[1d]))", red=1),
        stat("Rollouts held", "short", "Rollouts that wait for somebody, or for a guard.",
             'max(fanion_control_plane_rollouts{state="held"})', red=1),
        "Applications",
        graph("Evaluations", "ops", "Evaluations that relays made for applications, of each job.",
              {"{{job}}": "sum by (job) (rate(fanion_relay_evaluations_total[$__rate_interval]))"}),
        graph("Failed requests of relays", "percentunit",
              "The share of requests that got 500 or 503, of each job; the objective is 0.05 %.", {"{{job}}": RELAY_RATIO}),
        graph("Burn rate of relays", "short",
              "How fast the error budget is spent; at 1 it lasts for the month. Alerts: 14.4 in an hour, 6 in six hours.",
              {"{{job}} 1h": burn("relay", "1h"), "{{job}} 6h": burn("relay", "6h")}),
        graph("Streams", "short", "Event streams and long polls of applications that are open.",
              {"{{job}}": "sum by (job) (fanion_relay_streams)"}),
        "Changes",
        graph("Changes published", "ops", "Versions of environments that the control plane committed.",
              by("result", "fanion_control_plane_publish_changes_total")),
        graph("Rulesets applied and rejected", "ops", "What relays did with rulesets they were sent.",
              {"applied": "sum(rate(fanion_relay_rulesets_applied_total[$__rate_interval]))",
               "rejected, {{code}}": "sum by (code) (rate(fanion_relay_rulesets_rejected_total[$__rate_interval]))"}),
        graph("Relays connected", "short", "Relays that follow the control plane, of each replica.",
              {"{{instance}}": "fanion_control_plane_stream_subscribers"}),
        graph("Oldest head", "s", "How long the head of the stalest environment of each relay has expired; 0 if none has.",
              {"{{instance}}": "max by (instance) (fanion_relay_environment_stale_seconds)"}),
        "Control plane",
        graph("Failed requests of the control plane", "percentunit",
              "The share of requests that got a 5xx or its equal over gRPC; the objective is 0.1 %.",
              {"{{job}}": CONTROL_PLANE_RATIO}),
        graph("Burn rate of the control plane", "short", "How fast the error budget is spent; at 1 it lasts for the month.",
              {"{{job}} 1h": burn("control_plane", "1h"), "{{job}} 6h": burn("control_plane", "6h")}),
        graph("What is late", "s", "How long the oldest scheduled change and the oldest delivery of a webhook have been due.",
              {"schedules": "max(fanion_control_plane_schedule_oldest_due_seconds)",
               "webhooks": "max(fanion_control_plane_webhook_oldest_due_seconds)"}),
        graph("Events stored", "ops", "Evaluations, exposures and metric events in batches that were stored.",
              {"evaluations": "sum(rate(fanion_control_plane_evaluations_total[$__rate_interval]))",
               "{{kind}}": "sum by (kind) (rate(fanion_control_plane_events_total[$__rate_interval]))"}),
        "Traces",
        graph("Spans", "ops", "Spans by what became of them: all but exported ones are lost. None without --otlp-endpoint.",
              by("result", "fanion_trace_spans_total")),
        graph("Spans that wait", "short", "Spans that wait for the receiver, of each program; at 4,096 further ones are dropped.",
              {"{{job}} {{instance}}": "fanion_trace_queue"}),
        "Kubernetes",
        graph("Pods that asked for a relay", "ops", "What the webhook that adds relays to pods did; `malformed` is no pod at all.",
              by("outcome", "fanion_relay_inject_reviews_total"), may_be_empty=True),
        "What runs",
        table("Builds", "short", "How many programs run each build.", "count by (job, version) (fanion_build_info)", width=12),
        table("Firing alerts", "short", "Alerts of deploy/monitoring/alerts.yml that fire now.",
              'count by (alertname, severity, job, instance) (ALERTS{alertname=~"Fanion.*", alertstate="firing"})',
              width=12, may_be_empty=True),
    ],
}

RELAY = {
    "uid": "fanion-relay", "title": "Fanion relay", "programs": "fanion_relay_environments",
    "description": "Relays: what applications ask, what they are served from, and what becomes of events.",
    "panels": [
        stat("Ready", "short", "Relays that are ready.", "sum(fanion_ready and on (job, instance) fanion_relay_environments)"),
        stat("Connected", "short", "Relays with a stream from upstream.", "sum(fanion_relay_upstream_connected)"),
        stat("Environments", "short", "Environments served, of the relay that serves the most.",
             "max(fanion_relay_environments)"),
        stat("Not synchronised", "short", "Relays that lack the newest version of something.",
             "count(fanion_relay_synchronised == 0) or vector(0)", red=1),
        stat("Cache not writable", "short", "Relays whose cache directory cannot be written.",
             "count(fanion_relay_cache_disk_ok == 0) or vector(0)", red=1),
        stat("Fullest spool", "percentunit", "The share of its spool that the fullest relay uses.",
             "max(fanion_relay_spool_bytes / fanion_relay_spool_limit_bytes)", red=0.5),
        "Requests",
        graph("Requests by route", "reqps", "Requests of applications.", by("route", "fanion_relay_requests_total")),
        graph("Requests by outcome", "reqps", "How requests ended, but for those that were answered as asked.",
              {"{{outcome}}": 'sum by (outcome) (rate(fanion_relay_requests_total{outcome!~"ok|not_modified|no_content|accepted"}'
                              "[$__rate_interval]))"}),
        graph("Evaluations", "ops", "Evaluations of each relay.",
              {"{{instance}}": "rate(fanion_relay_evaluations_total[$__rate_interval])"}),
        graph("Evaluations by organisation", "ops", "Evaluations that were counted for each tenant, those in SDKs too.",
              by("org", "fanion_relay_environment_evaluations_total")),
        graph("Evaluations by environment", "ops", "The ten environments with the most.",
              {"{{env_id}}": "topk(10, sum by (env_id) (rate(fanion_relay_environment_evaluations_total[$__rate_interval])))"}),
        graph("Evaluations by SDK", "ops", "By what requests say they are made by, and by language and version of SDKs.",
              by("sdk", "fanion_relay_sdk_evaluations_total")),
        graph("Refused with 429", "reqps", "Requests that met a bound, by its name.",
              by("bound", "fanion_relay_requests_limited_total")),
        graph("Streams", "percentunit", "Open streams and long polls, as a share of those that may be open.",
              {"{{instance}}": "fanion_relay_streams / fanion_relay_streams_limit"}),
        graph("Streams by SDK", "short", "Open streams of rulesets, by language and version of the SDK.",
              {"{{sdk}}": "sum by (sdk) (fanion_relay_sdk_streams)"}, may_be_empty=True),
        graph("Connections", "percentunit", "Open connections, as a share of those that may be open.",
              {"{{instance}}": 'fanion_http_connections{server="public"} / fanion_http_connections_limit{server="public"}'}),
        graph("Bounds met", "ops", "Connections and requests that were refused or ended for a bound.",
              by("bound", 'fanion_http_bounds_met_total{server="public"}')),
        graph("Requests by thread", "reqps", "Requests of each serving thread, of all relays: whether the kernel spreads them.",
              by("thread", 'fanion_http_thread_requests_total{server="public"}')),
        graph("TLS handshakes that failed", "ops", "By reason; none without TLS.",
              by("reason", "fanion_http_tls_handshakes_failed_total")),
        "Rulesets",
        graph("Version", "short", "The version that each relay serves of each environment: equal lines are in step.",
              {"{{env_id}} {{instance}}": "fanion_relay_environment_version"}),
        graph("Staleness", "s", "How long the newest head of each environment has expired.",
              {"{{env_id}} {{instance}}": "fanion_relay_environment_stale_seconds"}),
        graph("Time to apply a ruleset", "s", "From its delivery to its swap.", quantiles("fanion_relay_apply_seconds")),
        graph("Applied, coalesced, rejected", "ops", "What became of rulesets.",
              {"applied": "sum(rate(fanion_relay_rulesets_applied_total[$__rate_interval]))",
               "coalesced": "sum(rate(fanion_relay_rulesets_coalesced_total[$__rate_interval]))",
               "rejected, {{code}}": "sum by (code) (rate(fanion_relay_rulesets_rejected_total[$__rate_interval]))"}),
        graph("Events sent to SDKs and relays below", "ops", "Rulesets, changes, heads and revocations on streams.",
              by("event", "fanion_relay_ruleset_events_total")),
        graph("Trust document", "short", "The version in force in each relay.", {"{{instance}}": "fanion_relay_trust_version"}),
        "Upstream",
        graph("Streams from upstream", "ops", "Streams that were opened, failed, or were refused for the key.",
              {"opened": "sum(rate(fanion_relay_upstream_streams_opened_total[$__rate_interval]))",
               "failed": "sum(rate(fanion_relay_upstream_streams_failed_total[$__rate_interval]))",
               "refused": "sum(rate(fanion_relay_upstream_refused_total[$__rate_interval]))"}),
        graph("Heads", "ops", "Heads accepted by each relay; there should be one every 10 s of each environment.",
              {"{{instance}}": "rate(fanion_relay_heads_total[$__rate_interval])"}),
        graph("Fetches and polls", "ops", "Requests for full rulesets, and rounds of polling where streams bring nothing.",
              {"fetches": "sum(rate(fanion_relay_upstream_fetches_total[$__rate_interval]))",
               "failed fetches": "sum(rate(fanion_relay_upstream_fetches_failed_total[$__rate_interval]))",
               "polls": "sum(rate(fanion_relay_upstream_polls_total[$__rate_interval]))",
               "failed polls, {{reason}}": "sum by (reason) (rate(fanion_relay_upstream_polls_failed_total[$__rate_interval]))"}),
        graph("Status reports", "ops", "Reports of the relays' state to upstream.",
              by("result", "fanion_relay_status_reports_total")),
        "Events",
        graph("Accepted", "ops", "Evaluations, exposures and metric events that were accepted.",
              by("kind", "fanion_relay_events_accepted_total")),
        graph("Queued", "short", "Events that are neither delivered nor dropped yet.",
              {"{{kind}} {{instance}}": "fanion_relay_events_queued"}),
        graph("Dropped", "ops", "Events that were given up, by reason.", by("reason", "fanion_relay_events_dropped_total")),
        graph("Ledger", "short", "Accepted - delivered - dropped - queued: always 0.",
              {"{{kind}}": "sum by (kind) (fanion_relay_events_accepted_total) - sum by (kind) (fanion_relay_events_delivered_total)"
                           " - sum by (kind) (fanion_relay_events_dropped_total) - sum by (kind) (fanion_relay_events_queued)"}),
        graph("Spool", "bytes", "Bytes of the spool on disk, of each relay.", {"{{instance}}": "fanion_relay_spool_bytes"}),
        graph("Deliveries", "ops", "Attempts to deliver a batch, and those that are repeated.",
              {"attempts": "sum(rate(fanion_relay_event_posts_total[$__rate_interval]))",
               "repeated": "sum(rate(fanion_relay_event_post_failures_total[$__rate_interval]))"}),
        "Relays below",
        graph("Batches of relays below", "short", "Events of relays below that wait to be passed on.",
              {"{{kind}}": "sum by (kind) (fanion_relay_passed_events_queued)"}),
        graph("Reports of relays below", "ops", "Status reports that were received, passed up, and not passed up.",
              {"received": "sum(rate(fanion_relay_reports_received_total[$__rate_interval]))",
               "passed": "sum(rate(fanion_relay_reports_passed_total[$__rate_interval]))",
               "dropped": "sum(rate(fanion_relay_reports_dropped_total[$__rate_interval]))"}),
    ],
}

CONTROL_PLANE = {
    "uid": "fanion-control-plane", "title": "Fanion control plane", "programs": "fanion_control_plane_feed_environments",
    "description": "The control plane: requests, publishing, relays, PostgreSQL, and what runs in the background.",
    "panels": [
        stat("Ready", "short", "Replicas that are ready.",
             "sum(fanion_ready and on (job, instance) fanion_control_plane_feed_environments)"),
        stat("Relays", "short", "Relays that are connected, to all replicas.",
             "sum(fanion_control_plane_stream_subscribers)"),
        stat("Environments", "short", "Environments with a published version.", "max(fanion_control_plane_feed_environments)"),
        stat("Listening", "short", "Whether every replica is notified of changes.",
             "min(fanion_control_plane_feed_listening)", red=1, below=True),
        stat("Signing key expires", "dateTimeFromNow", "When relays stop accepting what is signed.",
             "1000 * min(fanion_control_plane_signing_key_expires_seconds)"),
        stat("Signer", "short", "Whether the key that signs rulesets can be used, of every replica.",
             "min(fanion_control_plane_signer_up)", red=1, below=True),
        stat("Waiting for PostgreSQL", "short", "Requests that wait for a connection now.",
             "sum(fanion_control_plane_db_waiting)", red=5),
        "Requests",
        graph("Requests by status", "reqps", "Requests to the admin API and of relays, by class of status.",
              by("status", 'fanion_http_requests_total{server="public"}')),
        graph("RPCs by code", "reqps", "RPCs of the gRPC port that have ended.",
              by("code", "fanion_control_plane_grpc_ended_total")),
        graph("Refused with 429", "reqps", "Too many requests of one credential or organisation.",
              by("by", "fanion_control_plane_requests_limited_total")),
        graph("Connections", "percentunit", "Open connections, as a share of those that may be open.",
              {"{{instance}}": 'fanion_http_connections{server="public"} / fanion_http_connections_limit{server="public"}'}),
        graph("Streams of live changes", "short", "Open streams, of dashboards mostly.",
              {"{{instance}}": "fanion_control_plane_live_streams"}),
        graph("Pages", "reqps", "Requests for the dashboard's page and files, and for the API's page. Files that are missing: "
              "of pages older than the program.", by("kind", "fanion_control_plane_web_requests_total")),
        graph("Sign-ins by single sign-on", "ops", "How they went.", by("result", "fanion_control_plane_sign_ons_total")),
        graph("Sealed secrets", "short", "Secrets in the database by the key that they need.",
              {"{{key}}": "max by (key) (sum by (job, instance, key) (fanion_control_plane_sealed_values))"}),
        "Publishing",
        graph("Signing failures", "ops", "What could not be signed, because the signer was away.",
              {"{{instance}}": "rate(fanion_control_plane_signing_failed_total[$__rate_interval])"}),
        graph("Changes", "ops", "What became of changes before the commit.",
              by("result", "fanion_control_plane_publish_changes_total")),
        graph("Time to build a ruleset", "s", "Applying a change and compiling the whole ruleset.",
              quantiles("fanion_control_plane_publish_build_seconds")),
        graph("Committed versions read", "ops", "By all threads; those found by polling came without a notification.",
              {"read": "sum(rate(fanion_control_plane_feed_versions_total[$__rate_interval]))",
               "found by polling": "sum(rate(fanion_control_plane_feed_found_by_poll_total[$__rate_interval]))",
               "errors": "sum(rate(fanion_control_plane_feed_errors_total[$__rate_interval]))"}),
        graph("Deltas signed on demand", "ops", "Deltas from older versions, for relays that were away.",
              {"deltas": "sum(rate(fanion_control_plane_publish_deltas_signed_total[$__rate_interval]))"}),
        "Relays",
        graph("Events to relays", "ops", "What was written to streams.", by("event", "fanion_control_plane_stream_events_total")),
        graph("Bytes to relays", "Bps", "Bytes of events written to streams.",
              {"bytes": "sum(rate(fanion_control_plane_stream_bytes_total[$__rate_interval]))"}),
        graph("Ended streams", "ops", "Why streams ended.", by("reason", "fanion_control_plane_stream_ended_total")),
        graph("Slow relays and refused keys", "ops", "Queues replaced by a full ruleset, and requests whose key was refused.",
              {"overflows": "sum(rate(fanion_control_plane_stream_overflows_total[$__rate_interval]))",
               "refused": "sum(rate(fanion_control_plane_relay_api_refused_total[$__rate_interval]))"}),
        "PostgreSQL",
        graph("Connections to PostgreSQL", "short", "Open, in use, and callers that wait for one.",
              {"open": "sum(fanion_control_plane_db_connections)", "in use": "sum(fanion_control_plane_db_connections_in_use)",
               "waiting": "sum(fanion_control_plane_db_waiting)"}),
        graph("Faults", "ops", "Connections that failed or were lost, time-outs of callers, and rollbacks.",
              {"connect errors": "sum(rate(fanion_control_plane_db_connect_errors_total[$__rate_interval]))",
               "lost": "sum(rate(fanion_control_plane_db_connections_lost_total[$__rate_interval]))",
               "time-outs": "sum(rate(fanion_control_plane_db_acquire_timeouts_total[$__rate_interval]))",
               "rollbacks": "sum(rate(fanion_control_plane_db_rollbacks_total[$__rate_interval]))"}),
        graph("Statements", "ops", "The ten that are executed most.",
              {"{{statement}}": "topk(10, sum by (statement) (rate(fanion_control_plane_db_queries_total[$__rate_interval])))"}),
        graph("Time in statements", "percentunit", "The ten that take the most time: 1 is one connection, always in use.",
              {"{{statement}}": "topk(10, sum by (statement) (rate(fanion_control_plane_db_query_seconds_total"
                                "[$__rate_interval])))"}),
        "Events",
        graph("Batches", "ops", "Batches of events, by what became of them.",
              by("result", "fanion_control_plane_event_batches_total")),
        graph("Events", "ops", "Evaluations, exposures and metric events stored, and what relays say they dropped.",
              {"evaluations": "sum(rate(fanion_control_plane_evaluations_total[$__rate_interval]))",
               "{{kind}}": "sum by (kind) (rate(fanion_control_plane_events_total[$__rate_interval]))",
               "dropped by relays": "sum(rate(fanion_control_plane_relay_drops_total[$__rate_interval]))"}),
        graph("Waiting for sinks", "bytes", "Bytes of batches that wait for each sink; only where one is configured.",
              {"{{sink}}": "max by (sink) (fanion_control_plane_sink_waiting_bytes)"}),
        graph("Age of what waits for sinks", "s", "How long the oldest batch has waited for each sink.",
              {"{{sink}}": "max by (sink) (fanion_control_plane_sink_oldest_seconds)"}),
        "In the background",
        graph("Webhooks", "ops", "Attempts to deliver, by result.", by("result", "fanion_control_plane_webhook_attempts_total")),
        graph("Time of a webhook", "s", "How long receivers take.", quantiles("fanion_control_plane_webhook_attempt_seconds")),
        graph("Schedules", "short", "Changes that wait for their time, and those whose time has come.",
              {"waiting": "max(fanion_control_plane_schedules_active)", "due": "max(fanion_control_plane_schedules_due)"}),
        graph("Runs of schedules", "ops", "What became of them.", by("result", "fanion_control_plane_schedule_runs_total")),
    ],
}

ROLLOUTS = {
    "uid": "fanion-rollouts", "title": "Fanion rollout health", "programs": "fanion_build_info",
    "description": "Rollouts of flags and of builds: whether they go on, what stops them, and whether errors follow them.",
    "panels": [
        stat("Running", "short", "Rollouts that take their steps.", 'max(fanion_control_plane_rollouts{state="running"})'),
        stat("Held", "short", "Rollouts that a guard or a conflict holds.", 'max(fanion_control_plane_rollouts{state="held"})',
             red=1),
        stat("Paused", "short", "Rollouts that a person paused.", 'max(fanion_control_plane_rollouts{state="paused"})'),
        stat("Undone in a day", "short", "Rollouts rolled back or turned off.",
             'sum(increase(fanion_control_plane_rollout_decisions_total{action=~"rollback|turn_off"}[1d]))', red=1),
        stat("Guards without data", "short", "Looks in the last hour at which a guard's Prometheus gave no number.",
             'sum(increase(fanion_control_plane_rollout_decisions_total{reason="no_data"}[1h]))', red=1),
        stat("Builds", "short", "Different builds that run now: more than one while programs are rolled out.",
             "count(count by (version) (fanion_build_info))"),
        "Flags",
        graph("Steps", "ops", "Steps taken and rollouts ended.",
              by("action", 'fanion_control_plane_rollout_decisions_total{action=~"advance|complete|rollback|turn_off|cancel"}')),
        graph("What rollouts wait for", "ops", "Looks at which a rollout did not go on, by reason.",
              by("reason", 'fanion_control_plane_rollout_decisions_total{action=~"wait|hold|alert"}')),
        graph("Open rollouts", "short", "By state.", {"{{state}}": "max by (state) (fanion_control_plane_rollouts)"}),
        graph("Looks that failed", "ops", "Errors of the database, and looks that another change overtook.",
              {"errors": "sum(rate(fanion_control_plane_rollout_errors_total[$__rate_interval]))",
               "overtaken": "sum(rate(fanion_control_plane_rollout_leases_lost_total[$__rate_interval]))"}),
        "What a step needs",
        graph("Relays behind", "short", "Relays that serve an older version of an environment than another one does: steps wait.",
              {"{{env_id}}": "count by (env_id) (fanion_relay_environment_version < on (env_id) group_left () "
                             "max by (env_id) (fanion_relay_environment_version))"}, may_be_empty=True),
        graph("Rejected rulesets", "ops", "By code.", by("code", "fanion_relay_rulesets_rejected_total")),
        "Errors",
        graph("Burn rate of relays", "short", "How fast the error budget of relays is spent, over both windows of the alert.",
              {"{{job}} 1h": burn("relay", "1h"), "{{job}} 5m": burn("relay", "5m")}),
        graph("Burn rate of the control plane", "short", "The same of the control plane.",
              {"{{job}} 1h": burn("control_plane", "1h"), "{{job}} 5m": burn("control_plane", "5m")}),
        "Builds",
        graph("Programs by build", "short", "How many programs run each build.",
              {"{{job}} {{version}}": "count by (job, version) (fanion_build_info)"}),
        graph("Failed requests by build", "percentunit",
              "The share of a relay's requests that got 503, of each build: a canary that is worse stands out.",
              {"{{version}}": f"sum by (version) (rate(fanion_relay_requests_total{{{BAD}}}[$__rate_interval])"
                              " * on (job, instance) group_left (version) fanion_build_info)"
                              " / sum by (version) (rate(fanion_relay_requests_total[$__rate_interval])"
                              " * on (job, instance) group_left (version) fanion_build_info)"}),
        graph("Requests by build", "reqps", "Requests of applications, of each build.",
              {"{{version}}": "sum by (version) (rate(fanion_relay_requests_total[$__rate_interval])"
                              " * on (job, instance) group_left (version) fanion_build_info)"}),
        graph("Restarts", "short", "Restarts of each program in the last hour.",
              {"{{job}} {{instance}}": 'resets(fanion_http_requests_total{server="operators", status="2xx"}[1h])'}),
    ],
}

ONE_FLAG = "env_id = ${environment:sqlstring} AND flag = ${flag:sqlstring}"


def counts(what, name):
    """Evaluations of the flag over time, by a column."""
    return {"": f"SELECT $__timeGroupAlias(minute, $__interval), coalesce(nullif({what}::text, ''), '(none)') AS \"{name}\", "
                f"sum(n) AS evaluations FROM evaluation_counts WHERE $__timeFilter(minute) AND {ONE_FLAG} "
                "GROUP BY 1, 2 ORDER BY 1"}


FLAG = {
    "uid": "fanion-flag", "title": "Fanion flag", "datasource": "postgres",
    "description": "One flag: who got what, why, and since when. Flags are not labels of metrics, so this dashboard reads "
                   "PostgreSQL (docs/monitoring.md says how).",
    "variables": [
        ("project", "Project", "SELECT key AS __text, project_id AS __value FROM projects WHERE deleted_at IS NULL ORDER BY key"),
        ("environment", "Environment", "SELECT key AS __text, env_id AS __value FROM environments "
         "WHERE project_id = ${project:sqlstring} AND deleted_at IS NULL ORDER BY position, key"),
        ("flag", "Flag", "SELECT key FROM flags WHERE project_id = ${project:sqlstring} AND deleted_at IS NULL ORDER BY key"),
    ],
    "panels": [
        table("Now", "short", "How the flag is configured in this environment.",
              "SELECT c.enabled, c.share AS \"percent not off\", c.version, c.updated_at AS changed, "
              "c.updated_by AS \"by\" FROM flag_configs c JOIN flags f USING (flag_id) "
              "WHERE c.env_id = ${environment:sqlstring} AND f.key = ${flag:sqlstring} "
              "AND f.project_id = ${project:sqlstring}", width=12),
        table("Answers", "short", "Each variation that was ever given, and when it was first and last.",
              "SELECT coalesce(nullif(variation, ''), '(none)') AS variation, first_at AS first, last_at AS last "
              f"FROM flag_answers WHERE {ONE_FLAG} ORDER BY 3 DESC", width=12),
        "Evaluations",
        graph("By variation", "short", "Evaluations in each interval; (none): the application's own default was used.",
              counts("variation", "variation"), stacked=True),
        graph("By reason", "short", "Why: STATIC, TARGETING_MATCH, SPLIT, DISABLED, ERROR ..", counts("reason", "reason"),
              stacked=True),
        graph("By rule", "short", "Which rule decided; (none): a target, the flag's default, or no variation.",
              counts("rule", "rule"), stacked=True),
        graph("By version", "short", "Which version of the flag answered: how fast a change reaches evaluations.",
              counts("version", "version"), stacked=True),
        graph("By SDK", "short", "Who asked, by the name that the request gave.", counts("sdk", "sdk"), stacked=True),
        graph("Errors", "percentunit", "The share of evaluations that ended in an error.",
              {"": "SELECT $__timeGroupAlias(minute, $__interval), sum(n) FILTER (WHERE reason = 'ERROR') / sum(n) AS errors "
                   f"FROM evaluation_counts WHERE $__timeFilter(minute) AND {ONE_FLAG} GROUP BY 1 ORDER BY 1"}),
        table("Who asks", "short", "Relays and SDKs through which the flag was evaluated, and when last.",
              f"SELECT relay_id AS relay, sdk, last_at AS last FROM flag_callers WHERE {ONE_FLAG} ORDER BY 3 DESC", width=12),
        table("Totals", "short", "Evaluations in the period, by variation and reason.",
              "SELECT coalesce(nullif(variation, ''), '(none)') AS variation, reason, sum(n) AS evaluations "
              f"FROM evaluation_counts WHERE $__timeFilter(minute) AND {ONE_FLAG} GROUP BY 1, 2 ORDER BY 3 DESC", width=12),
        "Rollouts",
        table("Rollouts", "short", "Rollouts of the flag in this environment.",
              "SELECT rollout_id AS rollout, rule, state, progress::json ->> 'share' AS slots, progress::json ->> 'detail' AS why, "
              f"created_at AS started, ended_at AS ended FROM rollouts WHERE {ONE_FLAG} ORDER BY position DESC", width=24),
        table("Decisions", "short", "What was decided about them, newest first.",
              "SELECT d.at, d.rollout_id AS rollout, d.action, d.reason, d.step, d.detail FROM rollout_decisions d "
              f"JOIN rollouts r USING (rollout_id) WHERE r.{ONE_FLAG.replace(' AND ', ' AND r.')} "
              "ORDER BY d.at DESC LIMIT 200", width=24),
    ],
}

DASHBOARDS = [OVERVIEW, RELAY, CONTROL_PLANE, FLAG, ROLLOUTS]
