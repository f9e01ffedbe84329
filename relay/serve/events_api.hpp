#pragma once

// POST /sdk/v1/events (docs/events.md): counts, exposures and metrics of an SDK. All of a request
// is accepted, or nothing. Counts are added to the worker's, exposures and metrics go to the
// intake. Handlers of one worker thread.

#include <string_view>

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

inline constexpr std::size_t events_bytes = 1024u * 1024;  // of a body, unpacked
inline constexpr std::size_t beacon_bytes = 64u * 1024;    // of one that names its key

// The API key in the body of a request that has none in its headers: text/plain, as browsers send
// it without asking first. Empty: there is none.
std::string_view key_in_events(WorkerDeps& services, const net::Request& request);

Handled handle_events(const Call& call, intake::Receipt& receipt);

}  // namespace fanion::relay::serve
