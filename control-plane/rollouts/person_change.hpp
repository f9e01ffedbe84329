#pragma once

// What all that people do with a rollout has in common: finding it, locked, and storing it. Throws
// PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/rollouts/rollout.hpp"

namespace fanion::cp::rollouts {

struct Place {
    projects::LockedEnvironment env;
    Rollout rollout;
};

// The rollout that the path names, locked, with the state that If-Match was compared with. Errors:
// not_found, forbidden; conflict when it has ended; those of Edit::match().
boost::asio::awaitable<Result<Place>> lock_place(http::Edit& edit, std::optional<http::Before>& before);

// Stores the rollout as a person changed it.
http::EditResult finish_change(http::Edit& edit, audit::Action action, http::Before before, Rollout rollout);

}  // namespace fanion::cp::rollouts
