#pragma once

// The settings of the public port (configuration.md). Rates and limits of streams apply to each
// worker thread, because threads share nothing. Values; copied freely.

#include <chrono>
#include <cstddef>
#include <string>

namespace fanion::relay::serve {

struct Rate {
    double per_second = 0;  // 0: no limit
    double burst = 0;       // requests at once; less than 1 counts as 1
};

struct ServeConfig {
    Rate key_rate{20'000, 40'000};      // requests with one key
    Rate stranger_rate{5'000, 10'000};  // requests without a key that may make them; preflights
    Rate total_rate{50'000, 100'000};   // requests with any key

    // Where applications reach this relay ("https://flags.example.com"), for the URL of the event
    // stream. Empty: what the Host of the request says.
    std::string public_url;

    std::size_t streams = 10'000;                               // open event streams
    std::size_t streams_per_key = 5'000;                        // of them, with one key
    std::chrono::milliseconds stream_lifetime{30 * 60 * 1000};  // give or take a fifth, at random
    std::chrono::milliseconds stream_keep_alive{20'000};        // between comments on a quiet stream
    std::chrono::milliseconds ruleset_keep_alive{10'000};       // the same, where heads do not come
    double stream_refetches_per_second = 2'000;                 // announcements of a change, over all streams

    bool attribute_names = true;  // whether the names of contexts' attributes are noted; from the start on

    std::chrono::milliseconds version_wait{2'000};   // the longest wait for the version of flagConfigEtag
    std::chrono::seconds not_synchronised_retry{1};  // Retry-After until all rulesets have arrived
};

}  // namespace fanion::relay::serve
