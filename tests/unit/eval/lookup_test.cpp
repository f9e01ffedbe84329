// The tables that an evaluation finds flags and attributes by.

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>

#include "common/eval/compile/attribute_table.hpp"
#include "common/eval/compile/key_index.hpp"
#include "common/eval/compile/text_hash.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::eval;

namespace {

std::vector<std::string> many_keys() {
    std::vector<std::string> keys = {"a", "b", "ab", "abc", "12345678", "12345679", "123456789", std::string(100, 'x')};
    for (int i = 0; i < 1000; ++i) keys.push_back("bench-" + std::to_string(10'000 + i));
    for (int i = 0; i < 100; ++i) keys.push_back("the-same-beginning-" + std::to_string(100 + i) + "-and-the-same-end");
    return keys;
}

// A table of these references and the values it yields for a context.
struct Attributes {
    explicit Attributes(const std::vector<std::string>& names) {
        for (const auto& name : names) references.push_back(std::make_unique<AttributeRef>(*parse_attribute(name)));
        for (const auto& reference : references) numbers.push_back(table.add(*reference));
        table.seal();
    }
    // Compact JSON; "" when it is missing or null.
    std::string value(const std::string& context, std::size_t i) const {
        json::Document document;
        REQUIRE(document.parse(context));
        AttributeCache cache(table, document.root());
        std::string text;
        for (int again = 0; again < 2; ++again) {  // resolved first, then remembered
            auto found = cache.find(numbers[i]);
            if (!cache.is_known(found)) found = cache.fetch(numbers[i], *references[i]);
            text = found.is(json::Kind::null) ? "" : found.to_text();
        }
        return text;
    }

    std::vector<std::unique_ptr<AttributeRef>> references;
    std::vector<std::uint32_t> numbers;
    AttributeTable table;
};

}  // namespace

TEST_CASE("an index finds every key and no other") {
    const auto keys = many_keys();
    KeyIndex index(keys.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i) index.insert(keys[i], i);
    index.seal();
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
        CHECK(index.find(keys[i]) == i);
        CHECK(index.find(keys[i] + "!") == KeyIndex::npos);
        auto middle = keys[i];
        middle[middle.size() / 2] = '~';
        CHECK(index.find(middle) == KeyIndex::npos);
    }
    CHECK(index.find("") == KeyIndex::npos);
    CHECK(KeyIndex().find("a") == KeyIndex::npos);
    CHECK(KeyIndex().find("") == KeyIndex::npos);
}

TEST_CASE("keys that differ in their last byte only do not share a position") {
    std::set<std::uint64_t> places;
    for (char c = '0'; c <= '9'; ++c) {
        const auto key = std::string("bench-000") + c;
        places.insert(text_hash<false>(key, json::head_of(key)) >> 59);
    }
    CHECK(places.size() >= 5);  // of 32
}

TEST_CASE("members are assigned to the attributes that the ruleset refers to") {
    const Attributes attributes(
        {"country", "subscription_a", "subscription_b", "/app/version", "subscrip", "plan", "$now"});
    const std::string context =
        R"({"subscription_b":2,"app":{"version":"1.2"},"other":0,"country":"DE","subscription_c":3,"subscrip":4,"plan":null})";
    CHECK(attributes.value(context, 0) == "\"DE\"");
    CHECK(attributes.value(context, 1).empty());
    CHECK(attributes.value(context, 2) == "2");
    CHECK(attributes.value(context, 3) == "\"1.2\"");
    CHECK(attributes.value(context, 4) == "4");
    CHECK(attributes.value(context, 5).empty());
    CHECK(attributes.value(context, 6).empty());
    CHECK(attributes.value("{}", 0).empty());
    CHECK(attributes.value(R"({"country":{"country":1}})", 0) == R"({"country":1})");
}

TEST_CASE("names that differ in one byte only, wherever it is, are told apart") {
    for (std::size_t length = 1; length <= 12; ++length) {
        for (std::size_t differing = 0; differing < length; ++differing) {
            std::vector<std::string> names;
            std::string context = "{";
            for (char c = '0'; c <= 'z'; ++c) {
                if (c == '\\' || c == '/') continue;
                std::string name(length, 'a');
                name[differing] = c;
                context += (names.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(names.size());
                names.push_back(std::move(name));
                if (names.size() == AttributeTable::shared) break;
            }
            context += "}";
            const Attributes attributes(names);
            for (const std::size_t i : {std::size_t{0}, names.size() / 2, names.size() - 1})
                CHECK(attributes.value(context, i) == std::to_string(i));
        }
    }
}

TEST_CASE("of members with the same name the last counts, even if it is null") {
    const Attributes attributes({"a", "b"});
    CHECK(attributes.value(R"({"a":1,"b":2,"a":3})", 0) == "3");
    CHECK(attributes.value(R"({"a":1,"a":null})", 0).empty());
}

TEST_CASE("attributes with the shared number are found too") {
    std::vector<std::string> names;
    std::string context = "{";
    for (int i = 0; i < 200; ++i) {
        names.push_back((i % 3 == 0 ? "/attribute-" : "attribute-") + std::to_string(i));
        context += (i == 0 ? "\"attribute-" : ",\"attribute-") + std::to_string(i) + "\":" + std::to_string(i);
    }
    context += "}";
    const Attributes attributes(names);
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(attributes.value(context, i) == std::to_string(i));
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(attributes.value("{}", i).empty());
    CHECK(attributes.numbers[63] == AttributeTable::shared);
    CHECK(attributes.numbers[199] == AttributeTable::shared);
}

TEST_CASE("no context at all has no attributes") {
    const Attributes attributes({"a", "/b"});
    AttributeCache cache(attributes.table, json::Value());
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK_FALSE(cache.is_known(cache.find(attributes.numbers[i])));
        CHECK(cache.fetch(attributes.numbers[i], *attributes.references[i]).is(json::Kind::null));
    }
}
