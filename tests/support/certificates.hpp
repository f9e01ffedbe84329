#pragma once

// Certificates for tests of TLS: an authority, and what it issues, in files of a directory of its
// own.

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/net/tls.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

class Authority {
public:
    Authority()
        : key_(EVP_EC_gen("P-256")),
          certificate_(make("authority " + directory_.path(), "", 3600, key_.get(), nullptr)) {
        write(ca_file(), [&](FILE* file) { PEM_write_X509(file, certificate_.get()); });
    }

    std::string ca_file() const { return directory_ / "ca.pem"; }

    // A certificate and its key in NAME.pem and NAME.key, valid for so many seconds.
    net::CertificateFiles issue(const std::string& name, long seconds = 3600,
                                const std::string& hosts = "DNS:localhost,IP:127.0.0.1") const {
        net::CertificateFiles files{directory_ / (name + ".pem"), directory_ / (name + ".key")};
        const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
        const auto issued = make(name, hosts, seconds, key.get(), this);
        write(files.certificate, [&](FILE* file) { PEM_write_X509(file, issued.get()); });
        write(files.key,
              [&](FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
        return files;
    }

private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* certificate) const { X509_free(certificate); }
    };

    // By itself without an issuer.
    static std::unique_ptr<X509, Free> make(const std::string& name, const std::string& hosts, long seconds,
                                            EVP_PKEY* key, const Authority* issuer) {
        std::unique_ptr<X509, Free> x509(X509_new());
        static long serial = 1;
        ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), serial++);
        X509_set_version(x509.get(), 2);
        X509_gmtime_adj(X509_getm_notBefore(x509.get()), -7200);
        X509_gmtime_adj(X509_getm_notAfter(x509.get()), seconds);
        X509_set_pubkey(x509.get(), key);
        const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()), "CN", MBSTRING_ASC, text, -1, -1, 0);
        const auto* by = issuer ? issuer->certificate_.get() : x509.get();
        X509_set_issuer_name(x509.get(), X509_get_subject_name(by));
        const bool is_ca = issuer == nullptr;
        add(x509.get(), is_ca ? NID_basic_constraints : NID_subject_alt_name, is_ca ? "critical,CA:TRUE" : hosts);
        X509_sign(x509.get(), issuer ? issuer->key_.get() : key, EVP_sha256());
        return x509;
    }

    static void add(X509* x509, int what, const std::string& value) {
        auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    }

    template <class Print>
    static void write(const std::string& path, Print print) {
        FILE* file = std::fopen(path.c_str(), "w");
        if (file == nullptr) throw std::runtime_error("cannot write " + path);
        print(file);
        std::fclose(file);
    }

    TemporaryDirectory directory_;
    std::unique_ptr<EVP_PKEY, Free> key_;
    std::unique_ptr<X509, Free> certificate_;
};

}  // namespace fanion::test
