#pragma once

// Reading tests/fixtures for the tests of eval.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/json/document.hpp"
#include "tests/support/source_path.hpp"

namespace fanion::test {

inline std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::filesystem::path> fixture_files(const std::string& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(fanion::test::source_path("tests/fixtures/" + std::string(folder))))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    return files;
}

inline json::Document parse_fixture(const std::filesystem::path& file) {
    json::Document document;
    json::ScanLimits scan;
    scan.string_bytes = scan.bytes;  // fixtures hold whole rulesets as strings
    const auto parsed = document.parse(read_text(file), scan);
    INFO(file << ": " << (parsed ? "" : parsed.error().detail));
    REQUIRE(parsed.has_value());
    return document;
}

}  // namespace fanion::test
