#pragma once

// What the key of a relay below grants at this moment: the environments whose rulesets name it.
// Functions of one worker thread.

#include <optional>
#include <string_view>
#include <vector>

#include "relay/serve/subscriber.hpp"

namespace fanion::relay::serve {

// Valid until the worker looks at the serving state again.
struct Granted {
    const cache::EnvironmentStatePtr* environment = nullptr;  // never null, nor what it points to
    const model::AccessEntry* key = nullptr;
};

// Those that are valid now, in order of env_id; empty: none any more.
std::vector<Granted> granted(WorkerDeps& services, const Subscriber& subscriber);

// One environment among them, to be kept across waits. Null: not granted, or not held.
cache::EnvironmentStatePtr granted_environment(WorkerDeps& services, const Subscriber& subscriber,
                                               std::string_view env_id);

// `wait`, but not beyond the moment at which the first of the grants ends.
ChangeNotifier::Millis until_first_expiry(WorkerDeps& services, const Subscriber& subscriber,
                                          ChangeNotifier::Millis wait);

}  // namespace fanion::relay::serve
