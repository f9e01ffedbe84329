#include <catch2/catch.hpp>

#include "relay/upstream/subscription.hpp"

using namespace fanion;
using namespace fanion::relay::upstream;
using wire::Nack;
using wire::Outcome;
using wire::Verdict;
using wire::Version;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;
const std::string env = "e_1";

Version at(std::uint64_t number) { return {7, number}; }
std::string id(std::uint64_t number) { return env + ":7." + std::to_string(number); }

Verdict applied(std::uint64_t number) { return Verdict::accepted(Outcome::applied, at(number)); }
Verdict head(std::uint64_t number) { return Verdict::accepted(Outcome::head, at(number)); }
Verdict rejected(Nack code) { return Verdict::rejected({code, ""}); }
const Verdict revoked = Verdict::accepted(Outcome::revoked, {});

const Action none{};
const Action fetch{Action::Kind::fetch, Document::ruleset, env};
const Action refresh_trust{Action::Kind::refresh_trust, Document::ruleset, env};

Subscription holding(std::uint64_t number) {
    wire::Have held;
    if (number > 0) held[env] = at(number);
    return Subscription(held);
}

}  // namespace

TEST_CASE("events are delivered by kind, and unknown ones are ignored") {
    struct Case {
        std::string event, id;
        Action expected;
    };
    const Action ruleset{Action::Kind::deliver, Document::ruleset, env};
    const Action head_document{Action::Kind::deliver, Document::head, env};
    const Case cases[] = {
        {"put", id(8), ruleset},        {"patch", id(8), ruleset},
        {"head", id(7), head_document}, {"revoked", id(7), head_document},
        {"message", id(8), none},       {"put", "", none},
        {"put", "e_1", none},           {"put", "e_1:8", none},
        {"put", "e_1:7.", none},        {"put", "../x:7.8", none},
        {"put", ":7.8", none},          {"PUT", id(8), none},
    };
    for (const auto& c : cases) {
        CAPTURE(c.event, c.id);
        auto subscription = holding(7);
        CHECK(subscription.on_event(c.event, c.id) == c.expected);
    }
}

TEST_CASE("the id of a head names the environment that a poll has to fetch") {
    auto sub = holding(7);
    CHECK(sub.environment_behind("head", id(8)) == env);
    CHECK(sub.environment_behind("head", "e_2:7.1") == "e_2");
    CHECK_FALSE(sub.environment_behind("head", id(7)));
    CHECK_FALSE(sub.environment_behind("head", id(6)));
    CHECK_FALSE(sub.environment_behind("revoked", id(8)));
    CHECK_FALSE(sub.environment_behind("head", "nonsense"));
    sub.on_event("put", id(8));
    sub.on_verdict(env, rejected(Nack::invalid), now);
    CHECK_FALSE(sub.environment_behind("head", id(8)));  // rejected: not fetched again
    CHECK(sub.environment_behind("head", id(9)) == env);
}

TEST_CASE("each verdict leads to its action") {
    struct Case {
        std::string name, event;
        std::uint64_t version;
        Verdict verdict;
        Action expected;
        bool still_in_have;
    };
    const Case cases[] = {
        {"an applied delta is held", "patch", 8, applied(8), none, true},
        {"a gap asks for the full ruleset", "patch", 9, rejected(Nack::gap), fetch, false},
        {"a damaged delta asks for the full ruleset", "patch", 8, rejected(Nack::integrity), fetch, false},
        {"a malformed delta asks for the full ruleset", "patch", 8, rejected(Nack::malformed), fetch, false},
        {"a delta that does not compile asks for the full ruleset", "patch", 8, rejected(Nack::invalid), fetch, false},
        {"a damaged full ruleset is asked for once more", "put", 8, rejected(Nack::integrity), fetch, false},
        {"a malformed full ruleset is asked for once more", "put", 8, rejected(Nack::malformed), fetch, false},
        {"an invalid full ruleset waits for a newer one", "put", 8, rejected(Nack::invalid), none, true},
        {"an unknown signer is looked for in newer trust", "patch", 8, rejected(Nack::bad_signature), refresh_trust,
         true},
        {"a rolled back ruleset is not asked for again", "put", 6, rejected(Nack::rollback), none, true},
        {"equivocation is not asked for again", "put", 7, rejected(Nack::equivocation), none, true},
        {"quarantine is not asked for again", "patch", 8, rejected(Nack::quarantined), none, true},
        {"a foreign environment is not asked for again", "patch", 8, rejected(Nack::wrong_audience), none, true},
        {"a newer reader's ruleset is not asked for again", "patch", 8, rejected(Nack::unsupported), none, true},
        {"a head at what is held says nothing new", "head", 7, head(7), none, true},
        {"a head below what is held is an old replica's", "head", 6, head(6), none, true},
        {"a head above what is held means something was missed", "head", 9, head(9), fetch, false},
        {"a refused head changes nothing", "head", 9, rejected(Nack::malformed), none, true},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        auto subscription = holding(7);
        REQUIRE(subscription.on_event(c.event, id(c.version)).kind == Action::Kind::deliver);
        CHECK(subscription.on_verdict(env, c.verdict, now) == c.expected);
        CHECK(subscription.have().contains(env) == c.still_in_have);
    }
}

