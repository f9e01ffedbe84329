#include "common/base/ids.hpp"

#include <zlib.h>

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kinds[] = {"pat", "svc", "srv", "cli", "rly"};
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

std::optional<ApiKey> parse_api_key(std::string_view text) {
    constexpr std::size_t head = 8;  // fan_xyz_
    if (text.size() != head + id_length + secret_length + crc_length || !text.starts_with("fan_") || text[7] != '_') {
        return std::nullopt;
    }
    const auto kind = text.substr(4, 3);
    if (std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds)) return std::nullopt;
    if (!is_base62(text.substr(head))) return std::nullopt;
    if (crc_of(text.substr(0, text.size() - crc_length)) != text.substr(text.size() - crc_length)) return std::nullopt;
    return ApiKey{std::string(text), std::string(kind), std::string(text.substr(head, id_length))};
}

}  // namespace fanion
