// Exhausted memory is a status at whatever allocation it strikes, and leaves nothing behind; a warm reply needs none.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <string_view>

#include "sdk/c/c_api.h"

namespace {

constexpr long unlimited = -1;
long allocations_left = unlimited;
long allocations = 0;

void* allocate(std::size_t size) {
    ++allocations;
    if (allocations_left == 0) return nullptr;
    if (allocations_left > 0) --allocations_left;
    return std::malloc(size == 0 ? 1 : size);
}

constexpr std::string_view ruleset_text =
    R"({"segments":[{"key":"s","included":[{"attribute":"targetingKey","values":["alice","bob"]}]}],)"
    R"("flags":[{"key":"f","type":"string","enabled":true,"variations":[{"key":"on","value":"a string that is not short"}],)"
    R"("rules":[{"id":"r","when":{"all":[{"op":"in_segment","values":["s"]},)"
    R"({"attribute":"/app/version","op":"version_gte","values":["2.1"]},{"attribute":"n","op":"one_of","values":[1,"x"]}]},)"
    R"("serve":{"split":{"ranges":[[0,100000,"on"]],"otherwise":"next"}}}],"fallthrough":{"variation":"on"}}]})";
constexpr std::string_view bad_ruleset_text = R"({"flags":[{"key":"f","type":"string","variations":[]}]})";
constexpr std::string_view context_text = R"({"targetingKey":"alice","app":{"version":"2.2"},"n":1})";

// Runs `call` with ever more allocations until one is enough; every other ends with OUT_OF_MEMORY.
template <class Call>
fanion_status run_out_of_memory(Call call) {
    for (long allowed = 0; allowed < 10'000; ++allowed) {
        allocations_left = allowed;
        const fanion_status status = call();
        allocations_left = unlimited;
        if (status != FANION_OUT_OF_MEMORY) return status;
    }
    return FANION_OUT_OF_MEMORY;
}

// The same for a call that needs a reply.
template <class Call>
fanion_status with_reply(Call call) {
    return run_out_of_memory([&] {
        fanion_reply* reply = fanion_reply_new();
        const fanion_status status = reply == nullptr ? FANION_OUT_OF_MEMORY : call(reply);
        fanion_reply_free(reply);
        return status;
    });
}

fanion_status create(std::string_view text, fanion_ruleset** ruleset) {
    fanion_reply* reply = fanion_reply_new();
    if (reply == nullptr) return FANION_OUT_OF_MEMORY;
    const auto status = fanion_ruleset_create(text.data(), text.size(), ruleset, reply);
    fanion_reply_free(reply);
    return status;
}

fanion_status evaluate(const fanion_ruleset* ruleset, fanion_reply* reply) {
    return fanion_evaluate(ruleset, "f", 1, context_text.data(), context_text.size(), 0, reply);
}

}  // namespace

void* operator new(std::size_t size) {
    void* memory = allocate(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("exhausted memory is a status wherever it strikes") {
    fanion_ruleset* ruleset = nullptr;
    CHECK(run_out_of_memory([&] { return create(bad_ruleset_text, &ruleset); }) == FANION_INVALID_RULESET);
    CHECK(ruleset == nullptr);
    REQUIRE(run_out_of_memory([&] { return create(ruleset_text, &ruleset); }) == FANION_OK);
    CHECK(with_reply([&](fanion_reply* reply) { return evaluate(ruleset, reply); }) == FANION_OK);
    CHECK(with_reply([&](fanion_reply* reply) {
              return fanion_explain(ruleset, "f", 1, context_text.data(), context_text.size(), 0, reply);
          }) == FANION_OK);
    CHECK(with_reply([](fanion_reply* reply) {
              return fanion_check(ruleset_text.data(), ruleset_text.size(), reply);
          }) == FANION_OK);
    fanion_ruleset_free(ruleset);
}

TEST_CASE("a reply that is used again makes an evaluation allocate nothing") {
    fanion_ruleset* ruleset = nullptr;
    REQUIRE(create(ruleset_text, &ruleset) == FANION_OK);
    fanion_reply* reply = fanion_reply_new();
    REQUIRE(evaluate(ruleset, reply) == FANION_OK);
    const long before = allocations;
    for (int i = 0; i < 10; ++i) evaluate(ruleset, reply);
    const long after = allocations;
    CHECK(after == before);
    fanion_reply_free(reply);
    fanion_ruleset_free(ruleset);
}
