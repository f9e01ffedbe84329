// The gRPC module of the relay: bytes in, bytes out.

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <map>
#include <vector>

#include "common/grpc/bytes.hpp"
#include "common/grpc/credentials.hpp"
#include "common/grpc/intake.hpp"
#include "common/grpc/limits.hpp"
#include "relay/grpc/module/interface.hpp"

namespace fanion::relay::grpc {
namespace {

using ::grpc::ByteBuffer;
using ::grpc::CallbackServerContext;
using grpc_port::buffer_of;
using grpc_port::text_of;

// What calls share.
struct Host {
    Acceptor& acceptor;
    grpc_port::Intake& intake;
    const std::size_t most_calls;
    std::atomic<std::size_t> calls{0};
    std::atomic<std::uint64_t> refused{0};
};

std::string metadata(const CallbackServerContext& context, const char* name) {
    const auto found = context.client_metadata().find(name);
    return found == context.client_metadata().end() ? std::string()
                                                    : std::string(found->second.data(), found->second.size());
}

Incoming read(const CallbackServerContext& context, std::size_t method, const ByteBuffer& message) {
    return {method,
            text_of(message),
            metadata(context, "authorization"),
            metadata(context, "x-api-key"),
            metadata(context, "user-agent"),
            metadata(context, "x-fanion-sdk"),
            metadata(context, "traceparent"),
            metadata(context, "tracestate")};
}

// What unary and streaming calls have in common. A call keeps itself until gRPC says that it is done with it.
class AnyCall : public Call {
public:
    void begin(const std::shared_ptr<AnyCall>& self, std::size_t method, const ByteBuffer& message) {
        self_ = self;
        if (host_.calls.fetch_add(1) >= host_.most_calls) {
            ++host_.refused;
            return finish({Code::unavailable, "too many calls are in progress: try again"});
        }
        // Without one gRPC would have an empty message, which is another request.
        if (!message.Valid()) return finish({Code::cancelled, "the call ended before its message came"});
        exchange_ = host_.acceptor.accept(self, read(context_, method, message));
        exchange_->start();
    }

    void cut() override { context_.TryCancel(); }

protected:
    AnyCall(Host& host, CallbackServerContext& context) : host_(host), context_(context) {}

    // It is answered, and not refused: the caller has a valid key.
    void note_known() {
        if (!is_known_) host_.intake.note_known(context_.peer());
        is_known_ = true;
    }
    void cancelled() {
        if (exchange_) exchange_->on_cancelled();
    }
    void written(bool ok) {
        if (exchange_) exchange_->on_written(ok);
    }
    void done() {
        host_.calls.fetch_sub(1);
        exchange_.reset();
        auto self = std::move(self_);  // the last use of this object
    }
    static ::grpc::Status to_grpc(const Status& status) {
        return {static_cast<::grpc::StatusCode>(status.code), status.text};
    }

private:
    Host& host_;
    CallbackServerContext& context_;
    std::shared_ptr<Exchange> exchange_;
    std::shared_ptr<AnyCall> self_;
    bool is_known_ = false;
};

class UnaryCall final : public ::grpc::ServerUnaryReactor, public AnyCall {
public:
    UnaryCall(Host& host, CallbackServerContext& context, ByteBuffer& response)
        : AnyCall(host, context), response_(response) {}

private:
    void write(std::string message) override {
        note_known();
        auto buffer = buffer_of(message);
        response_.Swap(&buffer);
    }
    void finish(Status status) override { Finish(to_grpc(status)); }
    void OnCancel() override { cancelled(); }
    void OnDone() override { done(); }

    ByteBuffer& response_;
};

class StreamCall final : public ::grpc::ServerWriteReactor<ByteBuffer>, public AnyCall {
public:
    StreamCall(Host& host, CallbackServerContext& context) : AnyCall(host, context) {}

private:
    void write(std::string message) override {
        note_known();
        auto buffer = buffer_of(message);
        message_.Swap(&buffer);
        StartWrite(&message_);
    }
    void finish(Status status) override { Finish(to_grpc(status)); }
    void OnWriteDone(bool ok) override { written(ok); }
    void OnCancel() override { cancelled(); }
    void OnDone() override { done(); }

    ByteBuffer message_;  // being written
};

struct Named {
    MethodPath method;
    std::size_t index;
};

// A service whose methods take and give bytes. Generated code would do the same for each method by name.
class ByteService final : public ::grpc::Service {
public:
    ByteService(Host& host, const std::vector<Named>& methods) {
        using ::grpc::internal::RpcMethod;
        int index = 0;
        for (const auto& named : methods) {
            const auto type = named.method.streams ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
            AddMethod(new ::grpc::internal::RpcServiceMethod(named.method.path, type, nullptr));
            MarkMethodRawCallback(index++, handler(host, named));
        }
    }

private:
    static ::grpc::internal::MethodHandler* handler(Host& host, const Named& named) {
        if (named.method.streams) {
            return new ::grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                [&host, index = named.index](CallbackServerContext* context, const ByteBuffer* request) {
                    auto call = std::make_shared<StreamCall>(host, *context);
                    call->begin(call, index, *request);
                    return call.get();
                });
        }
        return new ::grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
            [&host, index = named.index](CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) {
                auto call = std::make_shared<UnaryCall>(host, *context, *response);
                call->begin(call, index, *request);
                return call.get();
            });
    }
};

class GrpcServer final : public Server {
public:
    GrpcServer(const ListenOptions& options, Acceptor& acceptor)
        : intake_(options.listening, options.bounds),
          host_{acceptor, intake_, options.bounds.calls},
          certificates_(options.pem) {
        std::map<std::string, std::vector<Named>> by_service;
        for (std::size_t i = 0; i < options.method_count; ++i) {
            const std::string path = options.methods[i].path;
            by_service[path.substr(0, path.rfind('/'))].push_back({options.methods[i], i});
        }
        for (const auto& [name, methods] : by_service) {
            services_.push_back(std::make_unique<ByteService>(host_, methods));
        }
    }
    ~GrpcServer() override { intake_.stop(); }

    bool start(const grpc_port::Bounds& bounds) {
        ::grpc::ServerBuilder builder;
        intake_.add_to(builder, grpc_port::make_credentials(certificates_));
        for (const auto& service : services_) builder.RegisterService(service.get());
        grpc_port::set_limits(builder, bounds);
        server_ = builder.BuildAndStart();
        if (server_) intake_.start();
        return server_ != nullptr;
    }

    void set_tls(Pem pem) override { certificates_.set(std::move(pem)); }
    grpc_port::Counts counts() override {
        auto counts = intake_.counts();
        counts.refused_calls = host_.refused;
        return counts;
    }
    void shut_down(std::chrono::milliseconds limit) override {
        intake_.stop();
        server_->Shutdown(std::chrono::system_clock::now() + limit);
        server_->Wait();
    }

private:
    grpc_port::Intake intake_;
    Host host_;
    grpc_port::Certificates certificates_;
    std::vector<std::unique_ptr<ByteService>> services_;
    std::unique_ptr<::grpc::Server> server_;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) Server* fanion_relay_grpc_listen(const char* version,
                                                                                   const ListenOptions& options,
                                                                                   Acceptor& acceptor,
                                                                                   std::string& error) {
    if (std::strcmp(version, FANION_VERSION) != 0) {
        ::close(options.listening);
        error = std::string("is of another version, ") + FANION_VERSION;
        return nullptr;
    }
    auto server = std::make_unique<GrpcServer>(options, acceptor);
    if (server->start(options.bounds)) return server.release();
    error = "gRPC does not start";
    return nullptr;
}

}  // namespace fanion::relay::grpc
