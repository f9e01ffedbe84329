#pragma once

// The end of a held version: it goes on to all relays, or is withdrawn. Functions run in the
// caller's transaction, which has locked the environment, and whose scope is the organisation.
// Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/access/actor.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"
#include "control-plane/publish/stage_store.hpp"
#include "control-plane/staging/decide.hpp"

namespace fanion::cp::staging {

struct Cause {
    Reason reason = Reason::person;
    std::string detail;
    access::ActorKind actor_kind = access::ActorKind::system;
    std::string actor_id;
    UnixMillis at = 0;
};

// What a stage says of itself in answers and in the audit log.
std::string stage_text(const publish::Stage& stage);

// False: the version is not held any more.
boost::asio::awaitable<bool> release(db::Transaction& tx, const projects::LockedEnvironment& env,
                                     const publish::Stage& stage, Cause cause);

struct Withdrawn {
    publish::Publication publication;
    std::vector<std::string> kept;  // "flag/new": published as before, but configured as it is
    std::string before;             // configurations of flags and segments that were put back, JSON
    std::string after;
};
// Publishes the content that relays without the label have had meanwhile, for all, and puts the
// configurations of flags and segments back to it, as a rollback does. Errors: as
// RulesetPublisher::withdraw(); conflict when the version is not held any more.
boost::asio::awaitable<Result<Withdrawn>> withdraw(db::Transaction& tx, publish::RulesetPublisher& publisher,
                                                   const projects::LockedEnvironment& env, const publish::Stage& stage,
                                                   Cause cause);

}  // namespace fanion::cp::staging
