#include "control-plane/audit/entry.hpp"

#include <limits>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_patch.hpp"

namespace fanion::cp::audit {
namespace {

void write_state(json::Writer& w, std::string_view name, const std::optional<std::string>& state) {
    w.key(name);
    if (state) {
        w.raw(*state);
    } else {
        w.null();
    }
}

// Of our own text: nothing but memory bounds it. States are nested one deeper than where they came from, and so are the values
// of a patch between them.
json::ScanLimits own_limits() {
    json::ScanLimits limits;
    limits.bytes = limits.string_bytes = std::numeric_limits<std::size_t>::max();
    limits.depth += 8;
    return limits;
}

json::Tree parse_own(std::string_view text) { return json::Tree::parse(text, own_limits()).value(); }

std::size_t size_of(const std::optional<std::string>& state) noexcept { return state ? state->size() : 0; }

void write_hash(json::Writer& w, std::string_view name, const std::optional<Sha256>& hash) {
    if (hash) w.member(name, to_hex(*hash));
}

}  // namespace

bool has_large_states(const AuditEntry& entry) noexcept {
    return size_of(entry.before) + size_of(entry.after) > whole_states_bytes;
}

bool is_slow_to_compact(const AuditEntry& entry) noexcept {
    return !entry.patch && size_of(entry.before) + size_of(entry.after) > slow_states_bytes;
}

void compact_states(AuditEntry& entry) {
    const bool is_change = entry.before && entry.after;
    if (is_change && !entry.patch) entry.patch = body::json_patch(parse_own(*entry.before), parse_own(*entry.after));
    if (!has_large_states(entry)) return;
    if (is_change) {
        entry.before_sha256 = sha256(*entry.before);
        entry.after_sha256 = sha256(*entry.after);
        entry.before.reset();
        entry.after.reset();
    } else if (size_of(entry.before) > last_state_bytes) {
        entry.before_sha256 = sha256(*entry.before);
        entry.before.reset();
    }
}

std::string canonical_bytes(const AuditEntry& entry) {
    std::string out;
    json::Writer w(out);
    w.begin_object()
        .member("org_id", entry.org_id.str())
        .member("seq", entry.seq)
        .member("id", entry.id)
        .member("at", entry.at);
    w.member("actor_kind", access::name_of(entry.actor_kind)).member("actor_id", entry.actor_id);
    w.member("credential_id", entry.credential_id)
        .member("action", name_of(entry.action))
        .member("resource", entry.resource);
    if (!entry.group.empty() && entry.group != entry.id) w.member("group", entry.group);
    write_state(w, "before", entry.before);
    write_state(w, "after", entry.after);
    if (entry.patch) w.key("patch").raw(*entry.patch);
    write_hash(w, "before_sha256", entry.before_sha256);
    write_hash(w, "after_sha256", entry.after_sha256);
    w.member("comment", entry.comment).member("request_id", entry.request_id).member("peer", entry.peer);
    if (!entry.published.empty()) {
        w.key("published").begin_object();
        for (const auto& [environment, version] : entry.published) w.member(environment, version);
        w.end_object();
    }
    w.end_object();
    return out;
}

json::Tree parse_entry(std::string_view canonical) { return parse_own(canonical); }

json::Tree parse_state(std::string_view text) {
    auto parsed = json::Tree::parse(text, own_limits());
    return parsed ? std::move(*parsed) : json::Tree();
}

std::string shown_entry(std::string_view canonical, std::string_view actor_email) {
    const auto entry = parse_entry(canonical);
    auto shown = json::Tree::object();
    for (const auto& member : entry.members()) {
        const bool is_time = member.name == "at" && member.value.is(json::Kind::number);
        const auto at = is_time ? parse_i64(member.value.number_text()) : std::nullopt;
        shown.members().push_back({member.name, at ? json::Tree::string(format_rfc3339(*at)) : member.value});
        if (member.name != "actor_id" || actor_email.empty()) continue;
        shown.members().push_back({"actor_email", json::Tree::string(std::string(actor_email))});
    }
    return shown.to_text();
}

std::optional<std::uint64_t> first_broken(std::span<const ChainLink> links,
                                          const std::optional<wire::AuditHead>& before) {
    auto last = before;
    for (const auto& link : links) {
        const bool is_first = link.seq == 1;
        const auto& expected = last ? last->hash : is_first ? Sha256{} : link.previous;
        const bool follows = !last || link.seq == last->seq + 1;
        if (!follows || link.previous != expected || chain_hash(link.previous, link.canonical) != link.hash)
            return link.seq;
        last = wire::AuditHead{link.seq, link.hash};
    }
    return std::nullopt;
}

}  // namespace fanion::cp::audit
