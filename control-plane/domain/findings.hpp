#pragma once

// From places in a compiled ruleset back to places in the request that would have made it. Pure.

#include <string_view>

#include "common/base/error.hpp"

namespace fanion::domain {

enum class BodyShape {
    definition,  // a flag's or segment's definition: what does not differ between environments
    config,      // one environment's configuration
    creation,    // both: configurations stand under /environments/{env}
};

// Findings inside `item` that the body holds become pointers into the body and lose their item; all others keep it and
// say in which environment they stand.
Error located(Error error, std::string_view item, BodyShape shape, std::string_view environment);

}  // namespace fanion::domain
