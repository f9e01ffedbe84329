#include "common/wire/status.hpp"

#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "common/json/writer.hpp"
#include "common/wire/have.hpp"
#include "common/wire/json_input.hpp"
#include "common/wire/labels.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t status_bytes = 1024 * 1024;
constexpr std::size_t most_environments = 1'000;
constexpr std::size_t name_bytes = 100;
constexpr std::size_t detail_bytes = 1024;

std::string text(json::Reader& r, std::string_view member, std::size_t limit, bool required) {
    auto value = required ? r.string(member) : r.string(member, "");
    if (value.size() > limit) r.fail_at(member, "too_long", "is longer than " + std::to_string(limit) + " bytes");
    if (value.find('\0') != std::string::npos) r.fail_at(member, "bad_character", "must not contain U+0000");
    return value;
}

EnvironmentState read_state(json::Reader& r) {
    const auto name = r.string("state");
    for (const auto state : {EnvironmentState::applied, EnvironmentState::rejected, EnvironmentState::quarantined,
                             EnvironmentState::stale})
        if (name == name_of(state)) return state;
    r.fail_at("state", "malformed", "must be one of applied, rejected, quarantined, stale");
    return EnvironmentState::applied;
}

EnvironmentStatus read_environment(json::Reader& r) {
    EnvironmentStatus env;
    env.env_id = text(r, "env_id", name_bytes, true);
    if (!is_valid_env_id(env.env_id)) r.fail_at("env_id", "malformed", "is not a valid environment id");
    env.version.epoch = static_cast<std::uint64_t>(r.integer("epoch", 0, largest_integer, 0));
    env.version.number = static_cast<std::uint64_t>(r.integer("version", 0, largest_integer, 0));
    if (const auto root = r.optional_string("root")) {
        env.root = sha256_from_hex(*root);
        if (!env.root) r.fail_at("root", "malformed", "must be 64 lower-case hexadecimal digits");
    }
    env.state = read_state(r);
    env.code = text(r, "code", name_bytes, false);
    env.detail = text(r, "detail", detail_bytes, false);
    return env;
}

std::vector<KeyUse> read_keys(json::Reader& r) {
    std::vector<KeyUse> keys;
    for (auto& element : r.array("keys"))
        keys.push_back({text(element, "id", name_bytes, true), element.integer("used_at", 0, largest_integer)});
    if (keys.size() > most_key_uses) r.fail_at("keys", "limit", "holds more than 1000 keys");
    std::set<std::string_view> seen;
    for (const auto& key : keys)
        if (!seen.insert(key.id).second) r.fail_at("keys", "duplicate", "names " + key.id + " twice");
    return keys;
}

SeenAttribute read_attribute(json::Reader& r) {
    SeenAttribute seen;
    seen.env_id = text(r, "env_id", name_bytes, true);
    seen.name = text(r, "name", attribute_name_bytes, true);
    if (!is_reportable_attribute(seen.name)) r.fail_at("name", "malformed", "is not the name of an attribute");
    seen.from_client = r.boolean("client", false);
    seen.at = r.integer("seen_at", 0, largest_integer);
    return seen;
}

std::vector<SeenAttribute> read_attributes(json::Reader& r) {
    std::vector<SeenAttribute> attributes;
    for (auto& element : r.array("attributes")) {
        auto seen = read_attribute(element);
        const auto type = parse_attribute_type(text(element, "type", name_bytes, true));
        if (!type) continue;
        seen.type = *type;
        attributes.push_back(std::move(seen));
    }
    if (attributes.size() > most_attributes) r.fail_at("attributes", "limit", "holds more than 500 attributes");
    std::set<std::tuple<std::string_view, std::string_view, AttributeType>> seen;
    for (const auto& each : attributes)
        if (!seen.emplace(each.env_id, each.name, each.type).second)
            r.fail_at("attributes", "duplicate", "names " + each.name + " twice with one type");
    return attributes;
}

// The members that a relay has whether it reports itself or is reported by one above.
template <class Status>
void read_relay(json::Reader& r, Status& status) {
    status.relay = text(r, "relay", name_bytes, true);
    status.boot = text(r, "boot", name_bytes, true);
    status.build = text(r, "build", name_bytes, false);
    status.trust = static_cast<std::uint64_t>(r.integer("trust", 0, largest_integer, 0));
    for (auto& element : r.array("environments")) status.environments.push_back(read_environment(element));
    status.labels = r.strings("labels");
    if (status.labels.size() > most_labels) r.fail_at("labels", "limit", "holds more than 16 labels");
    for (const auto& label : status.labels)
        if (!is_valid_label(label)) r.fail_at("labels", "malformed", std::string(label_rule));
    if (r.has("events")) {
        auto events = r.object("events");
        status.events = read_event_ledger(events);
    }
    if (status.relay.empty()) r.fail_at("relay", "out_of_range", "must not be empty");
    if (status.environments.size() > most_environments)
        r.fail_at("environments", "limit", "holds more than 1000 environments");
    std::set<std::string_view> seen;
    for (const auto& env : status.environments)
        if (!seen.insert(env.env_id).second) r.fail_at("environments", "duplicate", "names " + env.env_id + " twice");
}

