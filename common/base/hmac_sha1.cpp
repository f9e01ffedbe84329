#include "common/base/hmac_sha1.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace fanion {

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
    std::string out(20, '\0');
    unsigned length = 0;
    const auto* done =
        HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
             bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &length);
    if (done == nullptr || length != out.size()) throw std::runtime_error("HMAC");
    return out;
}

}  // namespace fanion
