#include "control-plane/body/apply_json_patch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::body {
namespace {

using json::Kind;
using json::Tree;
using Tokens = std::vector<std::string>;

// RFC 6901: no sign, no leading zero. nullopt also for an index that is too large for an array.
std::optional<std::size_t> index_of(std::string_view token) {
    if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
    const auto index = parse_u64(token);
    return index ? std::optional(static_cast<std::size_t>(*index)) : std::nullopt;
}

Tree* child_of(Tree& parent, const std::string& token) {
    if (parent.is(Kind::object)) return parent.find(token);
    if (!parent.is(Kind::array)) return nullptr;
    const auto index = index_of(token);
    return index && *index < parent.elements().size() ? &parent.elements()[*index] : nullptr;
}

// The value at the first `count` tokens, or null.
Tree* resolve(Tree& root, const Tokens& tokens, std::size_t count) {
    auto* at = &root;
    for (std::size_t i = 0; i < count && at != nullptr; ++i) at = child_of(*at, tokens[i]);
    return at;
}

std::size_t depth_of(const Tree& tree) {
    std::size_t below = 0;
    if (tree.is(Kind::array)) {
        for (const auto& element : tree.elements()) below = std::max(below, depth_of(element));
    } else if (tree.is(Kind::object)) {
        for (const auto& member : tree.members()) below = std::max(below, depth_of(member.value));
    } else {
        return 0;
    }
    return below + 1;
}

bool starts_with(const Tokens& tokens, const Tokens& prefix) {
    return tokens.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), tokens.begin());
}

class Application {
public:
    explicit Application(Tree& target) : target_(target) {}

    // One operation; findings go to the reader.
    void apply(json::Reader& r) {
        const auto op = r.string("op");
        const auto path = read_path(r, "path");
        if (!path) return;
        if (op == "add") return with_value(r, [&](Tree value) { add(r, *path, std::move(value)); });
        if (op == "replace") return with_value(r, [&](Tree value) { replace(r, *path, std::move(value)); });
        if (op == "test") return with_value(r, [&](const Tree& value) { test(r, *path, value); });
        if (op == "remove") return remove(r, "path", *path);
        if (op == "move") return move(r, *path);
        if (op == "copy") return copy(r, *path);
        if (has_string(r, "op"))
            r.fail_at("op", "unknown_operation", "an operation is add, remove, replace, move, copy or test");
    }

    Errc error_code() const noexcept { return code_; }

private:
    std::optional<Tokens> read_path(json::Reader& r, std::string_view member) {
        const auto text = r.string(member);
        if (!has_string(r, member)) return std::nullopt;
        auto tokens = json::parse_pointer(text);
        if (!tokens) r.fail_at(member, "bad_pointer", "a path is a JSON pointer, as /rules/0");
        return tokens;
    }

    template <class Use>
    void with_value(json::Reader& r, const Use& use) {
        if (const auto value = r.any("value")) use(Tree(value));
    }

    void missing(json::Reader& r, std::string_view member) {
        code_ = Errc::unprocessable;
        r.fail_at(member, "no_such_place", "there is no such place in the resource");
    }

    bool fits(json::Reader& r, const Tokens& path, const Tree& value) {
        if (path.size() + depth_of(value) <= limits::json_depth) return true;
        r.fail_at("path", "limit", "JSON is nested at most " + std::to_string(limits::json_depth) + " deep");
        return false;
    }

    void add(json::Reader& r, const Tokens& path, Tree value) {
        if (!fits(r, path, value)) return;
        if (path.empty()) {
            target_ = std::move(value);
            return;
        }
        auto* parent = resolve(target_, path, path.size() - 1);
        if (parent == nullptr) return missing(r, "path");
        if (parent->is(Kind::object)) {
            parent->set(path.back(), std::move(value));
            return;
        }
        if (!parent->is(Kind::array)) return missing(r, "path");
        auto& elements = parent->elements();
        const auto index = path.back() == "-" ? std::optional(elements.size()) : index_of(path.back());
        if (!index || *index > elements.size()) return missing(r, "path");
        elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
    }

