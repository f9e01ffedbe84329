#include "common/embedded_postgres/postgres_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "common/base/text.hpp"

namespace fanion::embedded_postgres {

namespace fs = std::filesystem;

namespace {

bool has_programs(const fs::path& folder) {
    return std::ranges::all_of(
        std::vector<std::string>{"createdb", "initdb", "pg_ctl", "pg_isready", "postgres", "psql"},
        [&folder](const std::string& name) { return access((folder / name).c_str(), X_OK) == 0; });
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// Highest version first.
std::vector<fs::path> distribution_folders(const std::string& major) {
    std::vector<std::pair<std::uint64_t, fs::path>> found;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ec)) {
        const auto version = parse_u64(entry.path().filename().string());
        if (version && (major.empty() || major == entry.path().filename()))
            found.emplace_back(*version, entry.path() / "bin");
    }
    std::ranges::sort(found, std::greater<>());
    std::vector<fs::path> folders;
    for (auto& [version, folder] : found) folders.push_back(std::move(folder));
    return folders;
}

}  // namespace

bool is_ours_or_empty(const fs::path& directory) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(directory, ec)) {
        const auto name = entry.path().filename();
        if (name != "data.new" && name != "postgres.log" && name != "users.lock") return false;
    }
    return !ec;
}

std::string cluster_version(const fs::path& data) {
    const auto lines = lines_of(data / "PG_VERSION");
    return lines.empty() ? "" : lines[0];
}

fs::path find_postgres_binaries(const fs::path& given, const std::string& major) {
    if (!given.empty()) return has_programs(given) ? given : fs::path();
    auto folders = distribution_folders(major);
    if (const char* path = std::getenv("PATH"); path != nullptr) {
        for (const auto folder : split(path, ':')) folders.emplace_back(folder);
    }
    const auto found = std::ranges::find_if(folders, has_programs);
    return found == folders.end() ? fs::path() : *found;
}

pid_t read_postmaster_pid(const fs::path& data) {
    const auto lines = lines_of(data / "postmaster.pid");
    return lines.empty() ? 0 : static_cast<pid_t>(parse_i64(trim(lines[0])).value_or(0));
}

bool was_started_by_us(const fs::path& data) {
    const auto lines = lines_of(data / "postmaster.opts");
    return !lines.empty() && lines[0].find(std::string("\"cluster_name=") + our_cluster_name + '"') != lines[0].npos;
}

bool is_postgres_of(pid_t pid, const fs::path& data) {
    const auto process = fs::path("/proc") / std::to_string(pid);
    const auto name = lines_of(process / "comm");
    if (name.empty() || name[0] != "postgres") return false;
    std::error_code ec;
    const auto folder = fs::read_symlink(process / "cwd", ec);
    return !ec && fs::equivalent(folder, data, ec);
}

bool has_processes_of(const fs::path& data) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator("/proc", ec)) {
        const auto pid = parse_i64(entry.path().filename().string());
        if (pid && is_postgres_of(static_cast<pid_t>(*pid), data)) return true;
    }
    return false;
}

void remove_stale_lock_files(const fs::path& directory) {
    const auto data = directory / "data";
    if (has_processes_of(data)) return;
    std::error_code ec;
    fs::remove(data / "postmaster.pid", ec);
    fs::remove(directory / ".s.PGSQL.5432.lock", ec);
}

std::uint64_t file_size_of(const fs::path& file) {
    std::error_code ec;
    const auto size = fs::file_size(file, ec);
    return ec ? 0 : size;
}

std::string failure_in_log(const fs::path& log, std::uint64_t offset) {
    std::ifstream in(log);
    in.seekg(static_cast<std::streamoff>(offset));
    std::string last = "(no output)";
    std::string failure;
    for (std::string line; std::getline(in, line);) {
        for (const auto* mark : {"FATAL:", "PANIC:", "error:"}) {
            if (const auto at = line.find(mark); at != line.npos) failure = line.substr(at);
        }
        if (!line.empty()) last = line;
    }
    return failure.empty() ? last : failure;
}

std::string shell_quote(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace fanion::embedded_postgres
