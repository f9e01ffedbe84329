#include "common/backup/client_programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <vector>

#include "common/backup/child_program.hpp"
#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

namespace fs = std::filesystem;

constexpr const char* distribution = "/usr/lib/postgresql";

// Of the wanted version or later, lowest first; then those of PATH, whose versions nobody knows.
std::vector<fs::path> places_of(const std::string& name, int least, const std::string& folder) {
    if (!folder.empty()) return {fs::path(folder) / name};
    std::map<int, fs::path> by_version;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(distribution, ignored)) {
        const int version = major_of(entry.path().filename().string());
        if (version >= least) by_version.emplace(version, entry.path() / "bin" / name);
    }
    std::vector<fs::path> places;
    for (auto& [version, place] : by_version) places.push_back(std::move(place));
    if (const char* path = std::getenv("PATH");
        path != nullptr)  // NOLINT(concurrency-mt-unsafe): nobody sets variables
        for (const auto each : split(path, ':')) places.push_back(fs::path(each) / name);
    return places;
}

}  // namespace

int major_of(std::string_view version) {
    const auto end = std::ranges::find_if_not(version, is_digit);
    return static_cast<int>(parse_u64({version.begin(), end}).value_or(0));
}

std::string version_in(std::string_view text) {
    constexpr std::string_view mark = "(PostgreSQL) ";
    const auto at = text.find(mark);
    if (at == text.npos) return "";
    const auto rest = text.substr(at + mark.size());
    return std::string(trim(rest.substr(0, rest.find(' '))));
}

Result<ClientProgram> find_client_program(const std::string& name, int least, const std::string& folder) {
    std::string too_old;
    for (const auto& place : places_of(name, least, folder)) {
        if (::access(place.c_str(), X_OK) != 0) continue;
        const auto said = output_of({{place.string(), "--version"}, {}, false, true});
        if (!said) continue;
        auto version = version_in(*said);
        if (major_of(version) >= least) return ClientProgram{place.string(), std::move(version)};
        if (!version.empty()) too_old = place.string() + " has version " + version;
    }
    const auto wanted = std::to_string(least);
    return Error{Errc::invalid_input, name + " of PostgreSQL " + wanted + " or later was not found" +
                                          (folder.empty() ? "" : " in " + folder) +
                                          (too_old.empty() ? "" : "; " + too_old) +
                                          ": install it (Debian: postgresql-client-" + wanted +
                                          "), or name its folder with --postgres-programs"};
}

}  // namespace fanion::backup
