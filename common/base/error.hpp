#pragma once

// What input or a peer can cause, as a value. Exceptions are for a broken world (database gone, a bug, no memory).
// Immutable values; copied freely.

#include <boost/system/result.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fanion {

// One switch (net/response.cpp) maps these to HTTP statuses.
enum class Errc {
    invalid_input,    // malformed or refused by validation; findings name the places
    unauthenticated,  // no credential, or one that is unknown
    forbidden,        // a known credential without the permission
    not_found,        // also what another tenant's resource looks like
    method_not_allowed,
    conflict,               // exists already, or is still referred to
    precondition_failed,    // If-Match does not hold
    precondition_required,  // If-Match is missing where it must be given
    too_large,
    unsupported_media_type,
    unprocessable,  // well-formed, but what it would make cannot be loaded
    rate_limited,
    timed_out,
    unavailable,  // try again later
    network,      // a peer could not be reached or went away
    internal,
};

// One place in an input and what is wrong with it.
struct Finding {
    std::string item;     // ruleset item key ("flag/new-checkout"), or empty
    std::string pointer;  // RFC 6901 JSON pointer inside the input or item; "" is the whole
    std::string code;     // stable, snake_case
    std::string detail;   // one sentence for a person

    friend bool operator==(const Finding&, const Finding&) = default;
};

struct Error {
    Errc code = Errc::internal;
    std::string detail;
    std::vector<Finding> findings = {};
};

template <class T = void>
using Result = boost::system::result<T, Error>;

// Used by Result::value() when the caller did not look; a bug, hence an exception.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

// Several findings as one line of text, for logs and terminals.
std::string describe(const Error& error);

}  // namespace fanion