RelayBelow read_relay_below(json::Reader& r, std::string_view reporting) {
    RelayBelow below;
    read_relay(r, below);
    below.path = r.strings("path");
    below.age = static_cast<std::uint64_t>(r.integer("age", 0, largest_integer, 0));
    if (below.path.empty() || below.path.front() != reporting)
        r.fail_at("path", "malformed", "must begin with the relay that reports");
    if (below.path.size() > most_levels_below) r.fail_at("path", "limit", "names more than 8 relays");
    for (const auto& id : below.path)
        if (id.empty() || id.size() > name_bytes || id.find('\0') != std::string::npos)
            r.fail_at("path", "malformed", "names a relay by no id of 1 to 100 bytes");
    return below;
}

std::vector<RelayBelow> read_below(json::Reader& r, std::string_view reporting) {
    std::vector<RelayBelow> below;
    auto elements = r.array("below");
    if (elements.size() > most_relays_below) {
        r.fail_at("below", "limit", "holds more than 1000 relays");
        return below;
    }
    for (auto& element : elements) below.push_back(read_relay_below(element, reporting));
    std::set<std::string_view> seen{reporting};
    for (const auto& relay : below)
        if (!seen.insert(relay.relay).second) r.fail_at("below", "duplicate", "names " + relay.relay + " twice");
    return below;
}

RelayStatus read_status(json::Reader& r) {
    RelayStatus status;
    read_relay(r, status);
    status.keys = read_keys(r);
    status.attributes = read_attributes(r);
    status.below = read_below(r, status.relay);
    return status;
}

void write_keys(json::Writer& w, const std::vector<KeyUse>& keys) {
    if (keys.empty()) return;
    w.key("keys").begin_array();
    for (const auto& key : keys) w.begin_object().member("id", key.id).member("used_at", key.at).end_object();
    w.end_array();
}

void write_attributes(json::Writer& w, const std::vector<SeenAttribute>& attributes) {
    if (attributes.empty()) return;
    w.key("attributes").begin_array();
    for (const auto& seen : attributes) {
        w.begin_object().member("env_id", seen.env_id).member("name", seen.name).member("type", name_of(seen.type));
        if (seen.from_client) w.member("client", true);
        w.member("seen_at", seen.at).end_object();
    }
    w.end_array();
}

// Truncates to the limit without splitting a UTF-8 sequence.
std::string_view cut(std::string_view detail) {
    if (detail.size() <= detail_bytes) return detail;
    auto end = detail_bytes;
    while (end > 0 && (static_cast<unsigned char>(detail[end]) & 0xC0u) == 0x80u) --end;
    return detail.substr(0, end);
}

template <class Status>
void write_relay(json::Writer& w, const Status& status) {
    w.member("relay", status.relay).member("boot", status.boot).member("build", status.build);
    w.member("trust", status.trust);
    if (!status.labels.empty()) {
        w.key("labels").begin_array();
        for (const auto& label : status.labels) w.string(label);
        w.end_array();
    }
    if (status.events) {
        w.key("events");
        write_event_ledger(w, *status.events);
    }
    w.key("environments").begin_array();
    for (const auto& env : status.environments) {
        w.begin_object().member("env_id", env.env_id);
        w.member("epoch", env.version.epoch).member("version", env.version.number);
        if (env.root) w.member("root", to_hex(*env.root));
        w.member("state", name_of(env.state));
        if (!env.code.empty()) w.member("code", env.code);
        if (!env.detail.empty()) w.member("detail", cut(env.detail));
        w.end_object();
    }
    w.end_array();
}

void write_below(json::Writer& w, const std::vector<RelayBelow>& below) {
    if (below.empty()) return;
    w.key("below").begin_array();
    for (const auto& relay : below) {
        w.begin_object().key("path").begin_array();
        for (const auto& id : relay.path) w.string(id);
        w.end_array().member("age", relay.age);
        write_relay(w, relay);
        w.end_object();
    }
    w.end_array();
}

}  // namespace

std::string_view name_of(EnvironmentState state) noexcept {
    switch (state) {
        case EnvironmentState::applied:
            return "applied";
        case EnvironmentState::rejected:
            return "rejected";
        case EnvironmentState::quarantined:
            return "quarantined";
        case EnvironmentState::stale:
            return "stale";
    }
    return "applied";
}

std::string to_json(const RelayStatus& status) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    write_relay(w, status);
    write_keys(w, status.keys);
    write_attributes(w, status.attributes);
    write_below(w, status.below);
    w.end_object();
    return out;
}

Result<RelayStatus> parse_relay_status(std::string_view body) {
    return read_json(body, status_bytes, "the relay's status", [](json::Reader& r) { return read_status(r); });
}

}  // namespace fanion::wire
