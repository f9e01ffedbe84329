#pragma once

// JSON from outside, read once into a flat tape. Everything passes the pre-scan first (depth, number length, string
// length, UTF-8, size): RapidJSON's parser recurses and must never see hostile input unchecked.
//
// A Document may be reused: parse() keeps the capacity, so a warm document reads a small context without allocating.
// Numbers keep their spelling. Values are views into their Document and end with it or with its next parse().
// One thread.

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

// The pre-scan. Error: Errc::invalid_input (or too_large for size), whose finding's pointer is "" and whose detail names
// the byte offset and the reason. Codes: size, depth, number_length, string_length, utf8.
struct ScanLimits {
    std::size_t bytes = limits::request_body_bytes;
    std::size_t depth = limits::json_depth;
    std::size_t number_length = limits::json_number_length;
    std::size_t string_bytes = limits::string_bytes;
};
Result<> prescan(std::string_view text, const ScanLimits& limits = {});

// One node of the tape. Containers are followed by their content; a member is a string node followed by its value, and its
// `skip` leads to the next member.
struct Node {
    std::uint64_t head = 0;      // strings and names: head_of(text), which tells most of them apart
    const char* text = nullptr;  // decoded string, or the number's spelling; not terminated
    std::uint32_t length = 0;    // bytes of text; for containers the number of elements or members
    std::uint32_t skip = 1;      // nodes from here to the next sibling
    Kind kind = Kind::null;
    bool truth = false;
};

class Value;
class Tree;
struct Member;

// Walks siblings: elements of an array (Stride 1) or members of an object.
class ElementIterator;
class MemberIterator;
class Elements;
class Members;

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
    double as_double() const noexcept;                                                      // number, nearest
    std::optional<std::int64_t> as_i64() const noexcept;         // number spelled as an integer that fits
    std::optional<std::uint64_t> as_u64() const noexcept;        // the same, unsigned
    std::size_t size() const noexcept { return node_->length; }  // array, object

    Elements elements() const noexcept;  // array
    Members members() const noexcept;    // object

    // The last member of that name (as JavaScript and Python read duplicates), or an empty Value.
    Value find(std::string_view name) const noexcept;
    Value find(std::string_view name, std::uint64_t head) const noexcept;  // head: head_of(name)
    // RFC 6901, already split and unescaped into reference tokens.
    Value at(const std::vector<std::string>& tokens) const noexcept;

    // Compact JSON: no white space, members in their order, numbers as spelled.
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
    Document(const Document&) = delete;  // the tape points into the buffer, which moves along but cannot be copied
    Document& operator=(const Document&) = delete;
    Document(Document&&) noexcept = default;
    Document& operator=(Document&&) noexcept = default;

    // Copies `text`, pre-scans and parses it. On error the document is empty. Errors: those of prescan(), and
    // invalid_input with code `syntax` (also for a number too big for a double).
    Result<> parse(std::string_view text, const ScanLimits& limits = {});
    Value root() const noexcept { return nodes_.empty() ? Value() : Value(nodes_.data()); }

private:
    friend Result<Document> to_document(const Tree& tree, const ScanLimits& limits);

    std::vector<char> buffer_;  // a vector because a short string's bytes would move
    std::vector<Node> nodes_;
};

// The double nearest to a JSON number; infinity or zero where it is out of a double's range.
double parse_double(std::string_view number) noexcept;

// RFC 6901: "/a~1b/0" -> {"a/b", "0"}; nothing when malformed. "" is the whole document.
std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer);
// Appends "/token" with its escapes.
void append_pointer(std::string& pointer, std::string_view token);

}  // namespace fanion::json
