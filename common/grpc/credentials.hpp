#pragma once

// The TLS of a gRPC port, whose certificate can be replaced while it serves: each connection begins
// with the one that is in force then, and keeps it. Thread-safe.

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <mutex>
#include <optional>

#include "common/base/pem.hpp"

namespace fanion::grpc_port {

class Certificates {
public:
    // gRPC checks little of `pem`, in which net::ServerTls has found no fault.
    explicit Certificates(Pem pem)
        : has_tls_(!pem.certificate.empty()), has_authorities_(!pem.client_ca.empty()), pem_(std::move(pem)) {}

    // Whether there are certificates, and authorities, does not change.
    bool has_tls() const noexcept { return has_tls_; }
    bool has_authorities() const noexcept { return has_authorities_; }

    // For connections from now on: certificate, key and authorities at once.
    void set(Pem pem);
    // What was set since the last call; at first what there was at the beginning.
    std::optional<Pem> take();

private:
    const bool has_tls_;
    const bool has_authorities_;
    std::mutex mutex_;
    Pem pem_;
    bool is_new_ = true;
};

// `certificates` outlives the server that has these.
std::shared_ptr<::grpc::ServerCredentials> make_credentials(Certificates& certificates);

}  // namespace fanion::grpc_port
