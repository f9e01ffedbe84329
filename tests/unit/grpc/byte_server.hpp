#pragma once

// A gRPC server of this house's port with one method, which answers with nothing, and a client.

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include <chrono>
#include <mutex>
#include <string>

#include "common/grpc/bytes.hpp"
#include "common/grpc/credentials.hpp"
#include "common/grpc/intake.hpp"
#include "common/grpc/limits.hpp"
#include "common/net/listening_socket.hpp"

namespace fanion::test {

inline constexpr const char* echo_method = "/test.Bytes/Echo";

class EchoService final : public ::grpc::Service {
public:
    EchoService() {
        using ::grpc::ByteBuffer;
        using ::grpc::internal::RpcMethod;
        AddMethod(new ::grpc::internal::RpcServiceMethod(echo_method, RpcMethod::NORMAL_RPC, nullptr));
        MarkMethodRawCallback(
            0, new ::grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                   [this](::grpc::CallbackServerContext* context, const ByteBuffer* request, ByteBuffer* response) {
                       {
                           const std::lock_guard lock(mutex_);
                           last_peer_ = context->peer();
                       }
                       *response = *request;
                       auto* reactor = context->DefaultReactor();
                       reactor->Finish(::grpc::Status::OK);
                       return reactor;
                   }));
    }

    std::string last_peer() const {
        const std::lock_guard lock(mutex_);
        return last_peer_;
    }

private:
    mutable std::mutex mutex_;
    std::string last_peer_;
};

class ByteServer {
public:
    explicit ByteServer(Pem pem = {}, const grpc_port::Bounds& bounds = {},
                        net::ListeningSocket socket = net::ListeningSocket::open_tcp("127.0.0.1", 0).value())
        : certificates(std::move(pem)), socket_(std::move(socket)), intake(socket_.fd, bounds) {
        ::grpc::ServerBuilder builder;
        intake.add_to(builder, grpc_port::make_credentials(certificates));
        builder.RegisterService(&service_);
        grpc_port::set_limits(builder, bounds);
        server_ = builder.BuildAndStart();
        if (!server_) throw std::runtime_error("gRPC does not start");
        intake.start();
    }
    ~ByteServer() {
        intake.stop();
        server_->Shutdown(std::chrono::system_clock::now());
        server_->Wait();
    }

    std::uint16_t port() const { return socket_.port; }
    std::string last_peer() const { return service_.last_peer(); }

    grpc_port::Certificates certificates;

private:
    net::ListeningSocket socket_;
    EchoService service_;

public:
    grpc_port::Intake intake;

private:
    std::unique_ptr<::grpc::Server> server_;
};

// A connection of its own.
inline std::shared_ptr<::grpc::Channel> channel_to(const std::string& address,
                                                   const std::shared_ptr<::grpc::ChannelCredentials>& credentials) {
    ::grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return ::grpc::CreateCustomChannel(address, credentials, arguments);
}

inline ::grpc::Status echo(const std::shared_ptr<::grpc::Channel>& channel, const std::string& text = "hello") {
    ::grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto request = grpc_port::buffer_of(text);
    ::grpc::ByteBuffer response;
    const ::grpc::internal::RpcMethod method(echo_method, ::grpc::internal::RpcMethod::NORMAL_RPC);
    auto status = ::grpc::internal::BlockingUnaryCall(channel.get(), method, &context, request, &response);
    if (status.ok() && grpc_port::text_of(response) != text) return {::grpc::StatusCode::DATA_LOSS, "another text"};
    return status;
}

}  // namespace fanion::test
