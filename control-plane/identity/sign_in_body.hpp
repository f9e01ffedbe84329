#pragma once

// The bodies of requests that sign people in. Stateless.

#include <array>
#include <string>
#include <vector>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

// The body's members of these names: all of them are required strings, and there are no others.
template <std::size_t Count>
Result<std::array<std::string, Count>> read_strings(http::Call& call, const char* const (&names)[Count]) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    return body::read_object((*body)->root(), [&](json::Reader& r, std::vector<Finding>&) {
        std::array<std::string, Count> values;
        for (std::size_t i = 0; i < Count; ++i) values[i] = r.string(names[i]);
        return values;
    });
}

}  // namespace fanion::cp::identity
