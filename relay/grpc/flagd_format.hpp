#pragma once

// An environment's flags in flagd's format (https://flagd.dev/reference/flag-definitions), for
// flagd.sync.v1. A flag is written if flagd evaluates it to the same variation for every context;
// docs/howto/flagd.md says which flags that are. Nothing is evaluated in advance. Pure; CPU work
// for the blocking pool.

#include <string>
#include <string_view>
#include <vector>

#include "common/wire/item_set.hpp"

namespace fanion::relay::grpc {

struct LeftOut {
    std::string flag;
    std::string why;
};

struct FlagSet {
    // {"flags": {..}, "metadata": {"environment", "version", "leftOut"}}; `leftOut` has the keys of
    // the flags that are left out, separated by commas.
    std::string json;
    std::vector<LeftOut> left_out;
};

// `environment` and `version` are for the metadata. A redacted or malformed item is left out.
FlagSet to_flagd(const wire::ItemSet& items, std::string_view environment, std::string_view version);

}  // namespace fanion::relay::grpc
