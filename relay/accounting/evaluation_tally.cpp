#include "relay/accounting/evaluation_tally.hpp"

#include <algorithm>

namespace fanion::relay::accounting {
namespace {

constexpr std::string_view others = "(other)";
constexpr std::size_t longest_sdk = 41;

std::string_view label_of_sdk(std::string_view sdk) {
    if (sdk.empty()) return "(none)";
    const bool is_plain =
        sdk.size() <= longest_sdk && std::all_of(sdk.begin(), sdk.end(), [](char c) { return c > ' ' && c <= '~'; });
    return is_plain ? sdk : others;
}

void add_to(EvaluationTally::Numbers& numbers, std::string_view name, std::uint64_t count, std::size_t most) {
    auto at = numbers.find(name);
    if (at == numbers.end() && numbers.size() >= most) at = numbers.try_emplace(std::string(others), 0).first;
    if (at == numbers.end()) at = numbers.try_emplace(std::string(name), 0).first;
    at->second += count;
}

}  // namespace

void EvaluationTally::add(std::span<const wire::CountEvent> counts) {
    const std::lock_guard lock(mutex_);
    for (const auto& count : counts) {
        add_to(environments_, count.env, count.n, most_environments);
        add_to(sdks_, label_of_sdk(count.sdk), count.n, most_sdks);
    }
}

EvaluationTally::Numbers EvaluationTally::environments() const {
    const std::lock_guard lock(mutex_);
    return environments_;
}

EvaluationTally::Numbers EvaluationTally::sdks() const {
    const std::lock_guard lock(mutex_);
    return sdks_;
}

}  // namespace fanion::relay::accounting
