#include "control-plane/lifecycle/verdict.hpp"

#include <algorithm>
#include <array>

namespace fanion::cp::lifecycle {
namespace {

constexpr UnixMillis a_day = 24LL * 60 * 60 * 1000;
constexpr std::array all_reasons{Reason::unused, Reason::constant, Reason::expired};

std::optional<LifeFinding> find_unused(const FlagLife& flag, const EnvironmentLife& environment,
                                       const Settings& settings, UnixMillis now) {
    const auto since = evaluated_at(environment).value_or(std::max(flag.created_at, environment.created_at));
    if (since > now - settings.unused_days * a_day) return std::nullopt;
    return LifeFinding{Reason::unused, since, std::nullopt};
}

std::optional<LifeFinding> find_constant(const EnvironmentLife& environment, const Settings& settings, UnixMillis now) {
    const auto last = std::max_element(environment.seen.begin(), environment.seen.end(),
                                       [](const auto& a, const auto& b) { return a.last_at < b.last_at; });
    if (last == environment.seen.end()) return std::nullopt;
    auto since = last->first_at;
    for (const auto& other : environment.seen)
        if (other.variation != last->variation) since = std::max(since, other.last_at);
    if (since > now - settings.constant_days * a_day) return std::nullopt;
    return LifeFinding{Reason::constant, since, last->variation};
}

// What all environments say together, if it is one thing.
std::optional<LifeFinding> summarise(const std::vector<std::optional<LifeFinding>>& environments) {
    std::optional<LifeFinding> unused;
    std::optional<LifeFinding> constant;
    for (const auto& found : environments) {
        if (!found) return std::nullopt;
        auto& held = found->reason == Reason::unused ? unused : constant;
        if (!held) held = found;
        if (held->keep != found->keep) return std::nullopt;
        held->since = std::max(held->since, found->since);
    }
    return constant ? constant : unused;
}

std::optional<LifeFinding> find_expired(const FlagLife& flag, const Settings& settings, UnixMillis now) {
    const auto days = flag.lifetime ? days_of(settings, *flag.lifetime) : std::nullopt;
    if (!days || flag.created_at + *days * a_day > now) return std::nullopt;
    return LifeFinding{Reason::expired, flag.created_at + *days * a_day, std::nullopt};
}

}  // namespace

std::string_view name_of(Reason reason) noexcept {
    switch (reason) {
        case Reason::unused:
            return "unused";
        case Reason::constant:
            return "constant";
        case Reason::expired:
            return "expired";
    }
    return "";
}

std::optional<Reason> parse_reason(std::string_view name) noexcept {
    for (const auto reason : all_reasons)
        if (name_of(reason) == name) return reason;
    return std::nullopt;
}

std::optional<UnixMillis> evaluated_at(const EnvironmentLife& environment) {
    std::optional<UnixMillis> last;
    for (const auto& seen : environment.seen) last = std::max(last.value_or(seen.last_at), seen.last_at);
    return last;
}

Verdict judge(const FlagLife& flag, const Settings& settings, UnixMillis now) {
    Verdict verdict;
    verdict.environments.resize(flag.environments.size());
    if (flag.is_archived) return verdict;
    const bool is_meant_to_stay = flag.lifetime && !days_of(settings, *flag.lifetime);
    for (std::size_t i = 0; i < flag.environments.size(); ++i) {
        auto& found = verdict.environments[i];
        found = find_unused(flag, flag.environments[i], settings, now);
        if (!found && !is_meant_to_stay) found = find_constant(flag.environments[i], settings, now);
    }
    if (const auto found = summarise(verdict.environments)) verdict.overall.push_back(*found);
    if (const auto found = find_expired(flag, settings, now)) verdict.overall.push_back(*found);
    return verdict;
}

Verdict without_findings(const Verdict& verdict) {
    Verdict none;
    none.environments.resize(verdict.environments.size());
    return none;
}

}  // namespace fanion::cp::lifecycle
