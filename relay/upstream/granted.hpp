#pragma once

// What the relay key grants. Nothing on a stream marks its end, so the upstream's list of heads,
// which is finite, tells whether an environment or a version has yet to arrive. One thread (the
// control thread).

#include <boost/asio/awaitable.hpp>
#include <string_view>
#include <vector>

#include "common/wire/have.hpp"
#include "common/wire/sse_parser.hpp"
#include "relay/upstream/upstreams.hpp"

namespace fanion::relay::upstream {

// GET /relay/v1/heads, whose answer is events: a head or a revocation for each environment granted
// or held.
net::ClientRequest heads_request(const wire::Have& have);

struct GrantedList {
    wire::Have heads;                     // by their ids, which are not signed: good for waiting alone
    std::vector<wire::SseEvent> revoked;  // not verified yet
};
// The events in this text. Pure.
GrantedList granted_in(std::string_view events);

// Whether every environment of `granted` is held, in its version or a newer one. Pure.
bool covers(const wire::Have& held, const wire::Have& granted) noexcept;

// What GET /relay/v1/heads names; nothing where the upstream has no such endpoint. Errors: no
// answer, or another status than 200 and 404.
boost::asio::awaitable<Result<GrantedList>> fetch_granted(Upstreams& upstreams, wire::Have have);

}  // namespace fanion::relay::upstream
