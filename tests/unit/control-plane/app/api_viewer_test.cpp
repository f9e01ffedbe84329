#include "control-plane/app/api_viewer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "common/base/compression.hpp"
#include "common/base/file.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using cp::app::ApiViewer;

namespace {

const std::string script = "var viewer = '" + std::string(5000, 'x') + "';";

void make_package(const test::TemporaryDirectory& folder) {
    REQUIRE(replace_file(folder / "swagger-ui-bundle.js", script, Durability::process));
    REQUIRE(replace_file(folder / "swagger-ui.css", "a { color: red }", Durability::process));
    REQUIRE(replace_file(folder / "favicon-32x32.png", "png", Durability::process));
}

class Viewer {
public:
    explicit Viewer(const std::string& folder) {
        auto opened = ApiViewer::open(folder);
        REQUIRE(opened);
        viewer_ = std::move(*opened);
        viewer_.add_routes(router_);
    }

    net::Response get(std::string_view path, std::vector<net::Header> headers = {}) {
        net::Request request;
        REQUIRE(net::RequestBuilder::set_target(request, path));
        for (const auto& [name, value] : headers) net::RequestBuilder::add_header(request, name, value);
        const auto match = router_.match(request);
        INFO(path);
        REQUIRE(match.route);
        net::Response response;
        match.route->sync(request, response);
        return response;
    }

private:
    ApiViewer viewer_;
    net::Router router_;
};

std::string header(const net::Response& response, std::string_view name) {
    const auto found =
        std::ranges::find_if(response.headers, [name](const auto& header) { return header.first == name; });
    return found == response.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("the page and what it loads are served") {
    test::TemporaryDirectory folder;
    make_package(folder);
    Viewer viewer(folder.path());
    const auto page = viewer.get("/docs");
    CHECK(page.status == 200);
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(header(page, "Cache-Control") == "no-cache");
    // Every file that the page names is there.
    std::size_t loaded = 0;
    for (const std::string_view mark : {"href=\"docs/", "src=\"docs/"}) {
        const auto text = page.bytes();
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
            const auto begin = text.find('"', at) + 1;
            const auto name = text.substr(begin, text.find('"', begin) - begin);
            CHECK(viewer.get("/" + std::string(name)).status == 200);
            ++loaded;
        }
    }
    CHECK(loaded == 4);
    CHECK(viewer.get("/docs/swagger-ui-bundle.js").bytes() == script);
}

TEST_CASE("nothing on the page comes from elsewhere or stands in the page") {
    test::TemporaryDirectory folder;
    make_package(folder);
    Viewer viewer(folder.path());
    for (const auto* path : {"/docs", "/docs/start.js", "/docs/swagger-ui.css"}) {
        const auto response = viewer.get(path);
        const auto policy = header(response, "Content-Security-Policy");
        CHECK(policy.starts_with("default-src 'none'; script-src 'self';"));
        CHECK(policy.find("unsafe") == policy.npos);
        CHECK(policy.find("http") == policy.npos);
        CHECK(response.bytes().find("//") == response.bytes().npos);
    }
    CHECK(viewer.get("/docs").bytes().find("<script>") == std::string_view::npos);
    CHECK(viewer.get("/docs/start.js").bytes().find("validatorUrl: null") != std::string_view::npos);
}

TEST_CASE("each encoding has an entity tag of its own") {
    test::TemporaryDirectory folder;
    make_package(folder);
    Viewer viewer(folder.path());
    std::vector<std::string> tags;
    for (const auto encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        const auto accepted = encoding == Encoding::identity ? "br" : name_of(encoding);
        const auto response = viewer.get("/docs/swagger-ui-bundle.js", {{"Accept-Encoding", accepted}});
        const auto sent = header(response, "Content-Encoding");
        CHECK(sent == (encoding == Encoding::identity ? "" : name_of(encoding)));
        CHECK(header(response, "Vary") == "Accept-Encoding");
        const auto content = decompress(encoding, response.bytes(), script.size());
        REQUIRE(content);
        CHECK(*content == script);
        tags.push_back(header(response, "ETag"));
        const auto again =
            viewer.get("/docs/swagger-ui-bundle.js", {{"Accept-Encoding", accepted}, {"If-None-Match", tags.back()}});
        CHECK(again.status == 304);
        CHECK(again.bytes().empty());
        CHECK(header(again, "ETag") == tags.back());
    }
    CHECK(tags[0] != tags[1]);
    CHECK(tags[1] != tags[2]);
    const auto other = viewer.get("/docs/swagger-ui-bundle.js", {{"If-None-Match", tags[1]}});
    CHECK(other.status == 200);
}

TEST_CASE("without a folder there is no viewer") {
    const auto opened = ApiViewer::open("");
    REQUIRE(opened);
    CHECK_FALSE(opened->is_given());
    net::Router router;
    opened->add_routes(router);
    CHECK(router.routes().empty());
}

TEST_CASE("a folder without the package is an error that names the option") {
    test::TemporaryDirectory folder;
    const auto opened = ApiViewer::open(folder.path());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::not_found);
    CHECK(opened.error().detail.starts_with("--api-viewer: "));
}
