#pragma once

// What the endpoints for SDKs and those for relays below have in common: one ruleset as the answer
// to a request, and one event of a stream. Functions of one worker thread.

#include <boost/asio/awaitable.hpp>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/rulesets/cursor.hpp"
#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// The admission of an answer that the handler has written, or of a refusal for the dispatcher to
// write. `text` must be a literal.
Admission answered(Outcome outcome) noexcept;
Admission refused_as(Outcome outcome, std::string_view text, UnixMillis retry_after = 0) noexcept;

// The full ruleset or, with ?since=, the last delta: ETag, 304, gzip and zstd.
// The tag names the version alone for relays, whose protocol says so (distribution.md), and the
// coding too for SDKs.
boost::asio::awaitable<Admission> answer_ruleset(WorkerDeps& services, net::Request& request, net::Response& response,
                                                 cache::EnvironmentStatePtr environment, rulesets::View view);

// What next_for() has said, encoded; null if there was no memory for it.
boost::asio::awaitable<net::SharedBytes> event_of(WorkerDeps& services, cache::EnvironmentStatePtr environment,
                                                  rulesets::View view, rulesets::Next next);

// Counts an event that was sent.
void count_event(WorkerDeps& services, rulesets::Next::Kind kind) noexcept;

// The trust documents after the version that ?from= names.
Handled answer_trust(WorkerDeps& services, net::Request& request, net::Response& response);

}  // namespace fanion::relay::serve
