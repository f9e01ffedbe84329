#pragma once

// The FileDescriptorSet of proto-schemas/proto, embedded by the build. Immutable.

#include <string_view>

namespace fanion::cp::grpc {

std::string_view descriptor_set() noexcept;

}  // namespace fanion::cp::grpc
