#pragma once

// Writes the steps of one evaluation as JSON; explain.hpp has the format. Used for one explanation
// by one thread. Private to common/eval.

#include <map>
#include <memory>
#include <utility>

#include "common/eval/compile/item_text.hpp"
#include "common/eval/run/recorder.hpp"
#include "common/json/writer.hpp"

namespace fanion::eval {

class ExplainRecorder {
public:
    static constexpr bool records = true;

    ExplainRecorder(const Ruleset::Impl& ruleset, std::uint32_t flag, std::string& out);

    void finish();

    // Called by the interpreter: see recorder.hpp.
    void enabled(bool holds);
    void begin_prerequisite(const PreparedFlag& of, std::size_t number, std::uint32_t flag);
    void end_prerequisite(std::uint32_t flag, std::uint32_t variation, bool holds);
    void begin_flag(std::uint32_t flag);
    void end_flag();
    void begin_serve();
    void end_serve();
    void begin_fallthrough();
    void end_fallthrough();
    void serve(std::uint32_t variation);
    void split(const SplitSeen& seen);
    void begin_leaf(const Leaf& leaf, std::uint32_t at);
    void value(json::Value value);
    void now(UnixMillis now);
    void bucket(std::optional<std::string_view> unit, std::uint32_t slot);
    void end_leaf(const Leaf& leaf, bool holds);
    void begin_segment(std::uint32_t segment);
    void end_segment(bool member);

private:
    static constexpr std::size_t no_rule = ~std::size_t{0};

    // The flag or segment whose steps are being written; the last frame is the innermost.
    struct Frame {
        bool is_segment;
        std::uint32_t index;
        const Conditions* conditions;
        ItemText* text;
        json::Value serve = {};  // of the current rule
        json::Value seen = {};   // the value of the current leaf's attribute
        bool has_steps = false;
        std::size_t rule = no_rule;  // the one being written
        // The interpreter announces leaves only. `open`: the `all`, `any` and `not` around the last
        // leaf, as indexes in ItemText::conditions(). `holds`: the result of the last condition,
        // which is also that of a list closed after it, because evaluation leaves a list as soon as
        // it is decided.
        std::vector<std::size_t> open = {};
        bool holds = false;
    };

    Frame& frame() { return frames_.back(); }
    const PreparedFlag& flag() const { return *ruleset_.flags[frames_.back().index]; }
    ItemText& text_of(bool is_segment, std::uint32_t index);
    void begin_steps();
    void begin_list(std::uint32_t at);
    std::size_t rule_of(std::uint32_t leaf);
    void go_to_rule(std::size_t rule);
    void end_when(bool holds);
    void end_rule();
    void write_salt(json::Value split);
    void variation(std::string_view name, std::uint32_t variation);
    void members_of(json::Value condition);
    void open_condition(std::size_t place);
    void close_condition();

    const Ruleset::Impl& ruleset_;
    json::Writer writer_;
    std::map<std::pair<bool, std::uint32_t>, std::unique_ptr<ItemText>> texts_;
    std::vector<Frame> frames_;
};

}  // namespace fanion::eval
