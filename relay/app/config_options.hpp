#pragma once

// The options of fanion-relay as they are given: text, so that every value can be judged and not only the first that is
// wrong. Private to relay/app's configuration.

#include <span>
#include <string>
#include <vector>

namespace fanion::relay {

struct GivenOptions {
    std::string listen, operators_listen, upstream_ca_file, upstream_idle, poll_interval, key_file, trust;
    std::string cache_dir, spool_dir, relay_id, max_ruleset_bytes, max_environments, spool_bytes, flush_interval;
    std::string threads, blocking_threads, require_environments, ready_max_stale, drain_delay, stop_timeout, log_level;
    std::string public_url, key_rate, total_rate, streams, streams_per_key, connections, body_bytes, header_bytes;
    std::vector<std::string> upstreams;
};

struct TextOption {
    const char* name;
    std::string GivenOptions::*value;
    const char* help;
    const char* group;
};
std::span<const TextOption> text_options();

}  // namespace fanion::relay
