#include "control-plane/rollouts/plan.hpp"

#include <algorithm>
#include <initializer_list>

#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/model/percent.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr UnixMillis plan_day = 24LL * 60 * 60 * 1000;
constexpr UnixMillis default_max_wait = 7 * plan_day;

// Of GET; a request may send them back.
const std::initializer_list<std::string_view> derived_members{
    "id",        "environment", "state",      "reason",        "detail",       "step",
    "share",     "approved",    "attempt",    "step_began_at", "next_look_at", "last_look",
    "decisions", "created_by",  "created_at", "updated_at",    "ended_at",     "version"};

// What is said of users' metrics and of the units of an experiment.
void refuse_unsupported(json::Reader& r, std::initializer_list<std::string_view> members) {
    for (const auto member : members)
        if (r.has(member)) r.fail_at(member, "unsupported", "metrics of users, and their units, come with experiments");
}

// `given` elements of an array that may have no more than `most`; none of a longer one.
std::vector<json::Reader> bounded(json::Reader& r, std::string_view member, std::size_t most) {
    auto given = r.array(member);
    if (given.size() <= most) return given;
    r.fail_at(member, "too_many", "at most " + std::to_string(most));
    return {};
}

Step read_step(json::Reader& r) {
    Step step;
    step.share = static_cast<std::uint32_t>(r.integer("share", 1, limits::slots));
    step.hold = read_span(r, "hold", 0, 0);
    step.min_evaluations = r.integer("min_evaluations", 0, 1'000'000'000'000, 0);
    step.needs_approval = r.boolean("approval", false);
    refuse_unsupported(r, {"min_units"});
    r.finish(json::UnknownFields::refuse);
    return step;
}

// Whether the share was read: of another one there is a finding already.
bool has_share(const json::Reader& r) {
    const auto share = r.is_object() ? r.value().find("share") : json::Value();
    const auto number = share && share.is(json::Kind::number) ? share.as_i64() : std::nullopt;
    return number && *number >= 1 && *number <= limits::slots;
}

std::vector<Step> read_steps(json::Reader& r) {
    std::vector<Step> steps;
    std::uint32_t before = 0;
    auto given = bounded(r, "steps", most_steps);
    for (auto& one : given) {
        steps.push_back(read_step(one));
        if (!has_share(one)) continue;
        const auto share = steps.back().share;
        if (share <= before)
            one.fail_at("share", "not_growing", "the share of a step is larger than that of the step before");
        before = share;
    }
    if (given.empty()) {
        const auto list = r.optional_any("steps");
        const bool is_empty = !list || (list.is(json::Kind::array) && list.size() == 0);
        if (is_empty) r.fail_at("steps", "missing", "a plan has at least one step");
    } else if (has_share(given.back()) && before != limits::slots) {
        given.back().fail_at("share", "last_share", "the share of the last step is 100000: everything");
    }
    return steps;
}

Response read_response(json::Reader& r, std::string_view member) {
    const auto name = r.string(member, "hold");
    const auto response = parse_response(name);
    if (!response) r.fail_at(member, "unknown_value", "it is hold, rollback, turn_off or alert");
    return response.value_or(Response::hold);
}

Plan read_members(json::Reader& r) {
    Plan plan;
    plan.flag = r.string("flag");
    plan.rule = r.optional_string("rule").value_or("");
    plan.from = r.string("from");
    plan.to = r.string("to");
    if (body::has_string(r, "to") && plan.from == plan.to)
        r.fail_at("to", "same_variation", "`to` must be another variation than `from`");
    plan.steps = read_steps(r);
    for (auto& guard : bounded(r, "guards", most_guards)) plan.guards.push_back(read_guard(guard));
    if (auto on = r.optional_object("on")) {
        plan.on_no_data = read_response(*on, "prometheus_no_data");
        plan.on_max_wait = read_response(*on, "max_wait");
        refuse_unsupported(*on, {"srm", "crossed", "no_data"});
        on->finish(json::UnknownFields::refuse);
    }
    plan.max_wait = read_span(r, "max_wait", 1000, default_max_wait);
    if (r.has("policy") && !r.is_null("policy")) plan.policy = body::read_key(r, "policy");
    plan.offset = static_cast<std::uint32_t>(r.integer("offset", 0, limits::slots - 1, 0));
    refuse_unsupported(r, {"alpha", "prove", "no_data_after"});
    return plan;
}

