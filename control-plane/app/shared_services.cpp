#include "control-plane/app/shared_services.hpp"

#include <algorithm>
#include <thread>

namespace fanion::cp::app {
namespace {

quotas::LimitsConfig limits_of(const Config& config) {
    quotas::OwnQuotas given;
    quotas::apply_changes(given, config.quotas);
    return {{config.request_rate, config.request_burst},
            quotas::combined(quotas::usual_quotas(), given),
            quotas::steady_now};
}

// A hash sweeps through its memory, which slows what runs on other cores too: at most half of the cores compute one.
identity::PasswordCost password_cost() {
    identity::PasswordCost cost;
    cost.concurrent = std::max(1u, std::thread::hardware_concurrency() / 2);
    return cost;
}

}  // namespace

SharedServices::SharedServices(telemetry::Registry& registry, const Config& config, publish::Instance installation)
    : instance(std::move(installation)),
      registration(config.registration),
      public_url(config.public_url),
      quota_metrics(registry),
      limits(limits_of(config), quota_metrics),
      passwords(password_cost()) {}

}  // namespace fanion::cp::app
