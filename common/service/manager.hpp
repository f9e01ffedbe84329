#pragma once

// What a service tells the service manager that started it (systemd, Type=notify). Nothing is sent
// where there is none. Thread-safe as long as no thread calls setenv().

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/base/log.hpp"

namespace fanion::service {

inline constexpr std::string_view manager_ready = "READY=1";        // the start is complete
inline constexpr std::string_view manager_stopping = "STOPPING=1";  // the stop has begun

// Sends `state` to the socket that NOTIFY_SOCKET names; "@" at its beginning is an abstract one.
// Does nothing without that variable. A failure is logged as `manager_not_told`.
void tell_manager(std::string_view state, const Log& log);

// Sends one datagram, without waiting. Errors: invalid_input, not a name of a socket; unavailable.
Result<> send_to_manager(const std::string& socket, std::string_view state);

}  // namespace fanion::service
