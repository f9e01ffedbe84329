#pragma once

// From places in a compiled ruleset to places in the request's body that they come from. Pure.

#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::body {

enum class BodyKind {
    definition,  // a flag's or segment's definition: what does not differ between environments
    config,      // one environment's configuration
    creation,    // both: configurations stand under /environments/{env}
};

// Findings inside `item` that come from the body get pointers into the body and lose their item;
// all others keep it, and their detail names the environment.
Error relocate_to_body(Error error, std::string_view item, BodyKind shape, std::string_view environment);

// The same for the static checks' warnings. A warning about the definition also names the
// environment it was found in: it need not hold in the others.
std::vector<Finding> relocate_warnings(std::vector<Finding> warnings, std::string_view item, BodyKind shape,
                                       std::string_view environment);

// For a caller who may change an environment and not read it: what is found there keeps its code
// only, and is said once.
void hide_environment(std::vector<Finding>& findings);

// The error of a write that ?strict=true refuses for its warnings.
Error as_strict_error(std::vector<Finding> warnings);

}  // namespace fanion::cp::body
