#include "control-plane/rollouts/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/json/reader.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr std::array<std::string_view, 7> state_names{"running",     "held",       "paused",   "completed",
                                                      "rolled_back", "turned_off", "cancelled"};
constexpr std::array<std::string_view, 14> reason_names{"",     "conflict",    "guard",    "no_data",  "propagation",
                                                        "hold", "evaluations", "approval", "max_wait", "cleared",
                                                        "step", "refused",     "person",   "long_hold"};
constexpr std::array<std::string_view, 6> conflict_names{"",          "flag_gone", "flag_off",
                                                         "rule_gone", "changed",   "environment_gone"};
constexpr std::array<std::string_view, 9> action_names{"wait",     "hold",     "resume", "advance", "complete",
                                                       "rollback", "turn_off", "alert",  "cancel"};

template <class Names>
std::size_t index_of(const Names& names, std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

void write_time(json::Writer& w, std::string_view member, const std::optional<UnixMillis>& at) {
    w.key(member);
    if (at) {
        w.integer(*at);
    } else {
        w.null();
    }
}

std::optional<UnixMillis> read_time(json::Reader& r, std::string_view member) {
    const auto value = r.optional_any(member);
    return value && value.is(json::Kind::number) ? value.as_i64() : std::nullopt;
}

UnixMillis required_time(json::Reader& r, std::string_view member) { return read_time(r, member).value_or(0); }

std::string number_text(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", number);
    return text.data();
}

std::string limit_text(const Threshold& threshold) {
    return std::string(threshold.is_above ? "above " : "below ") + number_text(threshold.limit);
}

std::string describe_reading(const Guard& guard, const GuardReading& reading) {
    if (!reading.has_data) return reading.detail;
    const auto value = number_text(reading.value);
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) {
        return "burn rate " + value + " over " + format_span(burn->long_window) + " and " +
               number_text(reading.short_value) + " over " + format_span(burn->short_window) + "; the limit is " +
               number_text(burn->burn);
    }
    if (const auto* query = std::get_if<Query>(&guard.measure)) {
        const auto lasting = guard.lasting > 0 ? " for " + format_span(guard.lasting) : std::string();
        return "the query gives " + value + "; it guards against " + limit_text(query->threshold) + lasting;
    }
    const auto& counted = std::get<Evaluations>(guard.measure);
    return std::string(counted.is_share ? "the share" : "the number") + " of evaluations is " + value + " over " +
           format_span(counted.window) + "; it guards against " + limit_text(counted.threshold);
}

std::string describe_conflict(const Plan& plan, Conflict conflict) {
    switch (conflict) {
        case Conflict::flag_gone:
            return "flag `" + plan.flag + "` was archived or deleted";
        case Conflict::environment_gone:
            return "the environment was deleted";
        case Conflict::flag_off:
            return "flag `" + plan.flag + "` was turned off";
        case Conflict::rule_gone:
            return plan.rule.empty() ? "the fallthrough serves other variations"
                                     : "rule `" + plan.rule + "` was removed, or serves other variations";
        case Conflict::changed:
            return "the rule or one before it was changed by a person";
        case Conflict::none:
            break;
    }
    return "the flag was changed by a person";
}

}  // namespace

std::string_view name_of(State state) noexcept { return state_names[static_cast<std::size_t>(state)]; }
std::string_view name_of(Reason reason) noexcept { return reason_names[static_cast<std::size_t>(reason)]; }
std::string_view name_of(Conflict conflict) noexcept { return conflict_names[static_cast<std::size_t>(conflict)]; }
std::string_view name_of(Action action) noexcept { return action_names[static_cast<std::size_t>(action)]; }

std::optional<State> parse_state(std::string_view name) noexcept {
    const auto found = index_of(state_names, name);
    if (found == state_names.size()) return std::nullopt;
    return static_cast<State>(found);
}

