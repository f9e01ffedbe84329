#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "common/cli/doctor.hpp"
#include "common/cli/files.hpp"

namespace fanion::cli {
namespace {

constexpr int certificate_days = 21;

struct FreeTls {
    void operator()(X509* object) const noexcept { X509_free(object); }
    void operator()(BIO* object) const noexcept { BIO_free_all(object); }
    void operator()(SSL_CTX* object) const noexcept { SSL_CTX_free(object); }
};
using X509Ptr = std::unique_ptr<X509, FreeTls>;
using BioPointer = std::unique_ptr<BIO, FreeTls>;

Check check_certificate(const std::string& subject, X509* certificate, UnixMillis now) {
    Check check{"certificates", subject, Health::ok, "", "Renew it, and let the services read it again (SIGHUP)."};
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) {
        check.health = Health::failure;
        check.found = "its end cannot be read";
        return check;
    }
    return judge_expiry(std::move(check), now, static_cast<UnixMillis>(timegm(&end)) * 1000, certificate_days);
}

}  // namespace

void check_certificate_file(const std::string& file, UnixMillis now, Checks& checks) {
    const auto text = read_file(file);
    if (!text) {
        checks.push_back(
            {"certificates", file, Health::failure, text.error().detail, "Correct the name or the rights."});
        return;
    }
    const BioPointer input(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    std::size_t number = 0;
    while (const X509Ptr certificate{PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)}) {
        ++number;
        checks.push_back(
            check_certificate(number == 1 ? file : file + " (" + std::to_string(number) + ")", certificate.get(), now));
    }
    ERR_clear_error();
    if (number == 0)
        checks.push_back({"certificates", file, Health::failure, "has no certificate in PEM", "Name the right file."});
}

// Whether the certificate is trusted is for the request to find out: here it is only looked at.
void check_server_certificate(const std::string& url, UnixMillis now, Checks& checks) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return;
    auto address = url.substr(scheme.size());
    address = address.substr(0, address.find('/'));
    const auto colon = address.rfind(':');
    const bool has_port = colon != std::string::npos && address.find(']', colon) == std::string::npos;
    auto host = address.substr(0, has_port ? colon : address.size());
    const std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_client_method()));
    const BioPointer connection(BIO_new_ssl_connect(context.get()));
    SSL* tls = nullptr;
    BIO_ctrl(connection.get(), BIO_C_GET_SSL, 0, &tls);
    if (tls == nullptr) return;
    SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
    auto target = has_port ? address : address + ":443";
    BIO_ctrl(connection.get(), BIO_C_SET_CONNECT, 0, target.data());
    constexpr int limit = 5;  // seconds
    if (BIO_do_connect_retry(connection.get(), limit, -1) != 1) {
        ERR_clear_error();
        return;  // reachability has a check of its own
    }
    const X509Ptr certificate(SSL_get1_peer_certificate(tls));
    if (certificate) checks.push_back(check_certificate(url, certificate.get(), now));
    ERR_clear_error();
}

}  // namespace fanion::cli
