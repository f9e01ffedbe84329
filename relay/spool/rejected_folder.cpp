#include "relay/spool/rejected_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

namespace fanion::relay::spool {

namespace fs = std::filesystem;

namespace {

struct File {
    fs::path path;
    std::uint64_t bytes;
};

// In order of their names, which begin with the batch's number.
std::vector<File> files_of(const std::string& directory) {
    std::vector<File> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const auto bytes = entry.file_size(error);
        if (!error) files.push_back({entry.path(), bytes});
    }
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
    return files;
}

}  // namespace

bool RejectedFolder::put(std::uint64_t number, std::string_view part, std::string_view body) const {
    if (body.size() > max_) return false;
    std::error_code error;
    fs::create_directories(directory_, error);
    make_room(body.size());
    char name[64];
    std::snprintf(name, sizeof name, "%020llu", static_cast<unsigned long long>(number));
    std::string file_name = name;
    if (!part.empty()) file_name += "." + std::string(part);
    std::ofstream out(fs::path(directory_) / (file_name + ".json"), std::ios::binary | std::ios::trunc);
    out.write(body.data(), static_cast<std::streamsize>(body.size()));
    return static_cast<bool>(out.flush());
}

void RejectedFolder::make_room(std::uint64_t needed) const {
    const auto files = files_of(directory_);
    std::uint64_t total = needed;
    for (const auto& file : files) total += file.bytes;
    for (const auto& file : files) {
        if (total <= max_) return;
        std::error_code error;
        fs::remove(file.path, error);
        total -= file.bytes;
    }
}

}  // namespace fanion::relay::spool
