#include "sdk/c/c_api.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct Free {
    void operator()(fanion_reply* reply) const { fanion_reply_free(reply); }
    void operator()(fanion_ruleset* ruleset) const { fanion_ruleset_free(ruleset); }
};
using Reply = std::unique_ptr<fanion_reply, Free>;
using Ruleset = std::unique_ptr<fanion_ruleset, Free>;

constexpr std::string_view flag_body =
    R"({"key":"f","type":"boolean","version":3,"enabled":true,"variations":[{"key":"on","value":true}],)"
    R"("rules":[{"id":"r","when":{"attribute":"$now","op":"after","values":[1000]},"serve":{"variation":"on"}}],)"
    R"("fallthrough":{"variation":"on"}})";

std::string plain() { return R"({"flags":[)" + std::string(flag_body) + "]}"; }
std::string_view text_of(const Reply& reply) {
    return {fanion_reply_data(reply.get()), fanion_reply_size(reply.get())};
}

fanion_status create(std::string_view text, Ruleset& ruleset, const Reply& reply) {
    fanion_ruleset* made = nullptr;
    const auto status = fanion_ruleset_create(text.data(), text.size(), &made, reply.get());
    ruleset.reset(made);
    return status;
}

Ruleset compiled() {
    Ruleset ruleset;
    REQUIRE(create(plain(), ruleset, nullptr) == FANION_OK);
    return ruleset;
}

fanion_status evaluate(const Ruleset& ruleset, std::string_view key, std::string_view context, std::int64_t now,
                       const Reply& reply) {
    return fanion_evaluate(ruleset.get(), key.data(), key.size(), context.data(), context.size(), now, reply.get());
}

}  // namespace

TEST_CASE("the answer is the JSON of an evaluation at the time given") {
    const auto ruleset = compiled();
    const Reply reply(fanion_reply_new());
    CHECK(evaluate(ruleset, "f", R"({"targetingKey":"u"})", 1001, reply) == FANION_OK);
    CHECK(text_of(reply) ==
          R"({"flag":"f","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r","version":3})");
    CHECK(evaluate(ruleset, "f", "{}", 1000, reply) == FANION_OK);
    CHECK(text_of(reply) == R"({"flag":"f","value":true,"variation":"on","reason":"DEFAULT","version":3})");
    CHECK(fanion_reply_data(reply.get())[fanion_reply_size(reply.get())] == '\0');
}

TEST_CASE("unknown flags, and contexts that are no object, are answers") {
    const auto ruleset = compiled();
    const Reply reply(fanion_reply_new());
    const std::string too_large = R"({"a":")" + std::string(64 * 1024, 'x') + R"("})";
    CHECK(evaluate(ruleset, "g", "{}", 0, reply) == FANION_OK);
    CHECK(text_of(reply) == R"({"flag":"g","error":"FLAG_NOT_FOUND","reason":"ERROR"})");
    for (const std::string& context :
         {std::string("7"), std::string("{"), std::string("\xFF"), std::string("{}\0", 3), too_large, std::string()}) {
        CHECK(evaluate(ruleset, "f", context, 0, reply) == FANION_OK);
        CHECK(text_of(reply) == R"({"flag":"f","error":"INVALID_CONTEXT","reason":"ERROR"})");
    }
    CHECK(evaluate(ruleset, "f", "{}", 0, reply) == FANION_OK);
    CHECK(text_of(reply).find("DEFAULT") != std::string_view::npos);
}

TEST_CASE("no context at all is an empty one") {
    const Reply reply(fanion_reply_new());
    CHECK(fanion_evaluate(compiled().get(), "f", 1, nullptr, 0, 0, reply.get()) == FANION_OK);
    CHECK(text_of(reply).find("DEFAULT") != std::string_view::npos);
}

TEST_CASE("an explanation begins with the answer and has steps") {
    const Reply reply(fanion_reply_new());
    const auto ruleset = compiled();
    CHECK(fanion_explain(ruleset.get(), "f", 1, "{}", 2, 2000, reply.get()) == FANION_OK);
    CHECK(text_of(reply).starts_with(
        R"({"flag":"f","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r")"));
    CHECK(text_of(reply).find(R"("steps":[)") != std::string_view::npos);
    CHECK(fanion_explain(nullptr, "f", 1, "{}", 2, 2000, reply.get()) == FANION_INVALID_ARGUMENT);
}

