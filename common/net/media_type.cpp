#include "common/net/media_type.hpp"

#include "common/base/text.hpp"

namespace fanion::net {

std::string_view media_type_of(std::string_view content_type) noexcept {
    return trim(content_type.substr(0, content_type.find(';')));
}

bool has_media_type(std::string_view content_type, std::string_view media_type) noexcept {
    return equals_ignore_case_ascii(media_type_of(content_type), media_type);
}

bool is_identity(std::string_view content_encoding) noexcept {
    return content_encoding.empty() || equals_ignore_case_ascii(content_encoding, "identity");
}

}  // namespace fanion::net
