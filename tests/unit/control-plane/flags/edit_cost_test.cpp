// How often an edit of a configuration parses and writes JSON. The linker directs the calls of the functions that do so to
// the ones here (--wrap, see CMakeLists.txt), which count and pass them on.

#include <catch2/catch.hpp>

#include "common/model/json.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

int parses = 0;  // of a JSON text
int writes = 0;  // of a configuration, alone or within its flag

}  // namespace

#define PARSE "_ZN6fanion4json8Document5parseESt17basic_string_viewIcSt11char_traitsIcEERKNS0_10ScanLimitsE"
#define WRITE_FLAG "_ZN6fanion5model10write_flagERNS_4json6WriterERKNS0_4FlagE"
#define WRITE_CONFIG "_ZN6fanion5model25write_flag_config_membersERNS_4json6WriterERKNS0_10FlagConfigE"

Result<> real_parse(json::Document* self, std::string_view text, const json::ScanLimits& limits) asm("__real_" PARSE);
Result<> counted_parse(json::Document* self, std::string_view text,
                       const json::ScanLimits& limits) asm("__wrap_" PARSE);
void real_write_flag(json::Writer& w, const model::Flag& flag) asm("__real_" WRITE_FLAG);
void counted_write_flag(json::Writer& w, const model::Flag& flag) asm("__wrap_" WRITE_FLAG);
void real_write_config(json::Writer& w, const model::FlagConfig& config) asm("__real_" WRITE_CONFIG);
void counted_write_config(json::Writer& w, const model::FlagConfig& config) asm("__wrap_" WRITE_CONFIG);

Result<> counted_parse(json::Document* self, std::string_view text, const json::ScanLimits& limits) {
    ++parses;
    return real_parse(self, text, limits);
}
void counted_write_flag(json::Writer& w, const model::Flag& flag) {
    ++writes;
    real_write_flag(w, flag);
}
void counted_write_config(json::Writer& w, const model::FlagConfig& config) {
    ++writes;
    real_write_config(w, config);
}

namespace {

// The steps of items::edit_config() that handle JSON, from the body to the commit.
void edit_timed(bool is_patch, const std::string& text) {
    cp::flags::FlagDefinition flag;
    flag.key = flag.salt = "f";
    flag.variations = cp::flags::boolean_variations();
    const auto present = cp::flags::default_config(flag, "development", 0);
    json::Document body;
    REQUIRE(body.parse(text));
    const auto before = cp::flags::to_json(flag.key, present);
    const auto edited = is_patch ? cp::flags::patch_config(flag, present, before, body.root(), cp::flags::make_rule_id)
                                 : cp::flags::replace_config(flag, present, body.root(), cp::flags::make_rule_id);
    REQUIRE(edited);
    const auto stored = cp::flags::config_json(edited->config);  // as put_flag_config() does
    const auto item = cp::flags::item_body(flag, *edited);
    const auto after = cp::flags::to_json(flag.key, *edited);  // the audit entry's, and the response's body
    CHECK(before != after);
}

}  // namespace

TEST_CASE("a PATCH of a configuration parses JSON twice and writes it four times") {
    parses = writes = 0;
    edit_timed(true,
               R"({"enabled":true,"fallthrough":{"variation":null,"split":{"weights":[{"variation":"on","weight":5}],
        "otherwise":"off"}}})");
    CHECK(parses == 2);
    CHECK(writes == 4);
}

TEST_CASE("a PUT of a configuration parses JSON once and writes it four times") {
    parses = writes = 0;
    edit_timed(false, R"({"enabled":true})");
    CHECK(parses == 1);
    CHECK(writes == 4);
}
