#pragma once

// What the I/O threads share: the bounds that hold for the whole process, the content of
// environments, which is large and immutable, and what never changes. Thread-safe; outlives the
// services of every thread.

#include "common/telemetry/metrics.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/audit/limit.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/live/stream_counts.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/quotas/limits.hpp"

namespace fanion::cp::app {

struct SharedServices {
    SharedServices(telemetry::Registry& registry, const Config& config, publish::Instance installation);
    SharedServices(const SharedServices&) = delete;

    const publish::Instance instance;
    const identity::Registration registration;
    const identity::PublicUrl public_url;
    quotas::Metrics quota_metrics;
    quotas::Limits limits;
    identity::Passwords passwords;
    audit::AuditLimit audit_limit;
    live::StreamCounts live_streams;
    publish::ImageCache images;
};

}  // namespace fanion::cp::app
