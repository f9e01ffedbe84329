#include "common/service/manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "common/base/file.hpp"

namespace fanion::service {

Result<> send_to_manager(const std::string& socket, std::string_view state) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const bool is_named = socket.starts_with('/') || socket.starts_with('@');
    if (!is_named || socket.size() >= sizeof address.sun_path)
        return Error{Errc::invalid_input, "'" + socket + "' is not a socket of a service manager"};
    std::memcpy(address.sun_path, socket.data(), socket.size());
    if (socket.front() == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
    const UniqueFd sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!sender) return errno_error(Errc::unavailable, "socket");
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    if (::sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL, generic, length) < 0)
        return errno_error(Errc::unavailable, socket);
    return {};
}

void tell_manager(std::string_view state, const Log& log) {
    const char* const socket = std::getenv("NOTIFY_SOCKET");
    if (socket == nullptr) return;
    const auto sent = send_to_manager(socket, state);
    if (!sent) log.warn("manager_not_told", {{"state", state}, {"error", describe(sent.error())}});
}

}  // namespace fanion::service
