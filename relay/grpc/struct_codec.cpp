#include "relay/grpc/struct_codec.hpp"

#include <cmath>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"

namespace fanion::relay::grpc {
namespace {

using protobuf::Field;
using protobuf::Reader;
using protobuf::WireType;

Error malformed(const char* why) { return {Errc::invalid_input, std::string("the context is malformed: ") + why}; }

class StructReader {
public:
    explicit StructReader(std::string& out) : out_(out) {}

    Result<> object(std::string_view bytes, std::size_t depth) {
        if (depth > limits::json_depth) return malformed("it is too deep");
        out_ += '{';
        Reader reader(bytes);
        Field field;
        bool is_first = true;
        while (reader.next(field)) {
            if (field.number != 1) continue;
            if (field.type != WireType::bytes) return malformed("a member has a wrong type");
            if (!is_first) out_ += ',';
            is_first = false;
            if (auto read = member(field.bytes, depth); !read) return read;
        }
        if (reader.is_malformed()) return malformed("it is no Struct");
        out_ += '}';
        return {};
    }

private:
    Result<> member(std::string_view bytes, std::size_t depth) {
        std::string_view name;
        std::string_view content;
        Reader reader(bytes);
        Field field;
        while (reader.next(field)) {
            if (field.number != 1 && field.number != 2) continue;
            if (field.type != WireType::bytes) return malformed("a member has a wrong type");
            (field.number == 1 ? name : content) = field.bytes;
        }
        if (reader.is_malformed()) return malformed("it is no Struct");
        append_json_string(out_, name);
        out_ += ':';
        return value(content, depth + 1);
    }

    // A value is the last one of its oneof; without any it is null.
    Result<> value(std::string_view bytes, std::size_t depth) {
        Field last;
        Reader reader(bytes);
        Field field;
        while (reader.next(field)) {
            if (field.number > 6) continue;
            if (field.type != type_of(field.number)) return malformed("a value has a wrong type");
            last = field;
        }
        if (reader.is_malformed()) return malformed("it is no Struct");
        switch (last.number) {
            case 2:
                return number(last.as_double());
            case 3:
                append_json_string(out_, last.bytes);
                return {};
            case 4:
                out_ += last.value != 0 ? "true" : "false";
                return {};
            case 5:
                return object(last.bytes, depth);
            case 6:
                return list(last.bytes, depth);
            default:
                out_ += "null";
                return {};
        }
    }

    static WireType type_of(std::uint32_t number) noexcept {
        if (number == 2) return WireType::fixed64;
        return number == 1 || number == 4 ? WireType::varint : WireType::bytes;
    }

    Result<> number(double number) {
        if (!std::isfinite(number)) return malformed("a number is not finite");
        json::Writer(out_).number(number);
        return {};
    }

    Result<> list(std::string_view bytes, std::size_t depth) {
        if (depth > limits::json_depth) return malformed("it is too deep");
        out_ += '[';
        Reader reader(bytes);
        Field field;
        bool is_first = true;
        while (reader.next(field)) {
            if (field.number != 1) continue;
            if (field.type != WireType::bytes) return malformed("an element has a wrong type");
            if (!is_first) out_ += ',';
            is_first = false;
            if (auto read = value(field.bytes, depth + 1); !read) return read;
        }
        if (reader.is_malformed()) return malformed("it is no Struct");
        out_ += ']';
        return {};
    }

    std::string& out_;
};

std::string value_of(json::Value value) {
    protobuf::Writer out;
    switch (value.kind()) {
        case json::Kind::null:
            out.number(1, 0);
            break;
        case json::Kind::number:
            out.real(2, value.as_double());
            break;
        case json::Kind::string:
            out.text(3, value.as_string());
            break;
        case json::Kind::boolean:
            out.number(4, value.as_bool() ? 1 : 0);
            break;
        case json::Kind::object:
            out.text(5, struct_of(value));
            break;
        case json::Kind::array: {
            protobuf::Writer list;
            for (const auto element : value.elements()) list.text(1, value_of(element));
            out.text(6, list.bytes());
            break;
        }
    }
    return out.take();
}

}  // namespace

Result<> append_json(std::string& out, std::string_view bytes) { return StructReader(out).object(bytes, 1); }

std::string struct_of(json::Value object) {
    protobuf::Writer out;
    for (const auto [name, value] : object.members()) {
        out.text(1, protobuf::Writer().text(1, name).text(2, value_of(value)).bytes());
    }
    return out.take();
}

}  // namespace fanion::relay::grpc
