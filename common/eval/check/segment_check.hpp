#pragma once

// Checks of one segment in its environment.

#include "common/eval/check/catalog.hpp"
#include "common/eval/check/report.hpp"

namespace fanion::eval::checks {

void check_segment(const model::Segment& segment, Catalog& catalog, Report& report);

}  // namespace fanion::eval::checks
