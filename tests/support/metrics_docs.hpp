#pragma once

// The metric families in a program's /metrics and those in docs/metrics.md, for tests that compare
// them.

#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include "common/base/text.hpp"
#include "tests/support/source_path.hpp"

namespace fanion::test {

// The names of the metric families in Prometheus text.
inline std::set<std::string> exported_metrics(const std::string& text) {
    std::set<std::string> names;
    for (const auto line : split(text, '\n')) {
        if (line.starts_with("# TYPE ")) names.emplace(split(line, ' ')[2]);
    }
    return names;
}

// The names in the tables below the heading `program` of docs/metrics.md, and in those for both
// programs.
inline std::set<std::string> documented_metrics(std::string_view program) {
    std::ifstream in(source_path("docs/metrics.md"));
    std::set<std::string> names;
    bool belongs = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) belongs = line.substr(3) == program || line == "## Both programs";
        if (belongs && line.starts_with("| `")) names.insert(line.substr(3, line.find('`', 3) - 3));
    }
    return names;
}

}  // namespace fanion::test
