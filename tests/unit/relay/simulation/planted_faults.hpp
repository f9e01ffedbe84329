#pragma once

// Each invariant can fail: the simulation finds defects that are planted in the program.

namespace fanion::test {

// Runs worlds with each of them, in this process, until one breaks the rule that the defect is
// against. False: some hundred worlds were not enough.
bool find_planted_faults();

}  // namespace fanion::test
