#pragma once

// What the relay key grants. Nothing on a stream marks its end, so the upstream's list of heads,
// which is finite, tells whether an environment or a version has yet to arrive. One thread (the
// control thread).

#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "common/wire/have.hpp"
#include "relay/upstream/upstreams.hpp"

namespace fanion::relay::upstream {

// GET /relay/v1/heads, whose answer is events: a head or a revocation for each environment granted
// or held.
net::ClientRequest heads_request(const wire::Have& have);

// The ids of the head events in this text. Ids are not signed: good for waiting, not for anything
// else. Pure.
wire::Have heads_in(std::string_view events);

// Whether every environment of `granted` is held, in its version or a newer one. Pure.
bool covers(const wire::Have& held, const wire::Have& granted) noexcept;

// What GET /relay/v1/heads names; nothing where the upstream has no such endpoint. Errors: no
// answer, or another status than 200 and 404.
boost::asio::awaitable<Result<wire::Have>> fetch_granted(Upstreams& upstreams, wire::Have have);

}  // namespace fanion::relay::upstream
