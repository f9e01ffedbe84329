#include "common/eval/compile/findings.hpp"

#include <algorithm>
#include <array>

namespace fanion::eval {
namespace {

constexpr std::size_t max_findings = 1000;  // more than anyone reads; bounds the memory that a hostile ruleset costs

constexpr std::array<std::string_view, 4> codes_kept{"wrong_type", "bad_range", "limit", "duplicate"};
constexpr std::array<std::string_view, 4> limits_of_scan{"size", "depth", "number_length", "string_length"};

std::string_view compile_code(std::string_view code) {
    if (std::find(codes_kept.begin(), codes_kept.end(), code) != codes_kept.end()) return code;
    const bool limit = std::find(limits_of_scan.begin(), limits_of_scan.end(), code) != limits_of_scan.end();
    return limit ? "limit" : "malformed";
}

}  // namespace

void Findings::add(std::string_view item, std::string_view pointer, std::string_view code, std::string detail) {
    if (list_.size() < max_findings)
        list_.push_back({std::string(item), std::string(pointer), std::string(code), std::move(detail)});
}

void Findings::adopt(std::vector<Finding> findings, std::string_view item) {
    for (auto& finding : findings) add(item, finding.pointer, compile_code(finding.code), std::move(finding.detail));
}

}  // namespace fanion::eval
