#include "common/flagfile/format.hpp"

#include <string_view>
#include <utility>

#include "common/base/text.hpp"
#include "common/flagfile/core_schema.hpp"

namespace fanion::flagfile {
namespace {

using json::Kind;
using json::Tree;

bool is_empty_container(const Tree& tree) {
    return (tree.is(Kind::array) && tree.elements().empty()) || (tree.is(Kind::object) && tree.members().empty());
}
bool is_block(const Tree& tree) { return (tree.is(Kind::array) || tree.is(Kind::object)) && !is_empty_container(tree); }

std::string quoted_if_needed(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string inline_yaml(const Tree& tree) {
    return tree.is(Kind::string) ? quoted_if_needed(tree.as_string()) : tree.to_text();
}

void write_block(std::string& out, const Tree& tree, std::size_t indent, bool is_first_inline);

// Behind "key:" or "-".
void write_value(std::string& out, const Tree& value, std::size_t indent, bool in_list) {
    if (!is_block(value)) {
        out += ' ' + inline_yaml(value) + '\n';
    } else if (in_list) {
        out += ' ';
        write_block(out, value, indent, true);
    } else {
        out += '\n';
        write_block(out, value, indent, false);
    }
}

void write_block(std::string& out, const Tree& tree, std::size_t indent, bool is_first_inline) {
    bool begins = !is_first_inline;
    const auto begin_line = [&] {
        if (begins) out.append(indent, ' ');
        begins = true;
    };
    if (tree.is(Kind::object)) {
        for (const auto& member : tree.members()) {
            begin_line();
            out += quoted_if_needed(member.name) + ':';
            write_value(out, member.value, indent + 2, false);
        }
        return;
    }
    for (const auto& element : tree.elements()) {
        begin_line();
        out += '-';
        write_value(out, element, indent + 2, true);
    }
}

void write_json(std::string& out, const Tree& tree, std::size_t indent) {
    if (!is_block(tree)) {
        out += tree.to_text();
        return;
    }
    const bool is_object = tree.is(Kind::object);
    const auto begin_line = [&](bool is_first) {
        out += is_first ? "\n" : ",\n";
        out.append(indent + 2, ' ');
    };
    out += is_object ? '{' : '[';
    bool is_first = true;
    if (is_object) {
        for (const auto& member : tree.members()) {
            begin_line(std::exchange(is_first, false));
            append_json_string(out, member.name);
            out += ": ";
            write_json(out, member.value, indent + 2);
        }
    } else {
        for (const auto& element : tree.elements()) {
            begin_line(std::exchange(is_first, false));
            write_json(out, element, indent + 2);
        }
    }
    out += '\n';
    out.append(indent, ' ');
    out += is_object ? '}' : ']';
}

}  // namespace

std::string to_yaml(const Tree& tree) {
    std::string out;
    if (is_block(tree))
        write_block(out, tree, 0, false);
    else
        out = inline_yaml(tree) + '\n';
    return out;
}

std::string to_yaml_member(const std::string& key, const Tree& value, std::size_t indent) {
    std::string out;
    write_block(out, Tree::object().set(key, value), indent, false);
    return out;
}

std::string to_pretty_json(const Tree& tree) {
    std::string out;
    write_json(out, tree, 0);
    return out += '\n';
}

}  // namespace fanion::flagfile
