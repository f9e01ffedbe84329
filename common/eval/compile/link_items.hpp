#pragma once

// Resolves what prepared items refer to in each other, once per ruleset.

#include <set>
#include <string>

#include "common/eval/compile/compiled.hpp"
#include "common/eval/compile/findings.hpp"

namespace fanion::eval {

// Items that are there but could not be prepared: "flag/<key>", "segment/<key>".
using Broken = std::set<std::string>;

// Fills indexes, scopes and links from flags and segments, which are sorted by key. Findings: unknown_reference; and cycle and
// too_deep, which need the whole graph and are looked for only when nothing else is wrong.
void link(Ruleset::Impl& impl, const Broken& broken, Findings& findings);

}  // namespace fanion::eval
