// Writes the vectors of tests/fixtures/eval for readers without a JSON library that keeps numbers as they are spelled:
// five netstrings ("5:hello,") for each case: ruleset (empty: that of the case before), flag key, context, now, expected answer.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "common/json/document.hpp"

namespace {

using fanion::json::Value;

void put(std::string_view text) { std::cout << text.size() << ':' << text << ','; }

void write_group(Value group) {
    std::string ruleset = group.find("ruleset").to_text();
    for (const auto one : group.find("cases").elements()) {
        put(ruleset);
        put(one.find("flag").as_string());
        put(one.find("context").to_text());
        put(one.find("now") ? one.find("now").number_text() : "1763720000000");
        put(one.find("expect").to_text());
        ruleset.clear();
    }
}

bool write_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    fanion::json::ScanLimits scan;
    scan.bytes = scan.string_bytes = text.size();
    fanion::json::Document document;
    if (!document.parse(text, scan)) return false;
    for (const auto group : document.root().elements()) write_group(group);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return !files.empty() && std::all_of(files.begin(), files.end(), write_file) ? 0 : 1;
}
