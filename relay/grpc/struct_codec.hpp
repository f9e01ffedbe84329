#pragma once

// google.protobuf.Struct, from and to JSON. Pure.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/base/protobuf.hpp"
#include "common/json/document.hpp"

namespace fanion::relay::grpc {

// Appends the JSON object that the bytes of a Struct stand for. Of several members with one name
// all are written, so that the last counts. The result has passed no check of its UTF-8 or its
// size: json::Document does that. Error: invalid_input, the bytes are not a Struct, it is deeper
// than JSON may be, or a number in it is not finite.
Result<> append_json(std::string& out, std::string_view bytes);

// The bytes of the Struct that an object stands for. Numbers become doubles.
std::string struct_of(json::Value object);

// Writes a Struct member by member.
class StructWriter {
public:
    StructWriter& member(std::string_view name, std::string_view text) {
        return add(name, protobuf::Writer().text(3, text).bytes());
    }
    StructWriter& member(std::string_view name, double number) {
        return add(name, protobuf::Writer().real(2, number).bytes());
    }
    StructWriter& member(std::string_view name, const StructWriter& object) {
        return add(name, protobuf::Writer().text(5, object.bytes()).bytes());
    }
    const std::string& bytes() const noexcept { return out_.bytes(); }

private:
    StructWriter& add(std::string_view name, std::string_view value) {
        out_.text(1, protobuf::Writer().text(1, name).text(2, value).bytes());
        return *this;
    }

    protobuf::Writer out_;
};

}  // namespace fanion::relay::grpc
