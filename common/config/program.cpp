#include "common/config/program.hpp"

#include <cstdlib>
#include <iostream>

namespace fanion::config {

std::optional<std::string> process_environment(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<int> ended_by(const Reading& reading, std::string_view program) {
    if (reading.answer) {
        std::cout << *reading.answer;
        return 0;
    }
    for (const auto& error : reading.errors) std::cerr << program << ": " << error << "\n";
    return reading.errors.empty() ? std::nullopt : std::optional(2);
}

}  // namespace fanion::config
