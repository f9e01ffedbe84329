// The only file that uses RapidJSON: its SAX reader fills the tape and decodes strings in place in our copy of the
// text.

#include "common/json/document.hpp"

#include <rapidjson/reader.h>

#include <cstring>

namespace fanion::json {
namespace {

// A RapidJSON handler; the function names are RapidJSON's. An open container keeps the index of its parent in `skip`
// until it is closed, so no stack is needed.
class TapeBuilder {
public:
    using SizeType = rapidjson::SizeType;

    explicit TapeBuilder(std::vector<Node>& nodes) : nodes_(nodes) {}

    bool Null() { return add({.kind = Kind::null}); }
    bool Bool(bool truth) { return add({.kind = Kind::boolean, .truth = truth}); }
    bool RawNumber(const char* text, SizeType length, bool) {
        return add({.text = text, .length = length, .kind = Kind::number});
    }
    bool String(const char* text, SizeType length, bool) {
        return add({.head = head_of({text, length}), .text = text, .length = length, .kind = Kind::string});
    }
    bool Key(const char* text, SizeType length, bool) {
        return add({.head = head_of({text, length}), .text = text, .length = length, .skip = 2, .kind = Kind::string});
    }
    bool StartObject() { return open(Kind::object); }
    bool StartArray() { return open(Kind::array); }
    bool EndObject(SizeType members) { return close(members); }
    bool EndArray(SizeType elements) { return close(elements); }

    // Never called, because numbers are passed as text (RawNumber); the reader's template requires them all the same.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

private:
    bool add(const Node& node) {
        nodes_.push_back(node);
        return true;
    }
    bool open(Kind kind) {
        const auto here = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({.skip = open_, .kind = kind});
        open_ = here;
        return true;
    }
    bool close(SizeType count) {
        Node& node = nodes_[open_];
        const auto parent = node.skip;
        node.length = count;
        node.skip = static_cast<std::uint32_t>(nodes_.size()) - open_;
        if (open_ != 0 && nodes_[parent].kind == Kind::object) nodes_[open_ - 1].skip = 1 + node.skip;
        open_ = parent;
        return true;
    }

    std::vector<Node>& nodes_;
    std::uint32_t open_ = 0;
};

std::string reason_of(rapidjson::ParseErrorCode code) {
    switch (code) {
        case rapidjson::kParseErrorDocumentEmpty:
            return "the text is empty";
        case rapidjson::kParseErrorDocumentRootNotSingular:
            return "unexpected text after the end of the value";
        case rapidjson::kParseErrorObjectMissName:
            return "the name of a member is missing";
        case rapidjson::kParseErrorObjectMissColon:
            return "a colon is missing";
        case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
            return "a comma or `}` is missing";
        case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
            return "a comma or `]` is missing";
        case rapidjson::kParseErrorStringEscapeInvalid:
            return "invalid escape sequence or unescaped control character in a string";
        case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
            return "`\\u` must be followed by four hexadecimal digits";
        case rapidjson::kParseErrorStringMissQuotationMark:
            return "a closing quotation mark is missing";
        case rapidjson::kParseErrorNumberTooBig:
            return "a number is too large";
        case rapidjson::kParseErrorNumberMissFraction:
            return "digits are missing after the decimal point";
        case rapidjson::kParseErrorNumberMissExponent:
            return "digits are missing in the exponent";
        default:
            return "not a valid JSON value";
    }
}

Error syntax_error(std::size_t offset, const std::string& reason) {
    std::string detail = "byte " + std::to_string(offset) + ": " + reason;
    return Error{Errc::invalid_input, detail, {Finding{"", "", "syntax", detail}}};
}

}  // namespace

Result<> Document::parse(std::string_view text, const ScanLimits& limits) {
    nodes_.clear();
    if (auto scanned = prescan(text, limits); !scanned) return scanned;
    buffer_.resize(text.size() + 1);
    if (!text.empty()) std::memcpy(buffer_.data(), text.data(), text.size());
    buffer_[text.size()] = '\0';

    rapidjson::InsituStringStream stream(buffer_.data());
    TapeBuilder builder(nodes_);
    rapidjson::Reader reader;
    const auto parsed =
        reader.Parse<rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag>(stream, builder);
    if (parsed.IsError()) {
        nodes_.clear();
        return syntax_error(parsed.Offset(), reason_of(parsed.Code()));
    }
    // The parser treats a NUL byte as the end of the text.
    if (stream.Tell() != text.size()) {
        nodes_.clear();
        return syntax_error(stream.Tell(), "unexpected text after the end of the value");
    }
    return {};
}

}  // namespace fanion::json
