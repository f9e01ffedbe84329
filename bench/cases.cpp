#include "bench/cases.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"

namespace fanion::bench {
namespace {

constexpr std::string_view on_and_off =
    R"("variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off",)";
constexpr std::string_view no_tail = R"("prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"off"})";
constexpr std::string_view countries[] = {"AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI",
                                          "FR", "GB", "IE", "IT", "NL", "NO", "PL", "PT"};

std::string condition(std::string_view attribute, std::string_view op, const std::string& values) {
    std::string out = R"({"attribute":")";
    out.append(attribute).append(R"(","op":")").append(op).append(R"(","values":[)").append(values);
    return out.append(R"(],"ignore_case":false})");
}

std::string rule(const std::string& id, const std::string& when, const std::string& serve) {
    return R"({"id":")" + id + R"(","when":)" + when + R"(,"serve":)" + serve + "}";
}

std::string boolean_flag(const std::string& key, const std::string& rest) {
    std::string body = R"({"key":")" + key + R"(","type":"boolean","version":7,"enabled":true,"client":true,)";
    return body.append(on_and_off).append(rest).append(R"(,"salt":")" + key + R"(","track":false})");
}

std::string with_rules(const std::string& rules) {
    return R"("prerequisites":[],"targets":[],"rules":[)" + rules + R"(],"fallthrough":{"variation":"off"})";
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// The condition of the numbered rule of a hundred: four kinds over four attributes, no two with the same operand.
std::string condition_that_fails(std::size_t number) {
    const std::string digits = std::to_string(number);
    if (number % 4 == 0) return condition("country", "one_of", quoted("X" + digits) + "," + quoted("Y" + digits));
    if (number % 4 == 1) return condition("email", "ends_with", quoted("@host-" + digits + ".example"));
    if (number % 4 == 2) return condition("/app/version", "version_gte", quoted("3." + digits));
    return condition("plan", "is", quoted("plan-" + digits));
}

std::string flag_of_100_rules() {
    std::string rules;
    for (std::size_t i = 0; i < 99; ++i)
        rules += rule("r-" + std::to_string(i), condition_that_fails(i), R"({"variation":"on"})") + ",";
    rules += rule("r-99", condition("plan", "is", quoted("enterprise")), R"({"variation":"on"})");
    return boolean_flag("hundred", with_rules(rules));
}

// In a segment, because a flag's JSON ends at 256 KiB, which 100,000 values pass.
Items items_of_values(std::size_t count) {
    std::string values = quoted("user-8f14e45f");
    for (std::size_t i = 1; i < count; ++i) values += "," + quoted("user-" + std::to_string(10'000'000 + i * 7919));
    const std::string segment = R"({"key":"list","version":1,"included":[],"excluded":[],"rules":[{"when":)" +
                                condition("targetingKey", "one_of", values) + "}]}";
    const auto listed = rule("r-listed", R"({"op":"in_segment","values":["list"]})", R"({"variation":"on"})");
    return {{"flag/values", boolean_flag("values", with_rules(listed))}, {"segment/list", segment}};
}

Case case_of_values(std::size_t count, bool member) {
    const std::string context =
        std::string(R"({"targetingKey":")") + (member ? "user-8f14e45f" : "user-8f14e460") + R"("})";
    return {items_of_values(count), "values", context,
            member ? eval::Reason::targeting_match : eval::Reason::default_value, member ? "r-listed" : ""};
}

std::string country_list(std::size_t from, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out.append(i == 0 ? "\"" : ",\"").append(countries[(from + i) % std::size(countries)]).append("\"");
    return out;
}

std::string split_of(std::size_t percent) {
    const std::string slot = std::to_string(percent * 1000);
    return R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,)" + slot + R"(,"on"]],"otherwise":"off"}})";
}

std::string string_flag(const std::string& key, std::size_t number) {
    std::string body =
        R"({"key":")" + key + R"(","type":"string","version":3,"enabled":true,"client":true,"variations":[)";
    for (const char* name : {"control", "blue", "green"})
        body.append(R"({"key":")")
            .append(name)
            .append(R"(","value":")")
            .append(name)
            .append(" text of " + key + "\"},");
    body.back() = ']';
    body +=
        R"(,"off":"control","prerequisites":[],"targets":[],"rules":[)" +
        rule("r-plan", condition("plan", "is", quoted("plan-" + std::to_string(number % 7))),
             R"({"variation":"blue"})") +
        R"(],"fallthrough":{"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,33000,"control"],[33000,66000,"blue"],)"
        R"([66000,100000,"green"]]}})";
    return body + R"(,"salt":")" + key + R"(","track":false})";
}

std::string environment_flag(const std::string& key, std::size_t number) {
    const std::string to_on = R"({"variation":"on"})";
    const auto by_country = condition("country", "one_of", country_list(number, 2 + number % 6));
    const auto by_version = condition("/app/version", "version_gte",
                                      quoted(std::to_string(number % 9) + "." + std::to_string(number % 23)));
    switch (number % 5) {
        case 0:
            return boolean_flag(key, std::string(no_tail));
        case 1:
            return boolean_flag(key,
                                with_rules(rule("r-1", R"({"all":[)" + by_country + "," + by_version + "]}", to_on)));
        case 2:
            return boolean_flag(key, with_rules(rule("r-1", by_country, split_of(number % 99 + 1))));
        case 3:
            return string_flag(key, number);
        default: {
            const auto segment = R"({"op":"in_segment","values":["group-)" + std::to_string(number % 3) + R"("]})";
            return boolean_flag(key, with_rules(rule("r-1", segment, to_on) + "," + rule("r-2", by_version, to_on)));
        }
    }
}

}  // namespace

std::optional<Case> make_case(std::string_view name) {
    using eval::Reason;
    const std::string context(context_json);
    if (name == "static")
        return Case{
            {{"flag/plain", boolean_flag("plain", std::string(no_tail))}}, "plain", context, Reason::static_value, ""};
    if (name == "rules")
        return Case{make_items(10, to_hex(sha256("key"))), flag_key(3), context, Reason::split, "r-beta"};
    if (name == "last-of-100")
        return Case{{{"flag/hundred", flag_of_100_rules()}}, "hundred", context, Reason::targeting_match, "r-99"};
    if (name == "values-10") return case_of_values(10, true);
    if (name == "values-100000") return case_of_values(100'000, true);
    if (name == "misses-10") return case_of_values(10, false);
    if (name == "misses-100000") return case_of_values(100'000, false);
    return std::nullopt;
}

Items make_environment(std::size_t flags) {
    Items items;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto key = "group-" + std::to_string(i);
        items.emplace_back("segment/" + key,
                           R"({"key":")" + key + R"(","version":1,"included":[],"excluded":[],"rules":[{"when":)" +
                               condition("email", "ends_with", quoted("@group-" + std::to_string(i) + ".example")) +
                               "}]}");
    }
    for (std::size_t i = 0; i < flags; ++i) {
        const auto key = flag_key(i);
        items.emplace_back("flag/" + key, environment_flag(key, i));
    }
    std::sort(items.begin(), items.end());
    return items;
}

std::vector<eval::Item> share(const Items& items) {
    std::vector<eval::Item> shared;
    for (const auto& [key, body] : items) shared.push_back({key, std::make_shared<const std::string>(body)});
    return shared;
}

eval::RulesetPtr compile_items(const Items& items) { return eval::compile(share(items)).value(); }

}  // namespace fanion::bench
