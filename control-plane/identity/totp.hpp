#pragma once

// Time-based one-time codes (RFC 6238, with SHA-1, six digits and steps of 30 seconds, the form
// that all authenticator programs know), and recovery codes. Pure, except for what is random.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::identity {

// What the secret of a person is sealed for (base/sealing.hpp).
std::string factor_context(const access::UserId& user_id);

std::string new_totp_secret();  // 20 random bytes, as long as the hash (RFC 4226 section 4)

constexpr std::int64_t totp_step(UnixMillis at) noexcept { return at / 30'000; }
std::string totp_code(std::string_view secret, std::int64_t step);
// The step that `code` belongs to: the one of `now`, or the one before or after it, as clocks
// differ. nullopt: none of them, or only steps that are not after `last_step`.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, UnixMillis now,
                                          std::int64_t last_step);

std::string to_base32(std::string_view bytes);  // RFC 4648 section 6, without padding
// What authenticator programs read from a QR code.
std::string totp_uri(std::string_view secret, std::string_view account);

// Ten codes of 80 random bits: "k3fq-7mzx-w2ha-p5tc".
std::vector<std::string> new_recovery_codes();
// The hash of a code however it is spelled: capitals, blanks and hyphens do not count.
Sha256 recovery_code_hash(std::string_view code);

// Whether a person has typed a code of an authenticator program, and not a recovery code.
bool is_totp_form(std::string_view code) noexcept;

}  // namespace fanion::cp::identity
