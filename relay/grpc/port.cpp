#include "relay/grpc/port.hpp"

#include <dlfcn.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "common/json/limits.hpp"

namespace fanion::relay::grpc {
namespace asio = boost::asio;

namespace {

// A context takes more room as a Struct than as JSON: a number of one digit is 13 bytes there.
constexpr int request_bytes = static_cast<int>(8 * limits::context_bytes);
constexpr int streams_of_a_connection = 1'000;

// Next to the program, as it is built, or in lib/fanion beside the program's folder, as it is installed. It is never
// unloaded: gRPC has threads of its own.
Result<Listen> load_module() {
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    if (failure) return Error{Errc::unavailable, "cannot find this program's directory: " + failure.message()};
    const auto folder = program.parent_path();
    auto path = (folder / module_name).string();
    if (!std::filesystem::exists(path, failure)) path = (folder.parent_path() / "lib/fanion" / module_name).string();
    void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) return Error{Errc::unavailable, std::string("--grpc-listen: ") + dlerror()};
    void* const symbol = dlsym(module, listen_symbol);
    if (!symbol) return Error{Errc::unavailable, path + " is not a module of this program"};
    return reinterpret_cast<Listen>(symbol);
}

Result<net::ListeningSocket> open_socket(const PortOptions& options) {
    if (options.socket_path.empty()) return net::ListeningSocket::open_tcp(options.address, options.port);
    return net::ListeningSocket::open_unix(options.socket_path, options.socket_mode);
}

grpc_port::Bounds bounds_of(const PortOptions& options) {
    grpc_port::Bounds bounds;
    bounds.connections = options.connections;
    bounds.connections_per_address = options.connections_per_address;
    bounds.is_exempt = net::contains_text(options.trusted_proxies);
    bounds.calls = options.calls;
    bounds.streams_of_a_connection = streams_of_a_connection;
    bounds.request_bytes = request_bytes;
    return bounds;
}

}  // namespace

// In turn, so that threads share the load, and rates that are per thread apply.
class Port::Dealer final : public Acceptor {
public:
    Dealer(const std::vector<std::unique_ptr<Worker>>& workers, Shared& shared) : workers_(workers), shared_(shared) {}

    std::shared_ptr<Exchange> accept(std::shared_ptr<Call> call, Incoming incoming) override {
        auto& worker = *workers_[next_.fetch_add(1, std::memory_order_relaxed) % workers_.size()];
        return std::make_shared<WorkerExchange>(std::move(call), std::move(incoming), worker, shared_);
    }

private:
    const std::vector<std::unique_ptr<Worker>>& workers_;
    Shared& shared_;
    std::atomic<std::size_t> next_{0};
};

Port::Port(const PortOptions& options, std::vector<std::unique_ptr<Worker>> workers, net::BlockingPool& pool,
           asio::any_io_executor control, const Log& log)
    : workers_(std::move(workers)),
      shared_{pool, FlagSets(log), options.key, log},
      dealer_(std::make_unique<Dealer>(workers_, shared_)),
      ended_(std::move(control)) {}

Port::~Port() {
    if (shutdown_.joinable()) shutdown_.join();
}

Result<std::unique_ptr<Port>> Port::open(const PortOptions& options, std::vector<std::unique_ptr<Worker>> workers,
                                         net::BlockingPool& pool, asio::any_io_executor control, const Log& log) {
    const auto module = load_module();
    if (!module) return module.error();
    auto port = std::unique_ptr<Port>(new Port(options, std::move(workers), pool, std::move(control), log));
    std::vector<MethodPath> paths;
    for (const auto& method : methods()) paths.push_back({method.path, method.streams});
    auto socket = open_socket(options);
    if (!socket) return socket.error();
    port->socket_ = std::move(*socket);
    const ListenOptions wanted{port->socket_.fd, options.tls ? options.tls->pem() : Pem(), paths.data(), paths.size(),
                               bounds_of(options)};
    std::string why;
    port->server_.reset((*module)(options.version, wanted, *port->dealer_, why));
    if (!port->server_) return Error{Errc::unavailable, std::string(module_name) + ": " + why};
    return port;
}

void Port::drain(std::chrono::milliseconds limit) {
    socket_.file.reset();
    shutdown_ = std::thread([this, limit] {
        server_->shut_down(limit);
        asio::post(ended_.get_executor(), [this] {
            has_ended_ = true;
            ended_.cancel();
        });
    });
}

asio::awaitable<bool> Port::join(std::chrono::milliseconds limit) {
    if (!has_ended_) {
        ended_.expires_after(limit);
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return has_ended_;
}

}  // namespace fanion::relay::grpc
