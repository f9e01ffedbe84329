#include "control-plane/rollouts/required_guard.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "control-plane/body/fields.hpp"

namespace fanion::cp::rollouts {
namespace {

// Which values of a plan's guard are as strict as the policy's.
enum class Sense { same, at_most, at_least };

constexpr std::string_view required_texts[] = {"prometheus", "error_ratio", "query",    "evaluations",
                                               "variation",  "reason",      "on_breach"};
constexpr std::pair<std::string_view, Sense> required_numbers[] = {{"slo", Sense::at_least},
                                                                   {"burn", Sense::at_most},
                                                                   {"above", Sense::at_most},
                                                                   {"below", Sense::at_least},
                                                                   {"min_evaluations", Sense::at_most}};
constexpr std::pair<std::string_view, Sense> required_spans[] = {
    {"long", Sense::same}, {"short", Sense::same}, {"window", Sense::same}, {"for", Sense::at_most}};

std::string read_required_text(json::Reader& r, std::string_view member) {
    constexpr std::size_t most_bytes = 4096;
    auto text = body::read_text(r, member, most_bytes);
    if (!body::has_string(r, member)) return text;
    if (member == "on_breach" && !parse_response(text))
        r.fail_at(member, "unknown_value", "`on_breach` is hold, rollback, turn_off or alert");
    if (member == "evaluations" && text != "share" && text != "number")
        r.fail_at(member, "unknown_value", "`evaluations` is share or number");
    return text;
}

double read_required_number(json::Reader& r, std::string_view member) {
    const auto value = r.any(member);
    const bool is_number = value && value.is(json::Kind::number) && std::isfinite(value.as_double());
    if (!is_number) r.fail_at(member, "wrong_type", "a number is expected");
    return is_number ? value.as_double() : 0;
}

// The members of a plan's guard that policies may name.
RequiredGuard members_of(const Guard& guard) {
    RequiredGuard members;
    const auto add_threshold = [&](const Threshold& threshold) {
        members.numbers.emplace_back(threshold.is_above ? "above" : "below", threshold.limit);
    };
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) {
        members.texts = {{"prometheus", burn->source}, {"error_ratio", burn->error_ratio}};
        members.numbers = {{"slo", burn->slo}, {"burn", burn->burn}};
        members.spans = {{"long", burn->long_window}, {"short", burn->short_window}};
    } else if (const auto* query = std::get_if<Query>(&guard.measure)) {
        members.texts = {{"prometheus", query->source}, {"query", query->promql}};
        members.spans = {{"for", guard.lasting}};
        add_threshold(query->threshold);
    } else {
        const auto& counted = std::get<Evaluations>(guard.measure);
        members.texts = {{"evaluations", counted.is_share ? "share" : "number"}};
        if (counted.variation) members.texts.emplace_back("variation", *counted.variation);
        if (counted.reason) members.texts.emplace_back("reason", *counted.reason);
        members.numbers = {{"min_evaluations", static_cast<double>(counted.least)}};
        members.spans = {{"window", counted.window}};
        add_threshold(counted.threshold);
    }
    return members;
}

template <class T>
std::optional<T> value_of(const std::vector<std::pair<std::string, T>>& members, std::string_view name) {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
    if (found == members.end()) return std::nullopt;
    return found->second;
}

template <class T, class Senses>
bool are_strict(const std::vector<std::pair<std::string, T>>& held,
                const std::vector<std::pair<std::string, T>>& required, const Senses& senses) {
    return std::all_of(required.begin(), required.end(), [&](const auto& member) {
        const auto value = value_of(held, member.first);
        if (!value) return false;
        const auto row = std::find_if(std::begin(senses), std::end(senses),
                                      [&](const auto& sense) { return sense.first == member.first; });
        if (row->second == Sense::at_most) return *value <= member.second;
        if (row->second == Sense::at_least) return *value >= member.second;
        return *value == member.second;
    });
}

int strength_of(Response response) noexcept {
    switch (response) {
        case Response::alert:
            return 0;
        case Response::hold:
            return 1;
        case Response::rollback:
            return 2;
        case Response::turn_off:
            break;
    }
    return 3;
}

}  // namespace

RequiredGuard read_required_guard(json::Reader& r) {
    RequiredGuard required;
    for (const auto name : required_texts)
        if (r.has(name)) required.texts.emplace_back(name, read_required_text(r, name));
    for (const auto& [name, sense] : required_numbers)
        if (r.has(name)) required.numbers.emplace_back(name, read_required_number(r, name));
    for (const auto& [name, sense] : required_spans)
        if (r.has(name)) required.spans.emplace_back(name, read_span(r, name, 0));
    if (r.has("metric")) {
        r.fail_at("metric", "unsupported", "guards on users' metrics come with experiments");
    } else if (required == RequiredGuard{}) {
        r.fail("malformed", "members of a guard are expected, as `prometheus` or `evaluations`");
    }
    r.finish(json::UnknownFields::refuse);
    return required;
}

void write_required_guard(json::Writer& w, const RequiredGuard& required) {
    w.begin_object();
    for (const auto& [name, text] : required.texts) w.member(name, text);
    for (const auto& [name, number] : required.numbers) w.member(name, number);
    for (const auto& [name, span] : required.spans) w.member(name, format_span(span));
    w.end_object();
}

bool has_required(const Guard& guard, const RequiredGuard& required) {
    const auto held = members_of(guard);
    const bool has_texts = std::all_of(required.texts.begin(), required.texts.end(), [&](const auto& member) {
        if (member.first != "on_breach") return value_of(held.texts, member.first) == member.second;
        const auto least = parse_response(member.second);
        return least && is_at_least(guard.on_breach, *least);
    });
    return has_texts && are_strict(held.numbers, required.numbers, required_numbers) &&
           are_strict(held.spans, required.spans, required_spans);
}

bool is_at_least(Response response, Response least) noexcept { return strength_of(response) >= strength_of(least); }

}  // namespace fanion::cp::rollouts
