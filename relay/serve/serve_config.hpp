#pragma once

// What an operator may set about the public port. Plain values; rates and stream bounds hold per worker thread, because
// threads share nothing.

#include <chrono>
#include <cstddef>
#include <string>

namespace fanion::relay::serve {

struct Rate {
    double per_second = 0;  // 0: no limit
    double burst = 0;       // what may come at once; at least 1 where there is a limit
};

struct ServeConfig {
    Rate key_rate{20'000, 40'000};     // requests of one key
    Rate total_rate{50'000, 100'000};  // requests of everybody

    // "https://flags.example.com": where applications reach this relay, for the URL of the event stream. Empty: the Host
    // that the request names.
    std::string public_url;

    std::size_t streams = 10'000;                               // open event streams
    std::size_t streams_per_key = 5'000;                        // of one key
    std::chrono::milliseconds stream_lifetime{30 * 60 * 1000};  // give or take a fifth
    std::chrono::milliseconds stream_keep_alive{20'000};        // a comment so often
    double stream_refetches_per_second = 2'000;                 // a change is told to all within subscribers / this

    std::chrono::milliseconds version_wait{2'000};   // how long flagConfigEtag may hold an answer back
    std::chrono::seconds not_synchronised_retry{1};  // Retry-After while nothing was loaded yet
};

}  // namespace fanion::relay::serve
