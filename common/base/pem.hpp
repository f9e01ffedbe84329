#pragma once

#include <string>

namespace fanion {

// What a server shows its clients over TLS, and whom of them it believes, as PEM. Without a
// certificate: no TLS. Without authorities clients need no certificate.
struct Pem {
    std::string certificate = {};  // followed by the authorities below the root
    std::string key = {};          // a secret
    std::string client_ca = {};
};

}  // namespace fanion
