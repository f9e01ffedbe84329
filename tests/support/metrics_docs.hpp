#pragma once

// The metric families of a program's /metrics and those that docs/metrics.md promises, for tests that compare the two.

#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include "common/base/text.hpp"
#include "tests/support/source_path.hpp"

namespace fanion::test {

// Names of the families in Prometheus text.
inline std::set<std::string> exported_metrics(const std::string& text) {
    std::set<std::string> names;
    for (const auto line : split(text, '\n')) {
        if (line.starts_with("# TYPE ")) names.emplace(split(line, ' ')[2]);
    }
    return names;
}

// Names in the tables below the heading `program` of docs/metrics.md, and those of both programs.
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
