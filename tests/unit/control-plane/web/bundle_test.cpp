#include "control-plane/web/bundle.hpp"

#include <catch2/catch.hpp>

#include "common/base/file.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/small_dashboard.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::test;
using cp::web::Bundle;

namespace {

std::string bundle_fault(const ArchiveFiles& files) {
    const auto bundle = Bundle::parse(ustar(files));
    return bundle ? std::string() : bundle.error().detail;
}

}  // namespace

TEST_CASE("a dashboard's files are found by their paths, each with its compressed forms") {
    const auto bundle = Bundle::parse(ustar(small_dashboard()));
    REQUIRE(bundle);
    const auto* script = bundle->find("assets/a-1.js");
    REQUIRE(script);
    CHECK(script->bytes() == small_script);
    CHECK(script->bytes_in("br") == "brotli");
    CHECK_FALSE(script->bytes_in("gzip").empty());
    CHECK(script->content_type() == "text/javascript; charset=utf-8");
    REQUIRE(bundle->find("assets/module-3.wasm"));
    CHECK(bundle->find("assets/module-3.wasm")->content_type() == "application/wasm");
    CHECK(bundle->find("assets/module-3.wasm")->bytes_in("br").empty());
    for (const auto* name :
         {"", "assets", "assets/", "assets/a-1.js.br", "./assets/a-1.js", "index.html", "csp-style-hashes"})
        CHECK_FALSE(bundle->find(name));
    CHECK(bundle->style_hashes() == std::vector{small_hash});
    CHECK(bundle->files() == 4);
    CHECK(bundle->bytes() > small_script.size() + small_page.size());
}

TEST_CASE("the page's base becomes the prefix, as an attribute's value") {
    const auto bundle = Bundle::parse(ustar(small_dashboard()));
    REQUIRE(bundle);
    CHECK(bundle->index_page("/ui/").bytes() == small_page);
    const auto page = bundle->index_page("/a&\"<b/ui/").bytes();
    CHECK(page.find("<base href=\"/a&amp;&quot;&lt;b/ui/\" />") != std::string::npos);
    CHECK(page.size() == small_page.size() + std::string("/a&amp;&quot;&lt;b").size());
}

TEST_CASE("a page that has its base already keeps the forms that it was packed with; another is compressed anew") {
    const auto long_page = small_page + std::string(4000, ' ');
    auto files = small_dashboard_with("./index.html", long_page);
    files.emplace_back("./index.html.br", "brotli page");
    const auto bundle = Bundle::parse(ustar(files));
    REQUIRE(bundle);
    CHECK(bundle->index_page("/ui/").bytes_in("br") == "brotli page");
    const auto moved = bundle->index_page("/fanion/ui/");
    CHECK(moved.bytes_in("br").empty());
    const auto plain = decompress(Encoding::gzip, moved.bytes_in("gzip"), moved.bytes().size());
    REQUIRE(plain);
    CHECK(*plain == moved.bytes());
}

TEST_CASE("a dashboard without hashes of styles allows none") {
    const auto bundle = Bundle::parse(ustar({{"index.html", small_page}}));
    REQUIRE(bundle);
    CHECK(bundle->style_hashes().empty());
    CHECK(bundle->files() == 1);
}

TEST_CASE("what is no dashboard is refused by the name of the file at fault") {
    CHECK(bundle_fault({}) == "there is no index.html");
    CHECK(bundle_fault({{"index.html", "<p>"}}).starts_with("index.html: has not one <base"));
    CHECK(bundle_fault({{"index.html", small_page + small_page}}).starts_with("index.html: has not one <base"));
    CHECK(bundle_fault({{"index.html", "<base href=\"/ui/"}}).starts_with("index.html: has not one <base"));
    CHECK(bundle_fault(small_dashboard_with("assets/lone.js.br", "x")) == "assets/lone.js: is there only compressed");
    CHECK(bundle_fault(small_dashboard_with("./assets/a-1.js.gz", compress(Encoding::gzip, "other"))) ==
          "assets/a-1.js: its .gz holds something else");
    CHECK(bundle_fault(small_dashboard_with("./assets/a-1.js.gz", "no gzip")) ==
          "assets/a-1.js: its .gz holds something else");
    CHECK(bundle_fault(small_dashboard_with("icon.svg", "<svg/>")) == "icon.svg: is there twice");
    CHECK(bundle_fault(small_dashboard_with("assets/a-1.js.br", "again")) == "assets/a-1.js.br: is there twice");
    for (const auto* line :
         {"x", "'sha256-abc'", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "AAAA", "'; script-src *"}) {
        CAPTURE(line);
        CHECK(bundle_fault(small_dashboard_with("./csp-style-hashes", line)) ==
              "csp-style-hashes: a line is not a SHA-256 in base64");
    }
    for (const auto* name :
         {"../etc/passwd", "/etc/passwd", "a//b", "a/./b", "a/", "a b", "a%2fb", "a\nb", "\xc3\xa4"}) {
        CAPTURE(name);
        CHECK(bundle_fault(small_dashboard_with(name, "x")).find(": is not a plain path") != std::string::npos);
    }
}

TEST_CASE("there are bounds") {
    ArchiveFiles files{{"index.html", small_page}};
    for (std::size_t i = 0; i < Bundle::most_files; ++i) files.emplace_back("f" + std::to_string(i), "");
    CHECK(bundle_fault(files) == "has more than 4096 files");
    files.pop_back();
    CHECK(bundle_fault(files).empty());
}

TEST_CASE("a file that is not there, or no archive, is named") {
    const TemporaryDirectory folder;
    const auto path = folder / "dashboard.tar";
    const auto missing = Bundle::open(path);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::not_found);
    CHECK(missing.error().detail.find(path) != std::string::npos);
    REQUIRE(replace_file(path, "no archive", Durability::process));
    const auto broken = Bundle::open(path);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().detail == path + ": the archive is cut short (entry at byte 0)");
    REQUIRE(replace_file(path, ustar(small_dashboard()), Durability::process));
    CHECK(Bundle::open(path));
}
