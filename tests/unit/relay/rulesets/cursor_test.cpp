#include "relay/rulesets/cursor.hpp"

#include "tests/unit/relay/rulesets/relayed_environment.hpp"

using namespace fanion;
using namespace fanion::test;
using namespace fanion::relay::rulesets;

namespace {

using Kind = Next::Kind;

// Follows what is next until there is nothing, and verifies it: "put 1, patch 2, head".
std::string follow(const RelayedEnvironment& environment, Cursor& cursor, VerifyingSdk& sdk, View view) {
    std::string sent;
    for (int i = 0; i < 100; ++i) {
        const auto next = next_for(*environment.state, cursor, view);
        if (next.kind == Kind::nothing) break;
        advance(cursor, *environment.state, next);
        if (!sent.empty()) sent += ", ";
        if (next.kind == Kind::head) sent += "head";
        if (next.kind == Kind::put) {
            CHECK(sdk.take(full_document(*environment.state, view)).empty());
            sent += "put " + std::to_string(sdk.version->number);
        }
        if (next.kind == Kind::patch) {
            CHECK(sdk.take(step_document(*next.step, view)).empty());
            sent += "patch " + std::to_string(sdk.version->number);
        }
    }
    return sent;
}

std::string filler(std::size_t bytes) {
    return R"([{"id":"r1","when":{"attribute":"a","op":"is","values":[")" + std::string(bytes, 'x') +
           R"("]},"serve":{"variation":"on"}}])";
}

