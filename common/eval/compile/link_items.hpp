#pragma once

// Resolves the references between prepared items, once per ruleset. One thread.

#include <set>
#include <string>

#include "common/eval/compile/compiled.hpp"
#include "common/eval/compile/findings.hpp"

namespace fanion::eval {

// Items that exist but could not be prepared: "flag/<key>", "segment/<key>".
using Broken = std::set<std::string>;

// Fills everything of `impl` that follows from its flags and segments, which are sorted by key.
// Adds findings with the code unknown_reference. If there are no findings at all, it also looks for
// the codes cycle and too_deep, which need the whole graph.
void link(Ruleset::Impl& impl, const Broken& broken, Findings& findings);

}  // namespace fanion::eval
