// Trust documents, and documents held against one: nothing that the fuzzer makes up is signed.

#include <cstdint>
#include <cstdlib>

#include "common/wire/acceptance.hpp"
#include "common/wire/trust.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

// Issued by a key that nobody has: made anew in every process.
const TrustDocument& present() {
    static const TrustDocument document = parse_first_trust(make_trust("fanion:fuzz", Ed25519PrivateKey::generate(),
                                                                       Ed25519PrivateKey::generate().public_key(), 0))
                                              .value();
    return document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto first = parse_first_trust(bytes); first && first->bytes != bytes) std::abort();
    if (parse_next_trust(present(), bytes)) std::abort();
    if (std::holds_alternative<Accepted>(accept_ruleset(bytes, present(), {}))) std::abort();
    if (std::holds_alternative<AcceptedHead>(accept_head(bytes, present(), {}))) std::abort();
    return 0;
}
