#pragma once

// The bodies of OFREP answers (relay-api.md), appended in their fixed order. Pure; no allocation beyond `out`'s growth.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/eval/run/evaluator.hpp"

namespace fanion::relay::serve {

using StaleSeconds = std::optional<std::uint64_t>;  // how long the newest head has been expired; none while it holds

// {"key","value","reason","variant","metadata"}; `value` left out and `variant` "" for the caller's own default.
void append_ofrep_success(std::string& out, const eval::Evaluation& evaluation, StaleSeconds stale);

struct OfrepFailure {
    std::optional<std::string_view> key;  // none: the failure of a whole bulk request
    std::string_view code;
    std::string_view details;
    bool doubled = false;  // error_code and error_details too: one client reads those on single-flag 400
};
void append_ofrep_failure(std::string& out, const OfrepFailure& failure);

}  // namespace fanion::relay::serve
