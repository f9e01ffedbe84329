#pragma once

// Evaluation vectors: test cases that define the meaning of docs/ruleset.md for evaluators in any
// language. The format is in docs/vectors.md. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cli {

struct VectorFailure {
    std::string group;
    std::string name;
    std::string expected;  // an evaluation as compact JSON (docs/ruleset.md)
    std::string got;       // the same, or why the group's ruleset does not compile
};

struct VectorReport {
    std::size_t groups = 0;
    std::size_t cases = 0;
    std::vector<VectorFailure> failures;  // in the order of the file
};

// Evaluates every case of a file and compares the answers byte by byte. If a group's ruleset does
// not compile, all cases of the group fail. Error: invalid_input, with findings, if the file does
// not have the format; then nothing was evaluated.
Result<VectorReport> run_vectors(std::string_view text);

}  // namespace fanion::cli
