#pragma once

// What the handlers of the admin API work with. Everything outlives the router; one thread (the I/O thread).

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/api/jwt.hpp"
#include "control-plane/api/metrics.hpp"
#include "control-plane/api/passwords.hpp"
#include "control-plane/domain/audit_limit.hpp"
#include "control-plane/store/pg/pool.hpp"
#include "control-plane/store/publish_sink.hpp"

namespace fanion::api {

struct Services {
    pg::Pool& pool;
    store::PublishSink& publisher;
    Passwords& passwords;
    const AccessTokens& tokens;
    net::BlockingPool& blocking;
    net::TaskGroup& background;  // for what a request sets off and does not wait for
    domain::AuditLimit& audit_limit;
    Metrics& metrics;
    const Clock& clock;
    const Log& log;
};

}  // namespace fanion::api
