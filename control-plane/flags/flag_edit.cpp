#include "control-plane/flags/flag_edit.hpp"

#include <algorithm>
#include <set>

#include "common/base/ids.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/body/own_json.hpp"
#include "control-plane/flags/split_weights.hpp"

namespace fanion::cp::flags {
namespace {

using json::Reader;
using json::UnknownFields;

constexpr std::size_t name_bytes = 200;
constexpr std::size_t description_bytes = 4096;

void check_variation_keys(Reader& r, const std::vector<model::Variation>& variations) {
    std::set<std::string_view> seen;
    std::size_t index = 0;
    for (const auto& variation : variations) {
        if (!seen.insert(variation.key).second) {
            r.fail_at("variations", "duplicate", "two variations have the key " + variation.key);
        }
        ++index;
    }
    if (index > limits::variations) r.fail_at("variations", "limit", "a flag has at most 100 variations");
}

std::vector<model::Variation> read_variations(Reader& r, model::FlagType type) {
    if (!r.has("variations")) {
        if (type == model::FlagType::boolean) return boolean_variations();
        r.fail_at("variations", "missing", "flags of this type name their variations");
        return {};
    }
    auto variations = model::read_variations(r, "variations");
    if (variations.empty()) r.fail_at("variations", "missing", "a flag has at least one variation");
    check_variation_keys(r, variations);
    return variations;
}

// The members that a person may change at any time.
void read_editable(Reader& r, FlagDefinition& flag) {
    flag.name = body::read_text(r, "name", name_bytes);
    flag.description = body::read_text(r, "description", description_bytes);
    flag.tags = body::read_tags(r, "tags");
    flag.owner = body::read_text(r, "owner", name_bytes);
    flag.variations = read_variations(r, flag.type);
    flag.client = r.boolean("client", false);
    flag.track = r.boolean("track", false);
}

// What people may write in the place of what is stored, replaced by it: texts by trees, weights by ranges. Null when it grows
// past all limits.
body::TrustedDocument in_stored_form(const std::string& text, const WeightsContext& context,
                                     std::vector<Finding>& findings) {
    auto written = body::parse_bounded(text, findings);
    if (!written) return nullptr;
    auto expansion = rule::expand_body(written->root(), context.pointer);
    findings.insert(findings.end(), expansion.findings.begin(), expansion.findings.end());
    if (expansion.json) written = body::parse_bounded(*expansion.json, findings);
    if (!written) return nullptr;
    const auto ranged = with_ranges(written->root(), context, findings);
    if (ranged) written = body::parse_bounded(*ranged, findings);
    return written;
}

// A configuration from an object in the shape of the admin API. Findings carry `pointer`.
model::FlagConfig read_config(json::Value body, const FlagDefinition& definition, const std::string& pointer,
                              const FlagEnvironment* present, std::vector<Finding>& findings) {
    const auto defaults = body::parse_trusted(config_json(default_config(definition)));
    const auto text = body.is(json::Kind::object) ? body::with_defaults(body, defaults->root()) : body.to_text();
    const auto complete = in_stored_form(text, {definition, present ? &present->config : nullptr, pointer}, findings);
    if (!complete) return {};
    Reader r(complete->root(), findings, pointer);
    auto config = model::read_flag_config(r, UnknownFields::refuse);
    if (present) {
        const auto held = body::parse_trusted(to_json(definition.key, *present));
        body::check_unchanged(r, held->root(), {"flag", "environment", "version", "updated_at"}, "read_only");
        body::ignore_warnings(r);
    }
    r.finish(UnknownFields::refuse);
    return config;
}

FlagDefinition read_new_definition(Reader& r, UnixMillis now) {
    FlagDefinition flag;
    flag.key = body::read_key(r, "key");
    flag.type = model::read_flag_type(r, "type");
    read_editable(r, flag);
    flag.salt = body::read_text(r, "salt", name_bytes, flag.key);
    if (flag.salt.empty()) r.fail_at("salt", "missing", "a salt has at least one byte");
    flag.created_at = flag.updated_at = now;
    return flag;
}

void read_environments(Reader& r, NewFlag& made, const MakeId& make_id, std::vector<Finding>& findings) {
    auto given = r.optional_object("environments");
    if (!given) return;
    for (auto& environment : made.environments) {
        const auto body = given->optional_any(environment.environment);
        if (!body) continue;
        auto pointer = given->pointer();
        json::append_pointer(pointer, environment.environment);
        auto config = read_config(body, made.definition, pointer, nullptr, findings);
        assign_rule_ids(config, {}, make_id);
        environment.config = std::move(config);
        made.configured.push_back(environment.environment);
    }
    given->finish(UnknownFields::refuse);
}

std::string rule_content(const model::Rule& rule) {
    std::string out;
    json::Writer w(out);
    w.begin_array();
    model::write_condition(w, rule.when);
    model::write_serve(w, rule.serve);
    w.end_array();
    return out;
}

}  // namespace

std::string make_rule_id() { return random_id("r-", 8); }

Result<NewFlag> create_flag(json::Value body, const std::vector<std::string>& environment_keys, const MakeId& make_id,
                            UnixMillis now) {
    std::vector<Finding> findings;
    Reader r(body, findings);
    NewFlag made;
    made.definition = read_new_definition(r, now);
    for (const auto& key : environment_keys) {
        made.environments.push_back({key, default_config(made.definition), 1, now});
    }
    read_environments(r, made, make_id, findings);
    r.finish(UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return made;
}

Result<FlagDefinition> replace_definition(const FlagDefinition& present, json::Value body) {
    std::vector<Finding> findings;
    Reader r(body, findings);
    auto flag = present;
    read_editable(r, flag);
    flag.archived = r.boolean("archived", false);
    const auto held = body::parse_trusted(to_json(present));
    body::check_unchanged(r, held->root(), {"key", "type", "salt"}, "immutable");
    body::check_unchanged(r, held->root(), {"version", "created_at", "updated_at"}, "read_only");
    body::ignore_warnings(r);
    r.finish(UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return flag;
}

Result<FlagDefinition> patch_definition(const FlagDefinition& present, json::Value patch) {
    auto document = body::apply_merge_patch_parsed(to_json(present), patch);
    if (!document) return document.error();
    return replace_definition(present, (*document)->root());
}

Result<model::FlagConfig> replace_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                         json::Value body, const MakeId& make_id) {
    std::vector<Finding> findings;
    auto config = read_config(body, definition, "", &present, findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    assign_rule_ids(config, present.config, make_id);
    return config;
}

Result<model::FlagConfig> patch_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                       json::Value patch, const MakeId& make_id) {
    const auto own = body::parse_trusted(patch_without_ranges(patch));
    auto document = body::apply_merge_patch_parsed(to_json(definition.key, present), own->root());
    if (!document) return document.error();
    return replace_config(definition, present, (*document)->root(), make_id);
}

void assign_rule_ids(model::FlagConfig& config, const model::FlagConfig& present, const MakeId& make_id) {
    std::set<std::string> taken;
    for (const auto& rule : config.rules) taken.insert(rule.id);
    for (auto& rule : config.rules) {
        if (!rule.id.empty()) continue;
        const auto content = rule_content(rule);
        const auto same = std::find_if(present.rules.begin(), present.rules.end(), [&](const model::Rule& held) {
            return !taken.count(held.id) && rule_content(held) == content;
        });
        rule.id = same != present.rules.end() ? same->id : make_id();
        taken.insert(rule.id);
    }
}

bool same_for_evaluators(const FlagDefinition& a, const FlagDefinition& b) {
    return a.archived == b.archived && item_shape(a, {}) == item_shape(b, {});
}

bool same_definition(const FlagDefinition& a, const FlagDefinition& b) {
    return same_for_evaluators(a, b) && a.name == b.name && a.description == b.description && a.tags == b.tags &&
           a.owner == b.owner;
}

bool same_config(const model::FlagConfig& a, const model::FlagConfig& b) { return config_json(a) == config_json(b); }

}  // namespace fanion::cp::flags
