#pragma once

// Which flags a list is to have, and in which order, from the parameters of a query. Pure.
//
// Pages go on behind a position, the sort value and the key of the last flag, so that no flag is
// shown twice or left out unless its own sort value changes meanwhile. A cursor also names the
// search that it belongs to.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

// Every condition that is given must hold.
struct FlagFilter {
    std::string text;                  // in key, name or description, whatever its case
    std::vector<std::string> tags;     // all of them
    std::optional<std::string> owner;  // empty: those without
    std::optional<model::FlagType> type;
    std::optional<std::string> lifetime;  // a name; empty: those without
    std::optional<bool> is_archived;
    std::string environment;  // key; with `is_enabled`, and where evaluations count; empty: all
    std::optional<bool> is_enabled;
    std::optional<UnixMillis> evaluated_after;   // at this time or later
    std::optional<UnixMillis> evaluated_before;  // not since this time, or never
    bool is_never_evaluated = false;
    friend bool operator==(const FlagFilter&, const FlagFilter&) = default;
};

enum class FlagOrder { key, name, created, updated, evaluated };
std::string_view name_of(FlagOrder order) noexcept;

struct FlagPosition {
    std::string value;  // of what the list is sorted by
    std::string key;
    friend bool operator==(const FlagPosition&, const FlagPosition&) = default;
};

struct FlagSearch {
    FlagFilter filter;
    FlagOrder order = FlagOrder::key;
    bool is_descending = false;
    bool wants_total = false;
    std::string digest;  // of filter and order
    std::optional<FlagPosition> after = std::nullopt;
    std::size_t limit = 50;
};

// `limit` and `cursor` are not among what is read. Errors: invalid_input with a finding for each
// parameter.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;
Result<FlagSearch> read_flag_search(const QueryParameters& parameters);

// The text in a cursor. Error: invalid_input for one of another search.
std::string cursor_text(const FlagSearch& search, const FlagPosition& last);
Result<FlagPosition> read_position(const FlagSearch& search, std::string_view cursor);

}  // namespace fanion::cp::flags
