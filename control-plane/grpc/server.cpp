#include "control-plane/grpc/server.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <thread>

#include "common/base/text.hpp"
#include "common/grpc/bytes.hpp"
#include "common/grpc/credentials.hpp"
#include "common/grpc/intake.hpp"
#include "common/grpc/limits.hpp"
#include "common/json/limits.hpp"
#include "common/net/listening_socket.hpp"
#include "control-plane/grpc/rpc_table.hpp"
#include "control-plane/grpc/schema.hpp"
#include "control-plane/grpc/translation.hpp"

namespace fanion::cp::grpc {
namespace asio = boost::asio;
using ::grpc::ByteBuffer;
using ::grpc::CallbackServerContext;
using grpc_port::buffer_of;
using grpc_port::text_of;

namespace {

constexpr std::size_t buffered_bytes = 256 * 1024 * 1024;  // of all connections
constexpr std::size_t answer_bytes = 64 * 1024 * 1024;

// Metadata that is passed on as headers. A cookie is not: it is for browsers.
constexpr std::string_view passed_on[] = {"authorization",    "x-api-key",         "x-request-id", "x-forwarded-for",
                                          "x-forwarded-host", "x-forwarded-proto", "traceparent",  "tracestate"};

::grpc::Status grpc_status(const RpcStatus& status) {
    return {static_cast<::grpc::StatusCode>(status.code), status.message, status.details};
}

// The address in "ipv4:10.0.0.1:5000" or "ipv6:%5B::1%5D:5000".
std::string address_of(const std::string& peer) {
    auto text = percent_decode(peer).value_or(peer);
    const auto colon = text.find(':');
    const auto port = text.rfind(':');
    if (colon == std::string::npos || port <= colon) return {};
    text = text.substr(colon + 1, port - colon - 1);
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    return text;
}

}  // namespace

// What calls share.
struct Host {
    Port port;
    Schema schema;
    Metrics& metrics;
    std::size_t most_calls;
    std::atomic<std::uint64_t> refused{0};
    grpc_port::Intake* intake = nullptr;  // set before the first call
    asio::thread_pool converter{1};

    Host(Port p, Metrics& m, std::size_t calls) : port(std::move(p)), metrics(m), most_calls(calls) {}
};

struct BoundMethod {
    const Rpc& rpc;
    const Method& method;
};

namespace {

// One RPC, as a receiver of the response. gRPC's threads begin and cancel it; the converter ends it.
class Call : public Receiver, public std::enable_shared_from_this<Call> {
public:
    Call(Host& host, BoundMethod bound) : host_(host), bound_(bound) {}

    void begin(const CallbackServerContext& context, const ByteBuffer& message) {
        host_.metrics.on_begun(bound_.rpc);
        peer_ = context.peer();
        if (host_.metrics.in_progress() > host_.most_calls) {
            ++host_.refused;
            return end({Code::unavailable, "too many calls are in progress: try again"});
        }
        // Without one gRPC would have an empty message, which is another request.
        if (!message.Valid()) return end({Code::cancelled, "the call ended before its message came"});
        auto request = read(context, message);
        if (!request) return end(refusal(request.error()));
        exchange_ = std::make_shared<Exchange>(host_.port, std::move(*request));
        exchange_->start(shared_from_this());
    }

    void cancel() {
        if (exchange_) exchange_->cancel();
    }

    void on_event(std::string json) override {
        asio::post(host_.converter, [self = shared_from_this(), json = std::move(json)] { self->convert_event(json); });
    }
    void on_response(net::Response response, std::string_view request_id) override {
        auto shared = std::make_shared<const net::Response>(std::move(response));
        asio::post(host_.converter,
                   [self = shared_from_this(), shared, id = std::string(request_id)] { self->convert(*shared, id); });
    }

protected:
    // By the converter, in the end once finish().
    virtual void write(ByteBuffer message) = 0;
    virtual void finish(const ::grpc::Status& status) = 0;
    virtual void say_request_id(const std::string& request_id) = 0;
    void on_written(bool is_sent) { exchange_->on_taken(is_sent); }

private:
    Result<RestRequest> read(const CallbackServerContext& context, const ByteBuffer& message) {
        const auto text = host_.schema.to_json(bound_.method.request, text_of(message));
        if (!text) return text.error();
        auto fields = json::Tree::parse(*text, {.bytes = answer_bytes});
        if (!fields) return fields.error();
        auto request = to_rest(bound_.rpc, std::move(*fields));
        if (!request) return request;
        for (const auto name : passed_on) {
            const auto [from, to] = context.client_metadata().equal_range({name.data(), name.size()});
            for (auto it = from; it != to; ++it) {
                request->headers.emplace_back(name, std::string(it->second.data(), it->second.size()));
            }
        }
        request->peer = address_of(context.peer());
        return request;
    }

