// The C interface: any bytes as ruleset, flag key and context give an answer or an error, and either is JSON.
//
// An input is the ruleset, then behind a byte 0xFF (which no UTF-8 has) the context, then behind another one a flag key.

#include "sdk/c/c_api.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/json/document.hpp"

namespace {

constexpr std::int64_t now = 1'763'720'000'000;

std::string_view take_part(std::string_view& rest) {
    const auto end = rest.find('\xFF');
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return part;
}

void check_reply(fanion_status status, const fanion_reply* reply) {
    const std::string_view text(fanion_reply_data(reply), fanion_reply_size(reply));
    if (status == FANION_INTERNAL || status == FANION_OUT_OF_MEMORY) std::abort();
    fanion::json::ScanLimits scan;
    scan.bytes = scan.string_bytes = 64u << 20;
    scan.depth = 1000;  // an explanation nests deeper than what it explains
    fanion::json::Document document;
    if (!document.parse(text, scan) || !document.root().is(fanion::json::Kind::object)) std::abort();
    const auto findings = document.root().find("findings");
    if (status != FANION_OK && (!findings || !findings.is(fanion::json::Kind::array))) std::abort();
}

void evaluate_all(const fanion_ruleset* ruleset, std::string_view context, std::string_view key, fanion_reply* reply) {
    check_reply(fanion_evaluate(ruleset, key.data(), key.size(), context.data(), context.size(), now, reply), reply);
    for (std::size_t i = 0; i < fanion_ruleset_flag_count(ruleset); ++i) {
        std::size_t size = 0;
        const char* flag = fanion_ruleset_flag_key(ruleset, i, &size);
        check_reply(fanion_evaluate(ruleset, flag, size, context.data(), context.size(), now, reply), reply);
        check_reply(fanion_explain(ruleset, flag, size, context.data(), context.size(), now, reply), reply);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fanion_reply* const reply = fanion_reply_new();
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto text = take_part(rest);
    const auto context = take_part(rest);
    const auto key = take_part(rest);

    fanion_ruleset* ruleset = nullptr;
    const auto status = fanion_ruleset_create(text.data(), text.size(), &ruleset, reply);
    if ((status == FANION_OK) != (ruleset != nullptr)) std::abort();
    if (ruleset == nullptr) check_reply(status, reply);
    if (fanion_check(text.data(), text.size(), reply) != status) std::abort();
    check_reply(status, reply);

    // The same bytes as the body of an item, with what was compiled before as its predecessor.
    const fanion_item item{key.data(), key.size(), text.data(), text.size()};
    fanion_ruleset* successor = nullptr;
    const auto second = fanion_ruleset_create_from_items(&item, 1, ruleset, &successor, reply);
    if (successor == nullptr) check_reply(second, reply);
    if (ruleset != nullptr) evaluate_all(ruleset, context, key, reply);
    fanion_ruleset_free(ruleset);
    if (successor != nullptr) evaluate_all(successor, context, key, reply);
    fanion_ruleset_free(successor);
    return 0;
}
