#include "common/cli/prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace fanion::cli {
namespace {

// Turns off the terminal's echo for the lifetime of the object.
class NoEcho {
public:
    NoEcho() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!is_terminal_) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    NoEcho(const NoEcho&) = delete;
    ~NoEcho() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_{};
    bool is_terminal_;
};

}  // namespace

std::string ask_secret(std::string_view prompt, bool is_quiet) {
    if (is_quiet) return ask_line("", true);
    std::string text;
    {
        const NoEcho silence;  // before the prompt, so that nothing typed after it is shown
        text = ask_line(prompt, false);
    }
    std::cerr << '\n';
    return text;
}

std::string ask_line(std::string_view prompt, bool is_quiet) {
    if (!is_quiet) std::cerr << prompt << std::flush;
    std::string text;
    std::getline(std::cin, text);
    return text;
}

}  // namespace fanion::cli
