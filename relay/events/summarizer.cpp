#include "relay/events/summarizer.hpp"

#include <algorithm>

#include "relay/events/labels.hpp"

namespace fanion::relay::events {

namespace {

// Upper bound: member names and punctuation of a row, two numbers of 20 digits, and the texts with JSON's escapes
// ("\\u001f").
std::size_t json_bytes(std::string_view labels) {
    const auto is_escaped = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
    const auto escaped = std::count_if(labels.begin(), labels.end(), is_escaped);
    return 120 + labels.size() + 5 * static_cast<std::size_t>(escaped);
}

wire::CountEvent make_count(const Labels& labels, std::uint64_t n) {
    wire::CountEvent count;
    count.env = labels.env;
    count.flag = labels.flag;
    count.variation = labels.variation;
    count.version = labels.version;
    count.reason = labels.reason;
    count.sdk = labels.sdk;
    count.rule = labels.rule;
    count.n = n;
    return count;
}

}  // namespace

bool Summarizer::add(std::string_view labels, std::uint64_t n) {
    auto row = rows_.find(labels);
    if (row == rows_.end()) {
        if (!rows_.empty() && bytes_ + json_bytes(labels) > max_bytes_) return false;
        bytes_ += json_bytes(labels);
        row = rows_.emplace(std::string(labels), 0).first;
    }
    row->second += n;
    evaluations_ += n;
    return true;
}

std::vector<wire::CountEvent> Summarizer::take() {
    std::vector<wire::CountEvent> counts;
    counts.reserve(rows_.size());
    for (const auto& [bytes, n] : rows_) {
        if (const auto labels = parse_labels(bytes)) counts.push_back(make_count(*labels, n));
    }
    rows_.clear();
    return counts;
}

}  // namespace fanion::relay::events
