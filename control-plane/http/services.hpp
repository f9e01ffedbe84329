#pragma once

// The dependencies of the admin API's handlers. They outlive the router. One thread (its I/O
// thread).

#include <span>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/base/sealing.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "common/telemetry/trace_place.hpp"
#include "control-plane/audit/limit.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/http/metrics.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::identity {
class AccessTokens;
class Admissions;
class Passwords;
class PublicUrl;
class UseRecorder;
struct Registration;
}  // namespace fanion::cp::identity

namespace fanion::cp::flags {
class ListCache;
}

namespace fanion::cp::quotas {
class Limits;
}

namespace fanion::cp::sign_on {
class ProviderClient;
}

namespace fanion::cp::webhooks {
class AddressPolicy;
}

namespace fanion::cp::live {
class ChangeHub;
}

namespace fanion::cp::http {

class EntityTags;
struct Route;

struct Services {
    db::Pool& pool;
    publish::RulesetPublisher& publisher;
    identity::Passwords& passwords;
    const identity::AccessTokens& tokens;
    live::ChangeHub& live;
    std::span<const Route> routes;  // of the whole API: a change may be undone by another route
    net::BlockingPool& blocking;
    net::TaskGroup& background;  // for work that a request starts and does not wait for
    identity::UseRecorder& uses;
    identity::Admissions& admissions;
    EntityTags& entity_tags;
    flags::ListCache& flag_lists;
    audit::AuditLimit& audit_limit;
    Metrics& metrics;
    const SealingKeys& sealing;  // of secrets that are used again
    const Clock& clock;
    const Log& log;
    const identity::Registration& registration;  // who may get an account
    quotas::Limits& limits;                      // of requests, and what an organisation may have
    const identity::PublicUrl& public_url;       // under which browsers know this program
    sign_on::ProviderClient& identity_providers;
    const webhooks::AddressPolicy& addresses;  // that may be called where an organisation says which
    telemetry::RequestTracing tracing = {};
};

}  // namespace fanion::cp::http
