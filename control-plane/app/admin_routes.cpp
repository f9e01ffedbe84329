#include "control-plane/app/admin_routes.hpp"

#include <vector>

#include "control-plane/attributes/attribute_routes.hpp"
#include "control-plane/audit/audit_routes.hpp"
#include "control-plane/audit/export_routes.hpp"
#include "control-plane/audit/revert_routes.hpp"
#include "control-plane/audit/settings_routes.hpp"
#include "control-plane/audit/verification_routes.hpp"
#include "control-plane/bulk/bulk_routes.hpp"
#include "control-plane/events/ledger_routes.hpp"
#include "control-plane/events/retention_routes.hpp"
#include "control-plane/events/series_routes.hpp"
#include "control-plane/events/spark_routes.hpp"
#include "control-plane/events/stats_routes.hpp"
#include "control-plane/flags/clone_routes.hpp"
#include "control-plane/flags/flag_config_routes.hpp"
#include "control-plane/flags/flag_routes.hpp"
#include "control-plane/flags/playground_routes.hpp"
#include "control-plane/flags/rule_routes.hpp"
#include "control-plane/flags/use_routes.hpp"
#include "control-plane/groups/group_routes.hpp"
#include "control-plane/http/openapi_routes.hpp"
#include "control-plane/identity/browser_session_routes.hpp"
#include "control-plane/identity/invitation_routes.hpp"
#include "control-plane/identity/me_routes.hpp"
#include "control-plane/identity/member_routes.hpp"
#include "control-plane/identity/registration_routes.hpp"
#include "control-plane/identity/second_factor_routes.hpp"
#include "control-plane/identity/session_routes.hpp"
#include "control-plane/identity/setup_routes.hpp"
#include "control-plane/identity/sign_in_routes.hpp"
#include "control-plane/identity/sign_in_settings_routes.hpp"
#include "control-plane/keys/key_routes.hpp"
#include "control-plane/lifecycle/evaluation_routes.hpp"
#include "control-plane/lifecycle/index_routes.hpp"
#include "control-plane/lifecycle/lifecycle_routes.hpp"
#include "control-plane/lifecycle/settings_routes.hpp"
#include "control-plane/lifecycle/snooze_routes.hpp"
#include "control-plane/live/live_routes.hpp"
#include "control-plane/live/presence_routes.hpp"
#include "control-plane/projects/environment_routes.hpp"
#include "control-plane/projects/organisation_routes.hpp"
#include "control-plane/projects/project_routes.hpp"
#include "control-plane/promotion/compare_routes.hpp"
#include "control-plane/promotion/promote_routes.hpp"
#include "control-plane/promotion/rollback_routes.hpp"
#include "control-plane/publish/ruleset_routes.hpp"
#include "control-plane/publish/version_routes.hpp"
#include "control-plane/quotas/usage_routes.hpp"
#include "control-plane/relays/propagation_routes.hpp"
#include "control-plane/relays/report_routes.hpp"
#include "control-plane/requests/request_routes.hpp"
#include "control-plane/roles/assignment_routes.hpp"
#include "control-plane/roles/permission_routes.hpp"
#include "control-plane/roles/role_routes.hpp"
#include "control-plane/rollouts/policy_routes.hpp"
#include "control-plane/rollouts/rollout_routes.hpp"
#include "control-plane/rollouts/source_routes.hpp"
#include "control-plane/saved/saved_routes.hpp"
#include "control-plane/schedules/schedule_routes.hpp"
#include "control-plane/scim/directory_group_routes.hpp"
#include "control-plane/scim/discovery_routes.hpp"
#include "control-plane/scim/user_routes.hpp"
#include "control-plane/segments/member_routes.hpp"
#include "control-plane/segments/segment_config_routes.hpp"
#include "control-plane/segments/segment_routes.hpp"
#include "control-plane/segments/upload_routes.hpp"
#include "control-plane/sign_on/provider_routes.hpp"
#include "control-plane/sign_on/sign_on_routes.hpp"
#include "control-plane/staging/stage_routes.hpp"
#include "control-plane/tokens/personal_token_routes.hpp"
#include "control-plane/tokens/service_token_routes.hpp"
#include "control-plane/webhooks/delivery_routes.hpp"
#include "control-plane/webhooks/webhook_routes.hpp"

namespace fanion::cp::app {
namespace {

// A new resource is one line here.
constexpr std::span<const http::Route> (*tables[])() noexcept = {
    http::openapi_routes,
    identity::sign_in_routes,
    identity::setup_routes,
    identity::member_routes,
    identity::invitation_routes,
    audit::audit_routes,
    audit::audit_export_routes,
    audit::audit_settings_routes,
    audit::audit_revert_routes,
    audit::audit_verification_routes,
    live::live_routes,
    live::presence_routes,
    projects::organisation_routes,
    projects::project_routes,
    projects::environment_routes,
    keys::key_routes,
    publish::ruleset_routes,
    attributes::attribute_routes,
    relays::propagation_routes,
    relays::report_routes,
    staging::stage_routes,
    events::event_settings_routes,
    events::ledger_routes,
    events::stats_routes,
    flags::flag_routes,
    flags::flag_config_routes,
    flags::playground_routes,
    flags::rule_routes,
    segments::segment_routes,
    segments::segment_config_routes,
    segments::member_routes,
    segments::upload_routes,
    roles::role_routes,
    roles::assignment_routes,
    roles::permission_routes,
    groups::group_routes,
    scim::user_routes,
    scim::directory_group_routes,
    scim::discovery_routes,
    identity::registration_routes,
    flags::use_routes,
    bulk::bulk_routes,
    flags::clone_routes,
    publish::version_routes,
    promotion::rollback_routes,
    promotion::compare_routes,
    promotion::promote_routes,
    identity::session_routes,
    tokens::personal_token_routes,
    tokens::service_token_routes,
    webhooks::webhook_routes,
    webhooks::delivery_routes,
    quotas::usage_routes,
    schedules::schedule_routes,
    requests::request_routes,
    requests::organisation_request_routes,
    requests::comment_routes,
    requests::decision_routes,
    requests::apply_routes,
    requests::approval_settings_routes,
    identity::browser_session_routes,
    identity::me_routes,
    identity::second_factor_routes,
    identity::sign_in_settings_routes,
    events::series_routes,
    events::spark_routes,
    lifecycle::evaluation_routes,
    lifecycle::index_routes,
    saved::saved_routes,
    lifecycle::lifecycle_routes,
    lifecycle::lifecycle_settings_routes,
    lifecycle::snooze_routes,
    rollouts::plan_routes,
    rollouts::policy_routes,
    rollouts::rollout_routes,
    rollouts::source_routes,
    sign_on::provider_routes,
    sign_on::sign_on_routes,
};

std::vector<http::Route> joined() {
    std::vector<http::Route> all;
    for (const auto table : tables) all.insert(all.end(), table().begin(), table().end());
    return all;
}

}  // namespace

std::span<const http::Route> admin_routes() {
    static const auto all = joined();
    return all;
}

}  // namespace fanion::cp::app
