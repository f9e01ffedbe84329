#include "common/flagfile/update.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/flagfile/format.hpp"
#include "common/flagfile/source_node.hpp"

namespace fanion::flagfile {
namespace {

using json::Kind;
using json::Tree;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

bool is_comment_or_blank(std::string_view line) {
    const auto content = trim(line);
    return content.empty() || content.front() == '#';
}

class Updater {
public:
    explicit Updater(std::string_view text) : lines_(lines_of(text)) {}

    std::string update(const SourceNode& root, const Tree& present, const Tree& wanted) {
        copy(0, root.children.empty() ? 0 : first_line(root.children.front()));
        auto end = lines_.size();  // comments at the end are nobody's
        while (end > 0 && is_comment_or_blank(lines_[end - 1])) --end;
        mapping(root, end, present, wanted);
        copy(end, lines_.size());
        return std::move(out_);
    }

private:
    void copy(std::size_t from, std::size_t to) {
        for (; from < to && from < lines_.size(); ++from) out_ += lines_[from];
        if (!out_.empty() && out_.back() != '\n') out_ += '\n';
    }

    static std::size_t key_line(const SourceNode::Child& child) { return child.place.line - 1; }

    // With the comments above it.
    std::size_t first_line(const SourceNode::Child& child) const {
        auto line = key_line(child);
        while (line > 0 && is_comment_or_blank(lines_[line - 1])) --line;
        return line;
    }

    // A mapping whose members are lines of their own, below their key.
    static bool is_lines(const SourceNode::Child& child) {
        const auto& node = *child.node;
        return node.kind == Kind::object && node.is_block && !node.children.empty() &&
               node.children.front().place.line > child.place.line;
    }

    // The members of a mapping, up to the line `end`.
    void mapping(const SourceNode& node, std::size_t end, const Tree& present, const Tree& wanted) {
        const auto indent = node.children.empty() ? 0 : node.children.front().place.column - 1;
        std::size_t next = 0;  // of the wanted members, which are in the order of the file where both have it
        const auto add_until = [&](std::string_view key) {
            for (; next < wanted.members().size() && wanted.members()[next].name != key; ++next)
                add_if_missing(node, present, wanted.members()[next], indent);
        };
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            const auto& child = node.children[i];
            const auto to = i + 1 < node.children.size() ? first_line(node.children[i + 1]) : end;
            const auto* after = wanted.find(child.key);
            if (after != nullptr && is_ahead(wanted, next, child.key)) add_until(child.key);
            member(child, to, present.find(child.key), after, indent);
        }
        add_until({});
    }

    static bool is_ahead(const Tree& wanted, std::size_t next, const std::string& key) {
        const auto& members = wanted.members();
        return std::any_of(members.begin() + static_cast<std::ptrdiff_t>(next), members.end(),
                           [&](const Tree::Member& member) { return member.name == key; });
    }

    void add_if_missing(const SourceNode& node, const Tree& present, const Tree::Member& member, std::size_t indent) {
        for (const auto& child : node.children)
            if (child.key == member.name) return;
        const auto* before = present.find(member.name);
        if (before == nullptr || *before != member.value) out_ += to_yaml_member(member.name, member.value, indent);
    }

    // `before` and `after` are null for a member that says nothing: one that has its default.
    void member(const SourceNode::Child& child, std::size_t end, const Tree* before, const Tree* after,
                std::size_t indent) {
        const bool is_same = before == nullptr || after == nullptr ? before == after : *before == *after;
        if (is_same) return copy(first_line(child), end);
        if (after == nullptr) return;
        const bool goes_below = is_lines(child) && before != nullptr && before->is(Kind::object) &&
                                after->is(Kind::object) && !after->members().empty();
        if (goes_below) {
            copy(first_line(child), first_line(child.node->children.front()));
            return mapping(*child.node, end, *before, *after);
        }
        copy(first_line(child), key_line(child));
        auto text = to_yaml_member(child.key, *after, indent);
        const auto comment = comment_behind(child);
        if (!comment.empty() && text.find('\n') == text.size() - 1) text.insert(text.size() - 1, "  " + comment);
        out_ += text;
    }

    // "# why" behind a scalar on the key's line.
    std::string comment_behind(const SourceNode::Child& child) const {
        const auto& node = *child.node;
        if (node.kind == Kind::object || node.kind == Kind::array || node.place.line != child.place.line) return {};
        const auto line = trim(lines_[key_line(child)]);
        const auto at = line.rfind(" #");
        const bool is_quoted = at != std::string_view::npos && line.find_first_of("\"'", at) != std::string_view::npos;
        return at == std::string_view::npos || is_quoted ? std::string() : std::string(line.substr(at + 1));
    }

    std::vector<std::string_view> lines_;
    std::string out_;
};

}  // namespace

std::optional<std::string> updated_text(std::string_view text, const Source& source, const Project& present,
                                        const Project& wanted) {
    const auto& root = source.tree();
    if (root.kind != Kind::object || !root.is_block) return std::nullopt;
    const auto goal = tree_of(wanted);
    auto updated = Updater(text).update(root, tree_of(present), goal);
    Fault fault;
    std::vector<Finding> findings;
    const auto again = Source::parse(updated, fault);
    if (!fault.detail.empty()) return std::nullopt;
    const auto read = read_project(again.root(), findings);
    if (!findings.empty() || tree_of(read) != goal) return std::nullopt;
    return updated;
}

}  // namespace fanion::flagfile