    RpcStatus refusal(const Error& error) const { return status_of(bound_.rpc, net::problem(error, {}), {}); }

    void convert(const net::Response& response, const std::string& request_id) {
        say_request_id(request_id);
        if (response.status >= 400) return end(status_of(bound_.rpc, response, request_id));
        if (bound_.method.streams) return end({});
        const auto fields = to_fields(bound_.rpc, response);
        const auto bytes = fields ? host_.schema.to_bytes(bound_.method.response, fields->to_text())
                                  : Result<std::string>(fields.error());
        if (bytes) {
            note_known();
            write(buffer_of(*bytes));
            return end({});
        }
        host_.port.log.error(
            "grpc_response_failed",
            {{"method", bound_.method.path}, {"request_id", request_id}, {"detail", bytes.error().detail}});
        end(refusal(bytes.error()));
    }

    void convert_event(const std::string& json) {
        const auto bytes = host_.schema.to_bytes(bound_.method.response, json);
        note_known();
        if (bytes) return write(buffer_of(*bytes));
        host_.port.log.error("grpc_response_failed",
                             {{"method", bound_.method.path}, {"detail", bytes.error().detail}});
        on_written(false);
    }

    // It is answered, and not refused: the caller has a valid credential.
    void note_known() {
        if (!peer_.empty()) host_.intake->note_known(peer_);
        peer_.clear();
    }

    void end(const RpcStatus& status) {
        host_.metrics.on_ended(status.code);
        finish(grpc_status(status));
    }

    Host& host_;
    const BoundMethod bound_;
    std::string peer_;  // empty once it is known
    std::shared_ptr<Exchange> exchange_;
};

// A reactor keeps itself until gRPC says that it is done with it.
class UnaryCall final : public ::grpc::ServerUnaryReactor, public Call {
public:
    UnaryCall(Host& host, BoundMethod bound, CallbackServerContext& context, ByteBuffer& response)
        : Call(host, bound), context_(context), response_(response) {}

    static UnaryCall* start(Host& host, BoundMethod bound, CallbackServerContext& context, const ByteBuffer& request,
                            ByteBuffer& response) {
        auto call = std::make_shared<UnaryCall>(host, bound, context, response);
        call->self_ = call;
        call->begin(context, request);
        return call.get();
    }

private:
    void write(ByteBuffer message) override { response_.Swap(&message); }
    void finish(const ::grpc::Status& status) override { Finish(status); }
    void say_request_id(const std::string& request_id) override {
        context_.AddInitialMetadata("x-request-id", request_id);
    }
    void OnCancel() override { cancel(); }
    void OnDone() override { self_.reset(); }

    CallbackServerContext& context_;
    ByteBuffer& response_;
    std::shared_ptr<UnaryCall> self_;
};

class StreamCall final : public ::grpc::ServerWriteReactor<ByteBuffer>, public Call {
public:
    StreamCall(Host& host, BoundMethod bound) : Call(host, bound) {}

    static StreamCall* start(Host& host, BoundMethod bound, CallbackServerContext& context, const ByteBuffer& request) {
        auto call = std::make_shared<StreamCall>(host, bound);
        call->self_ = call;
        call->begin(context, request);
        return call.get();
    }

private:
    void write(ByteBuffer message) override {
        message_.Swap(&message);
        StartWrite(&message_);
    }
    void finish(const ::grpc::Status& status) override { Finish(status); }
    void say_request_id(const std::string&) override {}  // the stream may have begun
    void OnWriteDone(bool ok) override { on_written(ok); }
    void OnCancel() override { cancel(); }
    void OnDone() override { self_.reset(); }

    ByteBuffer message_;  // being written
    std::shared_ptr<StreamCall> self_;
};

// A service whose methods take and give bytes. Generated code would do the same for each method by name.
class TableService final : public ::grpc::Service {
public:
    TableService(Host& host, const std::vector<BoundMethod>& methods) {
        using ::grpc::internal::RpcMethod;
        int index = 0;
        for (const auto& bound : methods) {
            const auto type = bound.method.streams ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
            AddMethod(new ::grpc::internal::RpcServiceMethod(bound.method.path.c_str(), type, nullptr));
            MarkMethodRawCallback(index++, handler(host, bound));
        }
    }

private:
    static ::grpc::internal::MethodHandler* handler(Host& host, BoundMethod bound) {
        if (bound.method.streams) {
            return new ::grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                [&host, bound](CallbackServerContext* context, const ByteBuffer* request) {
                    return StreamCall::start(host, bound, *context, *request);
                });
        }
        return new ::grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
            [&host, bound](CallbackServerContext* context, const ByteBuffer* request, ByteBuffer* response) {
                return UnaryCall::start(host, bound, *context, *request, *response);
            });
    }
};

