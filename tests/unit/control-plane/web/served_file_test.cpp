#include "control-plane/web/served_file.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "common/base/compression.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using fanion::cp::web::ServedFile;

namespace {

const std::string script = "var a = '" + std::string(4000, 'a') + "';";

ServedFile packed() {
    ServedFile file("text/javascript; charset=utf-8", script);
    file.add("br", "brotli");
    file.add("gzip", "gzip");
    return file;
}

net::Response ask(const ServedFile& file, std::vector<net::Header> headers) {
    net::Request request;
    for (const auto& [name, value] : headers) net::RequestBuilder::add_header(request, name, value);
    net::Response response;
    file.respond(request, response);
    return response;
}

std::string header(const net::Response& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, [](const auto& each) { return each.first; });
    return found == response.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("a file is served in the coding that the client prefers") {
    const auto file = packed();
    struct Line {
        const char* accepted;
        std::string coding;
        std::string bytes;
    };
    const Line lines[] = {
        {"", "", script},
        {"gzip, deflate, br, zstd", "br", "brotli"},
        {"gzip", "gzip", "gzip"},
        {"br;q=0", "", script},
        {"br;q=0, *", "gzip", "gzip"},
        {"br;q=0.5, gzip", "gzip", "gzip"},
        {"zstd", "", script},
        {"identity, br;q=0.9", "", script},
        {"*;q=0", "", script},
        {"BR", "br", "brotli"},
    };
    for (const auto& line : lines) {
        CAPTURE(line.accepted);
        const auto response = ask(file, {{"Accept-Encoding", line.accepted}});
        CHECK(response.status == 200);
        CHECK(header(response, "Content-Encoding") == line.coding);
        CHECK(response.bytes() == line.bytes);
        CHECK(response.content_type == "text/javascript; charset=utf-8");
        CHECK(header(response, "Vary") == "Accept-Encoding");
    }
}

TEST_CASE("each coding has a strong entity tag of its own, with which nothing is sent twice") {
    const auto file = packed();
    std::vector<std::string> tags;
    for (const auto* accepted : {"identity", "br", "gzip"}) {
        tags.push_back(header(ask(file, {{"Accept-Encoding", accepted}}), "ETag"));
        CHECK(tags.back().starts_with('"'));
        const auto again = ask(file, {{"Accept-Encoding", accepted}, {"If-None-Match", tags.back()}});
        CHECK(again.status == 304);
        CHECK(again.body_size() == 0);
        CHECK(again.content_type.empty());
        CHECK(header(again, "ETag") == tags.back());
        CHECK(header(again, "Vary") == "Accept-Encoding");
        CHECK(header(again, "Content-Encoding").empty());
    }
    CHECK(tags[0] != tags[1]);
    CHECK(tags[1] != tags[2]);
    CHECK(ask(file, {{"If-None-Match", tags[1]}}).status == 200);
}

TEST_CASE("what does not shrink is not compressed") {
    ServedFile small("image/png", "png");
    small.compress();
    const auto response = ask(small, {{"Accept-Encoding", "gzip, zstd"}});
    CHECK(response.bytes() == "png");
    CHECK(header(response, "Vary").empty());
    ServedFile large("text/css; charset=utf-8", script);
    large.compress();
    CHECK(header(ask(large, {{"Accept-Encoding", "gzip, zstd"}}), "Content-Encoding") == "zstd");
    const auto plain = decompress(Encoding::gzip, large.bytes_in("gzip"), script.size());
    REQUIRE(plain);
    CHECK(*plain == script);
}
