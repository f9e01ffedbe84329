#include "common/grpc/credentials.hpp"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <utility>

namespace fanion::grpc_port {

void Certificates::set(Pem pem) {
    const std::lock_guard lock(mutex_);
    pem_ = std::move(pem);
    is_new_ = true;
}

std::optional<Pem> Certificates::take() {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_new_, false)) return std::nullopt;
    return pem_;
}

namespace {

// Called by gRPC before each handshake, by one thread at a time.
grpc_ssl_certificate_config_reload_status fetch(void* certificates, grpc_ssl_server_certificate_config** config) {
    const auto pem = static_cast<Certificates*>(certificates)->take();
    if (!pem) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair own{pem->key.c_str(), pem->certificate.c_str()};
    // gRPC insists on authorities, also where it asks for no certificate and so believes none of theirs.
    const auto& authorities = pem->client_ca.empty() ? pem->certificate : pem->client_ca;
    *config = grpc_ssl_server_certificate_config_create(authorities.c_str(), &own, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// The C++ library has no way to these of the C library.
class ReplaceableCredentials final : public ::grpc::ServerCredentials {
public:
    explicit ReplaceableCredentials(Certificates& certificates) {
        const auto request = certificates.has_authorities() ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                                            : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
        auto* const options =
            grpc_ssl_server_credentials_create_options_using_config_fetcher(request, fetch, &certificates);
        credentials_ = grpc_ssl_server_credentials_create_with_options(options);  // which takes the options
    }
    ~ReplaceableCredentials() override { grpc_server_credentials_release(credentials_); }

    void SetAuthMetadataProcessor(const std::shared_ptr<::grpc::AuthMetadataProcessor>&) override {}

private:
    int AddPortToServer(const std::string& address, grpc_server* server) override {
        return grpc_server_add_http2_port(server, address.c_str(), credentials_);
    }

    grpc_server_credentials* credentials_;
};

}  // namespace

std::shared_ptr<::grpc::ServerCredentials> make_credentials(Certificates& certificates) {
    if (!certificates.has_tls()) return ::grpc::InsecureServerCredentials();
    return std::make_shared<ReplaceableCredentials>(certificates);
}

}  // namespace fanion::grpc_port