std::vector<std::unique_ptr<TableService>> make_services(Host& host) {
    std::map<std::string, std::vector<BoundMethod>> by_service;
    for (const auto& method : host.schema.methods()) {
        const auto* rpc = find_rpc(method.service, method.name);
        if (!rpc) throw std::logic_error("an RPC that the table lacks: " + method.path);
        by_service[method.service].push_back({*rpc, method});
    }
    std::vector<std::unique_ptr<TableService>> services;
    for (const auto& [name, methods] : by_service) services.push_back(std::make_unique<TableService>(host, methods));
    return services;
}

grpc_port::Bounds bounds_of(const ServerConfig& config, const net::TrustedProxies& proxies) {
    grpc_port::Bounds bounds;
    bounds.connections = config.connections;
    bounds.connections_per_address = config.connections_per_address;
    bounds.is_exempt = net::contains_text(proxies);
    bounds.calls = config.calls;
    bounds.streams_of_a_connection = config.streams_of_a_connection;
    bounds.request_bytes = static_cast<int>(limits::request_body_bytes);
    bounds.buffered_bytes = buffered_bytes;
    return bounds;
}

}  // namespace

struct Server::Impl {
    Host host;
    grpc_port::Certificates certificates;
    const std::uint16_t port;
    grpc_port::Intake intake;
    std::vector<std::unique_ptr<TableService>> services;
    std::unique_ptr<::grpc::Server> server;
    std::thread shutdown;
    asio::steady_timer ended;  // expires when the shutdown has ended
    bool has_ended = false;    // of the I/O thread

    Impl(const ServerConfig& config, const net::ListeningSocket& socket, Port p, Metrics& metrics)
        : host(std::move(p), metrics, config.calls),
          certificates(config.tls ? config.tls->pem() : Pem()),
          port(socket.port),
          intake(socket.fd, bounds_of(config, host.port.trusted_proxies)),
          services(make_services(host)),
          ended(host.port.executor) {
        host.intake = &intake;
    }
    ~Impl() { intake.stop(); }

    bool start(const ServerConfig& config) {
        ::grpc::ServerBuilder builder;
        intake.add_to(builder, grpc_port::make_credentials(certificates));
        for (const auto& service : services) builder.RegisterService(service.get());
        grpc_port::set_limits(builder, bounds_of(config, host.port.trusted_proxies));
        server = builder.BuildAndStart();
        if (server) intake.start();
        return server != nullptr;
    }

    void shut_down(std::chrono::milliseconds limit) {
        intake.stop();
        server->Shutdown(std::chrono::system_clock::now() + limit);
        server->Wait();
        host.converter.join();
        asio::post(host.port.executor, [this] {
            has_ended = true;
            ended.cancel();
        });
    }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    if (impl_->shutdown.joinable()) impl_->shutdown.join();
}

Result<std::unique_ptr<Server>> Server::listen(ServerConfig config, Port port, Metrics& metrics) {
    static const bool has_reflection = [] {
        ::grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        return true;
    }();
    static_cast<void>(has_reflection);
    const auto socket = net::ListeningSocket::open_tcp(config.address, config.port);
    if (!socket) return socket.error();
    auto impl = std::make_unique<Impl>(config, *socket, std::move(port), metrics);
    if (!impl->start(config)) return Error{Errc::unavailable, "--grpc-listen: gRPC does not start"};
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const noexcept { return impl_->port; }

void Server::set_tls(const net::ServerTls& tls) { impl_->certificates.set(tls.pem()); }

grpc_port::Counts Server::counts() const {
    auto counts = impl_->intake.counts();
    counts.refused_calls = impl_->host.refused;
    return counts;
}

void Server::drain(std::chrono::milliseconds limit) {
    impl_->shutdown = std::thread([impl = impl_.get(), limit] { impl->shut_down(limit); });
}

asio::awaitable<bool> Server::join(std::chrono::milliseconds limit) {
    if (!impl_->has_ended) {
        impl_->ended.expires_after(limit);
        co_await impl_->ended.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return impl_->has_ended;
}

}  // namespace fanion::cp::grpc
