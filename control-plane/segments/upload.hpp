#pragma once

// A file of values in parts, until it is applied. Plain values, pure functions.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/document.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "control-plane/segments/value_file.hpp"

namespace fanion::cp::segments {

using UploadId = StrongId<struct UploadIdTag>;

inline constexpr UnixMillis upload_ms = 24 * 60 * 60 * 1000;  // how long one is kept
inline constexpr std::size_t most_uploads = 10;               // of an organisation at a time
inline constexpr int most_parts = static_cast<int>(limits::environment_bytes / limits::request_body_bytes);

struct UploadPart {
    int part = 0;  // 1 to most_parts
    std::size_t bytes = 0;
};

struct Upload {
    UploadId upload_id;
    FileFormat format = FileFormat::csv;
    std::string created_by;
    UnixMillis created_at = 0;
    std::vector<UploadPart> parts{};  // in their order
};

// One in a list of an organisation's, with the keys of what it is for.
struct ListedUpload {
    std::string project;
    std::string segment;
    std::string environment;
    Upload upload;
};

// {"format":"csv"}. Errors: invalid_input.
Result<FileFormat> read_new_upload(json::Value body);
// Error: invalid_input, with the pointer "{part}".
Result<int> read_part_number(std::string_view text);
// Error: conflict when there is no part, or one before the last is missing.
Result<> check_complete(const Upload& upload);

void write_members(json::Writer& w, const Upload& upload);
std::string to_json(const Upload& upload);

}  // namespace fanion::cp::segments
