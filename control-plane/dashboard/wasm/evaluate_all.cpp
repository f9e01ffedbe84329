// Many contexts and many flags in one call: a cell of numbers for each answer, and the texts they stand for once.

#include <unordered_map>

#include "common/eval/run/evaluator.hpp"
#include "control-plane/dashboard/wasm/workbench.h"
#include "sdk/c/c_objects.hpp"

namespace {

using namespace fanion;
using namespace fanion::c_api;

constexpr std::int32_t decided_by_flag = 1 << 16;

// Numbers texts, which outlive this. An empty one is -1.
class Names {
public:
    std::int32_t number(std::string_view text) {
        if (text.empty()) return -1;
        const auto [it, is_new] = numbers_.emplace(text, static_cast<std::int32_t>(texts_.size()));
        if (is_new) texts_.push_back(text);
        return it->second;
    }

    void write(std::string& out) const {
        json::Writer w(out);
        w.begin_object().key("names").begin_array();
        for (const auto text : texts_) w.string(text);
        w.end_array().end_object();
    }

private:
    std::unordered_map<std::string_view, std::int32_t> numbers_;
    std::vector<std::string_view> texts_;
};

// Values may be large, so each is looked up once.
class CellWriter {
public:
    explicit CellWriter(const eval::Ruleset& ruleset) : ruleset_(ruleset), values_(ruleset.flag_count()) {}

    fanion_cell cell(const eval::Evaluation& evaluation) {
        fanion_cell cell{names_.number(evaluation.variation), value(evaluation), names_.number(evaluation.rule), 0};
        cell.what = static_cast<std::int32_t>(evaluation.reason) | static_cast<std::int32_t>(evaluation.error) << 8;
        if (!evaluation.prerequisite.empty()) {
            cell.decided = names_.number(evaluation.prerequisite);
            cell.what |= decided_by_flag;
        }
        return cell;
    }

    const Names& names() const noexcept { return names_; }

private:
    std::int32_t value(const eval::Evaluation& evaluation) {
        if (!evaluation.has_value()) return -1;
        auto& known = values_[evaluation.flag_index];
        if (known.empty()) known.assign(ruleset_.flag_info(evaluation.flag_index).variations, -1);
        auto& number = known[evaluation.variation_index];
        if (number < 0) number = names_.number(evaluation.value);
        return number;
    }

    const eval::Ruleset& ruleset_;
    Names names_;
    std::vector<std::vector<std::int32_t>> values_;  // of flags, of their variations; -1: not met yet
};

eval::Evaluation not_found() {
    eval::Evaluation evaluation;
    evaluation.error = eval::ErrorCode::flag_not_found;
    return evaluation;
}

}  // namespace

fanion_status fanion_evaluate_all(const fanion_ruleset* ruleset, const char* contexts, const uint32_t* context_sizes,
                                  size_t context_count, const uint32_t* flags, size_t flag_count,
                                  int64_t now_unix_millis, fanion_cell* cells, fanion_reply* reply) {
    return guarded(reply, [&] {
        const bool has_cells = cells != nullptr || context_count * flag_count == 0;
        if (ruleset == nullptr || reply == nullptr || !has_cells || (context_sizes == nullptr && context_count != 0) ||
            (flags == nullptr && flag_count != 0))
            return refuse_argument(reply, "an argument is NULL");
        const auto& compiled = *ruleset->compiled;
        CellWriter writer(compiled);
        for (std::size_t i = 0; i < context_count; ++i) {
            const auto root = read_context(reply->context, contexts, context_sizes[i]);
            contexts += context_sizes[i];
            eval::Evaluator evaluator(compiled, root, now_unix_millis);
            for (std::size_t f = 0; f < flag_count; ++f) {
                const bool exists = flags[f] < compiled.flag_count();
                *cells++ = writer.cell(exists ? evaluator.evaluate(flags[f]) : not_found());
            }
        }
        writer.names().write(reply->text);
        return FANION_OK;
    });
}
