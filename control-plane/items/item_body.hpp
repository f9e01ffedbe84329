#pragma once

// What the bodies of flags and segments have in common. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/patch.hpp"

namespace fanion::cp::items {

inline constexpr std::size_t name_bytes = 200;
inline constexpr std::size_t description_bytes = 4096;

// What a PATCH of a definition makes of it. `configs` are the configurations in the environments
// that were handed to it, changed where the patch says so (a variation with another key).
template <class Definition, class Config>
struct PatchedDefinition {
    Definition after;
    std::vector<Config> configs;
    body::Places places = body::Places::same();
};

// What may be sent back because GET gave it, but is not for writing. A PUT ignores it, so that an
// older state, or that of another environment, can be put; a PATCH that names it must not change
// it.
enum class DerivedMembers { ignored, unchanged };

// Of a definition: version and dates.
template <class Definition>
void read_derived_members(json::Reader& r, const Definition& present, DerivedMembers derived) {
    body::ignore_warnings(r);
    if (derived == DerivedMembers::ignored) return body::ignore_members(r, {"version", "created_at", "updated_at"});
    auto members = json::Tree::object();
    members.set("version", json::Tree::number(present.version));
    members.set("created_at", json::Tree::string(format_rfc3339(present.created_at)));
    members.set("updated_at", json::Tree::string(format_rfc3339(present.updated_at)));
    body::check_unchanged(r, members, {"version", "created_at", "updated_at"}, "read_only");
}

// Of a configuration; `kind`, a literal, is the member that names the flag or segment.
template <class Config>
void read_derived_members(json::Reader& r, std::string_view kind, const std::string& key, const Config& present,
                          DerivedMembers derived) {
    body::ignore_warnings(r);
    if (derived == DerivedMembers::ignored) {
        return body::ignore_members(r, {kind, "environment", "version", "updated_at"});
    }
    auto members = json::Tree::object();
    members.set(kind, json::Tree::string(key));
    members.set("environment", json::Tree::string(present.environment));
    members.set("version", json::Tree::number(present.version));
    members.set("updated_at", json::Tree::string(format_rfc3339(present.updated_at)));
    body::check_unchanged(r, members, {kind, "environment", "version", "updated_at"}, "read_only");
}

// The member `environments` of a new flag or segment. For each of `configs` whose environment it
// names, `read(value, pointer, config)` reads the value.
template <class Config, class Read>
void read_environments(json::Reader& r, std::vector<Config>& configs, const Read& read) {
    auto given = r.optional_object("environments");
    if (!given) return;
    for (auto& config : configs) {
        const auto value = given->optional_any(config.environment);
        if (!value) continue;
        auto pointer = given->pointer();
        json::append_pointer(pointer, config.environment);
        read(value, pointer, config);
    }
    given->finish(json::UnknownFields::refuse);
}

}  // namespace fanion::cp::items
