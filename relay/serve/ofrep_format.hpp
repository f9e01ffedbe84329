#pragma once

// The bodies of OFREP answers (relay-api.md, OFREP), with their members in a fixed order. Pure;
// allocates nothing but room in `out`, except for keys of refused requests.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/eval/run/evaluator.hpp"

namespace fanion::relay::serve {

using StaleSeconds = std::optional<std::uint64_t>;  // since the newest signed head expired; none if it has not

// {"key","value","reason","variant","metadata"}. Where the caller's own default is to be used,
// `value` is missing and `variant` is "". `track`: whether the metadata says so.
void append_ofrep_success(std::string& out, const eval::Evaluation& evaluation, StaleSeconds stale, bool track = false);

// Why an evaluation has failed, for the caller: the text of its outcome, or the attribute that a
// split wants. A view of `room` or of a constant.
std::string_view failure_details(const eval::Ruleset& ruleset, const eval::Evaluation& evaluation, std::string& room);

struct OfrepFailure {
    std::optional<std::string_view> key;  // none where a whole bulk request fails
    std::string_view code;
    std::string_view details;
    bool repeat = false;  // also as error_code and error_details, which one client reads in a 400 for a single flag
};

// {"key","errorCode","errorDetails","metadata"}. A key that is not UTF-8 is percent-encoded.
void append_ofrep_failure(std::string& out, const OfrepFailure& failure);

}  // namespace fanion::relay::serve
