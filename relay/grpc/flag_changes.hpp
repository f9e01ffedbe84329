#pragma once

// Which flags a change of an environment may have changed, for the messages of EventStream. Pure.

#include <string>
#include <vector>

#include "common/wire/item_set.hpp"

namespace fanion::relay::grpc {

struct FlagChange {
    enum class Kind { write, update, removal };
    std::string flag;
    Kind kind;
};

// The flags that were added, changed or removed, and those whose text names a changed flag or
// segment, directly or by others: it may be one that has nothing to do with them, but none is
// missed. If very much has changed, every flag. In order of their keys.
std::vector<FlagChange> changed_flags(const wire::ItemSet& before, const wire::ItemSet& after);

}  // namespace fanion::relay::grpc
