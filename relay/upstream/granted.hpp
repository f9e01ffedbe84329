#pragma once

// Which environments the relay key grants. Nothing on a stream marks its end, so the upstream's
// list of heads, which is finite, tells whether an environment has yet to arrive. One thread (the
// control thread).

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "common/wire/have.hpp"
#include "relay/upstream/upstreams.hpp"

namespace fanion::relay::upstream {

// The environments that the head events of this text are of. Ids are not signed: good for waiting,
// not for anything else. Pure.
std::set<std::string> environments_of(std::string_view events);

// Those that GET /relay/v1/heads names; none where the upstream has no such endpoint. nullopt: no
// answer.
boost::asio::awaitable<std::optional<std::set<std::string>>> fetch_granted(Upstreams& upstreams, wire::Have have);

}  // namespace fanion::relay::upstream
