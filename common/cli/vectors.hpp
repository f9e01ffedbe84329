#pragma once

// Evaluation vectors: files that say what ruleset.md means, for evaluators in any language (docs/vectors.md is the format).
// Pure; one thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cli {

struct VectorFailure {
    std::string group;
    std::string name;
    std::string expected;  // JSON of ruleset.md, compact
    std::string got;       // the same, or why the group's ruleset was refused
};

struct VectorReport {
    std::size_t groups = 0;
    std::size_t cases = 0;
    std::vector<VectorFailure> failures;  // in the file's order
};

// Evaluates every case of a file and compares bytes. A ruleset that does not compile fails each of its cases.
// Error (invalid_input): not in the format; every finding with its JSON pointer. Then nothing was evaluated.
Result<VectorReport> run_vectors(std::string_view text);

}  // namespace fanion::cli
