#pragma once

// The name of a backup: when it was begun and of which installation, "20261130T021500Z-5f0c1d2e".
// Names of one installation sort by time. Plain value, pure.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"

namespace fanion::backup {

struct BackupId {
    std::string text;
    UnixMillis begun_at = 0;  // whole seconds
    std::string installation;

    friend bool operator==(const BackupId&, const BackupId&) = default;
};

// Stands for the issuer's name in the name of a backup: eight digits of its hash.
std::string installation_tag(std::string_view iss);

BackupId make_backup_id(std::string_view iss, UnixMillis now);
std::optional<BackupId> parse_backup_id(std::string_view text);

}  // namespace fanion::backup
