#include "common/wire/labels.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::wire {
namespace {

bool is_alphanumeric(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_valid_label(std::string_view text) noexcept {
    if (text.empty() || text.size() > 63 || !is_alphanumeric(text.front())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string format_labels(const std::vector<std::string>& labels) {
    std::string out;
    for (const auto& label : labels) out.append(out.empty() ? "" : ", ").append(label);
    return out;
}

Result<std::vector<std::string>> parse_labels(std::string_view text) {
    std::vector<std::string> labels;
    if (trim(text).empty()) return labels;
    for (const auto part : split(text, ',')) {
        const auto label = trim(part);
        if (!is_valid_label(label))
            return Error{Errc::invalid_input, std::string(labels_header) + ": " + std::string(label_rule), {}};
        labels.emplace_back(label);
    }
    if (labels.size() > most_labels)
        return Error{Errc::invalid_input, std::string(labels_header) + ": more than 16 labels", {}};
    return labels;
}

}  // namespace fanion::wire
