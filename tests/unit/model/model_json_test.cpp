#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <set>

#include "common/model/json.hpp"
#include "common/model/operators.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"

using namespace fanion;
using model::UnknownFields;

namespace {

// Reads `text`, writes it again; or the findings as "pointer code; pointer code".
template <class Read, class Write>
std::string rewrite(std::string_view text, Read read, Write write, UnknownFields unknown = UnknownFields::refuse) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    const auto value = read(reader, unknown);
    std::string out;
    for (const auto& finding : findings) out += (out.empty() ? "" : "; ") + finding.pointer + " " + finding.code;
    if (!findings.empty()) return out;
    json::Writer writer(out);
    write(writer, value);
    return out;
}
std::string flag(std::string_view text, UnknownFields unknown = UnknownFields::refuse) {
    return rewrite(text, model::read_flag, model::write_flag, unknown);
}
std::string segment(std::string_view text) { return rewrite(text, model::read_segment, model::write_segment); }
std::string access(std::string_view text) { return rewrite(text, model::read_access, model::write_access); }

constexpr const char* whole_flag =
    R"({"key":"k","type":"number","version":12,"enabled":true,"client":true,"variations":[{"key":"a","value":1.0},)"
    R"({"key":"b","value":18446744073709551615}],"off":"a","prerequisites":[{"flag":"p","variations":["on","off"]}],)"
    R"("targets":[{"attribute":"targetingKey","values":["u"],"variation":"a"}],"rules":[{"id":"r1","when":{"all":[)"
    R"({"attribute":"/a/b","op":"one_of","values":["x",1.50,true],"ignore_case":true},{"any":[]},{"not":{"op":"in_segment",)"
    R"("values":["s"]}},{"bucket":{"by":"targetingKey","salt":"z","hash":"djb2","from":0,"to":100}},)"
    R"({"bucket":{"by":"device","hash":"murmur3","from":5,"to":5}}]},"serve":{"split":{"by":"targetingKey","salt":"q",)"
    R"("hash":"murmur3","ranges":[[0,25000,"a"],[25000,100000,"b"]],"otherwise":"next"}}},{"id":"r2","when":{"all":[]},)"
    R"("serve":{"variation":"b"}}],"fallthrough":{"split":{"by":"targetingKey","hash":"djb2","ranges":[[0,100000,"a"]]}},)"
    R"("salt":"k2","track":true})";

}  // namespace

TEST_CASE("a flag is written as it was read") { CHECK(flag(whole_flag) == whole_flag); }

TEST_CASE("the plain form's defaults are written out") {
    CHECK(
        flag(R"({"key":"k","type":"boolean","enabled":false,"variations":[{"key":"on","value":true}],)"
             R"("fallthrough":{"variation":"on"}})") ==
        R"({"key":"k","type":"boolean","version":0,"enabled":false,"client":false,"variations":[{"key":"on","value":true}],)"
        R"("off":null,"prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"k","track":false})");
    CHECK(segment(R"({"key":"s"})") == R"({"key":"s","version":0,"included":[],"excluded":[],"rules":[]})");
    CHECK(access(R"({"id":"a","kind":"server","sha256":")" + std::string(64, '0') + R"("})") ==
          R"({"id":"a","kind":"server","sha256":")" + std::string(64, '0') + R"(","origins":[]})");
}

TEST_CASE("segments and access entries are written as they were read") {
    const std::string whole_segment =
        R"({"key":"s","version":3,"included":[{"attribute":"targetingKey","values":["a"]}],"excluded":[{"attribute":"org",)"
        R"("values":[]}],"rules":[{"when":{"attribute":"email","op":"ends_with","values":["@x"],"ignore_case":false}}]})";
    CHECK(segment(whole_segment) == whole_segment);
    const auto whole_access = R"({"id":"a","kind":"client","sha256":")" + std::string(64, 'f') +
                              R"(","not_before":-1,"not_after":1763720000123,"origins":["https://x.example","*"]})";
    CHECK(access(whole_access) == whole_access);
    const std::string environment = R"({"org":"o","project":"p","key":"production","env_id":"e_1"})";
    CHECK(rewrite(environment, model::read_environment, model::write_environment) == environment);
}

TEST_CASE("unknown members are refused by the admin API and ignored on the wire, at every level") {
    const std::string text =
        R"({"key":"k","type":"boolean","enabled":true,"x":1,"variations":[{"key":"on","value":true,"x":1}],)"
        R"("rules":[{"id":"r","x":1,"when":{"all":[{"attribute":"a","op":"exists","x":1}],"x":1},)"
        R"("serve":{"variation":"on","x":1}}],"fallthrough":{"split":{"ranges":[[0,100000,"on"]],"x":1}}})";
    CHECK(flag(text) ==
          "/variations/0/x unknown_field; /rules/0/when/all/0/x unknown_field; /rules/0/when/x unknown_field; "
          "/rules/0/serve/x unknown_field; /rules/0/x unknown_field; /fallthrough/split/x unknown_field; /x "
          "unknown_field");
    CHECK(flag(text, UnknownFields::ignore).starts_with("{"));
}

