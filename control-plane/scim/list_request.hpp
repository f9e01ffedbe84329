#pragma once

// What a SCIM client asks of a list (RFC 7644, section 3.4.2). Pure.

#include <cstddef>
#include <optional>
#include <string>

#include "common/base/error.hpp"
#include "control-plane/scim/filter.hpp"

namespace fanion::cp::scim {

inline constexpr std::size_t max_results = 200;

struct ListRequest {
    std::optional<Filter> filter;
    std::size_t start = 1;            // 1-based
    std::size_t count = max_results;  // 0: the number of results alone
    std::string wanted;               // lists of attributes
    std::string excluded;
};

// As they are in the query; none: not given.
struct ListQuery {
    std::optional<std::string> filter;
    std::optional<std::string> start_index;
    std::optional<std::string> count;
    std::optional<std::string> attributes;
    std::optional<std::string> excluded_attributes;
};
// A smaller startIndex is 1, a negative count 0, a larger one max_results. Errors: invalid_input;
// invalidFilter, invalidValue.
Result<ListRequest> read_list_request(ListQuery query);

}  // namespace fanion::cp::scim
