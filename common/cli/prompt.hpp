#pragma once

// What commands ask of the person at the terminal, on standard error, so that standard output has
// only results.

#include <string>
#include <string_view>

namespace fanion::cli {

// One line of standard input, typed without being shown. `is_quiet`: without a prompt, for scripts.
std::string ask_secret(std::string_view prompt, bool is_quiet);
// The same, shown: a code that is used up at once.
std::string ask_line(std::string_view prompt, bool is_quiet);

}  // namespace fanion::cli
