#include "common/cli/profiles.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "common/base/text.hpp"
#include "common/cli/files.hpp"

namespace fanion::cli {
namespace {

std::string config_folder() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config != '\0') return std::string(config) + "/fanion";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.config/fanion";
}

std::string choice_path() { return config_folder() + "/profile"; }
std::string profiles_folder() { return config_folder() + "/profiles"; }

}  // namespace

Result<std::string> current_profile() {
    const char* wanted = std::getenv(profile_variable);
    if (wanted != nullptr && *wanted != '\0') {
        if (!is_valid_key(wanted))
            return Error{Errc::invalid_input, "`" + std::string(wanted) + "` is not the name of a profile"};
        return std::string(wanted);
    }
    std::error_code unreadable;  // as for a service whose HOME is another user's
    if (!std::filesystem::exists(choice_path(), unreadable)) return std::string(default_profile);
    const auto chosen = read_file(choice_path());
    const auto name = chosen ? std::string(trim(*chosen)) : std::string();
    return is_valid_key(name) ? name : std::string(default_profile);
}

std::string profile_path(const std::string& name) {
    return name == default_profile ? config_folder() + "/credentials.json" : profiles_folder() + '/' + name + ".json";
}

bool has_profile(const std::string& name) { return std::filesystem::exists(profile_path(name)); }

std::vector<std::string> profile_names() {
    std::vector<std::string> names;
    if (has_profile(default_profile)) names.emplace_back(default_profile);
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(profiles_folder(), failed), end; !failed && entry != end;
         entry.increment(failed)) {
        auto name = entry->path().stem().string();
        if (entry->path().extension() == ".json" && is_valid_key(name)) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<> choose_profile(const std::string& name) { return write_private_file(choice_path(), name + '\n'); }

}  // namespace fanion::cli