std::string describe(const Plan& plan, const Decision& decision, const Evidence& evidence) {
    if (decision.guard) {
        const auto index = *decision.guard;
        return "guard " + std::to_string(index + 1) + ": " +
               describe_reading(plan.guards[index], evidence.guards[index]);
    }
    switch (decision.reason) {
        case Reason::conflict:
            return describe_conflict(plan, evidence.conflict);
        case Reason::propagation:
            return std::to_string(evidence.relays_behind) + " of " + std::to_string(evidence.relays) +
                   " relays have not applied the step";
        case Reason::hold:
            return "the time of the step is not over";
        case Reason::evaluations:
            return std::to_string(evidence.evaluations) + " evaluations to `" + plan.to + "` since the step";
        case Reason::approval:
            return "the next step waits for an approval";
        case Reason::guard:
            return "a guard is over its threshold";
        case Reason::max_wait:
            return "the step waited longer than " + format_span(plan.max_wait);
        case Reason::cleared:
            return "what held the rollout is gone";
        case Reason::long_hold:
            return "the rollout has been held for an hour";
        case Reason::step:
            if (plan.offset == 0) return "";
            return "the line begins at slot " + std::to_string(plan.offset) +
                   ": others are first than without an offset";
        default:
            return "";
    }
}

std::string progress_text(const Progress& progress) {
    return body::object_text([&](json::Writer& w) {
        w.member("state", name_of(progress.state)).member("reason", name_of(progress.reason));
        w.member("detail", progress.detail).member("step", std::uint64_t{progress.step});
        w.member("share", std::uint64_t{progress.share}).member("is_approved", progress.is_approved);
        w.member("began_at", progress.began_at).member("waits_since", progress.waits_since);
        write_time(w, "applied_at", progress.applied_at);
        write_time(w, "stopped_at", progress.stopped_at);
        w.member("is_wait_told", progress.is_wait_told).member("is_no_data_told", progress.is_no_data_told);
        w.member("is_hold_told", progress.is_hold_told);
        w.member("basis", progress.basis).member("published", progress.published);
        w.member("flag_version", progress.flag_version).key("guards").begin_array();
        for (const auto& guard : progress.guards) {
            w.begin_object();
            write_time(w, "over_since", guard.over_since);
            write_time(w, "clear_since", guard.clear_since);
            w.member("is_told", guard.is_told).end_object();
        }
        w.end_array();
    });
}

Progress read_stored_progress(std::string_view text) {
    return body::read_stored(text, [](json::Reader& r) {
        Progress progress;
        progress.state = static_cast<State>(index_of(state_names, r.string("state")));
        progress.reason = static_cast<Reason>(index_of(reason_names, r.string("reason")));
        progress.detail = r.string("detail");
        progress.step = r.unsigned_integer("step");
        progress.share = static_cast<std::uint32_t>(r.unsigned_integer("share"));
        progress.is_approved = r.boolean("is_approved");
        progress.began_at = required_time(r, "began_at");
        progress.waits_since = required_time(r, "waits_since");
        progress.applied_at = read_time(r, "applied_at");
        progress.stopped_at = read_time(r, "stopped_at");
        progress.is_wait_told = r.boolean("is_wait_told");
        progress.is_no_data_told = r.boolean("is_no_data_told");
        progress.is_hold_told = r.boolean("is_hold_told", false);  // not stored by the first release
        progress.basis = r.string("basis");
        progress.published = r.string("published");
        progress.flag_version = required_time(r, "flag_version");
        for (auto& one : r.array("guards")) {
            GuardProgress guard;
            guard.over_since = read_time(one, "over_since");
            guard.clear_since = read_time(one, "clear_since");
            guard.is_told = one.boolean("is_told");
            progress.guards.push_back(guard);
        }
        return progress;
    });
}

void write_evidence(json::Writer& w, const Evidence& evidence) {
    w.begin_object().member("conflict", name_of(evidence.conflict));
    w.member("relays", std::uint64_t{evidence.relays}).member("relays_behind", std::uint64_t{evidence.relays_behind});
    w.member("evaluations", evidence.evaluations).key("guards").begin_array();
    for (const auto& reading : evidence.guards) {
        w.begin_object().key("value");
        if (reading.has_data) {
            w.number(reading.value);
        } else {
            w.null();
        }
        w.member("short_value", reading.short_value).member("over", reading.is_over).member("detail", reading.detail);
        w.end_object();
    }
    w.end_array().end_object();
}

std::string evidence_text(const Evidence& evidence) {
    return body::text_of([&](json::Writer& w) { write_evidence(w, evidence); });
}

}  // namespace fanion::cp::rollouts
