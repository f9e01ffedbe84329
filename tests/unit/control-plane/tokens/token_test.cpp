#include "control-plane/tokens/token.hpp"

#include <catch2/catch.hpp>

#include "control-plane/tokens/token_json.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::tokens;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;  // 20 s into its minute

Token token_until(std::optional<UnixMillis> expires_at) {
    Token token;
    token.token_id = cp::access::TokenId("0123456789");
    token.expires_at = expires_at;
    return token;
}

}  // namespace

TEST_CASE("a token is live until it is revoked or expires") {
    CHECK(is_live(token_until(std::nullopt), now));
    CHECK(is_live(token_until(now + 1), now));
    CHECK_FALSE(is_live(token_until(now), now));
    auto revoked = token_until(now + 1);
    revoked.revoked_at = now;
    CHECK_FALSE(is_live(revoked, now));
    CHECK(check_live(revoked, now).error().detail == "the token was revoked");
    CHECK(check_live(token_until(now), now).error().detail == "the token has expired");
}

TEST_CASE("one use a minute is recorded, at the minute's begin") {
    const auto begin = now - now % 60'000;
    REQUIRE(begin < now);
    CHECK(use_to_record(std::nullopt, now) == begin);
    CHECK(use_to_record(begin - 60'000, now) == begin);
    CHECK_FALSE(use_to_record(begin, now));
    CHECK(use_to_record(begin, begin + 60'000) == begin + 60'000);
    CHECK_FALSE(use_to_record(begin, begin - 1));  // a clock that was set back
}

TEST_CASE("the text of a token has its beginning and never the rest, but once") {
    const auto token = token_until(std::nullopt);
    CHECK(token_text(token).find(R"("prefix":"fan_pat_0123456789")") != std::string::npos);
    CHECK(token_text(token).find("\"token\"") == std::string::npos);
    CHECK(token_text(token, "secret").find(R"("token":"secret")") != std::string::npos);
    CHECK(prefix_of(ServiceToken{token, {}, {}, {}}) == "fan_svc_0123456789");
}
