#pragma once

// What a sink gets of a batch: one JSON object a line for each count, exposure and metric event, as
// docs/events.md describes them. Pure.

#include <map>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::sinks {

// The keys of an environment and of what it is in.
struct Place {
    std::string org;
    std::string project;
    std::string environment;
};
using Places = std::map<access::EnvironmentId, Place>;

struct EnvironmentLines {
    access::EnvironmentId env_id;
    std::string text;  // each line ends with a newline
};

struct SinkBatch {
    access::OrgId org_id;
    std::string batch_id;
    UnixMillis received_at = 0;
    std::vector<EnvironmentLines> environments;  // in the order of their ids
    std::size_t lines = 0;                       // of all
};

// The environments that a batch is about, in order.
std::vector<access::EnvironmentId> environments_of(const wire::EventBatch& batch);

// Lines of environments that `places` does not have, which no longer exist, are left out. A line
// has the same bytes whenever it is made, and a number that no other line of its batch has.
SinkBatch lines_of(const wire::EventBatch& batch, access::OrgId org_id, UnixMillis received_at, const Places& places);

}  // namespace fanion::cp::sinks
