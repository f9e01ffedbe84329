// What an identity provider sends: key sets, ID tokens, metadata and answers with tokens. The first line of the input is a token,
// the rest is JSON. Nothing that the fuzzer makes up is signed by the key that is expected.

#include <cstdint>
#include <cstdlib>

#include "common/base/crypto.hpp"
#include "control-plane/sign_on/discovery.hpp"
#include "control-plane/sign_on/id_token.hpp"

using namespace fanion;
using namespace fanion::cp::sign_on;

namespace {

// Of a key that nobody has: made anew in every process.
const std::vector<JsonWebKey>& expected_keys() {
    static const auto keys = parse_key_set(R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":")" +
                                           to_base64url(Ed25519PrivateKey::generate().public_key().raw()) + "\"}]}")
                                 .value();
    return keys;
}

void read_token(std::string_view text, const std::vector<JsonWebKey>& keys) {
    const auto token = split_token(text);
    if (!token) return;
    const ExpectedToken expected{"https://login.example.com", "fanion", "n", "a", "groups", 1'780'000'000'000};
    const auto person = verify_token(keys, *token, expected);
    if (person && lacks_key(keys, *token)) std::abort();
    if (person && person->subject.empty()) std::abort();
    if (verify_token(expected_keys(), *token, expected)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const auto rest = bytes.substr(std::min(end + 1, bytes.size()));
    const auto keys = parse_key_set(rest);
    if (keys && keys->size() > most_keys) std::abort();
    read_token(bytes.substr(0, end), keys ? *keys : std::vector<JsonWebKey>());
    const auto metadata = parse_metadata(rest, "https://login.example.com");
    if (metadata && !metadata->token_endpoint.starts_with("https://")) std::abort();
    if (const auto answer = parse_token_answer(rest)) read_token(answer->id_token, expected_keys());
    error_of_answer(rest);
    return 0;
}
