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
        log.error("configuration_refused", {{"error", error}, {"action", "the configuration in force stays"}});
    }
}

void Reload::taken(const Options& options, const Given& now, LogLevel level, const Log& log) {
    log.set_threshold(std::min(level, level_));  // whoever saw lines until now, or will, sees these
    for (const auto& option : options.all()) {
        if (option.is_reread() || text_of(in_force_, option.name()) == text_of(now, option.name())) continue;
        log.warn("option_needs_restart", {{"option", "--" + option.name()}, {"action", "the value in force stays"}});
    }
    log.info("configuration_reread");
    log.set_threshold(level);
    level_ = level;
}

}  // namespace fanion::config
