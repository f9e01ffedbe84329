#pragma once

// What all commands share: exit codes and the output of results and errors, as text for people or,
// with --json, as JSON.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cli {

enum class Exit : int {
    ok = 0,
    refused = 1,       // a negative result: does not compile or verify, no such flag, refused by the server
    usage = 2,         // wrong arguments, or a file that cannot be read or written
    unreachable = 3,   // no response from the server
    unauthorized = 4,  // not signed in, or without permission
    differs = 5,       // `plan` found differences
};

struct Terminal {
    bool json = false;

    // Prints a result and a line feed to standard output.
    void print(std::string_view text) const;
    // Print an error to standard error and return the exit code: exit_of(error.code), or `code`.
    Exit fail(const Error& error) const;
    Exit fail(Exit code, std::string_view message) const;
    // Prints the findings of a success to standard error. Nothing with --json, where the result has
    // them.
    void warn(const std::vector<Finding>& findings) const;
    // Prints how far something is that takes long, or what was written, to standard error if that
    // is a terminal. Nothing with --json.
    void note(std::string_view text) const;
};

// Whether standard output is a terminal.
bool is_terminal_output();
// Asks a question on standard error, if standard input is a terminal. False unless the answer is
// yes; nullopt without a terminal to ask on.
std::optional<bool> ask_yes_or_no(const std::string& question);

// The exit code for an error. invalid_input means wrong usage; an error in a ruleset, or one
// reported by the server, has another code such as unprocessable.
Exit exit_of(Errc code);

// {"error":{"detail":..,"findings":[{"item","pointer","code","detail"}]}}
std::string to_json(const Error& error);

// `text` in one line that cannot control a terminal: what others have written comes from the server
// as it is. Control characters are escaped as in JSON, as \u001b.
std::string visible(std::string_view text);

// Formats rows as columns that are separated by two spaces, with cells that are visible(). No line
// has trailing spaces.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace fanion::cli
