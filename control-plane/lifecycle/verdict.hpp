#pragma once

// Which flags are done with, and why: the same answer to everybody for N days, not evaluated for N
// days, past their lifetime. Pure.
//
// 1. Nothing is said of an archived flag.
// 2. In an environment a flag is `unused` if its last evaluation, or if there is none the beginning
//    of flag and environment, is N days ago; else it is `constant` if all evaluations of N days
//    gave one variation. A flag whose lifetime has no days is meant to stay: constant is no news.
// 3. As a whole it is `unused` if it is in every environment; `constant` if it is in every
//    environment that is not `unused`, and all give the same; `expired` by its age.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/lifecycle/settings.hpp"

namespace fanion::cp::lifecycle {

enum class Reason { unused, constant, expired };
std::string_view name_of(Reason reason) noexcept;
std::optional<Reason> parse_reason(std::string_view name) noexcept;

struct VariationSeen {
    std::string variation;  // empty: the caller's own default
    UnixMillis first_at = 0;
    UnixMillis last_at = 0;
};

struct EnvironmentLife {
    std::string environment;  // key
    UnixMillis created_at = 0;
    std::vector<VariationSeen> seen;
};

struct FlagLife {
    std::optional<flags::Lifetime> lifetime;
    bool is_archived = false;
    UnixMillis created_at = 0;
    std::vector<EnvironmentLife> environments;
};

struct LifeFinding {
    Reason reason = Reason::unused;
    UnixMillis since = 0;
    std::optional<std::string> keep;  // of a constant flag: the variation to keep in code
    friend bool operator==(const LifeFinding&, const LifeFinding&) = default;
};

struct Verdict {
    std::vector<LifeFinding> overall;
    std::vector<std::optional<LifeFinding>> environments;  // one for each of the flag's, in its order
};
Verdict judge(const FlagLife& flag, const Settings& settings, UnixMillis now);

// The same with no finding.
Verdict without_findings(const Verdict& verdict);

// The last evaluation in an environment; none: never.
std::optional<UnixMillis> evaluated_at(const EnvironmentLife& environment);

}  // namespace fanion::cp::lifecycle
