#pragma once

// Resolves what prepared items refer to in each other, once per ruleset.

#include "common/eval/compiled.hpp"
#include "common/eval/findings.hpp"

namespace fanion::eval {

// Fills indexes and link tables from flags and segments, which are sorted by key. Findings: unknown_reference, cycle,
// too_deep.
void link(Ruleset::Impl& impl, Findings& findings);

}  // namespace fanion::eval
