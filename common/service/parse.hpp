#pragma once

// Parsing a service's configuration into its struct. Thread-safe.

#include <string>
#include <vector>

#include "common/config/parse.hpp"

namespace fanion::service {

// Starts from the defaults of `Config` and applies the values given. `describe` binds every option
// to the struct. The service validates the result itself, unless it has an `answer`.
template <class Config>
config::Parsed<Config> parse(const config::Program& program, config::Options (*describe)(Config& config),
                             const std::vector<std::string>& arguments, const config::Environment& environment) {
    config::Parsed<Config> out;
    static_cast<config::Reading&>(out) = config::parse(program, describe(out.config), arguments, environment);
    return out;
}

}  // namespace fanion::service
