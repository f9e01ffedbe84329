#pragma once

// Which flags a list is to have, and in which order, from the parameters of a query. Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/items/list_search.hpp"

namespace fanion::cp::flags {

// Every condition that is given must hold.
struct FlagFilter : items::ItemFilter {
    std::optional<model::FlagType> type;
    std::optional<std::string> lifetime;  // a name; empty: those without
    std::string environment;              // key; of `is_enabled`, and where evaluations count; empty: all
    std::optional<bool> is_enabled;
    std::optional<UnixMillis> evaluated_after;   // at this time or later
    std::optional<UnixMillis> evaluated_before;  // not since this time, or never
    bool is_never_evaluated = false;
    friend bool operator==(const FlagFilter&, const FlagFilter&) = default;
};

struct FlagSearch : items::ListSearch {
    FlagFilter filter;
};

// Whether the same search may find other flags after no change of any flag.
bool depends_on_evaluations(const FlagSearch& search) noexcept;

// Errors: invalid_input with a finding for each parameter.
Result<FlagSearch> read_flag_search(const items::QueryParameters& parameters);

}  // namespace fanion::cp::flags
