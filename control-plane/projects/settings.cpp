#include "control-plane/projects/settings.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "common/json/reader.hpp"
#include "common/json/tree.hpp"
#include "common/wire/labels.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::projects {
namespace {

constexpr std::size_t name_bytes = 200;
constexpr std::size_t description_bytes = 2000;

bool is_colour(std::string_view text) noexcept {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), is_hex);
}

std::string read_colour(json::Reader& r) {
    auto colour = r.string("colour", "");
    std::transform(colour.begin(), colour.end(), colour.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!colour.empty() && !is_colour(colour)) {
        r.fail_at("colour", "bad_colour", "a colour is written like #3b82f6, or empty for none");
    }
    return colour;
}

constexpr std::array<std::pair<Confirmation, std::string_view>, 3> confirmation_names{
    {{Confirmation::none, "none"}, {Confirmation::confirm, "confirm"}, {Confirmation::type, "type"}}};

Confirmation read_confirmation(json::Reader& r, bool is_protected) {
    const auto given = r.string("confirmation", "none");
    const auto parsed = parse_confirmation(given);
    if (!parsed) r.fail_at("confirmation", "bad_value", "is `none`, `confirm` or `type`");
    const auto confirmation = parsed.value_or(Confirmation::none);
    return is_protected && confirmation == Confirmation::none ? Confirmation::confirm : confirmation;
}

StagingSettings read_staging_of(json::Reader& r) {
    StagingSettings staging;
    staging.label = r.string("label", staging.label);
    if (!wire::is_valid_label(staging.label)) r.fail_at("label", "bad_label", std::string(wire::label_rule));
    staging.soak_seconds = static_cast<int>(r.integer("soak_seconds", 0, longest_soak, staging.soak_seconds));
    const auto hold_default = std::max(staging.hold_seconds, std::min(2 * staging.soak_seconds, longest_hold));
    staging.hold_seconds = static_cast<int>(r.integer("hold_seconds", 1, longest_hold, hold_default));
    if (staging.hold_seconds <= staging.soak_seconds)
        r.fail_at("hold_seconds", "out_of_range", "must be more than `soak_seconds`: the change would be withdrawn");
    const auto given = r.string("without_canaries", "hold");
    const auto parsed = parse_without_canaries(given);
    if (!parsed) r.fail_at("without_canaries", "bad_value", "is `hold` or `release`");
    staging.without_canaries = parsed.value_or(WithoutCanaries::hold);
    r.finish(json::UnknownFields::refuse);
    return staging;
}

std::optional<StagingSettings> read_staging(json::Reader& r) {
    auto given = r.optional_object("staging");
    if (!given) return std::nullopt;
    return read_staging_of(*given);
}

OrgSettings read_org(json::Reader& r, std::string_view key) { return {body::read_text(r, "name", name_bytes, key)}; }

ProjectSettings read_project(json::Reader& r, std::string_view key) {
    return {body::read_text(r, "name", name_bytes, key), body::read_text(r, "description", description_bytes)};
}

EnvironmentSettings read_environment(json::Reader& r, std::string_view key, int order) {
    EnvironmentSettings settings;
    settings.name = body::read_text(r, "name", name_bytes, key);
    settings.description = body::read_text(r, "description", description_bytes);
    settings.is_protected = r.boolean("protected", false);
    settings.order = static_cast<int>(r.integer("order", 0, last_position, order));
    settings.colour = read_colour(r);
    settings.confirmation = read_confirmation(r, settings.is_protected);
    settings.is_comment_required = r.boolean("comment_required", false);
    settings.staging = read_staging(r);
    return settings;
}

// Derived members must be those of `held` if there is one, else they are ignored.
template <class Read>
auto read_whole(json::Value body, std::string_view key, const json::Tree* held,
                std::initializer_list<std::string_view> derived, const Read& read) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        auto settings = read(r);
        const auto fixed = json::Tree::object().set("key", json::Tree::string(std::string(key)));
        body::check_unchanged(r, fixed, {"key"}, "immutable");
        if (held == nullptr) {
            body::ignore_members(r, derived);
        } else {
            body::check_unchanged(r, *held, derived, "read_only");
        }
        return settings;
    });
}

template <class Read>
auto changed(const SettingsChange& change, std::initializer_list<std::string_view> derived, const Read& read)
    -> decltype(read_whole(change.body, change.key, nullptr, derived, read)) {
    if (!change.is_patch) return read_whole(change.body, change.key, nullptr, derived, read);
    const auto held = json::Tree::parse(change.present);
    if (!held) return held.error();
    const auto body = body::merged(change.present, change.body);
    if (!body) return body.error();
    const auto document = json::to_document(*body, body::composed_limits());
    if (!document) return document.error();
    return read_whole(document.value().root(), change.key, &*held, derived, read);
}

}  // namespace

std::string_view name_of(Confirmation confirmation) noexcept {
    return confirmation_names[static_cast<std::size_t>(confirmation)].second;
}

std::optional<Confirmation> parse_confirmation(std::string_view name) noexcept {
    for (const auto& [confirmation, each] : confirmation_names)
        if (each == name) return confirmation;
    return std::nullopt;
}

std::string_view name_of(WithoutCanaries choice) noexcept {
    return choice == WithoutCanaries::hold ? "hold" : "release";
}

std::optional<WithoutCanaries> parse_without_canaries(std::string_view name) noexcept {
    for (const auto choice : {WithoutCanaries::hold, WithoutCanaries::release})
        if (name_of(choice) == name) return choice;
    return std::nullopt;
}

Result<NewOrg> read_new_org(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        NewOrg made;
        made.key = body::read_key(r, "key");
        made.settings = read_org(r, made.key);
        return made;
    });
}

Result<NewProject> read_new_project(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        NewProject made;
        made.key = body::read_key(r, "key");
        made.settings = read_project(r, made.key);
        return made;
    });
}

Result<NewEnvironment> read_new_environment(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        NewEnvironment made;
        made.key = body::read_key(r, "key");
        made.is_placed = r.has("order");
        made.settings = read_environment(r, made.key, 0);
        made.copy_of = r.string("copy_of", "");
        return made;
    });
}

Result<OrgSettings> changed_org(SettingsChange change) {
    const auto read = [&](json::Reader& r) { return read_org(r, change.key); };
    return changed(change, {"version", "created_at", "updated_at"}, read);
}

Result<ProjectSettings> changed_project(SettingsChange change) {
    const auto read = [&](json::Reader& r) { return read_project(r, change.key); };
    return changed(change, {"version", "created_at", "updated_at"}, read);
}

Result<EnvironmentSettings> changed_environment(SettingsChange change, int order) {
    const auto read = [&](json::Reader& r) { return read_environment(r, change.key, order); };
    return changed(change, {"env_id", "ruleset_version", "released_version", "created_at", "updated_at"}, read);
}

}  // namespace fanion::cp::projects
