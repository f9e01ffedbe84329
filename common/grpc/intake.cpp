#include "common/grpc/intake.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace fanion::grpc_port {
namespace {

constexpr int pause_millis = 100;  // without descriptors

}  // namespace

Intake::Intake(int listening, const Bounds& bounds)
    : listening_(listening), stop_event_(::eventfd(0, EFD_CLOEXEC)), sockets_(bounds) {
    if (stop_event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Intake::~Intake() {
    stop();
    ::close(stop_event_);
}

void Intake::add_to(::grpc::ServerBuilder& builder, std::shared_ptr<::grpc::ServerCredentials> credentials) {
    using Type = ::grpc::ServerBuilder::experimental_type::ExternalConnectionType;
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, std::move(credentials));
}

void Intake::start() {
    thread_ = std::thread([this] { run(); });
}

void Intake::stop() {
    ::eventfd_write(stop_event_, 1);
    if (thread_.joinable()) thread_.join();
    if (listening_ >= 0) ::close(std::exchange(listening_, -1));
}

Counts Intake::counts() {
    Counts counts;
    counts.accepted = accepted_;
    counts.rejected = rejected_;
    counts.connections = sockets_.count();
    counts.evicted = sockets_.evicted();
    return counts;
}

void Intake::run() {
    pollfd waited_for[] = {{stop_event_, POLLIN, 0}, {listening_, POLLIN, 0}};
    while (true) {
        ::poll(waited_for, 2, -1);
        if (waited_for[0].revents != 0) return;
        if (waited_for[1].revents != 0) accept_one();
    }
}

void Intake::accept_one() {
    const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        const bool is_exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        pollfd stopped{stop_event_, POLLIN, 0};
        if (is_exhausted) ::poll(&stopped, 1, pause_millis);
        return;
    }
    if (!sockets_.add(fd)) {
        ++rejected_;
        ::close(fd);
        return;
    }
    ++accepted_;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails for a Unix socket, which has no delay
    ::grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = listening_;
    connection.fd = fd;
    acceptor_->HandleNewConnection(&connection);
}

}  // namespace fanion::grpc_port