TEST_CASE("a fetched ruleset closes the gap") {
    auto subscription = holding(7);
    subscription.on_event("patch", id(9));
    REQUIRE(subscription.on_verdict(env, rejected(Nack::gap), now) == fetch);
    CHECK(subscription.on_fetched(env, applied(10), now) == none);
    CHECK(subscription.have().at(env) == at(10));

    SECTION("deltas that the fetch overtook are late, not delivered and not rolled back") {
        CHECK(subscription.on_event("patch", id(10)) == none);
        CHECK(subscription.on_event("patch", id(11)).kind == Action::Kind::deliver);
    }
    SECTION("an old full ruleset is judged all the same") {
        CHECK(subscription.on_event("put", id(9)).kind == Action::Kind::deliver);
    }
    SECTION("on a new connection nothing is late") {
        subscription.on_connected();
        CHECK(subscription.on_event("patch", id(10)).kind == Action::Kind::deliver);
    }
}

TEST_CASE("a fetch that returns an older version than a head named is repeated, but not at once") {
    auto subscription = holding(7);
    subscription.on_event("head", id(9));
    REQUIRE(subscription.on_verdict(env, head(9), now) == fetch);
    CHECK(subscription.on_fetched(env, Verdict::accepted(Outcome::unchanged, at(7)), now) == none);
    subscription.on_event("head", id(9));
    CHECK(subscription.on_verdict(env, head(9), now + Subscription::fetch_pause) == fetch);
}

TEST_CASE("after a failed fetch the environment is omitted from Fanion-Have, so that a new stream sends it in full") {
    auto subscription = holding(7);
    subscription.on_event("patch", id(9));
    REQUIRE(subscription.on_verdict(env, rejected(Nack::gap), now) == fetch);
    subscription.on_fetch_failed(env, FetchFailure::failed, now);
    CHECK(subscription.have().empty());
    CHECK(subscription.held().at(env) == at(7));
}

