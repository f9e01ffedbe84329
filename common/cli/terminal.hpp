#pragma once

// What every command shares: exit codes, and how results and errors are shown. Human text on a terminal, JSON with --json.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cli {

enum class Exit : int {
    ok = 0,
    refused = 1,       // the answer is no: does not compile or verify, no such flag, refused by the server
    usage = 2,         // wrong arguments, or a file that cannot be read or written
    unreachable = 3,   // no answer from the server
    unauthorized = 4,  // not signed in, or without permission
};

struct Terminal {
    bool json = false;

    // Results go to standard output, everything else to standard error.
    void print(std::string_view text) const;  // adds the line feed
    Exit fail(const Error& error) const;      // shows it; the exit code that belongs to it
    Exit fail(Exit code, std::string_view message) const;
};

// True when standard output is a terminal.
bool is_terminal_output();

// invalid_input is what the caller wrote: wrong usage. What a ruleset or the server refuses is unprocessable and the like.
Exit exit_of(Errc code);

// The error in one line; a finding that only repeats it is left out.
std::string one_line(const Error& error);

// {"error":{"detail":..,"findings":[{"item","pointer","code","detail"}]}}
std::string to_json(const Error& error);

// Columns padded to their widest cell, two spaces between, no trailing space.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace fanion::cli