    void replace(json::Reader& r, const Tokens& path, Tree value) {
        auto* held = resolve(target_, path, path.size());
        if (held == nullptr) return missing(r, "path");
        if (fits(r, path, value)) *held = std::move(value);
    }

    void test(json::Reader& r, const Tokens& path, const Tree& value) {
        const auto* held = resolve(target_, path, path.size());
        if (held == nullptr) return missing(r, "path");
        if (is_equal_json(*held, value)) return;
        code_ = Errc::conflict;
        r.fail_at("value", "test_failed", "the present value is " + shortened(held->to_text(), 200));
    }

    void remove(json::Reader& r, std::string_view member, const Tokens& path) {
        auto* parent = path.empty() ? nullptr : resolve(target_, path, path.size() - 1);
        if (parent == nullptr || child_of(*parent, path.back()) == nullptr) return missing(r, member);
        if (parent->is(Kind::object)) {
            parent->remove(path.back());
        } else {
            parent->elements().erase(parent->elements().begin() + static_cast<std::ptrdiff_t>(*index_of(path.back())));
        }
    }

    void move(json::Reader& r, const Tokens& path) {
        const auto from = read_path(r, "from");
        if (!from) return;
        auto* held = resolve(target_, *from, from->size());
        if (held == nullptr) return missing(r, "from");
        if (*from == path) return;
        if (starts_with(path, *from))
            return r.fail_at("path", "malformed", "a value cannot be moved into one of its own parts");
        auto value = std::move(*held);
        remove(r, "from", *from);
        add(r, path, std::move(value));
    }

    void copy(json::Reader& r, const Tokens& path) {
        const auto from = read_path(r, "from");
        if (!from) return;
        const auto* held = resolve(target_, *from, from->size());
        if (held == nullptr) return missing(r, "from");
        copied_ += held->to_text().size();
        if (copied_ > limits::composed_bytes)
            return r.fail_at("from", "limit", "the operations copy too much; write the values instead");
        add(r, path, Tree(*held));
    }

    Tree& target_;
    std::size_t copied_ = 0;  // bytes, as JSON
    Errc code_ = Errc::invalid_input;
};

bool is_equal_object(const Tree& a, const Tree& b) {
    if (a.members().size() != b.members().size()) return false;
    std::map<std::string_view, const Tree*> held;
    for (const auto& member : a.members()) held[member.name] = &member.value;
    return std::all_of(b.members().begin(), b.members().end(), [&](const Tree::Member& member) {
        const auto found = held.find(member.name);
        return found != held.end() && is_equal_json(*found->second, member.value);
    });
}

}  // namespace

bool is_equal_json(const Tree& a, const Tree& b) {
    if (a.kind() != b.kind()) return false;
    if (a.is(Kind::object)) return is_equal_object(a, b);
    if (a.is(Kind::array))
        return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(), b.elements().end(),
                          is_equal_json);
    if (a.is(Kind::number))
        return a.number_text() == b.number_text() ||
               json::parse_double(a.number_text()) == json::parse_double(b.number_text());
    return a == b;
}

Result<> apply_json_patch(Tree& target, json::Value patch) {
    std::vector<Finding> findings;
    Application application(target);
    if (patch.size() > max_patch_operations) {
        findings.push_back(
            {"", "", "limit", "a JSON Patch has at most " + std::to_string(max_patch_operations) + " operations"});
        return error_if_any(std::move(findings));
    }
    std::size_t index = 0;
    for (const auto operation : patch.elements()) {
        json::Reader r(operation, findings, '/' + std::to_string(index++));
        if (!r.is_object()) r.fail("wrong_type", "an operation is a JSON object");
        if (r.is_object()) application.apply(r);
        if (findings.empty()) continue;
        return Error{application.error_code(), findings.front().detail, std::move(findings)};
    }
    return json::check_limits(target, composed_limits());
}

}  // namespace fanion::cp::body
