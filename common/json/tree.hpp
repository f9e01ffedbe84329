#pragma once

// Editable JSON. A Tree is parsed from text or copied from a Value; after editing, it is converted
// to a Document without being written as text and parsed again.
//
//     json::Tree tree(document.root());
//     tree.set("version", json::Tree::number(12));
//     auto edited = json::to_document(tree, limits);        // for json::Reader
//
// Members keep their order and numbers their spelling. Two trees are equal if their text is: 1.0
// differs from 1, and the order of members matters. Strings are UTF-8; the caller must ensure this
// for the strings it passes in.
//
// Functions recurse as deep as the tree. Trees from parse() or from a Value are within the depth
// limit of their Document. check_limits() and to_document() reject a tree that has grown deeper,
// but recurse through it to find out, so a caller must not nest without bound. Plain values; pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::json {

class Tree {
public:
    struct Member;
    using Elements = std::vector<Tree>;
    using Members = std::vector<Member>;

    Tree() = default;            // null
    explicit Tree(Value value);  // a copy; null for an empty Value

    static Tree boolean(bool truth);
    static Tree number(std::uint64_t number);
    static Tree string(std::string text);
    static Tree array();
    static Tree array(Elements elements);
    static Tree object();

    // Errors: those of Document::parse().
    static Result<Tree> parse(std::string_view text, const ScanLimits& limits = {});

    Kind kind() const noexcept;
    bool is(Kind wanted) const noexcept { return kind() == wanted; }

    bool as_bool() const { return std::get<bool>(content_); }                           // boolean
    const std::string& as_string() const { return std::get<std::string>(content_); }    // string, decoded
    const std::string& number_text() const { return std::get<Number>(content_).text; }  // number, as spelled
    Elements& elements() { return std::get<Elements>(content_); }                       // array
    const Elements& elements() const { return std::get<Elements>(content_); }
    Members& members() { return std::get<Members>(content_); }  // object
    const Members& members() const { return std::get<Members>(content_); }

    // The last member with that name; null if there is none or this is not an object. The pointer
    // is valid until the object's members change.
    Tree* find(std::string_view name) noexcept;
    const Tree* find(std::string_view name) const noexcept;

    // Object: replaces the value of the member that find() returns, or appends a member. Returns
    // this object.
    Tree& set(std::string_view name, Tree value);
    // Object: removes every member with that name.
    void remove(std::string_view name);

    // Writes compact JSON, as Value::to_text() does.
    void append_to(std::string& out) const;
    std::string to_text() const;

    friend bool operator==(const Tree& a, const Tree& b);

private:
    struct Number {
        std::string text;
        friend bool operator==(const Number&, const Number&) = default;
    };

    std::variant<std::monostate, bool, Number, std::string, Elements, Members> content_;
};

struct Tree::Member {
    std::string name;
    Tree value;
    friend bool operator==(const Member&, const Member&) = default;
};

// Checks whether Document::parse() would accept the tree's text within `limits`. Errors: those of
// prescan(), with byte offsets into that text.
Result<> check_limits(const Tree& tree, const ScanLimits& limits = {});

// Makes the Document that parsing the tree's text would make. Errors: those of check_limits().
Result<Document> to_document(const Tree& tree, const ScanLimits& limits = {});

}  // namespace fanion::json