TEST_CASE("faults of shapes and keys are reported with their pointers") {
    CHECK(flag(R"({"key":"-k","type":"bool","enabled":1,"variations":[{"key":"","value":1},{"key":"a"}],"off":5,)"
               R"("prerequisites":[{"flag":1}],"targets":[{"values":"x"}],"rules":[{"when":1}],"fallthrough":[]})") ==
          "/key bad_key; /type malformed; /variations/0/key bad_key; /variations/1/value missing; /enabled wrong_type; "
          "/off wrong_type; /prerequisites/0/flag wrong_type; /targets/0/attribute missing; /targets/0/values "
          "wrong_type; "
          "/targets/0/variation missing; /rules/0/when wrong_type; /rules/0/serve missing; /fallthrough wrong_type");
    CHECK(access(R"({"id":"a","kind":"admin","sha256":"xyz","not_after":"soon"})") ==
          "/kind malformed; /sha256 malformed; /not_after wrong_type");
}

TEST_CASE("a variation's value has the flag's type") {
    const auto with = [](const char* type, const char* value) {
        return flag(R"({"key":"k","type":")" + std::string(type) +
                    R"(","enabled":true,"variations":[{"key":"v","value":)" + value +
                    R"(}],"fallthrough":{"variation":"v"}})");
    };
    const char* values[] = {"true", "\"s\"", "1.5", "-1", "{}", "[]", "null"};
    const auto accepted = [&](const char* type) {
        std::string out;
        for (const char* value : values) out += with(type, value).starts_with("{") ? '1' : '0';
        return out;
    };
    CHECK(accepted("boolean") == "1000000");
    CHECK(accepted("string") == "0100000");
    CHECK(accepted("number") == "0011000");
    CHECK(accepted("json") == "1111111");
}

TEST_CASE("every operator's name reads back") {
    for (int i = 0; i <= static_cast<int>(model::Op::not_in_segment); ++i) {
        const std::string name(model::name_of(static_cast<model::Op>(i)));
        const bool is_segment = name.ends_with("in_segment");
        const auto text = is_segment ? R"({"op":")" + name + R"(","values":["s"]})"
                                     : R"({"attribute":"a","op":")" + name + R"(","values":[],"ignore_case":false})";
        CHECK(rewrite(text, model::read_condition, model::write_condition) == text);
    }
}

TEST_CASE("the JSON Schema of conditions names the operators of the table, and no others") {
    std::ifstream file(test::source_path("proto-schemas/schemas/conditions.schema.json"));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::set<std::string, std::less<>> known;
    for (const auto& row : model::operators) {
        INFO(row.name);
        known.emplace(row.name);
        CHECK(text.find('"' + std::string(row.name) + '"') != std::string::npos);
    }
    // An enumeration of operators begins behind "op": {"enum": [.
    std::size_t named = 0;
    for (auto at = text.find("\"op\""); at != text.npos; at = text.find("\"op\"", at + 1)) {
        const auto begin = text.find_first_not_of(" \n:{", at + 4);
        if (begin == text.npos || text.compare(begin, 6, "\"enum\"") != 0) continue;
        const auto end = text.find(']', begin);
        for (auto open = text.find('"', begin + 6); open < end; open = text.find('"', open + 1)) {
            const auto close = text.find('"', open + 1);
            const auto name = text.substr(open + 1, close - open - 1);
            INFO(name);
            CHECK(known.count(name) == 1);
            ++named;
            open = close;
        }
    }
    CHECK(named == known.size());
}

TEST_CASE("flags are equal member by member, and JSON held as text by its spelling") {
    const auto read = [](std::string_view text) {
        json::Document document;
        REQUIRE(document.parse(text));
        std::vector<Finding> findings;
        json::Reader reader(document.root(), findings);
        return model::read_flag(reader, UnknownFields::refuse);
    };
    const auto first = read(whole_flag);
    CHECK(first == read(whole_flag));
    auto other = first;
    other.variations[0].value = "1";  // was 1.0
    CHECK_FALSE(first == other);
    other = first;
    other.config.rules[0].when.children.emplace_back();
    CHECK_FALSE(first == other);
    other = first;
    other.config.fallthrough = model::ServeVariation{"another"};
    CHECK_FALSE(first == other);
}
