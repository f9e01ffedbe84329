#include "control-plane/webhooks/event.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "control-plane/audit/action.hpp"
#include "control-plane/audit/entry.hpp"

namespace fanion::cp::webhooks {
namespace {

constexpr std::string_view test_type = "webhook.test";

std::string text_member(const json::Tree& entry, std::string_view name) {
    const auto* member = entry.find(name);
    return member != nullptr && member->is(json::Kind::string) ? member->as_string() : std::string();
}

std::string json_member(const json::Tree& entry, std::string_view name) {
    const auto* member = entry.find(name);
    return member == nullptr || member->is(json::Kind::null) ? std::string() : member->to_text();
}

std::int64_t number_member(const json::Tree& entry, std::string_view name) {
    const auto* member = entry.find(name);
    if (member == nullptr || !member->is(json::Kind::number)) return 0;
    return parse_i64(member->number_text()).value_or(0);
}

// Takes the next step of a path.
std::string_view take_step(std::string_view& rest) noexcept {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto step = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return step;
}

// The name that follows a collection in a path, in which collections and names alternate.
std::string_view name_after(std::string_view resource, std::string_view collection) noexcept {
    while (!resource.empty()) {
        const auto kind = take_step(resource);
        const auto name = take_step(resource);
        if (kind == collection) return name;
    }
    return {};
}

bool lists(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view group_of(std::string_view type) noexcept { return type.substr(0, type.find('.')); }

// What "*" stands for.
bool is_change(std::string_view type) noexcept {
    using audit::Action;
    const auto group = group_of(type);
    return group != "session" && group != "request" && group != "password" &&
           type != audit::name_of(Action::webhook_tested) && type != audit::name_of(Action::webhook_replayed);
}

bool type_matches(std::string_view filter, std::string_view type) noexcept {
    if (filter == "*") return is_change(type);
    if (filter.ends_with(".*")) return group_of(type) == filter.substr(0, filter.size() - 2);
    return filter == type;
}

bool environment_matches(const std::vector<std::string>& environments, const Event& event) {
    if (lists(environments, environment_of(event))) return true;
    return std::any_of(event.published.begin(), event.published.end(),
                       [&](const auto& published) { return lists(environments, published.first); });
}

}  // namespace

std::optional<Event> event_of(std::string_view canonical, std::string org, std::string actor_email) {
    const auto entry = audit::parse_state(canonical);
    if (!entry.is(json::Kind::object)) return std::nullopt;
    Event event;
    event.type = text_member(entry, "action");
    event.at = number_member(entry, "at");
    event.entry_id = text_member(entry, "id");
    event.seq = static_cast<std::uint64_t>(number_member(entry, "seq"));
    event.org = std::move(org);
    event.resource = text_member(entry, "resource");
    event.actor_kind = text_member(entry, "actor_kind");
    event.actor_id = text_member(entry, "actor_id");
    event.actor_email = std::move(actor_email);
    event.comment = text_member(entry, "comment");
    event.before = json_member(entry, "before");
    event.after = json_member(entry, "after");
    event.patch = json_member(entry, "patch");
    const auto* published = entry.find("published");
    if (published == nullptr || !published->is(json::Kind::object)) return event;
    for (const auto& member : published->members()) {
        event.published.emplace_back(member.name,
                                     member.value.is(json::Kind::string) ? member.value.as_string() : std::string());
    }
    return event;
}

Event test_event(std::string org, std::string webhook_id, std::string actor_email, UnixMillis now) {
    Event event;
    event.type = test_type;
    event.at = now;
    event.org = std::move(org);
    event.resource = "webhooks/" + std::move(webhook_id);
    event.actor_kind = "user";
    event.actor_email = std::move(actor_email);
    return event;
}

std::string_view project_of(const Event& event) noexcept { return name_after(event.resource, "projects"); }
std::string_view environment_of(const Event& event) noexcept { return name_after(event.resource, "environments"); }

std::string_view order_key(std::string_view resource) noexcept {
    auto rest = resource;
    take_step(rest);
    take_step(rest);
    const auto kind = take_step(rest);
    take_step(rest);
    const bool has_configurations = (kind == "flags" || kind == "segments") && !rest.empty();
    return has_configurations ? resource.substr(0, resource.size() - rest.size() - 1) : resource;
}

std::string subject_of(const Event& event) {
    const auto parts = split(order_key(event.resource), '/');
    if (parts.size() < 2) return group_of(event.type).empty() ? "organisation" : std::string(group_of(event.type));
    auto kind = parts[parts.size() - 2];
    if (kind.ends_with('s')) kind.remove_suffix(1);
    return std::string(kind) + ' ' + percent_decode(parts.back()).value_or(std::string(parts.back()));
}

bool matches(const EventFilter& filter, const Event& event) {
    const auto has_type = [&](std::string_view type) { return type_matches(type, event.type); };
    const bool is_wanted =
        filter.types.empty() ? is_change(event.type) : std::any_of(filter.types.begin(), filter.types.end(), has_type);
    if (!is_wanted) return false;
    if (!filter.projects.empty() && !lists(filter.projects, project_of(event))) return false;
    return filter.environments.empty() || environment_matches(filter.environments, event);
}

bool is_type_filter(std::string_view text) {
    if (text == "*") return true;
    for (int i = 0;; ++i) {
        const auto name = audit::name_of(static_cast<audit::Action>(i));
        if (name.empty()) return false;
        if (type_matches(text, name)) return true;
    }
}

}  // namespace fanion::cp::webhooks
