#include "control-plane/saved/saved.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::saved::Content;
using cp::saved::Kind;
using cp::saved::Saved;

namespace {

std::string shown(const Result<Content>& read) {
    if (read)
        return read->name + '|' + (read->is_shared ? "shared" : "own") + '|' + read->environment + '|' + read->members;
    std::string text;
    for (const auto& finding : read.error().findings) text += finding.pointer + ' ' + finding.code + ';';
    return text;
}

std::string made(Kind kind, std::string_view body) {
    json::Document document;
    REQUIRE(document.parse(body));
    return shown(cp::saved::read_new(kind, document.root()));
}

Saved present() {
    Saved saved;
    saved.saved_id = cp::saved::SavedId("view_1");
    saved.content = {"Mine", true, "qa", R"({"filter":{"q":"till","owner":"ann"},"sort":"name","columns":["key"]})"};
    saved.created_by = "u_1";
    return saved;
}

std::string changed(std::string_view body, bool is_patch) {
    json::Document document;
    REQUIRE(document.parse(body));
    return shown(is_patch ? cp::saved::read_patched(Kind::view, document.root(), present())
                          : cp::saved::read_replacement(Kind::view, document.root(), present()));
}

}  // namespace

TEST_CASE("a view has a filter, an order and columns") {
    CHECK(made(Kind::view, R"({"name":"All"})") == R"(All|own||{"filter":{},"sort":"key","columns":[]})");
    CHECK(made(Kind::view,
               R"({"name":"a","shared":true,"environment":"qa","filter":{"enabled":false},"columns":["key"]})") ==
          R"(a|shared|qa|{"filter":{"enabled":false},"sort":"key","columns":["key"]})");
    CHECK(made(Kind::view, R"({"name":"a","environment":null,"filter":null})") ==
          R"(a|own||{"filter":{},"sort":"key","columns":[]})");
}

TEST_CASE("what is wrong with a view is found at its place") {
    CHECK(made(Kind::view, "{}") == "/name missing;");
    CHECK(made(Kind::view, R"({"name":7})") == "/name wrong_type;");
    CHECK(made(Kind::view, R"({"name":"a","filter":[]})") == "/filter wrong_type;");
    CHECK(made(Kind::view, R"({"name":"a","filter":{"enabled":"yes"}})") == "/filter/enabled wrong_type;");
    CHECK(made(Kind::view, R"({"name":"a","filter":{"tag":["t",1]}})") == "/filter/tag/1 wrong_type;");
    CHECK(made(Kind::view, R"({"name":"a","environment":"no key"})") == "/environment bad_key;");
    CHECK(made(Kind::view, R"({"name":"a","columns":["key",1]})") == "/columns/1 bad_value;");
    CHECK(made(Kind::view, R"({"name":"a","columns":"key"})") == "/columns wrong_type;");
    CHECK(made(Kind::view, R"({"name":"a","context":{}})") == "/context unknown_field;");
    CHECK(made(Kind::view, R"({"name":")" + std::string(201, 'x') + "\"}") == "/name too_long;");
}

TEST_CASE("a list of columns is bounded before it is read") {
    std::string columns = "\"key\"";
    for (int i = 0; i < 1'000; ++i) columns += ",\"key\"";
    CHECK(made(Kind::view, R"({"name":"a","columns":[)" + columns + "]}") == "/columns too_many;");
}

TEST_CASE("a context keeps the spelling of its numbers") {
    CHECK(made(Kind::context, R"({"name":"a","context":{"n":1.0,"big":1e300}})") ==
          R"(a|own||{"context":{"n":1.0,"big":1e300}})");
    CHECK(made(Kind::context, R"({"name":"a","context":7})") == "/context wrong_type;");
}

TEST_CASE("a patch changes what it names, and a replacement has defaults") {
    CHECK(changed(R"({"filter":{"owner":null,"type":"json"}})", true) ==
          R"(Mine|shared|qa|{"filter":{"q":"till","type":"json"},"sort":"name","columns":["key"]})");
    CHECK(changed(R"({"environment":null})", true).starts_with("Mine|shared||"));
    CHECK(changed(R"({"name":"b"})", false) == R"(b|shared||{"filter":{},"sort":"key","columns":[]})");
    CHECK(changed(text_of(Kind::view, present()), false) == shown(present().content));
    CHECK(changed(R"({"name":"b","shared":false})", false) == "/shared immutable;");
    CHECK(changed(R"({"created_by":"u_2"})", true) == "/created_by immutable;");
}
