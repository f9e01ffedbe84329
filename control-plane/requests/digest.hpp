#pragma once

// What an approval is bound to. Pure.
//
// Two facts: the changes as they are asked for, and, of each environment, what it will serve of the
// flags and segments that they change. What is left out does not reach evaluations: the numbers of
// versions, and the ids of rules, which are made anew whenever a change without them is tried.
// Everything else that an approval could depend on shows in one of the two: the same changes, made
// of another base, come to another result or to the same.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "control-plane/schedules/change.hpp"

namespace fanion::cp::requests {

// By environment and item ("flag/new-checkout"): its body, null where it is no longer served.
using ServedItems = std::map<std::string, std::map<std::string, std::shared_ptr<const std::string>>>;

// 64 hexadecimal digits.
std::string digest_of(const std::vector<schedules::Change>& changes, const ServedItems& served);

}  // namespace fanion::cp::requests
