#include <catch2/catch.hpp>

#include "common/store/location.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::store;

TEST_CASE("a path is a path, a URL is what its scheme says") {
    CHECK(parse_location("/srv/bundle")->kind == Location::Kind::path);
    CHECK(parse_location("./bundle")->path == "./bundle");
    const auto file = parse_location("https://example.com/bundle?token=geheim");
    REQUIRE(file);
    CHECK(file->kind == Location::Kind::http);
    CHECK(file->path == "https://example.com/bundle?token=geheim");
    CHECK(file->shown == "https://example.com/bundle");
    CHECK_FALSE(file->is_writable());
}

TEST_CASE("a bundle comes over https, or over http from this machine") {
    for (const char* url : {"http://localhost:8000/b", "http://LOCALHOST/b", "http://127.0.0.1:1/b", "http://127.1.2.3",
                            "http://[::1]:8000/b", "https://bundles.example/b"}) {
        INFO(url);
        CHECK(parse_location(url));
    }
    for (const char* url : {"http://bundles.example/b", "http://127.0.0.1.example/b", "http://localhost.example",
                            "http://10.0.0.1/b", "http://[fd12::1]/b", "http://127.1/b?token=geheim"}) {
        INFO(url);
        const auto location = parse_location(url);
        REQUIRE_FALSE(location);
        CHECK(location.error().detail.find("https") != std::string::npos);
        CHECK(location.error().detail.find("geheim") == std::string::npos);
    }
}

TEST_CASE("a bucket has a prefix, an endpoint and a region") {
    const auto plain = parse_location("s3://flags");
    REQUIRE(plain);
    CHECK(plain->bucket == "flags");
    CHECK(plain->prefix.empty());
    CHECK(plain->endpoint == "https://s3.us-east-1.amazonaws.com");
    const auto full = parse_location("s3://flags/prod/eu/?endpoint=http://127.0.0.1:9000/&region=eu-central-1");
    REQUIRE(full);
    CHECK(full->prefix == "prod/eu/");
    CHECK(full->endpoint == "http://127.0.0.1:9000");
    CHECK(full->region == "eu-central-1");
    CHECK(full->shown == "s3://flags/prod/eu/");
}

TEST_CASE("a Redis has a port, a database and a key") {
    const auto plain = parse_location("redis://cache");
    REQUIRE(plain);
    CHECK(plain->host == "cache");
    CHECK(plain->port == 6379);
    CHECK(plain->key == "fanion");
    CHECK_FALSE(plain->tls);
    const auto full = parse_location("rediss://[::1]:6380/3/flags:prod");
    REQUIRE(full);
    CHECK(full->host == "[::1]");
    CHECK(full->port == 6380);
    CHECK(full->database == 3);
    CHECK(full->key == "flags:prod");
    CHECK(full->tls);
}

TEST_CASE("what cannot be a location is refused, and a secret is not repeated") {
    for (const char* text :
         {"", "ftp://host/x", "https://", "https://user:geheim@host/x", "https://host/a b", "s3://", "s3://ab",
          "s3://flags/%2e", "s3://flags?profile=x", "s3://flags?endpoint=host",
          "s3://flags?endpoint=https://user:geheim@host", "redis://", "redis://user:geheim@host", "redis://host:0",
          "redis://host:70000", "redis://host:x", "redis://host/x", "redis://host/0/a b"}) {
        const auto location = parse_location(text);
        INFO(text);
        REQUIRE_FALSE(location);
        CHECK(location.error().code == Errc::invalid_input);
        CHECK(location.error().detail.find("geheim") == std::string::npos);
    }
    CHECK_FALSE(parse_locations({"/a", "https://host/b"}, Use::write));
    CHECK(parse_locations({"/a", "https://host/b"}, Use::read)->size() == 2);
}
