#include "relay/rulesets/sdk_streams.hpp"

#include <algorithm>

namespace fanion::relay::rulesets {
namespace {

constexpr std::string_view other = "(other)";
constexpr std::size_t longest_part = 20;

bool is_part(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._+-").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= longest_part && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::string SdkStreams::label_of(std::string_view sdk) {
    if (sdk.empty()) return "(none)";
    const auto slash = sdk.find('/');
    const bool is_named =
        slash != std::string_view::npos && is_part(sdk.substr(0, slash)) && is_part(sdk.substr(slash + 1));
    return std::string(is_named ? sdk : other);
}

SdkStreams::Slot::Slot(SdkStreams& streams, std::string_view sdk) : streams_(streams) {
    auto label = label_of(sdk);
    std::lock_guard lock(streams_.mutex_);
    auto& counts = streams_.counts_;
    if (counts.size() >= most_names && !counts.contains(label)) label = other;
    count_ = &counts[label];
    ++*count_;
}

SdkStreams::Slot::~Slot() {
    std::lock_guard lock(streams_.mutex_);
    --*count_;
}

telemetry::Registry::Samples SdkStreams::samples() const {
    telemetry::Registry::Samples samples;
    std::lock_guard lock(mutex_);
    for (const auto& [label, count] : counts_) samples.push_back({{{"sdk", label}}, static_cast<double>(count)});
    return samples;
}

}  // namespace fanion::relay::rulesets
