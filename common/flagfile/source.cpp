#include "common/flagfile/source.hpp"

#include "common/base/text.hpp"
#include "common/flagfile/source_node.hpp"
#include "common/json/writer.hpp"

namespace fanion::flagfile {
namespace {

void write_node(json::Writer& w, const SourceNode& node) {
    if (node.kind == json::Kind::object) {
        w.begin_object();
        for (const auto& child : node.children) write_node(w.key(child.key), *child.node);
        w.end_object();
    } else if (node.kind == json::Kind::array) {
        w.begin_array();
        for (const auto& child : node.children) write_node(w, *child.node);
        w.end_array();
    } else {
        w.raw(node.scalar);
    }
}

const SourceNode::Child* find_child(const SourceNode& node, const std::string& token) {
    if (node.kind == json::Kind::object) {
        for (const auto& child : node.children)
            if (child.key == token) return &child;
        return nullptr;
    }
    const auto index = parse_u64(token);
    return index && *index < node.children.size() ? &node.children[*index] : nullptr;
}

}  // namespace

std::string describe(const std::string& file, const Fault& fault) {
    return file + ':' + std::to_string(fault.place.line) + ':' + std::to_string(fault.place.column) + ": " +
           fault.detail;
}

Source Source::parse(std::string_view text, Fault& fault) {
    fault = {};
    if (text.size() > max_file_bytes) {
        fault.detail = "the file is larger than " + std::to_string(max_file_bytes / 1024 / 1024) + " MiB";
        return {};
    }
    if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos) {
        fault.detail = "the file is not UTF-8 text";
        return {};
    }
    Source source;
    source.tree_ = read_tree(text, fault);
    if (!source.tree_) return {};
    std::string json;
    json::Writer w(json);
    write_node(w, *source.tree_);
    const json::ScanLimits limits{.bytes = 2 * max_expanded_bytes, .depth = max_nesting + 1};
    if (auto parsed = source.document_.parse(json, limits); !parsed) {
        fault.detail = fanion::describe(parsed.error());
        return {};
    }
    return source;
}

Place Source::place_of(std::string_view pointer) const {
    if (!tree_) return {};
    auto place = tree_->place;
    const auto tokens = json::parse_pointer(pointer);
    const auto* node = tree_.get();
    for (const auto& token : tokens.value_or(std::vector<std::string>())) {
        const auto* child = find_child(*node, token);
        if (child == nullptr) break;
        place = child->place;
        node = child->node.get();
    }
    return place;
}

}  // namespace fanion::flagfile
