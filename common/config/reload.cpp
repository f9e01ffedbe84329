#include "common/config/reload.hpp"

#include <algorithm>

namespace fanion::config {
namespace {

std::string_view text_of(const Given& given, const std::string& option) {
    const auto found = given.find(option);
    return found == given.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

void log_refused(const std::vector<std::string>& errors, const Log& log) {
    for (const auto& error : errors) {
        log.error("configuration_refused", {{"error", error}, {"action", "keeping the configuration in force"}});
    }
}

void Reload::applied(const Options& options, const Given& now, LogLevel level, const Log& log) {
    log.set_threshold(std::min(level, level_));  // the lines below are visible under the old level and under the new
    for (const auto& option : options.all()) {
        if (option.is_reread() || text_of(in_force_, option.name()) == text_of(now, option.name())) continue;
        log.warn("option_needs_restart",
                 {{"option", "--" + option.name()}, {"action", "keeping the value in force until a restart"}});
    }
    log.info("configuration_reread");
    log.set_threshold(level);
    level_ = level;
}

}  // namespace fanion::config
