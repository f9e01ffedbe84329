#include "control-plane/flags/flag_edit.hpp"

#include <algorithm>
#include <set>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/flags/split_weights.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::flags {
namespace {

using json::Reader;
using json::UnknownFields;

using items::description_bytes;
using items::name_bytes;

std::vector<model::Variation> read_variations(Reader& r, model::FlagType type) {
    if (!r.has("variations")) {
        if (type == model::FlagType::boolean) return boolean_variations();
        r.fail_at("variations", "missing", "a flag of this type must list its variations");
        return {};
    }
    return model::read_variations(r, "variations");
}

std::optional<Lifetime> read_lifetime(Reader& r) {
    const auto name = r.optional_string("lifetime");
    if (!name) return std::nullopt;
    const auto lifetime = parse_lifetime(*name);
    if (!lifetime)
        r.fail_at("lifetime", "bad_value", "a lifetime is release, experiment, operational, permission or null");
    return lifetime;
}

// In a rule, `otherwise` of a split would mean the next rule. One that is stored may stay.
void check_names(Reader& r, const std::vector<model::Variation>& after, const std::vector<model::Variation>& before) {
    const auto is_taken = [](const model::Variation& each) { return each.key == "next"; };
    if (std::any_of(before.begin(), before.end(), is_taken)) return;
    const auto found = std::find_if(after.begin(), after.end(), is_taken);
    if (found == after.end()) return;
    auto place = r.element("variations", static_cast<std::size_t>(found - after.begin()), {});
    place.fail_at("key", "bad_key", "in a rule, `next` means the next rule: choose another key");
}

// The members that a person may change at any time.
void read_editable(Reader& r, FlagDefinition& flag) {
    flag.name = body::read_text(r, "name", name_bytes);
    flag.description = body::read_text(r, "description", description_bytes);
    flag.tags = body::read_tags(r, "tags");
    flag.owner = body::read_text(r, "owner", name_bytes);
    flag.lifetime = read_lifetime(r);
    auto variations = read_variations(r, flag.type);
    check_names(r, variations, flag.variations);
    flag.variations = std::move(variations);
    flag.client = r.boolean("client", false);
    flag.track = r.boolean("track", false);
}

// Members that `body` does not give get the values of a new flag's configuration. Its lists are empty, and so is a missing
// list to the reader.
void set_defaults(json::Tree& body, const FlagDefinition& definition) {
    if (!body.is(json::Kind::object)) return;
    const auto defaults = default_config(definition);
    if (!body.find("enabled")) body.set("enabled", json::Tree::boolean(defaults.enabled));
    if (!body.find("off")) body.set("off", defaults.off ? json::Tree::string(*defaults.off) : json::Tree());
    if (body.find("fallthrough")) return;
    const auto& served = std::get<model::ServeVariation>(defaults.fallthrough);
    body.set("fallthrough", json::Tree::object().set("variation", json::Tree::string(served.variation)));
}

// The body as it is stored: conditions written as text become trees, weights become ranges.
Result<json::Document> to_stored_form(json::Tree body, const WeightsContext& context, std::vector<Finding>& findings) {
    const auto found = rule::expand_body(body, context.pointer, body::composed_limits().bytes);
    findings.insert(findings.end(), found.begin(), found.end());
    replace_weights(body, context, findings);
    return json::to_document(body, body::composed_limits());
}

// A rule's id is what counts and explanations name it by. Those that are stored may stay as they are.
void check_rule_ids(Reader& r, const model::FlagConfig& config, const model::FlagConfig* present) {
    if (present != nullptr && config.rules == present->rules) return;
    std::set<std::string_view> seen;
    std::set<std::string_view> stored;
    if (present != nullptr) {
        for (const auto& rule : present->rules) stored.insert(rule.id);
    }
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        const auto& id = config.rules[i].id;
        if (id.empty()) continue;
        auto place = r.element("rules", i, {});
        if (!is_valid_key(id) && !stored.contains(id)) {
            place.fail_at("id", "bad_key", "a rule's id is written like a key: 1 to 100 of A-Z a-z 0-9 . _ -");
        } else if (!seen.insert(id).second) {
            place.fail_at("id", "duplicate", "`" + id + "` is the id of another rule too");
        }
    }
}

json::Tree immutable_members(const FlagDefinition& flag) {
    auto members = json::Tree::object();
    members.set("key", json::Tree::string(flag.key));
    members.set("type", json::Tree::string(std::string(model::name_of(flag.type))));
    members.set("salt", json::Tree::string(flag.salt));
    return members;
}

