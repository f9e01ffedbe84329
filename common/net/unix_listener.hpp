#pragma once

// A listening Unix socket and its file. A file that a process left behind when it ended is
// replaced; one that a process listens on is not, and neither is a file of another kind. Used by
// one thread, but for remove(), which any may call.

#include <sys/types.h>

#include <string>

#include "common/base/error.hpp"
#include "common/base/file.hpp"

namespace fanion::net {

class UnixListener {
public:
    // `mode`: permissions of the file; whoever may write to it may connect. Errors: invalid_input,
    // a path that is too long; unavailable. The detail names the path.
    static Result<UnixListener> open(const std::string& path, unsigned mode);

    UnixListener(UnixListener&&) = default;
    ~UnixListener() {
        if (fd_) remove();
    }

    // A descriptor for one more thread that accepts; the caller closes it. Error: unavailable.
    Result<int> duplicate() const;

    // Removes the file, unless another process has put its own in the place.
    void remove() const noexcept;

private:
    UnixListener(UniqueFd fd, std::string path, dev_t device, ino_t inode)
        : fd_(std::move(fd)), path_(std::move(path)), device_(device), inode_(inode) {}

    UniqueFd fd_;
    std::string path_;
    dev_t device_;
    ino_t inode_;
};

}  // namespace fanion::net
