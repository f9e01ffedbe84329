#include "common/backup/recipient.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "common/base/crypto.hpp"

namespace fanion::backup {
namespace {

template <auto Function>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        Function(object);
    }
};
using BioPtr = std::unique_ptr<BIO, Free<BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>>;

constexpr std::size_t key_id_digits = 32;

BioPtr reader_of(std::string_view bytes) {
    BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    if (!bio) throw std::bad_alloc();
    return bio;
}

BioPtr new_memory() {
    BioPtr bio(BIO_new(BIO_s_mem()));
    if (!bio) throw std::bad_alloc();
    return bio;
}

std::string text_of(const BioPtr& memory) {
    char* data = nullptr;
    const auto length = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

// Throws unless OpenSSL did it, with its reason.
void must(bool done, const char* what) {
    if (done) return;
    char reason[256];
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    ERR_clear_error();
    throw std::runtime_error(std::string(what) + ": " + reason);
}

std::string key_id_of(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key, &der);
    must(length > 0, "a public key cannot be written");
    const std::string_view bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
    auto id = to_hex(sha256(bytes)).substr(0, key_id_digits);
    OPENSSL_free(der);
    return id;
}

// RSA by OAEP with SHA-256 instead of OpenSSL's default, PKCS #1 1.5.
void add_recipient(CMS_ContentInfo* cms, X509* certificate) {
    auto* added = CMS_add1_recipient_cert(cms, certificate, CMS_KEY_PARAM);
    must(added != nullptr, "a certificate cannot be sealed for");
    if (EVP_PKEY_get_base_id(X509_get0_pubkey(certificate)) != EVP_PKEY_RSA) return;
    auto* context = CMS_RecipientInfo_get0_pkey_ctx(added);
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
             EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0,
         "RSA-OAEP is not available");
}

Error cannot_open() {
    ERR_clear_error();
    return {Errc::unprocessable, "it was altered or cut short, or is sealed for another key"};
}

}  // namespace

Result<Recipient> Recipient::from_pem(std::string_view pem) {
    std::shared_ptr<X509> certificate(PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr), X509_free);
    ERR_clear_error();
    if (!certificate) return Error{Errc::invalid_input, "is not a certificate in PEM"};
    auto* key = X509_get0_pubkey(certificate.get());
    const int kind = key == nullptr ? 0 : EVP_PKEY_get_base_id(key);
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        return Error{Errc::invalid_input, "has a key that nothing can be sealed for: use RSA or an elliptic curve"};
    return Recipient(std::move(certificate), key_id_of(key));
}

Result<OpeningKey> OpeningKey::from_pem(std::string_view pem) {
    std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, nullptr, nullptr),
                                  EVP_PKEY_free);
    ERR_clear_error();
    if (!key) return Error{Errc::invalid_input, "is not a private key in PEM, or its passphrase is wrong"};
    auto id = key_id_of(key.get());
    return OpeningKey(std::move(key), std::move(id));
}

KeyPair make_key_pair(std::string_view name, UnixMillis now) {
    constexpr unsigned bits = 3072;
    constexpr long validity = 100L * 365 * 24 * 3600;  // seconds; nobody asks
    const KeyPtr key(EVP_RSA_gen(bits));
    must(key != nullptr, "no key could be made");
    const CertificatePtr certificate(X509_new());
    auto* subject = X509_get_subject_name(certificate.get());
    auto serial = random_bytes(8);
    serial[0] = static_cast<char>(serial[0] & 0x7f);
    const std::unique_ptr<BIGNUM, Free<BN_free>> number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr));
    time_t begin = now / 1000;
    const bool made =
        X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
        BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
        X509_time_adj_ex(X509_getm_notBefore(certificate.get()), 0, 0, &begin) != nullptr &&
        X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 0, validity, &begin) != nullptr &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                   static_cast<int>(name.size()), -1, 0) == 1 &&
        X509_set_issuer_name(certificate.get(), subject) == 1 && X509_set_pubkey(certificate.get(), key.get()) == 1 &&
        X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
    must(made, "no certificate could be made");
    const auto private_pem = new_memory(), certificate_pem = new_memory();
    must(PEM_write_bio_PKCS8PrivateKey(private_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
             PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1,
         "the key cannot be written");
    return {text_of(private_pem), text_of(certificate_pem)};
}

std::string seal(std::string_view bytes, const std::vector<Recipient>& recipients) {
    const CmsPtr cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
    must(cms != nullptr && CMS_set_detached(cms.get(), 0) == 1, "CMS is not available");
    for (const auto& recipient : recipients) add_recipient(cms.get(), static_cast<X509*>(recipient.certificate()));
    must(CMS_final(cms.get(), reader_of(bytes).get(), nullptr, CMS_BINARY) == 1, "sealing failed");
    const auto sealed = new_memory();
    must(i2d_CMS_bio(sealed.get(), cms.get()) == 1, "what is sealed cannot be written");
    return text_of(sealed);
}

Result<std::string> open(std::string_view sealed, const OpeningKey& key) {
    const auto input = reader_of(sealed);
    const CmsPtr cms(d2i_CMS_bio(input.get(), nullptr));
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_id_smime_ct_authEnvelopedData) return cannot_open();
    if (CMS_decrypt_set1_pkey(cms.get(), static_cast<EVP_PKEY*>(key.key()), nullptr) != 1) return cannot_open();
    const auto opened = new_memory();
    if (CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, opened.get(), CMS_BINARY) != 1) return cannot_open();
    return text_of(opened);
}

}  // namespace fanion::backup