TEST_CASE("a refused fetch does not remove what is held, and is repeated after a minute") {
    auto subscription = holding(7);
    subscription.on_event("head", id(9));
    REQUIRE(subscription.on_verdict(env, head(9), now) == fetch);
    subscription.on_fetch_failed(env, FetchFailure::not_granted, now);
    CHECK(subscription.held().contains(env));
    CHECK(subscription.on_verdict(env, head(9), now + 59'999) == none);
    CHECK(subscription.on_verdict(env, head(9), now + 60'000) == fetch);
}

TEST_CASE("a rejected version is not requested again at every head") {
    auto subscription = holding(7);
    subscription.on_event("put", id(8));
    REQUIRE(subscription.on_verdict(env, rejected(Nack::invalid), now) == none);
    CHECK(subscription.on_verdict(env, head(8), now + 10'000) == none);
    SECTION("a newer version is") { CHECK(subscription.on_verdict(env, head(9), now + 10'000) == fetch); }
    SECTION("after a minute it is") {
        CHECK(subscription.on_verdict(env, head(8), now + Subscription::refused_pause) == fetch);
    }
}

TEST_CASE("a newer trust document leads to a fetch, the same one to a pause") {
    auto subscription = holding(7);
    subscription.on_event("patch", id(8));
    REQUIRE(subscription.on_verdict(env, rejected(Nack::bad_signature), now) == refresh_trust);
    SECTION("the chain grew") { CHECK(subscription.on_trust(env, true, now) == fetch); }
    SECTION("it did not: the document may have been damaged, and is fetched once") {
        CHECK(subscription.on_trust(env, false, now) == fetch);
        SECTION("the fetched one is valid") { CHECK(subscription.on_fetched(env, applied(8), now) == none); }
        SECTION("the fetched one is not: it is not asked for again before a minute has passed") {
            CHECK(subscription.on_fetched(env, rejected(Nack::bad_signature), now) == none);
            CHECK(subscription.on_event("patch", id(8)).kind == Action::Kind::deliver);
            CHECK(subscription.on_verdict(env, rejected(Nack::bad_signature), now + 10'000) == none);
            subscription.on_event("head", id(8));
            CHECK(subscription.on_verdict(env, head(8), now + 10'000) == none);
            CHECK(subscription.on_verdict(env, head(8), now + Subscription::refused_pause) == fetch);
        }
    }
    SECTION("trust is not looked for at every bad signature") {
        subscription.on_trust(env, false, now);
        subscription.on_event("patch", id(9));
        CHECK(subscription.on_verdict(env, rejected(Nack::bad_signature), now + 1'000) == fetch);
        CHECK(subscription.on_verdict(env, rejected(Nack::bad_signature), now + Subscription::trust_pause) ==
              refresh_trust);
    }
}

TEST_CASE("a damaged head, or one that belongs elsewhere, delays no change") {
    const auto code = GENERATE(Nack::malformed, Nack::bad_signature, Nack::wrong_audience);
    const auto event = GENERATE(std::string("head"), std::string("patch"));
    if (event == "patch" && code != Nack::wrong_audience) return;
    CAPTURE(event);
    auto subscription = holding(7);
    subscription.on_event(event, id(4'000));
    if (subscription.on_verdict(env, rejected(code), now) == refresh_trust) {
        CHECK(subscription.on_trust(env, false, now) == none);
    }
    subscription.on_event("head", id(8));
    CHECK(subscription.on_verdict(env, head(8), now) == fetch);
}

TEST_CASE("a connection that brings only what is of no use is noticed after a few events") {
    auto subscription = holding(7);
    subscription.on_connected();
    const auto brings = [&](std::string_view event, const std::string& event_id, const Verdict& verdict) {
        if (subscription.on_event(event, event_id).kind == Action::Kind::deliver) {
            subscription.on_verdict(env, verdict, now);
        }
    };
    const auto bring_useless = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (i % 4 == 0) brings("put", id(8), rejected(Nack::malformed));
            if (i % 4 == 1) brings("head", id(7), rejected(Nack::bad_signature));
            if (i % 4 == 2) brings("nonsense", id(8), head(7));
            if (i % 4 == 3) brings("put", id(7), Verdict::accepted(Outcome::unchanged, at(7)));
        }
    };
    const std::size_t most = Subscription::most_useless;
    brings("put", id(8), rejected(Nack::invalid));  // the first signed one
    bring_useless(most);
    CHECK_FALSE(subscription.is_useless());
    SECTION("one more") {
        bring_useless(1);
        CHECK(subscription.is_useless());
        subscription.on_connected();
        CHECK_FALSE(subscription.is_useless());
    }
    SECTION("a valid head in between") {
        brings("head", id(7), head(7));
        bring_useless(most);
        CHECK_FALSE(subscription.is_useless());
    }
    CHECK(subscription.environment_behind("head", "e_9:7.1") == "e_9");
}

TEST_CASE("many environments whose rulesets this relay rejects do not make a stream useless") {
    Subscription subscription({});
    subscription.on_connected();
    const auto bring_all = [&] {
        for (int i = 0; i < 50; ++i) {
            const auto env_id = "e_" + std::to_string(i);
            subscription.on_event("put", env_id + ":7.1");
            subscription.on_verdict(env_id, rejected(Nack::unsupported), now);
        }
    };
    bring_all();
    CHECK_FALSE(subscription.is_useless());
    bring_all();
    CHECK(subscription.is_useless());
}

TEST_CASE("a failing fetch is reported once, until its failure changes or a fetch succeeds") {
    auto subscription = holding(7);
    CHECK(subscription.on_fetch_failed(env, FetchFailure::failed, now));
    CHECK_FALSE(subscription.on_fetch_failed(env, FetchFailure::failed, now));
    CHECK(subscription.on_fetch_failed(env, FetchFailure::not_granted, now));
    subscription.on_fetched(env, applied(8), now);
    CHECK(subscription.on_fetch_failed(env, FetchFailure::not_granted, now));
}

TEST_CASE("a revoked environment is forgotten, and accepted again when it is granted again") {
    auto subscription = holding(7);
    subscription.on_event("revoked", id(7));
    CHECK(subscription.on_verdict(env, revoked, now) == none);
    CHECK(subscription.held().empty());
    CHECK(subscription.on_event("put", id(7)).kind == Action::Kind::deliver);
}

TEST_CASE("complete once a head was received and every known version is held") {
    auto subscription = holding(0);
    subscription.on_connected();
    CHECK_FALSE(subscription.is_complete());
    subscription.on_event("put", id(7));
    subscription.on_verdict(env, applied(7), now);
    CHECK_FALSE(subscription.is_complete());
    subscription.on_event("head", id(7));
    subscription.on_verdict(env, head(7), now);
    CHECK(subscription.is_complete());
    subscription.on_connected();
    CHECK_FALSE(subscription.is_complete());
    CHECK(subscription.connections() == 2);
}

TEST_CASE("what is rejected is missing: neither a new environment nor a new version of one is complete without it") {
    auto subscription = holding(7);
    subscription.on_connected();
    subscription.on_event("head", id(7));
    subscription.on_verdict(env, head(7), now);
    REQUIRE(subscription.is_complete());
    subscription.on_event("put", "e_2:7.1");
    subscription.on_verdict("e_2", rejected(Nack::invalid), now);
    CHECK_FALSE(subscription.is_complete());
    subscription.on_event("put", "e_2:7.2");
    subscription.on_verdict("e_2", applied(2), now);
    CHECK(subscription.is_complete());
    subscription.on_event("head", id(8));
    subscription.on_verdict(env, head(8), now);
    CHECK_FALSE(subscription.is_complete());
    subscription.on_fetched(env, applied(8), now);
    CHECK(subscription.is_complete());
}

TEST_CASE("an environment that was announced but never held does not keep the next connection from being complete") {
    auto subscription = holding(7);
    subscription.on_connected();
    const auto expected = Action{Action::Kind::fetch, Document::ruleset, "e_2"};
    SECTION("a ruleset that is damaged, under an unsigned id") {
        subscription.on_event("put", "e_2:7.1");
        REQUIRE(subscription.on_verdict("e_2", rejected(Nack::malformed), now) == expected);
    }
    SECTION("a valid head") {
        subscription.on_event("head", "e_2:7.1");
        REQUIRE(subscription.on_verdict("e_2", head(1), now) == expected);
    }
    subscription.on_fetch_failed("e_2", FetchFailure::not_granted, now);
    subscription.on_event("head", id(7));
    subscription.on_verdict(env, head(7), now);
    CHECK_FALSE(subscription.is_complete());
    subscription.on_connected();
    subscription.on_event("head", id(7));
    subscription.on_verdict(env, head(7), now);
    CHECK(subscription.is_complete());
}

TEST_CASE("a relay from which everything was revoked is complete") {
    auto subscription = holding(7);
    subscription.on_connected();
    subscription.on_event("revoked", id(7));
    subscription.on_verdict(env, revoked, now);
    CHECK(subscription.held().empty());
    CHECK(subscription.is_complete());
}

TEST_CASE("the number of unverified ids is bounded") {
    auto subscription = holding(7);
    for (std::size_t i = 0; i < Subscription::most_environments + 10; ++i) {
        subscription.on_event("put", "x" + std::to_string(i) + ":1.1");
    }
    CHECK(subscription.on_event("put", "another:1.1") == none);
    CHECK(subscription.on_event("put", id(8)).kind == Action::Kind::deliver);
}

TEST_CASE("what came from elsewhere is held, and a newer head leads to a fetch") {
    auto subscription = holding(0);
    subscription.on_held(env, at(8));
    CHECK(subscription.have() == wire::Have{{env, at(8)}});
    subscription.on_held(env, at(7));
    CHECK(subscription.held().at(env) == at(8));
    subscription.on_connected();
    subscription.on_event("head", id(8));
    CHECK(subscription.on_verdict(env, head(8), now) == none);
    CHECK(subscription.is_complete());
    subscription.on_event("head", id(9));
    CHECK(subscription.on_verdict(env, head(9), now) == fetch);
    CHECK_FALSE(subscription.is_complete());
}
