#pragma once

// Errors that input or a peer can cause, as values. Exceptions are for a broken environment
// (database lost, out of memory) and for bugs. Plain values.

#include <boost/system/result.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fanion {

// One switch (net/response.cpp) maps these to HTTP statuses.
enum class Errc {
    invalid_input,    // malformed or rejected by validation; findings name the places
    unauthenticated,  // no credential, or one that is unknown
    forbidden,        // a known credential without the permission
    not_found,        // also for another tenant's resources
    method_not_allowed,
    conflict,               // exists already, or is still referenced
    precondition_failed,    // If-Match does not hold
    precondition_required,  // If-Match is missing where it must be given
    too_large,
    unsupported_media_type,
    unprocessable,  // well-formed, but its result could not be loaded
    rate_limited,
    timed_out,
    unavailable,  // try again later
    network,      // a peer could not be reached or disconnected
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

// Called by Result::value() on an error that the caller did not check for; a bug, hence an
// exception.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

// The detail and the findings as one line of text, for logs and terminals. A detail that is also a
// finding's is said once, with the finding's place.
std::string describe(const Error& error);

}  // namespace fanion
