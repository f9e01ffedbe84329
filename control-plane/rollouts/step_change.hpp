#pragma once

// Carries out what was decided about a rollout, in one transaction: the flag's configuration, its
// publication, the decision with its evidence, the audit entries. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"
#include "control-plane/rollouts/evidence.hpp"
#include "control-plane/rollouts/rollout_store.hpp"

namespace fanion::cp::rollouts {

struct ChangeDeps {
    db::Pool& pool;
    publish::RulesetPublisher& publisher;
    net::BlockingPool& blocking;
    const Clock& clock;
};

struct Decided {
    Progress progress;
    Decision decision;
    std::string detail;
};

// False, and nothing is changed, if since the look another lease was taken, or the rollout or the
// flag was changed; the next look is then at once. Errors: unprocessable, the ruleset that would
// come of it cannot be published. Throws PgError.
boost::asio::awaitable<Result<bool>> carry_out(ChangeDeps deps, LeasedRollout leased, const Look& look,
                                               Decided decided);

}  // namespace fanion::cp::rollouts
