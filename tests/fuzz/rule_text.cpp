// The rule language: a text is refused with one finding, or is a tree whose text is canonical and is that tree again. The same
// bytes as JSON: a tree is what its text says.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "common/rule/text.hpp"

namespace {

using namespace fanion;

std::string json_of(const model::Condition& condition) {
    std::string out;
    json::Writer writer(out);
    model::write_condition(writer, condition);
    return out;
}

void check_round_trip(const model::Condition& tree) {
    const auto text = rule::print(tree);
    const auto again = rule::parse(text);
    if (!again) {  // more than a ruleset may hold
        if (again.error().findings.at(0).code != "limit") std::abort();
        return;
    }
    if (json_of(again->condition) != json_of(tree) || rule::print(again->condition) != text) std::abort();
}

void check_json(std::string_view text) {
    json::Document document;
    if (!document.parse(text)) return;
    json::Tree body(document.root());
    rule::expand_body(body, "", limits::composed_bytes);
    rule::expand_plain(document.root());
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    const auto tree = model::read_condition(reader, model::UnknownFields::ignore);
    if (findings.empty()) check_round_trip(tree);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = rule::parse(text);
    if (parsed)
        check_round_trip(parsed->condition);
    else if (parsed.error().findings.size() != 1)
        std::abort();
    check_json(text);
    return 0;
}
