// Converts a Tree to the tape of a Document, within the limits of the pre-scan.

#include <optional>

#include "common/base/text.hpp"
#include "common/json/scan_error.hpp"
#include "common/json/tree.hpp"

namespace fanion::json {
namespace {

// Visits a tree in the order of its text, checks the limits of the pre-scan, and measures the tape.
class Measure {
public:
    explicit Measure(const ScanLimits& limits) : limits_(limits) {}

    void add(const Tree& tree, std::size_t depth = 0) {
        ++nodes_;
        switch (tree.kind()) {
            case Kind::null:
                bytes_ += 4;
                return;
            case Kind::boolean:
                bytes_ += tree.as_bool() ? 4 : 5;
                return;
            case Kind::number:
                number(tree.number_text());
                return;
            case Kind::string:
                string(tree.as_string());
                return;
            case Kind::array:
                list(depth, tree.elements(), [&](const Tree& element) { add(element, depth + 1); });
                return;
            case Kind::object:
                list(depth, tree.members(), [&](const Tree::Member& member) {
                    ++nodes_;
                    string(member.name);
                    ++bytes_;  // the colon
                    add(member.value, depth + 1);
                });
                return;
        }
    }

    Result<> result() const {
        if (bytes_ > limits_.bytes) return too_large(limits_);
        if (first_error_) return *first_error_;
        return {};
    }
    std::size_t nodes() const noexcept { return nodes_; }
    std::size_t text_bytes() const noexcept { return text_bytes_; }

private:
    template <class Items, class Add>
    void list(std::size_t depth, const Items& items, Add add_item) {
        if (depth >= limits_.depth && !first_error_) first_error_ = too_deep(bytes_, limits_);
        ++bytes_;
        for (const auto& item : items) {
            if (&item != &items.front()) ++bytes_;  // the comma
            add_item(item);
        }
        ++bytes_;
    }

    void number(const std::string& text) {
        if (text.size() > limits_.number_length && !first_error_) first_error_ = number_too_long(bytes_, limits_);
        bytes_ += text.size();
        text_bytes_ += text.size();
    }
    void string(const std::string& text) {
        if (text.size() > limits_.string_bytes && !first_error_) first_error_ = string_too_long(bytes_, limits_);
        scratch_.clear();
        append_json_string(scratch_, text);
        bytes_ += scratch_.size();
        text_bytes_ += text.size();
    }

    const ScanLimits& limits_;
    std::size_t bytes_ = 0;       // length of the tree's text so far
    std::size_t text_bytes_ = 0;  // total length of decoded strings and numbers
    std::size_t nodes_ = 0;
    std::string scratch_;
    std::optional<Error> first_error_;
};

// `buffer` and `nodes` have enough capacity reserved, so views into the buffer stay valid.
class TapeWriter {
public:
    TapeWriter(std::vector<char>& buffer, std::vector<Node>& nodes) : buffer_(buffer), nodes_(nodes) {}

    void add(const Tree& tree) {
        switch (tree.kind()) {
            case Kind::null:
                nodes_.push_back({.kind = Kind::null});
                return;
            case Kind::boolean:
                nodes_.push_back({.kind = Kind::boolean, .truth = tree.as_bool()});
                return;
            case Kind::number:
                add_text(Kind::number, tree.number_text());
                return;
            case Kind::string:
                add_text(Kind::string, tree.as_string());
                return;
            case Kind::array:
                add_list(Kind::array, tree.elements(), [this](const Tree& element) { add(element); });
                return;
            case Kind::object:
                add_list(Kind::object, tree.members(), [this](const Tree::Member& member) { add_member(member); });
                return;
        }
    }

private:
    void add_text(Kind kind, std::string_view text) {
        const auto* copy = buffer_.data() + buffer_.size();
        buffer_.insert(buffer_.end(), text.begin(), text.end());
        const auto head = kind == Kind::string ? head_of(text) : 0;
        nodes_.push_back({.head = head, .text = copy, .length = static_cast<std::uint32_t>(text.size()), .kind = kind});
    }

    void add_member(const Tree::Member& member) {
        const auto name = nodes_.size();
        add_text(Kind::string, member.name);
        add(member.value);
        nodes_[name].skip = 1 + nodes_[name + 1].skip;
    }

    template <class Items, class Add>
    void add_list(Kind kind, const Items& items, Add add_item) {
        const auto here = nodes_.size();
        nodes_.push_back({.length = static_cast<std::uint32_t>(items.size()), .kind = kind});
        for (const auto& item : items) add_item(item);
        nodes_[here].skip = static_cast<std::uint32_t>(nodes_.size() - here);
    }

    std::vector<char>& buffer_;
    std::vector<Node>& nodes_;
};

}  // namespace

Result<> check_limits(const Tree& tree, const ScanLimits& limits) {
    Measure measure(limits);
    measure.add(tree);
    return measure.result();
}

Result<Document> to_document(const Tree& tree, const ScanLimits& limits) {
    Measure measure(limits);
    measure.add(tree);
    if (auto fits = measure.result(); !fits) return fits.error();
    Document document;
    document.buffer_.reserve(measure.text_bytes() + 1);  // never null
    document.nodes_.reserve(measure.nodes());
    TapeWriter(document.buffer_, document.nodes_).add(tree);
    return document;
}

}  // namespace fanion::json
