#pragma once

// Messages as bytes. Thread-safe.

#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <vector>

namespace fanion::grpc_port {

inline std::string text_of(const ::grpc::ByteBuffer& buffer) {
    std::vector<::grpc::Slice> slices;
    if (!buffer.Dump(&slices).ok()) return {};
    std::string text;
    text.reserve(buffer.Length());
    for (const auto& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return text;
}

inline ::grpc::ByteBuffer buffer_of(const std::string& text) {
    const ::grpc::Slice slice(text);
    return ::grpc::ByteBuffer(&slice, 1);
}

}  // namespace fanion::grpc_port
