#include "control-plane/audit/audit_query.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/audit/action.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/identity/email.hpp"

namespace fanion::cp::audit {
namespace {

constexpr std::size_t shortest_text = 3;  // what the index of text finds by
constexpr std::size_t longest_text = 200;
constexpr std::array<std::string_view, 9> condition_names = {"resource", "actor", "action", "project", "env",
                                                             "group",    "text",  "from",   "to"};

std::optional<std::string> given(const http::Call& call, std::string_view name) {
    auto value = call.request.query(name);
    if (value && value->empty()) value.reset();
    return value;
}

Result<std::optional<UnixMillis>> read_time(const http::Call& call, std::string_view name) {
    const auto text = call.request.query(name);
    if (!text) return std::optional<UnixMillis>();
    const auto at = parse_rfc3339(*text);
    if (!at) return bad_parameter('?' + std::string(name), "malformed", "a time is written as 2026-11-29T12:00:00Z");
    return std::optional<UnixMillis>(*at);
}

Result<> check_conditions(const AuditFilter& filter) {
    if (filter.action && !parse_action(*filter.action))
        return bad_parameter("?action", "unknown_action",
                             "there is no action '" + *filter.action + "'; an action is written as flag.updated");
    if (filter.text && (filter.text->size() < shortest_text || filter.text->size() > longest_text))
        return bad_parameter("?text", "out_of_range", "a text to search for has 3 to 200 bytes");
    if (filter.from && filter.to && *filter.from >= *filter.to)
        return bad_parameter("?to", "out_of_range", "`to` must be later than `from`");
    return {};
}

}  // namespace

Error bad_parameter(std::string pointer, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

boost::asio::awaitable<Result<AuditFilter>> read_audit_filter(http::Call& call, db::Transaction& tx) {
    AuditFilter filter;
    filter.resource = given(call, "resource");
    filter.actor = given(call, "actor");
    filter.action = given(call, "action");
    filter.project = given(call, "project");
    filter.environment = given(call, "env");
    filter.group = given(call, "group");
    filter.text = given(call, "text");
    const auto from = read_time(call, "from");
    if (!from) co_return from.error();
    filter.from = *from;
    const auto to = read_time(call, "to");
    if (!to) co_return to.error();
    filter.to = *to;
    if (auto ok = check_conditions(filter); !ok) co_return ok.error();
    if (filter.actor && filter.actor->find('@') != std::string::npos) {
        auto key = identity::email_key(*filter.actor);
        auto id = co_await actor_of_email(tx, std::move(key));
        if (!id) co_return bad_parameter("?actor", "unknown_actor", "no member has the address " + *filter.actor);
        filter.actor = std::move(id);
    }
    co_return filter;
}

boost::asio::awaitable<Result<>> check_audit_resource(http::Call& call, db::Transaction& tx, AuditFilter filter) {
    if (!filter.resource) co_return boost::system::in_place_value;
    auto names = parse_resource(*filter.resource);
    bool is_there = false;
    if (names && call.may_read(*filter.resource))
        is_there = co_await resource_exists(tx, call.org.org_id, std::move(*names));
    if (is_there) co_return boost::system::in_place_value;
    co_return bad_parameter("?resource", "unknown_resource",
                            "there is no such resource, and no entry of one; a resource is a path below the "
                            "organisation's, as projects/web/flags/new-checkout/environments/production");
}

namespace {

// Whether the states of such an entry have configurations or the names of any environments.
bool reaches_environments(const json::Tree& entry, std::string_view resource) {
    const auto action = parse_action(entry.find("action")->as_string());
    return action == Action::flag_created || action == Action::flag_deleted || action == Action::segment_created ||
           action == Action::segment_deleted || resource.starts_with("webhooks/") ||
           resource.find("/rollout-policies/") != std::string_view::npos;
}

}  // namespace

bool may_read_entry(const http::Call& call, const StoredEntry& entry) {
    if (!call.may_read(entry.resource)) return false;
    const auto place = place_of(entry.resource);
    if (!place.environment.empty() || call.org.grants.throughout(place.project).has(access::Permission::read))
        return true;
    const auto content = parse_entry(entry.link.canonical);
    if (reaches_environments(content, entry.resource)) return false;
    const auto* published = content.find("published");
    if (!published) return true;
    return std::ranges::all_of(published->members(), [&](const auto& member) {
        return call.org.grants.at(place.project, member.name).has(access::Permission::read);
    });
}

std::string audit_filter_text(const http::Call& call) {
    std::string text;
    for (const auto name : condition_names) {
        const auto value = given(call, name);
        if (!value) continue;
        if (!text.empty()) text += '&';
        text.append(name).append("=").append(percent_encode(*value));
    }
    return text;
}

}  // namespace fanion::cp::audit