// An environment so large that a chain of many steps is still shorter than the whole.
void enlarge(RelayedEnvironment& environment) {
    for (const auto* key : {"large-1", "large-2"}) environment.put_flag(key, false, filler(60'000));
}

}  // namespace

TEST_CASE("who holds nothing gets the whole, then the head, then nothing") {
    RelayedEnvironment environment;
    environment.take_full();
    VerifyingSdk sdk(environment);
    Cursor cursor;
    CHECK(follow(environment, cursor, sdk, View::server) == "put 1");
    environment.set_head(1'000);
    CHECK(follow(environment, cursor, sdk, View::server) == "head");
    CHECK(follow(environment, cursor, sdk, View::server).empty());
    environment.set_head(11'000);
    CHECK(follow(environment, cursor, sdk, View::server) == "head");
}

TEST_CASE("a head is sent also after the signer's clock was ahead and has been set right") {
    RelayedEnvironment environment;
    environment.take_full();
    VerifyingSdk sdk(environment);
    Cursor cursor;
    environment.set_head(7'200'000);
    CHECK(follow(environment, cursor, sdk, View::server) == "put 1, head");
    environment.set_head(10'000);
    CHECK(follow(environment, cursor, sdk, View::server) == "head");
    CHECK(follow(environment, cursor, sdk, View::server).empty());
}

TEST_CASE("who holds an older version gets the steps that lead to the newest") {
    RelayedEnvironment environment;
    enlarge(environment);
    environment.put_client_key(true);
    environment.take_full();
    VerifyingSdk server(environment), client(environment);
    Cursor server_cursor, client_cursor;
    CHECK(follow(environment, server_cursor, server, View::server) == "put 1");
    CHECK(follow(environment, client_cursor, client, View::client) == "put 1");
    for (int i = 0; i < 3; ++i) {
        environment.put_flag("new-" + std::to_string(i), i != 1);
        environment.take_delta();
    }
    environment.set_head(1'000);
    CHECK(follow(environment, server_cursor, server, View::server) == "patch 2, patch 3, patch 4, head");
    CHECK(follow(environment, client_cursor, client, View::client) == "patch 2, patch 3, patch 4, head");
    CHECK(client.has("flag/new-0") == "body");
    CHECK(client.has("flag/new-1") == "withheld");
    CHECK(server.has("flag/new-1") == "body");
}

TEST_CASE("the whole is sent where it is not longer than the steps, and where a full ruleset has come between") {
    RelayedEnvironment environment;
    environment.take_full();
    Cursor cursor{environment.state->version, 0};
    for (int i = 0; i < 10; ++i) {
        environment.put_flag("large", false, filler(20'000 + static_cast<std::size_t>(i)));
        environment.take_delta();
    }
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::put);
    cursor.held = wire::Version{1'763'719'200, 10};
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::patch);
    environment.put_flag("large", true);
    environment.take_full();
    cursor.held = wire::Version{1'763'719'200, 11};
    CHECK(environment.state->steps.empty());
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::put);
}

TEST_CASE("where the whole cannot be had, steps are sent even if they are longer") {
    RelayedEnvironment environment;
    environment.take_full();
    for (int i = 0; i < 20; ++i) {
        environment.put_flag("open", i % 2 == 0);
        environment.take_delta();
    }
    const Cursor cursor{environment.state->steps.front()->base, 0};
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::put);
    auto without_whole = *environment.state;
    without_whole.full_head.clear();
    CHECK(next_for(without_whole, cursor, View::server).kind == Kind::patch);
}

TEST_CASE("a version that another relay has already sent is waited for, without a head") {
    RelayedEnvironment environment;
    environment.take_full();
    environment.set_head(1'000);
    Cursor cursor{wire::Version{1'763'719'200, 2}, 0};
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::nothing);
    CHECK_FALSE(is_behind(*environment.state, cursor, View::server));
    environment.take_delta();
    environment.set_head(2'000);
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::head);
}

TEST_CASE("a head for another version than the one served is not sent") {
    RelayedEnvironment environment;
    environment.take_full();
    environment.signed_env.commit();
    environment.set_head(1'000);
    const Cursor cursor{environment.state->version, 0};
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::nothing);
}

TEST_CASE("client keys that get rules with a step have no chain across it") {
    RelayedEnvironment environment;
    enlarge(environment);
    environment.put_client_key(false);
    environment.take_full();
    Cursor cursor{environment.state->version, 0};
    CHECK_FALSE(has_whole(*environment.state, View::client));
    CHECK(next_for(*environment.state, {}, View::client).kind == Kind::nothing);
    environment.put_client_key(true);
    environment.take_delta();
    CHECK(next_for(*environment.state, cursor, View::client).kind == Kind::put);
    CHECK(next_for(*environment.state, cursor, View::server).kind == Kind::patch);
}

TEST_CASE("client keys are not given by older steps what is withheld since") {
    RelayedEnvironment environment;
    enlarge(environment);
    environment.put_client_key(true);
    environment.take_full();
    const Cursor before{environment.state->version, 0};
    environment.put_flag("mistaken", true);
    environment.take_delta();
    const Cursor disclosed{environment.state->version, 0};
    CHECK(next_for(*environment.state, before, View::client).kind == Kind::patch);
    environment.put_flag("mistaken", false);
    environment.take_delta();
    CHECK(next_for(*environment.state, before, View::client).kind == Kind::put);
    CHECK(next_for(*environment.state, before, View::server).kind == Kind::patch);
    CHECK(next_for(*environment.state, disclosed, View::client).kind == Kind::patch);
    environment.put_flag("new", true);
    environment.take_delta();
    CHECK(next_for(*environment.state, disclosed, View::client).kind == Kind::patch);
    environment.signed_env.erase("flag/new");
    environment.take_delta();
    CHECK(next_for(*environment.state, disclosed, View::client).kind == Kind::put);
}

TEST_CASE("?since is answered with a delta where one step leads to the newest version") {
    RelayedEnvironment environment;
    enlarge(environment);
    environment.take_full();
    environment.put_flag("a", true);
    environment.take_delta();
    environment.put_flag("b", true);
    environment.take_delta();
    CHECK(last_step(*environment.state, {1'763'719'200, 2}, View::server) == environment.state->steps.back());
    CHECK(last_step(*environment.state, {1'763'719'200, 1}, View::server) == nullptr);
    CHECK(last_step(*environment.state, {1'763'719'200, 3}, View::server) == nullptr);
}

TEST_CASE("the steps that are kept are bounded by the size of the whole") {
    RelayedEnvironment environment;
    environment.take_full();
    for (int i = 0; i < 100; ++i) {
        environment.put_flag("open", i % 2 == 0);
        environment.take_delta();
    }
    std::size_t bytes = 0;
    for (const auto& step : environment.state->steps) bytes += step->bytes;
    CHECK(environment.state->steps.size() >= 3);
    CHECK(bytes <= 16 * 1024);
    CHECK(environment.state->steps.back()->version == environment.state->version);
}

TEST_CASE("what a caller holds is read from Fanion-Have, else from Last-Event-ID") {
    const wire::Version v7{5, 7};
    CHECK(held_version("", "e_1:5.7", "e_1") == v7);
    CHECK(held_version("e_1=5.7", "", "e_1") == v7);
    CHECK(held_version("e_0=5.1, e_1=5.7", "e_1:5.9", "e_1") == v7);
    CHECK(held_version("e_0=5.1", "e_1:5.7", "e_1") == v7);
    CHECK(held_version("junk", "e_1:5.7", "e_1") == v7);
    for (const auto* id : {"", "e_1", "e_1:", "e_2:5.7", "5.7", "e_1:5", "e_1:5.7x", "e_1:5.-7"}) {
        INFO(id);
        CHECK(held_version("", id, "e_1") == std::nullopt);
    }
}
