#include "common/net/media_type.hpp"

#include <catch2/catch.hpp>

using namespace fanion::net;

TEST_CASE("a media type is compared without case and parameters") {
    for (const std::string_view same : {"application/json", "Application/JSON", " application/json ; charset=utf-8",
                                        "application/json;q=1;x=\"a;b\""}) {
        CAPTURE(same);
        CHECK(has_media_type(same, "application/json"));
    }
    for (const std::string_view other : {"", ";", "application/json5", "application/merge-patch+json",
                                         "text/application/json", "application/json, text/plain"}) {
        CAPTURE(other);
        CHECK_FALSE(has_media_type(other, "application/json"));
    }
    CHECK(media_type_of("text/plain; charset=utf-8") == "text/plain");
}

TEST_CASE("a body is as it was made without a Content-Encoding, or with identity") {
    for (const std::string_view same : {"", "identity", "Identity"}) CHECK(is_identity(same));
    for (const std::string_view other : {"gzip", "zstd", "identity, gzip", "identity;q=0", "x"})
        CHECK_FALSE(is_identity(other));
}
