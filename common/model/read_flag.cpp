#include <unordered_set>

#include "common/base/text.hpp"
#include "common/model/read_parts.hpp"

namespace fanion::model {
namespace {

Prerequisite read_prerequisite(Reader& r, UnknownFields unknown) {
    Prerequisite prerequisite;
    prerequisite.flag = r.string("flag");
    prerequisite.variations = r.strings("variations");
    r.finish(unknown);
    return prerequisite;
}

Rule read_rule(Reader& r, UnknownFields unknown) {
    Rule rule;
    rule.id = r.string("id", "");
    auto when = r.object("when");
    rule.when = read_condition(when, unknown);
    auto serve = r.object("serve");
    rule.serve = read_serve(serve, unknown);
    r.finish(unknown);
    return rule;
}

void check_types(Reader& r, const Flag& flag) {
    for (std::size_t i = 0; i < flag.variations.size(); ++i) {
        const auto& value = flag.variations[i].value;
        if (value.empty() || has_type(value, flag.type)) continue;
        auto place = r.element("variations", i, {});
        place.fail_at("value", "wrong_type", "the flag's type is `" + std::string(name_of(flag.type)) + "`");
    }
}

}  // namespace

bool has_type(std::string_view json, FlagType type) noexcept {
    const char first = json.front();
    switch (type) {
        case FlagType::boolean:
            return first == 't' || first == 'f';
        case FlagType::string:
            return first == '"';
        case FlagType::number:
            return first == '-' || (first >= '0' && first <= '9');
        case FlagType::json:
            return true;
    }
    return false;
}

std::string read_key(Reader& r, std::string_view member) {
    auto key = r.string(member);
    if (!key.empty() && !is_valid_key(key))
        r.fail_at(member, "bad_key",
                  "a key is 1 to 100 letters, digits, `.`, `_`, `-`, and starts with a letter or digit");
    else if (key.empty() && r.has(member))
        r.fail_at(member, "bad_key", "a key must not be empty");
    return key;
}

std::vector<Target> read_targets(Reader& r, std::string_view member, bool with_variation, UnknownFields unknown) {
    std::vector<Target> targets;
    for (auto& place : r.array(member)) {
        auto& target = targets.emplace_back();
        target.attribute = place.string("attribute");
        target.values = place.strings("values");
        if (with_variation) target.variation = place.string("variation");
        place.finish(unknown);
    }
    return targets;
}

FlagType read_flag_type(Reader& r, std::string_view member) {
    const auto name = r.string(member);
    for (const auto type : {FlagType::boolean, FlagType::string, FlagType::number, FlagType::json})
        if (name == name_of(type)) return type;
    if (!name.empty() || r.has(member))
        r.fail_at(member, "malformed", "must be `boolean`, `string`, `number` or `json`");
    return FlagType::json;
}

std::vector<Variation> read_variations(Reader& r, std::string_view member, UnknownFields unknown) {
    std::vector<Variation> variations;
    std::unordered_set<std::string> seen;
    if (!r.has(member)) {
        if (r.is_object()) r.fail_at(member, "missing", "`" + std::string(member) + "` is missing");
        return variations;
    }
    for (auto& place : r.array(member)) {
        Variation variation;
        variation.key = read_key(place, "key");
        variation.value = place.any("value").to_text();
        place.finish(unknown);
        if (!variation.key.empty() && !seen.insert(variation.key).second)
            place.fail_at("key", "duplicate", "`" + variation.key + "` is the key of another variation too");
        variations.push_back(std::move(variation));
    }
    const bool is_list = r.optional_any(member).is(json::Kind::array);
    if (is_list && (variations.empty() || variations.size() > limits::variations))
        r.fail_at(member, "limit", "a flag has 1 to " + std::to_string(limits::variations) + " variations");
    return variations;
}

FlagConfig read_flag_config(Reader& r, UnknownFields unknown) {
    FlagConfig config;
    config.enabled = r.boolean("enabled");
    config.off = r.optional_string("off");
    for (auto& place : r.array("prerequisites")) config.prerequisites.push_back(read_prerequisite(place, unknown));
    config.targets = read_targets(r, "targets", true, unknown);
    for (auto& place : r.array("rules")) config.rules.push_back(read_rule(place, unknown));
    auto fallthrough = r.object("fallthrough");
    config.fallthrough = read_serve(fallthrough, unknown);
    return config;
}

Flag read_flag(Reader& r, UnknownFields unknown) {
    Flag flag;
    flag.key = read_key(r, "key");
    flag.type = read_flag_type(r, "type");
    flag.version = r.unsigned_integer("version", 0);
    flag.client = r.boolean("client", false);
    flag.track = r.boolean("track", false);
    flag.salt = r.string("salt", flag.key);
    flag.variations = read_variations(r, "variations", unknown);
    flag.config = read_flag_config(r, unknown);
    check_types(r, flag);
    r.finish(unknown);
    return flag;
}

}  // namespace fanion::model
