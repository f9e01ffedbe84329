#pragma once

// The tables of docs/configuration.md, and what they must be according to a program's options.

#include <fstream>
#include <string>
#include <string_view>

#include "common/config/option.hpp"
#include "tests/support/source_path.hpp"

namespace fanion::test {

// The expected rows, in the order of `options`.
inline std::string option_rows(const config::Options& options) {
    std::string rows = "| `--config` |  | file of `name = value` lines (also FANION_CONFIG) |\n";
    for (const auto& option : options.all()) {
        rows += "| `--" + option.name() + "` | " + option.fallback() + " | " + option.meaning() + " |\n";
    }
    return rows;
}

// The rows below the heading `program`.
inline std::string documented_option_rows(std::string_view program) {
    std::ifstream in(fanion::test::source_path("docs/configuration.md"));
    std::string rows;
    bool ours = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) ours = line == "## " + std::string(program);
        if (ours && line.starts_with("| `--")) rows += line + "\n";
    }
    return rows;
}

}  // namespace fanion::test