// A configuration from its resource in the admin API. Findings begin with `pointer`. `present` is null for a new flag.
model::FlagConfig read_config(json::Tree body, const FlagDefinition& definition, const std::string& pointer,
                              const FlagEnvironment* present, items::DerivedMembers derived,
                              std::vector<Finding>& findings) {
    set_defaults(body, definition);
    const WeightsContext context{definition, present ? &present->config : nullptr, pointer};
    const auto document = to_stored_form(std::move(body), context, findings);
    if (!document) {
        const auto error = document.error();
        findings.insert(findings.end(), error.findings.begin(), error.findings.end());
        return {};
    }
    Reader r(document->root(), findings, pointer);
    auto config = model::read_flag_config(r, UnknownFields::refuse);
    check_rule_ids(r, config, context.present);
    if (present) items::read_derived_members(r, "flag", definition.key, *present, derived);
    r.finish(UnknownFields::refuse);
    return config;
}

FlagDefinition read_new_definition(Reader& r, UnixMillis now) {
    FlagDefinition flag;
    flag.key = body::read_key(r, "key");
    flag.type = model::read_flag_type(r, "type");
    const bool has_type = parse_flag_type(r.string("type", "")).has_value();
    if (!has_type) flag.type = model::FlagType::boolean;  // the type is the mistake, not the variations that it lacks
    read_editable(r, flag);
    flag.salt = body::read_text(r, "salt", name_bytes, flag.key);
    if (flag.salt.empty()) r.fail_at("salt", "missing", "a salt needs at least one byte");
    flag.created_at = flag.updated_at = now;
    return flag;
}

}  // namespace

Result<FlagEnvironment> edited_config(const FlagDefinition& definition, const FlagEnvironment& present, json::Tree body,
                                      items::DerivedMembers derived, const MakeId& make_id) {
    std::vector<Finding> findings;
    auto edited = present;
    edited.config = read_config(std::move(body), definition, "", &present, derived, findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    assign_rule_ids(edited.config, present.config, make_id);
    return edited;
}

std::string make_rule_id() { return random_id("r-", 8); }

Result<NewFlag> create_flag(json::Value body, const std::vector<std::string>& environment_keys, const MakeId& make_id,
                            UnixMillis now) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>& findings) {
        NewFlag made;
        made.definition = read_new_definition(r, now);
        for (const auto& key : environment_keys) made.environments.push_back(default_config(made.definition, key, now));
        items::read_environments(
            r, made.environments, [&](json::Value value, const std::string& pointer, FlagEnvironment& environment) {
                environment.config = read_config(json::Tree(value), made.definition, pointer, nullptr,
                                                 items::DerivedMembers::unchanged, findings);
                assign_rule_ids(environment.config, {}, make_id);
            });
        return made;
    });
}

Result<FlagDefinition> edited_definition(const FlagDefinition& present, json::Value body,
                                         items::DerivedMembers derived) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>&) {
        auto flag = present;
        read_editable(r, flag);
        flag.archived = r.boolean("archived", false);
        body::check_unchanged(r, immutable_members(present), {"key", "type", "salt"}, "immutable");
        items::read_derived_members(r, present, derived);
        return flag;
    });
}

Result<FlagDefinition> replace_definition(const FlagDefinition& present, json::Value body) {
    return edited_definition(present, body, items::DerivedMembers::ignored);
}

Result<FlagDefinition> patch_definition(const FlagDefinition& present, std::string_view present_json,
                                        json::Value patch) {
    const auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    const auto document = json::to_document(*body, body::composed_limits());
    return edited_definition(present, document.value().root(), items::DerivedMembers::unchanged);
}

Result<FlagEnvironment> replace_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                       json::Value body, const MakeId& make_id) {
    return edited_config(definition, present, json::Tree(body), items::DerivedMembers::ignored, make_id);
}

Result<FlagEnvironment> patch_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                     std::string_view present_json, json::Value patch, const MakeId& make_id) {
    auto body = json::Tree::parse(present_json, body::composed_limits()).value();
    remove_superseded(body, patch);
    if (auto ok = body::apply_merge_patch(body, patch); !ok) return ok.error();
    // RFC 7396 cannot set null. Here it is a value: a missing member would get that of a new flag.
    if (const auto off = patch.find("off"); off && off.is(json::Kind::null)) body.set("off", json::Tree());
    return edited_config(definition, present, std::move(body), items::DerivedMembers::unchanged, make_id);
}

void assign_rule_ids(model::FlagConfig& config, const model::FlagConfig& present, const MakeId& make_id) {
    std::set<std::string> taken;
    for (const auto& rule : config.rules) taken.insert(rule.id);
    for (auto& rule : config.rules) {
        if (!rule.id.empty()) continue;
        const auto same = std::find_if(present.rules.begin(), present.rules.end(), [&](const model::Rule& held) {
            return !taken.contains(held.id) && held.when == rule.when && held.serve == rule.serve;
        });
        rule.id = same != present.rules.end() ? same->id : make_id();
        taken.insert(rule.id);
    }
}

bool same_for_evaluators(const FlagDefinition& a, const FlagDefinition& b) {
    return a.archived == b.archived && to_model_flag(a, {}, 0) == to_model_flag(b, {}, 0);
}

}  // namespace fanion::cp::flags
