#pragma once

// Conditions in tests: from and to JSON text, and at random.

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "common/model/json.hpp"
#include "common/rule/text.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

inline model::Condition condition_of(std::string_view json) {
    json::Document document;
    REQUIRE(document.parse(json));
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    auto condition = model::read_condition(reader, model::UnknownFields::refuse);
    INFO(json);
    REQUIRE(findings.empty());
    return condition;
}

inline std::string json_of(const model::Condition& condition) {
    std::string out;
    json::Writer writer(out);
    model::write_condition(writer, condition);
    return out;
}

// The tree of a text as JSON, or the error's detail.
inline std::string tree_of(std::string_view text) {
    const auto parsed = rule::parse(text);
    return parsed ? json_of(parsed->condition) : parsed.error().detail;
}

// Trees of every shape that the limits of ruleset.md allow, also such as cannot be compiled (a `gt`
// of two booleans).
class RandomConditions {
public:
    explicit RandomConditions(unsigned seed) : random_(seed) {}

    model::Condition next() {
        leaves_ = 0;
        return condition(0);
    }

    std::string text() {
        static const std::vector<std::string> pieces{
            "a",    "B", " ",  "\"", "'", "\\", "/", "\n",  "\t",  "\b", "\f",    "\r", "\x01", "\x1f",
            "\x7f", "ü", "日", "😀",  "%", "`",  "{", "and", "not", "0",  "u0041", "~1", ".",    std::string(1, '\0')};
        std::string out;
        for (auto n = random_() % 6; n > 0; --n) out += pieces[random_() % pieces.size()];
        return out;
    }

private:
    using Kind = model::Condition::Kind;

    template <class T>
    const T& one_of(const std::vector<T>& list) {
        return list[random_() % list.size()];
    }

    model::Condition condition(std::size_t depth) {
        const bool is_leaf = depth == limits::condition_depth || leaves_ > 60 || random_() % 3 == 0;
        return is_leaf ? leaf() : node(depth);
    }

    model::Condition node(std::size_t depth) {
        model::Condition out;
        out.kind = one_of<Kind>({Kind::all, Kind::any, Kind::negation});
        const auto children = out.kind == Kind::negation ? 1 : random_() % 4;
        for (std::size_t i = 0; i < children; ++i) out.children.push_back(condition(depth + 1));
        return out;
    }

    model::Condition leaf() {
        ++leaves_;
        model::Condition out;
        out.kind = one_of<Kind>({Kind::comparison, Kind::comparison, Kind::comparison, Kind::segment, Kind::bucket});
        if (out.kind == Kind::bucket) {
            out.bucket = bucket();
            return out;
        }
        const auto ops = static_cast<unsigned>(model::Op::in_segment);
        out.op = static_cast<model::Op>(out.kind == Kind::segment ? ops + random_() % 2 : random_() % ops);
        for (auto n = random_() % 4; n > 0; --n) out.values.push_back(literal());
        if (out.kind == Kind::segment) return out;
        out.attribute = attribute();
        out.ignore_case = random_() % 4 == 0;
        return out;
    }

    model::Bucket bucket() {
        model::Bucket out;
        out.by = attribute();
        if (random_() % 2 == 0) out.salt = text();
        out.hash = one_of<model::Hash>({model::Hash::murmur3, model::Hash::djb2});
        out.from = one_of<std::uint32_t>(
            {0, 1, 500, 12'345, 99'999, 100'000, static_cast<std::uint32_t>(random_() % 100'001)});
        out.to = out.from + static_cast<std::uint32_t>(random_() % (100'001 - out.from));
        return out;
    }

    std::string attribute() {
        static const std::vector<std::string> names{"country",
                                                    "targetingKey",
                                                    "$now",
                                                    "user.plan",
                                                    "/app/version",
                                                    "/a~1b/0",
                                                    "/",
                                                    "a-b",
                                                    "_x",
                                                    "",
                                                    " ",
                                                    "first name",
                                                    "größe",
                                                    "1st",
                                                    "-a",
                                                    "a\"b",
                                                    "/with space",
                                                    "segment",
                                                    "all",
                                                    "any",
                                                    "not",
                                                    "and",
                                                    "or",
                                                    "always",
                                                    "never",
                                                    "attribute",
                                                    "bucket",
                                                    "true",
                                                    "false",
                                                    "in",
                                                    "is",
                                                    "version",
                                                    "time",
                                                    "exists",
                                                    "contains",
                                                    "ignoring",
                                                    "network",
                                                    "gt"};
        return random_() % 5 == 0 ? text() : one_of(names);
    }

    model::Literal literal() {
        static const std::vector<std::string> numbers{
            "0", "-0", "1", "1.0", "1.50", "-12.5e-7", "1E+400", "18446744073709551615", "1e5"};
        switch (random_() % 3) {
            case 0:
                return {model::Literal::Kind::number, one_of(numbers)};
            case 1:
                return {model::Literal::Kind::boolean, random_() % 2 == 0 ? "true" : "false"};
            default:
                return {model::Literal::Kind::string, text()};
        }
    }

    std::mt19937 random_;
    std::size_t leaves_ = 0;
};

}  // namespace fanion::test
