// Every example of proto-schemas/examples/ofrep is asked and must be answered as it says.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

net::Method method_of(std::string_view name) {
    for (const auto method : {net::Method::get, net::Method::post, net::Method::options}) {
        if (net::name_of(method) == name) return method;
    }
    throw std::runtime_error("a method that no example uses");
}

Ask ask_of(json::Value request) {
    Ask ask{.method = method_of(request.find("method").as_string()),
            .target = std::string(request.find("target").as_string()),
            .key = ""};
    if (const auto body = request.find("body")) ask.body = body.to_text();
    for (const auto [name, value] : request.find("headers").members()) {
        ask.headers.emplace_back(std::string(name), std::string(value.as_string()));
    }
    return ask;
}

void compare(const Answer& answer, json::Value expected) {
    CHECK(std::to_string(answer.status) == expected.find("status").number_text());
    CHECK(answer.body == (expected.find("body") ? expected.find("body").to_text() : ""));
    if (const auto headers = expected.find("headers")) {
        for (const auto [name, value] : headers.members()) {
            INFO(name);
            CHECK(answer.header(name) == value.as_string());
        }
    }
}

}  // namespace

TEST_CASE("the relay answers the OFREP examples as they say") {
    std::size_t examples = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(fanion::test::source_path("proto-schemas/examples/ofrep"))) {
        if (file.path().extension() != ".json") continue;
        INFO(file.path().filename().string());
        json::Document example;
        REQUIRE(example.parse(read_file(file.path())));
        ServedRelay relay;
        compare(relay.ask(ask_of(example.root().find("request"))), example.root().find("answer"));
        ++examples;
    }
    CHECK(examples >= 19);
}
