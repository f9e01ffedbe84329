#pragma once

// From places in a compiled ruleset back to places in the request that would have made it. Pure.

#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::body {

enum class BodyKind {
    definition,  // a flag's or segment's definition: what does not differ between environments
    config,      // one environment's configuration
    creation,    // both: configurations stand under /environments/{env}
};

// Findings inside `item` that the body holds become pointers into the body and lose their item; all others keep it and
// say in which environment they stand.
Error relocate_to_body(Error error, std::string_view item, BodyKind shape, std::string_view environment);

// The same for what the static checks found. A warning whose pointer does not lead to one environment's configuration names
// the environment it was found in: in the next one it may be none.
std::vector<Finding> relocate_warnings(std::vector<Finding> warnings, std::string_view item, BodyKind shape,
                                       std::string_view environment);

// ?strict=true: what was written is refused for its warnings.
Error as_strict_error(std::vector<Finding> warnings);

}  // namespace fanion::cp::body
