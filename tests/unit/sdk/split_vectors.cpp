// Writes the vectors (docs/vectors.md) for readers without a JSON library that keeps numbers as they are spelled: five netstrings
// ("5:hello,") for each case: ruleset (empty: that of the case before), flag key, "=" and the context (or nothing: none is
// given), now, expected answer.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "common/json/document.hpp"

namespace {

using fanion::json::Value;

void put(std::string_view text) { std::cout << text.size() << ':' << text << ','; }

// A part that is given as JSON or as text.
std::string part(Value object, const std::string& name) {
    if (const auto text = object.find(name + "_text")) return std::string(text.as_string());
    return object.find(name).to_text();
}

void write_group(Value group) {
    std::string ruleset = part(group, "ruleset");
    for (const auto one : group.find("cases").elements()) {
        const bool has_context = one.find("context") || one.find("context_text");
        put(ruleset);
        put(one.find("flag").as_string());
        put(has_context ? "=" + part(one, "context") : "");
        put(one.find("now") ? one.find("now").number_text() : "1763720000000");
        put(part(one, "expect"));
        ruleset.clear();
    }
}

bool write_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    fanion::json::ScanLimits scan;
    scan.bytes = scan.string_bytes = scan.number_length = text.size();
    fanion::json::Document document;
    scan.depth = 2 * fanion::limits::json_depth;  // a context may be as deep as it may be, inside the file
    if (!document.parse(text, scan) || document.root().find("format").as_string() != "fanion-vectors/1") return false;
    for (const auto group : document.root().find("groups").elements()) write_group(group);
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
