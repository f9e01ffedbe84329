#include "common/json/document.hpp"

namespace fanion::json {

std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer) {
    std::vector<std::string> tokens;
    if (pointer.empty()) return tokens;
    if (pointer.front() != '/') return std::nullopt;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        const char c = pointer[i];
        if (c == '/') {
            tokens.emplace_back();
        } else if (c != '~') {
            tokens.back() += c;
        } else {
            if (++i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
            tokens.back() += pointer[i] == '0' ? '~' : '/';
        }
    }
    return tokens;
}

void append_pointer(std::string& pointer, std::string_view token) {
    pointer += '/';
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace fanion::json
