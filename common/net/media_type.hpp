#pragma once

// Media types and codings as Content-Type and Content-Encoding carry them (RFC 9110 sections 8.3.1
// and 8.4.1). Pure; nothing here allocates.

#include <string_view>

namespace fanion::net {

// Type and subtype without parameters: "application/json" of "application/json; charset=utf-8". A
// view into `content_type`.
std::string_view media_type_of(std::string_view content_type) noexcept;

// Whether `content_type` is of `media_type` ("application/json"), whatever its case and parameters.
bool has_media_type(std::string_view content_type, std::string_view media_type) noexcept;

// Whether a body with this Content-Encoding is as it was made: the header is missing or `identity`.
bool is_identity(std::string_view content_encoding) noexcept;

}  // namespace fanion::net