TEST_CASE("a check lists warnings of what compiles, and findings of what does not") {
    const Reply reply(fanion_reply_new());
    const std::string unserved =
        R"({"flags":[{"key":"f","type":"boolean","enabled":true,"variations":[)"
        R"({"key":"on","value":true},{"key":"no","value":false}],"fallthrough":{"variation":"on"}}]})";
    CHECK(fanion_check(unserved.data(), unserved.size(), reply.get()) == FANION_OK);
    CHECK(text_of(reply).starts_with(R"({"warnings":[{"item":"flag/f","pointer":"/flags/0/variations/1","code":")"));
    CHECK(fanion_check("{}", 2, reply.get()) == FANION_OK);
    CHECK(text_of(reply) == R"({"warnings":[]})");
    CHECK(fanion_check("{", 1, reply.get()) == FANION_INVALID_RULESET);
    CHECK(fanion_check(nullptr, 1, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_check("{}", 2, nullptr) == FANION_INVALID_ARGUMENT);
}

TEST_CASE("a refused ruleset names item, pointer, code and detail of each finding") {
    const Reply reply(fanion_reply_new());
    Ruleset ruleset;
    CHECK(create(R"({"flags":[{"key":"f","type":"boolean","variations":[],"fallthrough":{"variation":"x"}}]})", ruleset,
                 reply) == FANION_INVALID_RULESET);
    CHECK(ruleset == nullptr);
    CHECK(text_of(reply).starts_with(
        R"({"error":"INVALID_RULESET","detail":"the ruleset cannot be compiled","findings":[)"
        R"({"item":"flag/f","pointer":"/flags/0/)"));
}

TEST_CASE("what may not be NULL is refused, what has no bytes may be NULL") {
    const Reply reply(fanion_reply_new());
    const auto ruleset = compiled();
    fanion_ruleset* made = nullptr;
    CHECK(fanion_ruleset_create("{}", 2, nullptr, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_ruleset_create(nullptr, 2, &made, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_ruleset_create(nullptr, 0, &made, reply.get()) == FANION_INVALID_RULESET);
    CHECK(fanion_ruleset_create_from_items(nullptr, 1, nullptr, &made, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_evaluate(nullptr, "f", 1, "{}", 2, 0, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_evaluate(ruleset.get(), nullptr, 1, "{}", 2, 0, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_evaluate(ruleset.get(), "f", 1, nullptr, 2, 0, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_evaluate(ruleset.get(), "f", 1, "{}", 2, 0, nullptr) == FANION_INVALID_ARGUMENT);
    CHECK(fanion_evaluate(ruleset.get(), nullptr, 0, nullptr, 0, 0, reply.get()) == FANION_OK);
    fanion_ruleset_free(nullptr);
    fanion_reply_free(nullptr);
    CHECK(std::string(fanion_reply_data(nullptr)).empty());
}

TEST_CASE("keys that are not UTF-8 are refused, so that a reply is always JSON") {
    const Reply reply(fanion_reply_new());
    CHECK(evaluate(compiled(), "\xC3", "{}", 0, reply) == FANION_INVALID_ARGUMENT);
    const fanion_item item{"\xC3", 1, "{}", 2};
    fanion_ruleset* made = nullptr;
    CHECK(fanion_ruleset_create_from_items(&item, 1, nullptr, &made, reply.get()) == FANION_INVALID_ARGUMENT);
    CHECK(made == nullptr);
}

TEST_CASE("items compile to the same, and a successor outlives what it was made from") {
    const Reply reply(fanion_reply_new());
    const fanion_item items[] = {{"flag/f", 6, flag_body.data(), flag_body.size()}, {"later/kind", 10, "{}", 2}};
    fanion_ruleset* first = nullptr;
    fanion_ruleset* second = nullptr;
    REQUIRE(fanion_ruleset_create_from_items(items, 2, nullptr, &first, reply.get()) == FANION_OK);
    REQUIRE(fanion_ruleset_create_from_items(items, 2, first, &second, reply.get()) == FANION_OK);
    fanion_ruleset_free(first);
    const Ruleset ruleset(second);
    CHECK(evaluate(ruleset, "f", "{}", 2000, reply) == FANION_OK);
    CHECK(text_of(reply).find(R"("rule":"r")") != std::string_view::npos);
}

TEST_CASE("flags are listed by key") {
    const auto ruleset = compiled();
    std::size_t size = 0;
    REQUIRE(fanion_ruleset_flag_count(ruleset.get()) == 1);
    const char* key = fanion_ruleset_flag_key(ruleset.get(), 0, &size);
    CHECK(std::string_view(key, size) == "f");
    CHECK(fanion_ruleset_flag_key(ruleset.get(), 1, &size) == nullptr);
    CHECK(size == 0);
}

TEST_CASE("many threads evaluate one ruleset") {
    const auto ruleset = compiled();
    std::vector<int> right(4);
    std::vector<std::thread> threads;
    for (auto& count : right)
        threads.emplace_back([&ruleset, &count] {
            const Reply reply(fanion_reply_new());
            for (int i = 0; i < 200; ++i)
                count += evaluate(ruleset, "f", "{}", 2000, reply) == FANION_OK &&
                         text_of(reply).find("\"r\"") != text_of(reply).npos;
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == std::vector<int>(4, 200));
}

TEST_CASE("every status has a name") {
    CHECK(std::string(fanion_status_name(FANION_OK)) == "OK");
    CHECK(std::string(fanion_status_name(FANION_OUT_OF_MEMORY)) == "OUT_OF_MEMORY");
    CHECK(std::string(fanion_status_name(FANION_INTERNAL)) == "INTERNAL");
}
