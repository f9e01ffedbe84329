#include "common/backup/backup_id.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

constexpr std::size_t tag_digits = 8;
constexpr std::string_view form = "00000000T000000Z-";

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string installation_tag(std::string_view iss) { return to_hex(sha256(iss)).substr(0, tag_digits); }

BackupId make_backup_id(std::string_view iss, UnixMillis now) {
    const auto tag = installation_tag(iss);
    auto time = format_rfc3339(now);  // 2026-11-30T02:15:00.000Z
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    time.resize(time.find('.'));
    return {time + "Z-" + tag, now / 1000 * 1000, tag};
}

std::optional<BackupId> parse_backup_id(std::string_view text) {
    if (text.size() != form.size() + tag_digits) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == '0' ? !is_digit(text[i]) : form[i] != text[i]) return std::nullopt;
    }
    const auto tag = text.substr(form.size());
    if (!std::ranges::all_of(tag, is_hex)) return std::nullopt;
    const auto part = [text](std::size_t at, std::size_t length) { return std::string(text.substr(at, length)); };
    const auto time = parse_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) + ":" +
                                    part(11, 2) + ":" + part(13, 2) + "Z");
    if (!time) return std::nullopt;
    return BackupId{std::string(text), *time, std::string(tag)};
}

}  // namespace fanion::backup
