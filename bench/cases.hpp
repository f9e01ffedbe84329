#pragma once

// What evaluate_loop evaluates and compiles: one flag and one context for each promise about an
// evaluation's cost.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/workload.hpp"
#include "common/eval/run/evaluator.hpp"

namespace fanion::bench {

// One flag's evaluation that is counted, and what must come out of it.
struct Case {
    Items items;
    std::string flag;
    std::string context;
    eval::Reason reason;
    std::string rule;
};

inline constexpr std::string_view case_names =
    "static, rules, last-of-100, values-10, values-100000, misses-10, misses-100000";

std::optional<Case> make_case(std::string_view name);

// Ten thousand flags that differ in everything but their kind (five kinds in turn, three segments):
// about 500 bytes each.
Items make_environment(std::size_t flags);

// A context of 300 bytes as an application sends it: nested, with a list, numbers and text beyond
// ASCII.
inline constexpr std::string_view context_of_300_bytes =
    R"({"targetingKey":"user-8f14e45f-ceea-467a","country":"SE","plan":"enterprise","email":"kim@example.com",)"
    R"("name":"Åsa Lindström","age":41,"score":0.8125,"beta":true,"groups":["staff","early-access","nordic"],)"
    R"("app":{"name":"storefront","version":"2.4.1","build":20261},"device":{"os":"linux","dpi":96}})";
static_assert(context_of_300_bytes.size() == 300);

std::vector<eval::Item> share(const Items& items);  // views of the keys, copies of the bodies
eval::RulesetPtr compile_items(const Items& items);

}  // namespace fanion::bench
