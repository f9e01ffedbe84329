#pragma once

// What SCIM tells clients about itself (RFC 7643, sections 5 to 7): JSON texts. Pure.

#include <array>
#include <string>
#include <string_view>

namespace fanion::cp::scim {

// `base`: the path of the organisation's SCIM: "/scim/v2/acme".
std::string service_provider_config_text(const std::string& base);

struct Described {
    std::string id;
    std::string text;
};
std::array<Described, 2> resource_types(const std::string& base);
std::array<Described, 2> schemas(const std::string& base);

}  // namespace fanion::cp::scim
