#include <catch2/catch.hpp>

#include "relay/upstream/trust_client.hpp"

using namespace fanion::relay::upstream;

TEST_CASE("a chain of trust documents is split after every second line") {
    using Documents = std::vector<std::string_view>;
    CHECK(split_trust_documents("").empty());
    CHECK(split_trust_documents("a\n").empty());
    CHECK(split_trust_documents("a\nb").empty());
    CHECK(split_trust_documents("a\nb\n") == Documents{"a\nb\n"});
    CHECK(split_trust_documents("a\nb\nc\nd\n") == Documents{"a\nb\n", "c\nd\n"});
    CHECK(split_trust_documents("a\nb\nc\n") == Documents{"a\nb\n"});
}
