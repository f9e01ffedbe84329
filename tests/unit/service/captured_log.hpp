#pragma once

// A log whose lines a test reads back.

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "common/base/log.hpp"

namespace fanion::test {

class CapturedLog {
public:
    CapturedLog() : fd_(memfd_create("log", MFD_CLOEXEC)), log_(fd_) {
        if (fd_ < 0) throw std::runtime_error("memfd_create");
    }
    ~CapturedLog() { close(fd_); }
    CapturedLog(const CapturedLog&) = delete;

    const Log& log() const noexcept { return log_; }
    bool has(const std::string& part) const { return text().find(part) != std::string::npos; }
    std::string text() const {
        std::string all(static_cast<std::size_t>(lseek(fd_, 0, SEEK_END)), '\0');
        const auto count = pread(fd_, all.data(), all.size(), 0);
        return count == static_cast<ssize_t>(all.size()) ? all : std::string();
    }

private:
    int fd_;
    Log log_;
};

}  // namespace fanion::test