void write_step(json::Writer& w, const Step& step) {
    w.begin_object().member("share", std::uint64_t{step.share}).member("hold", format_span(step.hold));
    w.member("min_evaluations", step.min_evaluations).member("approval", step.needs_approval).end_object();
}

Result<json::Document> merged_plan(const Plan& present, json::Value patch) {
    const auto merged = body::merged(plan_text(present), patch);
    if (!merged) return merged.error();
    return json::to_document(*merged, body::composed_limits());
}

}  // namespace

Result<Plan> read_plan(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, derived_members);
        body::ignore_warnings(r);
        return read_members(r);
    });
}

Result<Plan> patch_plan(const Plan& present, std::size_t taken, json::Value patch) {
    const auto document = merged_plan(present, patch);
    if (!document) return document.error();
    return body::read_object(document->root(), [&](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, derived_members);
        body::ignore_warnings(r);
        auto plan = read_members(r);
        const auto keep = [&](std::string_view member, const std::string& before, const std::string& after) {
            if (before != after) r.fail_at(member, "fixed", "a rollout stays with its rule, variations and offset");
        };
        keep("flag", present.flag, plan.flag);
        keep("rule", present.rule, plan.rule);
        keep("from", present.from, plan.from);
        keep("to", present.to, plan.to);
        keep("offset", std::to_string(present.offset), std::to_string(plan.offset));
        const auto same_share = [](const Step& a, const Step& b) { return a.share == b.share; };
        const auto end = present.steps.begin() + static_cast<std::ptrdiff_t>(taken);
        const bool keeps_taken =
            plan.steps.size() >= taken && std::equal(present.steps.begin(), end, plan.steps.begin(), same_share);
        if (!keeps_taken) r.fail_at("steps", "fixed", "steps that were taken keep their shares");
        return plan;
    });
}

Result<> check_plan_patch(json::Value patch) {
    Plan any;  // of variations that no flag has
    any.to = " ";
    any.steps.push_back({limits::slots, 0, 0, false});
    any.max_wait = default_max_wait;
    const auto document = merged_plan(any, patch);
    if (!document) return document.error();
    const auto plan = read_plan(document->root());
    if (!plan) return plan.error();
    return boost::system::in_place_value;
}

void write_plan_members(json::Writer& w, const Plan& plan) {
    w.member("flag", plan.flag).key("rule");
    if (plan.rule.empty()) {
        w.null();
    } else {
        w.string(plan.rule);
    }
    w.member("from", plan.from).member("to", plan.to).key("steps").begin_array();
    for (const auto& step : plan.steps) write_step(w, step);
    w.end_array().key("guards").begin_array();
    for (const auto& guard : plan.guards) write_guard(w, guard);
    w.end_array().key("on").begin_object().member("prometheus_no_data", name_of(plan.on_no_data));
    w.member("max_wait", name_of(plan.on_max_wait)).end_object();
    w.member("max_wait", format_span(plan.max_wait)).key("policy");
    if (plan.policy.empty()) {
        w.null();
    } else {
        w.string(plan.policy);
    }
    w.member("offset", std::uint64_t{plan.offset});
}

std::string plan_text(const Plan& plan) {
    return body::object_text([&](json::Writer& w) { write_plan_members(w, plan); });
}

Plan read_stored_plan(std::string_view text) {
    return body::read_stored(text, [](json::Reader& r) { return read_members(r); });
}

std::string percent_of(std::uint32_t share) { return model::percent_of_slots(share) + " %"; }

}  // namespace fanion::cp::rollouts
