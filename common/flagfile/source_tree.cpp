// Reading with yaml-cpp: its events become a tree. Its parser recurses as deep as the events nest, so
// the handler refuses what is too deep by an exception, and its scanner is given bounded text only.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <streambuf>

#include "common/base/text.hpp"
#include "common/flagfile/core_schema.hpp"
#include "common/flagfile/source_node.hpp"

namespace fanion::flagfile {
namespace {

using Node = std::shared_ptr<SourceNode>;

Place place_of_mark(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

// Thrown through yaml-cpp, which lets it pass.
struct Refusal {
    Fault fault;
};

[[noreturn]] void refuse(const Place& place, std::string detail) { throw Refusal{{place, std::move(detail)}}; }

class Builder : public YAML::EventHandler {
public:
    Node root() const { return root_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_) refuse(place_of_mark(mark), "a file has one document");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        scalar(place_of_mark(mark), anchor, "null", std::nullopt);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto place = place_of_mark(mark);
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse(place, "an alias inside what it stands for");
        if (is_key_next()) refuse(place, "a key is a text, not an alias");
        if (open_.size() + found->second->depth > max_nesting) refuse(place, too_deep);
        add(place, found->second);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const auto place = place_of_mark(mark);
        const bool is_text = tag == "!" || tag == "tag:yaml.org,2002:str";
        if (!is_text && tag != "?" && !tag.empty()) refuse(place, "unknown tag " + tag);
        std::optional<std::string> json;
        if (is_text) {
            append_json_string(json.emplace(), value);
        } else {
            json = json_of_word(value);
        }
        if (!json && !is_key_next()) refuse(place, "`" + value + "` is no number that JSON has");
        scalar(place, anchor, json.value_or("null"), value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        start(place_of_mark(mark), tag, anchor, json::Kind::array, style);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        start(place_of_mark(mark), tag, anchor, json::Kind::object, style);
    }
    void OnMapEnd() override { end(); }

private:
    static constexpr const char* too_deep = "this is nested too deeply";

    struct Open {
        Node node;
        YAML::anchor_t anchor;
        std::set<std::string> keys;
        std::optional<SourceNode::Child> key;  // of a mapping, while its value is awaited
        std::optional<Place> in_parent;
    };

    bool is_key_next() const {
        return !open_.empty() && open_.back().node->kind == json::Kind::object && !open_.back().key;
    }

    void scalar(const Place& place, YAML::anchor_t anchor, std::string json, const std::optional<std::string>& text) {
        if (is_key_next()) return take_key(place, anchor, text);
        auto node = std::make_shared<SourceNode>();
        node->bytes = json.size() + 1;
        node->scalar = std::move(json);
        node->place = place;
        if (anchor != 0) anchors_[anchor] = node;
        add(place, node);
    }

    void take_key(const Place& place, YAML::anchor_t anchor, const std::optional<std::string>& text) {
        auto& open = open_.back();
        if (!text) refuse(place, "a key is a text, not null; quote it");
        if (anchor != 0) refuse(place, "a key has no anchor");
        std::string quoted;
        append_json_string(quoted, *text);
        if (quoted.size() > max_key_bytes) refuse(place, "this key is too long");
        if (!open.keys.insert(*text).second) refuse(place, "the key `" + *text + "` occurs twice");
        open.key = SourceNode::Child{*text, place, nullptr};
    }

    void start(const Place& place, const std::string& tag, YAML::anchor_t anchor, json::Kind kind,
               YAML::EmitterStyle::value style) {
        if (tag != "?" && !tag.empty()) refuse(place, "unknown tag " + tag);
        if (is_key_next()) refuse(place, "a key is a text");
        if (open_.size() >= max_nesting) refuse(place, too_deep);
        auto node = std::make_shared<SourceNode>();
        node->kind = kind;
        node->is_block = style == YAML::EmitterStyle::Block;
        node->place = place;
        open_.push_back({std::move(node), anchor, {}, std::nullopt, place});
    }

    void end() {
        auto done = std::move(open_.back());
        open_.pop_back();
        if (done.anchor != 0) anchors_[done.anchor] = done.node;
        add(*done.in_parent, done.node);
    }

    void add(const Place& place, const Node& node) {
        if (open_.empty()) {
            root_ = node;
            return;
        }
        auto& open = open_.back();
        auto& to = *open.node;
        to.nodes += node->nodes;
        to.depth = std::max(to.depth, node->depth + 1);
        to.bytes += node->bytes + (open.key ? open.key->key.size() + 3 : 0);
        if (to.nodes > max_nodes || to.bytes > max_expanded_bytes)
            refuse(place, "the file is too large with its aliases");
        auto child = open.key ? std::move(*open.key) : SourceNode::Child{"", place, nullptr};
        child.node = node;
        to.children.push_back(std::move(child));
        open.key.reset();
    }

    Node root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Node> anchors_;
};

class TextBuffer : public std::streambuf {
public:
    explicit TextBuffer(std::string& text) { setg(text.data(), text.data(), text.data() + text.size()); }
};

int hex_of(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        const auto at = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
        if (at == std::string_view::npos) return -1;
        value = value * 16 + static_cast<int>(at);
    }
    return text.size() == 4 ? value : -1;
}

// JSON writes a character above U+FFFF as two escapes, which YAML does not know: \ud83d\ude00 becomes
// \U0001f600, in texts that begin as JSON.
std::string join_surrogates(std::string_view text) {
    std::string out(text);
    if (!trim(text).starts_with('{')) return out;
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        if (out[i] != '\\') continue;
        const std::string_view rest(out);
        const bool is_pair = rest.size() >= i + 12 && rest[i + 1] == 'u' && rest.substr(i + 6, 2) == "\\u";
        const int high = is_pair ? hex_of(rest.substr(i + 2, 4)) : -1;
        const int low = is_pair ? hex_of(rest.substr(i + 8, 4)) : -1;
        if (high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            const auto code = static_cast<std::uint32_t>(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
            std::string joined = "\\U00000000";
            for (std::size_t digit = 0; digit < 8; ++digit)
                joined[9 - digit] = "0123456789abcdef"[(code >> (4 * digit)) & 15];
            out.replace(i, 12, joined);
        }
        ++i;
    }
    return out;
}

}  // namespace

std::shared_ptr<const SourceNode> read_tree(std::string_view text, Fault& fault) {
    auto bytes = join_surrogates(text);
    TextBuffer buffer(bytes);
    std::istream in(&buffer);
    Builder builder;
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refusal& refusal) {
        fault = refusal.fault;
        return nullptr;
    } catch (const YAML::Exception& error) {
        fault = {place_of_mark(error.mark), error.msg};
        return nullptr;
    }
    if (!builder.root()) fault = {{}, "the file is empty"};
    return builder.root();
}

}  // namespace fanion::flagfile
