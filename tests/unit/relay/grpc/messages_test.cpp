#include "relay/grpc/messages.hpp"

#include <cstring>
#include <map>
#include "tests/support/catch_result.hpp"

#include "common/base/protobuf.hpp"
#include "relay/grpc/struct_codec.hpp"

using namespace fanion;
using namespace fanion::relay::grpc;

namespace {

// The fields of a message; of several with one number the last.
std::map<unsigned, protobuf::Field> fields(std::string_view message) {
    std::map<unsigned, protobuf::Field> found;
    protobuf::Reader reader(message);
    protobuf::Field field;
    while (reader.next(field)) found[field.number] = field;
    REQUIRE_FALSE(reader.is_malformed());
    return found;
}

eval::Evaluation served(std::string_view value) {
    eval::Evaluation evaluation;
    evaluation.flag = "f";
    evaluation.variation = "v";
    evaluation.variation_index = 0;
    evaluation.value = value;
    evaluation.reason = eval::Reason::targeting_match;
    evaluation.rule = "r1";
    evaluation.version = 7;
    return evaluation;
}

std::optional<std::string> response(Rpc rpc, std::string_view value) {
    json::Document document;
    REQUIRE(document.parse(value));
    return resolve_response(rpc, served(value), document.root(), std::nullopt);
}

}  // namespace

TEST_CASE("each type of value has its response, and only that") {
    const auto text = response(Rpc::resolve_string, R"("x")");
    const auto tree = response(Rpc::resolve_object, R"({"a":[1]})");
    CHECK(fields(*response(Rpc::resolve_boolean, "false"))[1].value == 0);
    CHECK(fields(*text)[1].bytes == "x");
    CHECK(fields(*response(Rpc::resolve_float, "1.5"))[1].as_double() == 1.5);
    CHECK(fields(*response(Rpc::resolve_int, "9007199254740993"))[1].value == 9'007'199'254'740'993);
    CHECK(static_cast<std::int64_t>(fields(*response(Rpc::resolve_int, "-3"))[1].value) == -3);
    CHECK(fields(*response(Rpc::resolve_int, "2.0"))[1].value == 2);
    std::string object;
    REQUIRE(append_json(object, fields(*tree)[1].bytes));
    CHECK(object == R"({"a":[1]})");

    CHECK_FALSE(response(Rpc::resolve_boolean, "1"));
    CHECK_FALSE(response(Rpc::resolve_string, "true"));
    CHECK_FALSE(response(Rpc::resolve_float, R"("1")"));
    CHECK_FALSE(response(Rpc::resolve_int, "1.5"));
    CHECK_FALSE(response(Rpc::resolve_int, "1e19"));
    CHECK_FALSE(response(Rpc::resolve_object, "[1]"));
}

TEST_CASE("a response says why, and where the value comes from") {
    json::Document document;
    REQUIRE(document.parse("true"));
    const auto bytes = *resolve_response(Rpc::resolve_boolean, served("true"), document.root(), 12);
    auto found = fields(bytes);
    CHECK(found[2].bytes == "TARGETING_MATCH");
    CHECK(found[3].bytes == "v");
    std::string metadata;
    REQUIRE(append_json(metadata, found[4].bytes));
    CHECK(metadata == R"({"version":7,"ruleId":"r1","stale":12})");
}

TEST_CASE("the caller's own default is neither a value nor a variant") {
    eval::Evaluation evaluation;
    evaluation.reason = eval::Reason::disabled;
    const auto bytes = *resolve_response(Rpc::resolve_string, evaluation, {}, std::nullopt);
    auto found = fields(bytes);
    CHECK(found.count(1) == 0);
    CHECK(found[2].bytes == "DISABLED");
    CHECK(found.count(3) == 0);
}

TEST_CASE("flags of ResolveAll are members of a map; arrays have no place there") {
    json::Document document;
    std::string out;
    REQUIRE(document.parse("1.5"));
    append_flag(out, served("1.5"), document.root(), std::nullopt);
    auto entry = fields(fields(out)[1].bytes);
    CHECK(entry[1].bytes == "f");
    CHECK(fields(entry[2].bytes)[5].as_double() == 1.5);
    const auto before = out;
    REQUIRE(document.parse("[1]"));
    append_flag(out, served("[1]"), document.root(), std::nullopt);
    CHECK(out == before);
}

TEST_CASE("requests are read, and refused where they are malformed") {
    const auto message = protobuf::Writer().text(1, "key").text(2, "ctx").number(15, 3).take();
    const auto request = read_resolve_request(message);
    REQUIRE(request);
    CHECK(request->flag_key == "key");
    CHECK(request->context == "ctx");
    const auto all = protobuf::Writer().text(1, "ctx").take();
    CHECK(read_resolve_all_request(all)->context == "ctx");
    CHECK_FALSE(read_resolve_request(message.substr(0, 4)).has_value());
    CHECK_FALSE(read_resolve_request(protobuf::Writer().number(1, 1).bytes()).has_value());
}

TEST_CASE("no two methods have one path") {
    std::map<std::string, int> paths;
    for (const auto& method : methods()) ++paths[method.path];
    CHECK(paths.size() == methods().size());
    CHECK(paths.size() == 16);
}
