#include "tests/unit/eval/random_values.hpp"

namespace fanion::test {
namespace pools {

const Pool texts = {R"("")",         R"("a")",    R"("A")", R"("abc")",      R"("ABC-1")", R"("é")",
                    R"("ÉA")",       R"("日本")", R"("b")", R"("user-123")", R"("1")",     R"("-2.5e1")",
                    R"("a\u0000b")", R"("k")",    R"("K")", R"("\u212a")",   R"("true")"};
const Pool numbers = {"0",
                      "-0",
                      "1",
                      "1.0",
                      "-25",
                      "2.5",
                      "1e3",
                      "9007199254740992",
                      "9007199254740993",
                      "-9223372036854775808",
                      "18446744073709551615",
                      "1e300",
                      "5e-324"};
const Pool numeric_texts = {R"("0")", R"("1")", R"("-2.5e1")", R"("9007199254740993")"};
const Pool versions = {R"("1")",      R"("1.0.0-rc.1")", R"("1.0.0-rc.1+b")", R"("v1.2")",       R"("1.2.3")",
                       R"("10.0.0")", R"("0.0.0-0")",    R"("V1.2.3.4")",     R"("1.2.3.0.1-a")"};
const Pool bad_versions = {R"("")", R"("1.")", R"("01")", R"("VV1")", R"("1.2.3.4.5.6.7.8.9")"};
const Pool times = {R"("2025-11-21T10:13:20Z")", R"("2025-11-21T12:13:20.001+02:00")", "1763720000000", "-1", "0",
                    R"("0000-02-29T00:00:00Z")", R"("9999-12-31T23:59:59.999Z")"};
const Pool bad_times = {R"("2025-02-29T00:00:00Z")", R"("2025-11-21")", R"("1763720000000")"};
const Pool networks = {R"("10.0.0.0/8")",    R"("0.0.0.0/0")", R"("192.0.2.7")",
                       R"("2001:db8::/33")", R"("::/0")",      R"("::1/128")"};
const Pool addresses = {R"("10.1.2.3")",    R"("192.0.2.7")", R"("::ffff:10.0.0.1")",
                        R"("2001:db8::5")", R"("::1")",       R"("010.0.0.1")"};
const Pool patterns = {R"("^a")", R"("[b-k]$")", R"("b.")", R"("^$")", R"("\\d+")", R"x("(A|é)")x", R"("^[^a]+$")"};
const Pool others = {"true", "false", "null", "[]", "{}", "[[]]", R"({"p":"a"})"};
const Pool names = {"a", "b", "targetingKey", "o.p", "é"};
const Pool attributes = {"a", "b", "targetingKey", "o.p", "é", "/o/p", "/l/0", "/l/1/q", "/a~1b"};

}  // namespace pools

namespace {

std::string random_value(Random& random, int depth) {
    const Pool* pools[] = {&pools::texts,     &pools::numbers,      &pools::numeric_texts,
                           &pools::versions,  &pools::bad_versions, &pools::times,
                           &pools::bad_times, &pools::addresses,    &pools::others};
    if (depth < 2 && random.chance(15)) {
        std::string out;
        for (auto count = random.below(4); count > 0; --count)
            out += (out.empty() ? "" : ",") + random_value(random, depth + 1);
        return "[" + out + "]";
    }
    return std::string(random.pick(*random.pick(pools)));
}

}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9E3779B97F4A7C15U;
    auto mixed = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string random_context(Random& random) {
    if (random.chance(2)) return random_value(random, 0);
    std::string out;
    const auto add = [&](std::string_view name, const std::string& value) {
        out += (out.empty() ? "" : ",") + quote(name) + ":" + value;
    };
    for (const auto name : pools::names) {
        if (random.chance(70)) add(name, random_value(random, 0));
        if (random.chance(3)) add(name, random_value(random, 0));  // the last of two counts
    }
    if (random.chance(60)) add("o", R"({"p":)" + random_value(random, 0) + "}");
    if (random.chance(60)) add("l", "[" + random_value(random, 1) + R"(,{"q":)" + random_value(random, 1) + "}]");
    if (random.chance(30)) add("a/b", random_value(random, 0));
    return "{" + out + "}";
}

}  // namespace fanion::test
