#include "common/base/ids.hpp"

#include <zlib.h>

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kinds[] = {"pat", "svc", "srv", "cli", "rly"};
constexpr std::size_t head_length = 8;  // fan_xyz_
constexpr std::size_t id_length = 10;
constexpr std::size_t secret_length = 30;
constexpr std::size_t crc_length = 6;

std::string random_base62(std::size_t length) {
    std::string out;
    while (out.size() < length) {
        for (const char c : random_bytes(length * 2)) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 248) continue;  // 4 * 62: the remaining values would bias the digits
            out += base62[byte % 62];
            if (out.size() == length) break;
        }
    }
    return out;
}

std::string crc_of(std::string_view text) {
    auto crc = crc32(0, reinterpret_cast<const unsigned char*>(text.data()), static_cast<unsigned>(text.size()));
    std::string out(crc_length, '0');
    for (auto digit = out.rbegin(); digit != out.rend(); ++digit, crc /= 62) *digit = base62[crc % 62];
    return out;
}

bool is_base62(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return base62.find(c) != std::string_view::npos; });
}

}  // namespace

std::string random_id(std::string_view prefix, std::size_t length) {
    return std::string(prefix) + random_base62(length);
}

ApiKey make_api_key(std::string_view kind) {
    ApiKey key;
    key.kind = kind;
    key.id = random_base62(id_length);
    key.text = "fan_" + key.kind + "_" + key.id + random_base62(secret_length);
    key.text += crc_of(key.text);
    return key;
}

bool has_api_key_form(std::string_view text) noexcept {
    if (text.size() <= head_length || !text.starts_with("fan_") || text[head_length - 1] != '_') return false;
    return std::find(std::begin(kinds), std::end(kinds), api_key_kind(text)) != std::end(kinds);
}

std::optional<ApiKey> parse_api_key(std::string_view text) {
    if (text.size() != head_length + id_length + secret_length + crc_length || !has_api_key_form(text)) {
        return std::nullopt;
    }
    if (!is_base62(text.substr(head_length))) return std::nullopt;
    if (crc_of(text.substr(0, text.size() - crc_length)) != text.substr(text.size() - crc_length)) return std::nullopt;
    return ApiKey{std::string(text), std::string(api_key_kind(text)), std::string(text.substr(head_length, id_length))};
}

}  // namespace fanion
