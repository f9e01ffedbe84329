#include "relay/grpc/struct_codec.hpp"

#include <limits>
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::relay::grpc;

namespace {

std::string bytes_of(std::string_view json) {
    json::Document document;
    REQUIRE(document.parse(json));
    return struct_of(document.root());
}

std::string json_of(std::string_view bytes) {
    std::string json;
    const auto read = append_json(json, bytes);
    return read ? json : "error: " + read.error().detail;
}

std::string member(std::string_view name, std::string_view value) {
    return protobuf::Writer().text(1, protobuf::Writer().text(1, name).text(2, value).bytes()).take();
}

}  // namespace

TEST_CASE("a Struct has the bytes that protobuf gives it") {
    CHECK(bytes_of(R"({"a":true})") == std::string("\x0a\x07\x0a\x01"
                                                   "a\x12\x02\x20\x01"));
    CHECK(bytes_of(R"({"a":"x"})") == std::string("\x0a\x08\x0a\x01"
                                                  "a\x12\x03\x1a\x01x"));
    const std::string number("\x0a\x0e\x0a\x01n\x12\x09\x11\0\0\0\0\0\0\xf0\x3f", 16);
    CHECK(bytes_of(R"({"n":1})") == number);
}

TEST_CASE("what is written is read back") {
    const auto text = GENERATE(as<std::string>(), "{}", R"({"a":null,"b":false,"c":1.5,"d":-2,"e":"grün \" \u0001"})",
                               R"({"list":[1,[],{"x":[null]}],"o":{"o":{}}})", R"({"big":1e+300,"small":5e-324})");
    CHECK(json_of(bytes_of(text)) == text);
    CHECK(json_of({}) == "{}");
}

TEST_CASE("the last of several values counts") {
    const auto value = protobuf::Writer().text(3, "first").number(4, 1).take();
    CHECK(json_of(member("a", value)) == R"({"a":true})");
    CHECK(json_of(member("a", {})) == R"({"a":null})");
    CHECK(json_of(member("a", {}) + member("a", value)) == R"({"a":null,"a":true})");
    const auto newer = protobuf::Writer().text(9, "unknown").text(3, "x").take();
    CHECK(json_of(member("a", newer)) == R"({"a":"x"})");
}

TEST_CASE("what is no Struct is refused") {
    const auto inf = protobuf::Writer().real(2, std::numeric_limits<double>::infinity()).take();
    CHECK(json_of(member("a", inf)) == "error: the context is malformed: a number is not finite");
    CHECK(json_of("\x0a") == "error: the context is malformed: it is no Struct");
    CHECK(json_of("\x0a\x05\x0a") == "error: the context is malformed: it is no Struct");
    CHECK(json_of("\x0b") == "error: the context is malformed: it is no Struct");
    CHECK(json_of("\x08\x01") == "error: the context is malformed: a member has a wrong type");
    CHECK(json_of(member("a", protobuf::Writer().text(2, "12345678").bytes())) ==
          "error: the context is malformed: a value has a wrong type");
    CHECK(json_of(std::string(11, '\xff')) == "error: the context is malformed: it is no Struct");
}

TEST_CASE("the depth is bounded as that of JSON is") {
    std::string value = protobuf::Writer().number(4, 1).take();
    for (int i = 0; i < 15; ++i) value = protobuf::Writer().text(5, member("a", value)).take();
    CHECK(json_of(member("a", value)).starts_with("{"));
    for (int i = 0; i < 30; ++i) value = protobuf::Writer().text(5, member("a", value)).take();
    CHECK(json_of(member("a", value)) == "error: the context is malformed: it is too deep");
}
