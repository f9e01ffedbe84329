#pragma once

// Parses untrusted JSON into a flat array of nodes, the tape. All input passes the pre-scan first
// (depth, number length, string length, UTF-8, size): RapidJSON's parser is recursive and must
// never see unbounded input.
//
// A Document can be reused. parse() keeps the capacity, so a warm document parses a small context
// without allocating. Numbers keep their spelling. Values are views into their Document; they are
// invalidated by its destruction and by its next parse(). A Document is not thread-safe; a parsed
// one may be read by several threads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/equal_bytes.hpp"
#include "common/json/limits.hpp"

namespace fanion::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

std::string_view kind_name(Kind kind) noexcept;  // "null", "boolean", ..

struct ScanLimits {
    std::size_t bytes = limits::request_body_bytes;
    std::size_t depth = limits::json_depth;
    std::size_t number_length = limits::json_number_length;
    std::size_t string_bytes = limits::string_bytes;  // of one string, decoded
};

// Checks `text` against the limits without parsing it. Errors: invalid_input, or too_large for the
// size, with one finding that has an empty pointer, one of the codes `size`, `depth`,
// `number_length`, `string_length`, `utf8`, and a detail with the byte offset and the reason.
Result<> prescan(std::string_view text, const ScanLimits& limits = {});

// One node of the tape. A container is followed by its content. A member is a string node followed
// by its value; the `skip` of the string node leads to the next member.
struct Node {
    std::uint64_t head = 0;      // strings and names: head_of(text), which distinguishes most of them
    const char* text = nullptr;  // decoded string, or the number's spelling; not terminated
    std::uint32_t length = 0;    // bytes of text; for containers the number of elements or members
    std::uint32_t skip = 1;      // nodes from here to the next sibling
    Kind kind = Kind::null;
    bool truth = false;
};

class Value;
class Tree;
struct Member;

class ElementIterator;
class MemberIterator;
class Elements;
class Members;

// A view of one JSON value. A default-constructed Value is empty: it stands for a value that does
// not exist, converts to false, and allows only find() and at(). The comment behind an accessor
// names the kind of value it requires.
class Value {
public:
    Value() = default;
    explicit Value(const Node* node) : node_(node) {}

    explicit operator bool() const noexcept { return node_ != nullptr; }
    const Node* node() const noexcept { return node_; }
    Kind kind() const noexcept { return node_->kind; }
    bool is(Kind kind) const noexcept { return node_->kind == kind; }

    bool as_bool() const noexcept { return node_->truth; }                                  // boolean
    std::string_view as_string() const noexcept { return {node_->text, node_->length}; }    // string, decoded
    std::uint64_t string_head() const noexcept { return node_->head; }                      // string: its head_of()
    std::string_view number_text() const noexcept { return {node_->text, node_->length}; }  // number, as spelled
    double as_double() const noexcept;                                                      // number: parse_double()
    std::optional<std::int64_t> as_i64() const noexcept;         // number; nullopt unless an integer that fits
    std::optional<std::uint64_t> as_u64() const noexcept;        // the same, unsigned
    std::size_t size() const noexcept { return node_->length; }  // array, object

    Elements elements() const noexcept;  // array
    Members members() const noexcept;    // object

    // The last member with that name, as JavaScript and Python treat duplicates; an empty Value if
    // there is none or this is not an object.
    Value find(std::string_view name) const noexcept;
    Value find(std::string_view name, std::uint64_t head) const noexcept;  // head: head_of(name)
    // The value that an RFC 6901 pointer, already split into unescaped reference tokens, refers to;
    // an empty Value if there is none.
    Value at(const std::vector<std::string>& tokens) const noexcept;

    // Writes compact JSON: no white space, members in their order, numbers as spelled.
    void append_to(std::string& out) const;
    std::string to_text() const;

private:
    const Node* node_ = nullptr;
};

struct Member {
    std::string_view name;
    Value value;
};

class ElementIterator {
public:
    explicit ElementIterator(const Node* node, std::uint32_t left) : node_(node), left_(left) {}
    Value operator*() const noexcept { return Value(node_); }
    ElementIterator& operator++() noexcept {
        node_ += node_->skip;
        --left_;
        return *this;
    }
    bool operator!=(const ElementIterator& other) const noexcept { return left_ != other.left_; }

private:
    const Node* node_;
    std::uint32_t left_;
};

class MemberIterator {
public:
    explicit MemberIterator(const Node* node, std::uint32_t left) : node_(node), left_(left) {}
    Member operator*() const noexcept { return {{node_->text, node_->length}, Value(node_ + 1)}; }
    MemberIterator& operator++() noexcept {
        node_ += node_->skip;
        --left_;
        return *this;
    }
    bool operator!=(const MemberIterator& other) const noexcept { return left_ != other.left_; }

private:
    const Node* node_;
    std::uint32_t left_;
};

class Elements {
public:
    explicit Elements(const Node* container) : container_(container) {}
    ElementIterator begin() const noexcept { return ElementIterator(container_ + 1, container_->length); }
    ElementIterator end() const noexcept { return ElementIterator(nullptr, 0); }

private:
    const Node* container_;
};

class Members {
public:
    explicit Members(const Node* container) : container_(container) {}
    MemberIterator begin() const noexcept { return MemberIterator(container_ + 1, container_->length); }
    MemberIterator end() const noexcept { return MemberIterator(nullptr, 0); }

private:
    const Node* container_;
};

inline Value Value::find(std::string_view name, std::uint64_t head) const noexcept {
    if (node_ == nullptr || node_->kind != Kind::object) return {};
    const Node* found = nullptr;
    const Node* member = node_ + 1;
    for (auto left = node_->length; left > 0; --left, member += member->skip)
        if (member->head == head && member->length == name.size() &&
            (name.size() <= 8 || equal_tails(member->text, name.data(), name.size())))
            found = member + 1;
    return Value(found);
}
inline Value Value::find(std::string_view name) const noexcept { return find(name, head_of(name)); }

inline Elements Value::elements() const noexcept { return Elements(node_); }
inline Members Value::members() const noexcept { return Members(node_); }

class Document {
public:
    Document() = default;
    Document(const Document&) = delete;  // the tape points into the buffer; moving keeps its address, copying would not
    Document& operator=(const Document&) = delete;
    Document(Document&&) noexcept = default;
    Document& operator=(Document&&) noexcept = default;

    // Pre-scans `text`, copies it and parses the copy. After an error the document is empty.
    // Errors: those of prescan(), and invalid_input with the finding code `syntax` (also for a
    // number too large for a double).
    Result<> parse(std::string_view text, const ScanLimits& limits = {});
    // The parsed value; an empty Value before the first parse() and after an error.
    Value root() const noexcept { return nodes_.empty() ? Value() : Value(nodes_.data()); }

private:
    friend Result<Document> to_document(const Tree& tree, const ScanLimits& limits);

    std::vector<char> buffer_;  // not a string: moving a short std::string would move its bytes
    std::vector<Node> nodes_;
};

// The double nearest to a JSON number; infinity or zero if it is out of range.
double parse_double(std::string_view number) noexcept;

// Splits an RFC 6901 pointer into unescaped tokens: "/a~1b/0" -> {"a/b", "0"}. The empty pointer
// refers to the whole document. Returns nullopt if the pointer is malformed.
std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer);
// Appends "/token" with its escapes.
void append_pointer(std::string& pointer, std::string_view token);

}  // namespace fanion::json
