#pragma once

// A program that runs beside us, with pipes to its standard input and from its standard output.
// What it writes to standard error is kept. One thread, except where noted.

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/file.hpp"

namespace fanion::backup {

struct Command {
    std::vector<std::string> arguments;              // [0] is the program's path
    std::map<std::string, std::string> environment;  // in addition to ours; here may be secrets
    bool has_input = false, has_output = false;      // without a pipe: /dev/null
};

class ChildProgram {
public:
    // From now on a write to a pipe that nobody reads is an error and no signal. Errors: not_found
    // (no such program), internal.
    static Result<ChildProgram> start(const Command& command);
    ChildProgram(ChildProgram&& other) noexcept;
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;
    ~ChildProgram();  // ends it if it still runs

    // False: it reads no more. While one thread writes, another may read.
    bool write(std::string_view bytes) { return write_all(input_.get(), bytes); }
    void close_input() { input_ = UniqueFd(); }
    // Replaces `bytes` by those that came next; by nothing at the end. Error: internal.
    Result<> read(std::string& bytes);
    // Its exit status, or 128 and the signal's number. Waits as long as it takes.
    int wait();
    // Ends it: whoever writes to it or reads from it notices. Any thread.
    void stop() const noexcept;
    // After wait(): its last words of standard error that say something, at most so many bytes.
    std::string last_words(std::size_t most = 600) const;

private:
    ChildProgram() = default;

    pid_t process_ = 0;  // 0: has ended
    int status_ = 0;
    UniqueFd input_, output_, errors_;
};

// Runs a program to its end and returns its output. Errors: those of start(), and internal with its
// last words if its exit status is not 0.
Result<std::string> output_of(const Command& command);

}  // namespace fanion::backup
