#pragma once

// A temporary directory for one test, with mode 0700 unless another is given. The destructor
// removes it.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace fanion::test {

class TemporaryDirectory {
public:
    TemporaryDirectory() : TemporaryDirectory(std::filesystem::perms::owner_all) {}
    explicit TemporaryDirectory(std::filesystem::perms mode) {
        auto pattern = (std::filesystem::temp_directory_path() / "fanion-test-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
        path_ = pattern;
        std::filesystem::permissions(path_, mode);
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;

    const std::string& path() const noexcept { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace fanion::test
