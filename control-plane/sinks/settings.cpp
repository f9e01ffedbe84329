#include "control-plane/sinks/settings.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::sinks {

Result<Settings> parse_settings(std::string_view text) {
    Settings settings;
    std::size_t number = 0;
    for (const auto line : split(text, '\n')) {
        ++number;
        const auto trimmed = trim(line);
        if (trimmed.empty() || trimmed.front() == '#') continue;
        const auto equals = trimmed.find('=');
        const auto name = trim(trimmed.substr(0, equals));
        if (equals == std::string_view::npos || name.empty()) {
            return Error{Errc::invalid_input, "line " + std::to_string(number) + " is not name=value"};
        }
        settings.emplace_back(name, trim(trimmed.substr(equals + 1)));
    }
    return settings;
}

}  // namespace fanion::cp::sinks
