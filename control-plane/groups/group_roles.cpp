#include "control-plane/groups/group_roles.hpp"

#include <algorithm>
#include <utility>

#include "common/json/reader.hpp"
#include "control-plane/access/role_request.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::groups {
namespace {

Rule read_rule(json::Reader& r) {
    Rule rule;
    rule.group = r.string("group");
    if (body::has_string(r, "group") && (rule.group.empty() || rule.group.size() > max_name_bytes)) {
        r.fail_at("group", rule.group.empty() ? "missing" : "too_long",
                  "the name of a group has 1 to " + std::to_string(max_name_bytes) + " bytes");
    }
    rule.role = access::read_role_key(r);
    if (r.has("project") && !r.is_null("project")) rule.project = body::read_key(r, "project");
    if (r.has("environment") && !r.is_null("environment")) {
        rule.environment = body::read_key(r, "environment");
        if (!r.has("project") || r.is_null("project"))
            r.fail_at("project", "missing", "an environment is named with its project");
    }
    r.finish(json::UnknownFields::refuse);
    return rule;
}

bool is_same_case(const Rule& a, const Rule& b) {
    return a.group == b.group && a.project == b.project && a.environment == b.environment;
}

std::vector<Rule> read_rules(json::Reader& r) {
    std::vector<Rule> rules;
    const auto given = r.array("rules");
    if (given.size() > max_rules) {
        r.fail_at("rules", "too_many", "there are at most " + std::to_string(max_rules) + " rules");
        return rules;
    }
    for (auto one : given) {
        auto rule = read_rule(one);
        const auto same = [&](const Rule& other) { return is_same_case(rule, other); };
        if (!rule.group.empty() && std::ranges::any_of(rules, same))
            one.fail("duplicate", "an earlier rule is for the same group at the same place");
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::optional<std::string> read_default_role(json::Reader& r, std::vector<Finding>&) {
    const auto role = r.optional_string("default_role");
    if (role && !is_valid_key(*role))
        r.fail_at("default_role", "unknown_role", "`default_role` is the key of a role of the organisation, or null");
    return role;
}

void write_rule(json::Writer& w, const Rule& rule) {
    w.begin_object().member("group", rule.group).member("role", rule.role);
    if (!rule.project.empty()) w.member("project", rule.project);
    if (!rule.environment.empty()) w.member("environment", rule.environment);
    w.end_object();
}

void write_rules(json::Writer& w, const std::vector<Rule>& rules) {
    w.begin_array();
    for (const auto& rule : rules) write_rule(w, rule);
    w.end_array();
}

}  // namespace

Result<GroupRoles> read_group_roles(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>& findings) {
        GroupRoles roles;
        body::ignore_members(r, {"version", "updated_at"});  // derived, as in the response to a GET
        if (!r.has("rules")) r.fail_at("rules", "missing", "`rules` is required; it may be empty");
        roles.rules = read_rules(r);
        if (!r.has("default_role")) r.fail_at("default_role", "missing", "`default_role` is required; it may be null");
        roles.default_role = read_default_role(r, findings);
        return roles;
    });
}

std::string rules_text(const std::vector<Rule>& rules) {
    return body::text_of([&](json::Writer& w) { write_rules(w, rules); });
}

std::vector<Rule> parse_rules(std::string_view text) {
    return body::read_stored("{\"rules\":" + std::string(text) + '}', [](json::Reader& r) { return read_rules(r); });
}

void write_group_roles(json::Writer& w, const StoredGroupRoles& stored) {
    w.begin_object().key("rules");
    write_rules(w, stored.roles.rules);
    w.key("default_role");
    if (stored.roles.default_role) {
        w.string(*stored.roles.default_role);
    } else {
        w.null();
    }
    w.member("version", stored.version);
    body::write_time(w, "updated_at", stored.updated_at);
    w.end_object();
}

std::vector<std::string> normalised(std::vector<std::string> names) {
    std::erase_if(names, [](const std::string& name) { return name.empty() || name.size() > max_name_bytes; });
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    if (names.size() > max_names) names.resize(max_names);
    return names;
}

std::vector<Rule> matching(const GroupRoles& roles, const std::vector<std::string>& names) {
    std::vector<Rule> found;
    for (const auto& rule : roles.rules) {
        if (std::ranges::binary_search(names, rule.group)) found.push_back(rule);
    }
    return found;
}

}  // namespace fanion::cp::groups
