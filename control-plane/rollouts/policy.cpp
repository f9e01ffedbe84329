#include "control-plane/rollouts/policy.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::rollouts {
namespace {

void read_match(json::Reader& r, PolicyRules& rules) {
    auto match = r.optional_object("match");
    if (!match) return;
    rules.environments = match->strings("environments");
    if (rules.environments.size() > most_policy_environments) {
        match->fail_at("environments", "too_many", "at most 50");
        rules.environments.clear();
    }
    rules.tags = body::read_tags(*match, "tags");
    match->finish(json::UnknownFields::refuse);
}

std::optional<std::uint32_t> read_share(json::Reader& r, std::string_view member) {
    if (!r.has(member) || r.is_null(member)) return std::nullopt;
    return static_cast<std::uint32_t>(r.integer(member, 1, limits::slots));
}

std::vector<RequiredGuard> read_required_guards(json::Reader& r) {
    std::vector<RequiredGuard> guards;
    auto given = r.array("guards");
    if (given.size() > most_guards) {
        r.fail_at("guards", "too_many", "at most " + std::to_string(most_guards));
        return guards;
    }
    for (auto& one : given) guards.push_back(read_required_guard(one));
    return guards;
}

void read_require(json::Reader& r, PolicyRules& rules) {
    rules.max_first_share = read_share(r, "max_first_share");
    rules.approval_above = read_share(r, "approval_above");
    rules.min_steps = static_cast<std::size_t>(r.integer("min_steps", 0, most_steps, 0));
    rules.min_hold = read_span(r, "min_hold", 0, 0);
    rules.guards = read_required_guards(r);
    if (const auto name = r.optional_string("on_regression")) {
        rules.on_regression = parse_response(*name);
        if (!rules.on_regression)
            r.fail_at("on_regression", "unknown_value", "it is hold, rollback, turn_off or alert");
    }
    for (const auto* member : {"prove", "max_alpha"})
        if (r.has(member)) r.fail_at(member, "unsupported", "guards on users' metrics come with experiments");
    r.finish(json::UnknownFields::refuse);
}

PolicyRules read_rules(json::Reader& r) {
    PolicyRules rules;
    read_match(r, rules);
    auto require = r.object("require");
    read_require(require, rules);
    return rules;
}

void write_share(json::Writer& w, std::string_view member, const std::optional<std::uint32_t>& share) {
    w.key(member);
    if (share) {
        w.integer(*share);
    } else {
        w.null();
    }
}

void write_rules(json::Writer& w, const PolicyRules& rules) {
    const auto write_all = [&](std::string_view member, const std::vector<std::string>& texts) {
        w.key(member).begin_array();
        for (const auto& text : texts) w.string(text);
        w.end_array();
    };
    w.key("match").begin_object();
    write_all("environments", rules.environments);
    write_all("tags", rules.tags);
    w.end_object().key("require").begin_object();
    write_share(w, "max_first_share", rules.max_first_share);
    write_share(w, "approval_above", rules.approval_above);
    w.member("min_steps", std::uint64_t{rules.min_steps}).member("min_hold", format_span(rules.min_hold));
    w.key("guards").begin_array();
    for (const auto& guard : rules.guards) write_required_guard(w, guard);
    w.end_array().key("on_regression");
    if (rules.on_regression) {
        w.string(name_of(*rules.on_regression));
    } else {
        w.null();
    }
    w.end_object();
}

bool shares_any(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](const auto& text) { return std::find(b.begin(), b.end(), text) != b.end(); });
}

std::string required_text(const RequiredGuard& required) {
    return body::text_of([&](json::Writer& w) { write_required_guard(w, required); });
}

class PolicyCheck {
public:
    PolicyCheck(const Policy& policy, const Plan& plan, std::size_t taken, std::vector<Finding>& findings)
        : policy_(policy), rules_(policy.rules), plan_(plan), taken_(taken), findings_(findings) {}

    void make() {
        check_steps();
        check_guards();
    }

private:
    void check_steps() {
        const auto& steps = plan_.steps;
        if (taken_ == 0 && rules_.max_first_share && steps.front().share > *rules_.max_first_share)
            fail("/steps/0/share", "the first step has at most " + percent_of(*rules_.max_first_share));
        if (steps.size() < rules_.min_steps)
            fail("/steps", "a plan has at least " + std::to_string(rules_.min_steps) + " steps");
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto place = "/steps/" + std::to_string(i);
            const bool is_over = i + 1 < taken_;
            if (!is_over && i + 1 < steps.size() && steps[i].hold < rules_.min_hold)
                fail(place + "/hold", "a step lasts at least " + format_span(rules_.min_hold));
            const bool needs_approval = rules_.approval_above && steps[i].share > *rules_.approval_above;
            if (i >= taken_ && needs_approval && !steps[i].needs_approval)
                fail(place + "/approval", "a step above " + percent_of(*rules_.approval_above) + " takes an approval");
        }
    }

    void check_guards() {
        for (const auto& required : rules_.guards)
            if (!has_guard(required)) fail("/guards", "a guard is missing: " + required_text(required) + responding());
        if (rules_.guards.empty() && rules_.on_regression && !has_guard({}))
            fail("/guards", "a guard is missing" + responding());
    }

    bool has_guard(const RequiredGuard& required) const {
        return std::any_of(plan_.guards.begin(), plan_.guards.end(), [&](const Guard& guard) {
            return has_required(guard, required) &&
                   (!rules_.on_regression || is_at_least(guard.on_breach, *rules_.on_regression));
        });
    }

    std::string responding() const {
        if (!rules_.on_regression) return "";
        return "; on a breach it does at least this: " + std::string(name_of(*rules_.on_regression));
    }

    void fail(std::string pointer, std::string what) {
        findings_.push_back({"", std::move(pointer), "policy", "policy `" + policy_.key + "`: " + std::move(what)});
    }

    const Policy& policy_;
    const PolicyRules& rules_;
    const Plan& plan_;
    std::size_t taken_;
    std::vector<Finding>& findings_;
};

}  // namespace

Result<PolicyRules> read_policy(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"key", "created_by", "created_at", "updated_at", "version"});
        body::ignore_warnings(r);
        return read_rules(r);
    });
}

void write_policy(json::Writer& w, const Policy& policy) {
    w.begin_object().member("key", policy.key);
    write_rules(w, policy.rules);
    w.member("created_by", policy.created_by).member("created_at", format_rfc3339(policy.created_at));
    w.member("updated_at", format_rfc3339(policy.updated_at)).member("version", policy.version).end_object();
}

std::string policy_text(const Policy& policy) {
    return body::text_of([&](json::Writer& w) { write_policy(w, policy); });
}

std::string rules_text(const PolicyRules& rules) {
    return body::object_text([&](json::Writer& w) { write_rules(w, rules); });
}

PolicyRules read_stored_rules(std::string_view text) {
    return body::read_stored(text, [](json::Reader& r) { return read_rules(r); });
}

bool applies_to(const PolicyRules& rules, const std::string& environment, const std::vector<std::string>& tags) {
    const auto& places = rules.environments;
    const bool is_there = places.empty() || std::find(places.begin(), places.end(), environment) != places.end();
    return is_there && (rules.tags.empty() || shares_any(rules.tags, tags));
}

void check_policy(const Policy& policy, const Plan& plan, std::size_t taken, std::vector<Finding>& findings) {
    PolicyCheck(policy, plan, taken, findings).make();
}

}  // namespace fanion::cp::rollouts
