// A context from outside against a ruleset that has every operator: always an answer, and always the same one.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/eval/run/evaluator.hpp"

namespace {

using namespace fanion;

std::string flag_with(const std::string& key, const std::string& condition) {
    return R"({"key":")" + key + R"(","type":"boolean","enabled":true,"variations":[{"key":"on","value":true},)" +
           R"({"key":"off","value":false}],"rules":[{"id":"r","when":)" + condition +
           R"(,"serve":{"variation":"on"}}],"fallthrough":{"split":{"ranges":[[0,50000,"on"]],"otherwise":"off"}}})";
}

eval::RulesetPtr make_ruleset() {
    const std::pair<const char*, const char*> operands[] = {
        {"one_of", R"(["a","1",1,true])"},
        {"contains", R"(["a"])"},
        {"starts_with", R"(["A"])"},
        {"ends_with", R"(["z"])"},
        {"matches_regex", R"(["^[a-k]+$"])"},
        {"gt", "[5]"},
        {"lte", R"(["1e3"])"},
        {"version_gte", R"(["1.2"])"},
        {"version_lt", R"(["V1.2.3.4-a.1"])"},
        {"before", R"(["2025-01-01T00:00:00Z"])"},
        {"after", "[5]"},
        {"in_cidr", R"(["10.0.0.0/8","::1"])"},
        {"exists", "[]"},
        {"not_contains", R"(["x"])"},
        {"not_in_cidr", R"(["::/0"])"},
    };
    std::string text =
        R"({"segments":[{"key":"s","included":[{"attribute":"targetingKey","values":["a"]}]}],"flags":[)";
    int count = 0;
    for (const auto& [op, values] : operands) {
        for (const char* attribute : {"a", "/a/0"}) {
            const auto condition = R"({"attribute":")" + std::string(attribute) + R"(","op":")" + op +
                                   R"(","values":)" + values + R"(,"ignore_case":)" +
                                   (count % 2 == 0 ? "true}" : "false}");
            text += flag_with("f" + std::to_string(count++), condition) + ",";
        }
    }
    text += flag_with("s", R"({"op":"in_segment","values":["s"]})") + ",";
    text += flag_with("b", R"({"bucket":{"by":"a","hash":"djb2","from":0,"to":50000}})") + "]}";
    auto ruleset = eval::compile_plain(text);
    if (!ruleset) std::abort();
    return *ruleset;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto ruleset = make_ruleset();
    json::ScanLimits scan;
    scan.bytes = limits::context_bytes;
    json::Document context;
    if (!context.parse({reinterpret_cast<const char*>(data), size}, scan)) return 0;
    for (std::size_t flag = 0; flag < ruleset->flag_count(); ++flag) {
        std::string first;
        std::string second;
        eval::append_json(first, eval::evaluate(*ruleset, flag, context.root(), 0));
        eval::append_json(second, eval::evaluate(*ruleset, flag, context.root(), 0));
        if (first.empty() || first != second) std::abort();
    }
    return 0;
}
