#include "common/backup/child_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

struct Pipe {
    UniqueFd reading, writing;
};

bool make_pipe(Pipe& pipe) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    pipe.reading = UniqueFd(ends[0]);
    pipe.writing = UniqueFd(ends[1]);
    return true;
}

std::vector<std::string> child_environment(const std::map<std::string, std::string>& more) {
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (!more.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
    }
    for (const auto& [name, value] : more) all.push_back(name + "=" + value);
    return all;
}

// For posix_spawn(), as long as the texts live.
std::vector<char*> as_pointers(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// What the child finds as its descriptors 0, 1 and 2.
struct Descriptors {
    int input, output, errors;
};

// Returns errno's value.
int spawn(const Command& command, const Descriptors& given, pid_t& process) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, given.input, 0);
    posix_spawn_file_actions_adddup2(&actions, given.output, 1);
    posix_spawn_file_actions_adddup2(&actions, given.errors, 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const auto variables = child_environment(command.environment);
    const auto arguments = as_pointers(command.arguments);
    const auto environment = as_pointers(variables);
    const int failure =
        posix_spawn(&process, arguments[0], &actions, &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

}  // namespace

Result<ChildProgram> ChildProgram::start(const Command& command) {
    static const auto ignored = ::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);
    ChildProgram child;
    Pipe input, output;
    const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    child.errors_ = UniqueFd(::memfd_create("stderr", MFD_CLOEXEC));
    const bool ready = nothing && child.errors_ && (!command.has_input || make_pipe(input)) &&
                       (!command.has_output || make_pipe(output));
    if (!ready) return errno_error(Errc::internal, "cannot run " + command.arguments[0]);
    const Descriptors given{command.has_input ? input.reading.get() : nothing.get(),
                            command.has_output ? output.writing.get() : nothing.get(), child.errors_.get()};
    if (const int failure = spawn(command, given, child.process_); failure != 0) {
        child.process_ = 0;
        return errno_error(failure == ENOENT ? Errc::not_found : Errc::internal, "cannot run " + command.arguments[0],
                           failure);
    }
    child.input_ = std::move(input.writing);
    child.output_ = std::move(output.reading);
    return child;
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : process_(std::exchange(other.process_, 0)),
      status_(other.status_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProgram::~ChildProgram() {
    if (process_ == 0) return;
    ::kill(process_, SIGTERM);
    input_ = UniqueFd();
    output_ = UniqueFd();
    wait();
}

Result<> ChildProgram::read(std::string& bytes) {
    constexpr std::size_t at_once = 256 * 1024;
    bytes.resize(at_once);
    ssize_t got = -1;
    do got = ::read(output_.get(), bytes.data(), bytes.size());
    while (got < 0 && errno == EINTR);
    if (got < 0) return errno_error(Errc::internal, "the output of a program cannot be read");
    bytes.resize(static_cast<std::size_t>(got));
    return {};
}

void ChildProgram::stop() const noexcept {
    if (process_ != 0) ::kill(process_, SIGTERM);
}

int ChildProgram::wait() {
    if (process_ == 0) return status_;
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return status_;
}

std::string ChildProgram::last_words(std::size_t most) const {
    std::string all;
    const auto end = ::lseek(errors_.get(), 0, SEEK_END);
    const auto from = end > 64 * 1024 ? end - 64 * 1024 : 0;
    if (!read_at(errors_.get(), static_cast<std::uint64_t>(from), 64 * 1024, all)) return "";
    std::string said;
    for (const auto line : split(all, '\n')) {
        const bool says_something = !trim(line).empty() && line.find("warning:") == line.npos;
        if (says_something) said += (said.empty() ? "" : "; ") + std::string(trim(line));
    }
    return shortened(said, most);
}

Result<std::string> output_of(const Command& command) {
    auto child = ChildProgram::start(command);
    if (!child) return child.error();
    std::string all, part;
    do {
        if (auto read = child->read(part); !read) return read.error();
        all += part;
    } while (!part.empty());
    if (child->wait() != 0) return Error{Errc::internal, command.arguments[0] + ": " + child->last_words()};
    return all;
}

}  // namespace fanion::backup
