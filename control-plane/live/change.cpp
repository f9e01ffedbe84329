#include "control-plane/live/change.hpp"

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "control-plane/audit/resource.hpp"

namespace fanion::cp::live {
namespace {

std::string event_text(std::string_view name, std::uint64_t seq, std::string_view data) {
    std::string text = "event: ";
    text.append(name).append("\nid: ").append(std::to_string(seq)).append("\ndata: ").append(data).append("\n\n");
    return text;
}

json::Tree member(const json::Tree& entry, std::string_view name) {
    const auto* found = entry.find(name);
    return found ? *found : json::Tree();
}

json::Tree text_or_null(std::string_view text) {
    return text.empty() ? json::Tree() : json::Tree::string(std::string(text));
}

json::Tree actor_of(const json::Tree& entry, std::string_view email) {
    auto actor = json::Tree::object();
    actor.set("kind", member(entry, "actor_kind")).set("id", member(entry, "actor_id"));
    actor.set("email", text_or_null(email));
    return actor;
}

json::Tree time_of(const json::Tree& entry) {
    const auto* at = entry.find("at");
    const auto millis = at && at->is(json::Kind::number) ? parse_i64(at->number_text()) : std::nullopt;
    return millis ? json::Tree::string(format_rfc3339(*millis)) : json::Tree();
}

// The version of the resource after the change; null for what has none, or is gone.
json::Tree version_of(const json::Tree& entry) {
    const auto* after = entry.find("after");
    const auto* version = after && after->is(json::Kind::object) ? after->find("version") : nullptr;
    return version && version->is(json::Kind::number) ? *version : json::Tree();
}

json::Tree published_of(const json::Tree& entry) {
    const auto* published = entry.find("published");
    return published ? *published : json::Tree::object();
}

}  // namespace

ChangePtr make_change(const audit::ChainLink& link, std::string_view email) {
    const auto entry = audit::parse_state(link.canonical);
    if (!entry.is(json::Kind::object)) return nullptr;
    auto made = std::make_shared<Change>();
    made->seq = link.seq;
    const auto* resource = entry.find("resource");
    if (resource && resource->is(json::Kind::string)) made->resource = resource->as_string();
    const auto place = audit::place_of(made->resource);
    auto data = json::Tree::object();
    data.set("seq", json::Tree::number(link.seq)).set("id", member(entry, "id")).set("at", time_of(entry));
    data.set("action", member(entry, "action")).set("resource", member(entry, "resource"));
    data.set("project", text_or_null(place.project)).set("environment", text_or_null(place.environment));
    const auto* group = entry.find("group");
    data.set("group", group ? *group : member(entry, "id"));
    data.set("actor", actor_of(entry, email)).set("comment", member(entry, "comment"));
    data.set("version", version_of(entry)).set("published", published_of(entry));
    made->event = std::make_shared<const std::string>(event_text("change", link.seq, data.to_text()));
    return made;
}

std::string_view data_of(const Change& change) noexcept {
    constexpr std::string_view mark = "\ndata: ";
    const std::string_view event = *change.event;
    const auto begin = event.find(mark) + mark.size();
    return event.substr(begin, event.size() - begin - std::string_view("\n\n").size());
}

bool is_about_rights(std::string_view resource, std::string_view user_id) noexcept {
    if (resource.empty() || resource.starts_with("roles/")) return true;
    if (!resource.ends_with(user_id)) return false;
    const auto collection = resource.substr(0, resource.size() - user_id.size());
    return collection == "members/" || collection.ends_with("/assignments/");
}

std::string reset_event(std::uint64_t seq) { return event_text("reset", seq, "{\"seq\":" + std::to_string(seq) + '}'); }

}  // namespace fanion::cp::live
