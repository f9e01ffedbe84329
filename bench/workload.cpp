#include "bench/workload.hpp"

#include <algorithm>

namespace fanion::bench {
namespace {

constexpr std::string_view flag_head =
    R"("type":"boolean","version":7,"enabled":true,"client":true,"variations":[{"key":"on","value":true},{"key":"off","value":false}],)"
    R"("off":"off","prerequisites":[],"targets":[],"rules":[)"
    R"({"id":"r-country","when":{"all":[{"attribute":"country","op":"one_of","values":["DE","AT","CH"],"ignore_case":false},)"
    R"({"attribute":"/app/version","op":"version_gte","values":["2.1"],"ignore_case":false}]},"serve":{"variation":"on"}},)"
    R"({"id":"r-plan","when":{"attribute":"plan","op":"is","values":["free"],"ignore_case":false},"serve":{"variation":"off"}},)"
    R"({"id":"r-beta","when":{"op":"in_segment","values":["beta-testers"]},"serve":{"split":{"by":"targetingKey",)";
constexpr std::string_view flag_tail =
    R"("hash":"murmur3","ranges":[[0,50000,"on"],[50000,100000,"off"]],"otherwise":"next"}}}],"fallthrough":{"variation":"off"},)";

constexpr std::string_view segment =
    R"({"key":"beta-testers","version":3,"included":[{"attribute":"targetingKey","values":["alice","bob"]}],)"
    R"("excluded":[{"attribute":"targetingKey","values":["mallory"]}],)"
    R"("rules":[{"when":{"attribute":"email","op":"ends_with","values":["@example.com"],"ignore_case":false}}]})";

std::string flag_body(const std::string& key) {
    std::string body = R"({"key":")" + key + "\",";
    body.append(flag_head).append(R"("salt":")" + key + "\",").append(flag_tail);
    return body.append(R"("salt":")" + key + R"(","track":false})");
}

}  // namespace

std::string flag_key(std::size_t number) {
    std::string digits = std::to_string(number);
    return "bench-" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

Items make_items(std::size_t flags, std::string_view key_sha256) {
    Items items;
    items.emplace_back("access/bench",
                       R"({"id":"bench","kind":"server","sha256":")" + std::string(key_sha256) + R"(","origins":[]})");
    items.emplace_back("segment/beta-testers", std::string(segment));
    for (std::size_t i = 0; i < flags; ++i) items.emplace_back("flag/" + flag_key(i), flag_body(flag_key(i)));
    std::sort(items.begin(), items.end());
    return items;
}

}  // namespace fanion::bench
