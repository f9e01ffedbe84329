#include "relay/app/config_options.hpp"

namespace fanion::relay {
namespace {

constexpr const char* upstream = "Upstream";
constexpr const char* storage = "Storage";
constexpr const char* serving = "Serving applications";
constexpr const char* operation = "Operation";

using G = GivenOptions;
constexpr TextOption options[] = {
    {"key-file", &G::key_file, "file of the relay key (or FANION_RELAY_KEY); read again at SIGHUP", upstream},
    {"trust", &G::trust, "file of the first trust document; read again at SIGHUP", upstream},
    {"upstream-ca-file", &G::upstream_ca_file, "PEM of the authorities that vouch for https [the system's]", upstream},
    {"upstream-idle", &G::upstream_idle, "milliseconds without a byte until a stream is given up [15000]", upstream},
    {"poll-interval", &G::poll_interval, "milliseconds, where streams do not pass [10000]", upstream},
    {"cache-dir", &G::cache_dir, "directory of the rulesets that were accepted; made when missing", storage},
    {"spool-dir", &G::spool_dir, "directory of events on their way [CACHE-DIR/events]", storage},
    {"relay-id", &G::relay_id, "this relay's name, the same at each start [made and kept in CACHE-DIR]", storage},
    {"max-ruleset-bytes", &G::max_ruleset_bytes, "largest document taken [41943040]", storage},
    {"max-environments", &G::max_environments, "most environments held [1000]", storage},
    {"spool-bytes", &G::spool_bytes, "most events on disk; the oldest leave first [268435456]", storage},
    {"flush-interval", &G::flush_interval, "milliseconds between batches of counts [10000]", storage},
    {"listen", &G::listen, "where applications ask [127.0.0.1:8080]", serving},
    {"threads", &G::threads, "serving threads [one per processor]", serving},
    {"public-url", &G::public_url, "where applications reach this relay, for event streams [as they asked]", serving},
    {"key-rate", &G::key_rate, "requests a second of one key, per thread; 0: no limit [20000]", serving},
    {"total-rate", &G::total_rate, "requests a second of all, per thread; 0: no limit [50000]", serving},
    {"streams", &G::streams, "open event streams, per thread [10000]", serving},
    {"streams-per-key", &G::streams_per_key, "of one key, per thread [5000]", serving},
    {"connections", &G::connections, "open connections in all [20000]", serving},
    {"body-bytes", &G::body_bytes, "largest request body [2097152]", serving},
    {"header-bytes", &G::header_bytes, "largest request header [16384]", serving},
    {"operators-listen", &G::operators_listen, "health, metrics, status [127.0.0.1:9090]", operation},
    {"require-environments", &G::require_environments,
     "ids or org/project/env, by comma: not ready without them [ready with any one]", operation},
    {"ready-max-stale", &G::ready_max_stale, "milliseconds: not ready when staler than that [never]", operation},
    {"drain-delay", &G::drain_delay, "milliseconds served on, not ready, after SIGTERM [2000]", operation},
    {"stop-timeout", &G::stop_timeout, "milliseconds for requests under way at the end [20000]", operation},
    {"blocking-threads", &G::blocking_threads, "threads for compiling and writing [2]", operation},
    {"log-level", &G::log_level, "debug, info, warn or error [info]", operation},
};

}  // namespace

std::span<const TextOption> text_options() { return options; }

}  // namespace fanion::relay
