#include <algorithm>

#include "common/base/text.hpp"
#include "common/eval/compile/compile_reading.hpp"
#include "common/eval/compile/link_items.hpp"
#include "common/eval/compile/prepare.hpp"

namespace fanion::eval {
namespace {

constexpr std::string_view flag_prefix = "flag/";
constexpr std::string_view segment_prefix = "segment/";
constexpr std::string_view access_prefix = "access/";

bool has_same_body(const Body& a, const Body& b) { return a == b || *a == *b; }

template <class List>
const typename List::value_type* find_previous(const List* list, std::uint32_t index, const Body& body) {
    if (list == nullptr || index == KeyIndex::npos) return nullptr;
    const auto& prepared = (*list)[index];
    return has_same_body(prepared->body, body) ? &prepared : nullptr;
}

class Compiler {
public:
    explicit Compiler(const Ruleset* previous, std::string_view wanted = {})
        : previous_(previous == nullptr ? nullptr : &previous->impl()), wanted_(wanted) {}

    Result<RulesetPtr> run(std::span<const Item> items) {
        std::vector<Item> sorted(items.begin(), items.end());
        const auto by_key = [](const Item& a, const Item& b) { return a.key < b.key; };
        if (!std::is_sorted(sorted.begin(), sorted.end(), by_key))
            std::stable_sort(sorted.begin(), sorted.end(), by_key);
        check_size(sorted);
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            if (i > 0 && sorted[i].key == sorted[i - 1].key)
                findings_.add(sorted[i].key, "", "duplicate", "this item is given more than once");
            else if (sorted[i].body != nullptr)  // a redacted item has none
                add(sorted[i]);
        }
        link(*impl_, broken_, findings_);
        if (!findings_.empty()) return Error{Errc::unprocessable, "the ruleset cannot be compiled", findings_.take()};
        for (const auto& access : impl_->access_items) impl_->access.push_back(access->entry);
        return Ruleset::Impl::publish(std::move(impl_));
    }

    // Of the item `wanted`; null if it was not read.
    std::shared_ptr<const model::Segment> wanted_segment() && { return std::move(read_); }

private:
    void check_size(const std::vector<Item>& items) {
        std::size_t bytes = 0;
        for (const auto& item : items) bytes += item.key.size() + (item.body ? item.body->size() : 0) + 2;
        if (bytes > limits::environment_bytes)
            findings_.add("", "", "limit",
                          "the ruleset is larger than " + std::to_string(limits::environment_bytes) + " bytes");
        const auto flags = std::count_if(items.begin(), items.end(),
                                         [](const Item& item) { return item.key.starts_with(flag_prefix); });
        if (static_cast<std::size_t>(flags) > limits::flags)
            findings_.add("", "", "limit", "more than " + std::to_string(limits::flags) + " flags");
    }

    void add(const Item& item) {
        if (item.key.starts_with(flag_prefix))
            add_flag(item.key.substr(flag_prefix.size()), item.body);
        else if (item.key.starts_with(segment_prefix))
            add_segment(item.key.substr(segment_prefix.size()), item.body);
        else if (item.key.starts_with(access_prefix))
            add_access(item.key.substr(access_prefix.size()), item.body);
        else if (item.key == "environment")
            impl_->environment = prepare_environment(item.body, findings_);
    }

    void add_flag(std::string_view key, const Body& body) {
        const auto* kept =
            previous_ == nullptr ? nullptr : find_previous(&previous_->flags, previous_->flag_index.find(key), body);
        auto prepared = kept != nullptr ? *kept : prepare_flag(key, body, findings_);
        if (!prepared) return static_cast<void>(broken_.emplace(std::string(flag_prefix).append(key)));
        impl_->flags.push_back(std::move(prepared));
    }

    void add_segment(std::string_view key, const Body& body) {
        const auto* kept = previous_ == nullptr
                               ? nullptr
                               : find_previous(&previous_->segments, previous_->segment_index.find(key), body);
        const bool is_wanted = wanted_.starts_with(segment_prefix) && wanted_.substr(segment_prefix.size()) == key;
        auto prepared = kept != nullptr ? *kept : prepare_segment(key, body, findings_, is_wanted ? &read_ : nullptr);
        if (!prepared) return static_cast<void>(broken_.emplace(std::string(segment_prefix).append(key)));
        impl_->segments.push_back(std::move(prepared));
    }

    void add_access(std::string_view id, const Body& body) {
        auto prepared = previous_access(id, body);
        if (!prepared) prepared = prepare_access(id, body, findings_);
        if (prepared) impl_->access_items.push_back(std::move(prepared));
    }

    std::shared_ptr<const PreparedAccess> previous_access(std::string_view id, const Body& body) const {
        if (previous_ == nullptr) return nullptr;
        const auto& list = previous_->access_items;
        const auto it = std::lower_bound(list.begin(), list.end(), id,
                                         [](const auto& access, std::string_view key) { return access->id < key; });
        return it != list.end() && (*it)->id == id && has_same_body((*it)->body, body) ? *it : nullptr;
    }

    const Ruleset::Impl* previous_;
    std::string_view wanted_;
    std::shared_ptr<const model::Segment> read_;
    std::unique_ptr<Ruleset::Impl> impl_ = std::make_unique<Ruleset::Impl>();
    Broken broken_;
    Findings findings_;
};

}  // namespace

Result<RulesetPtr> compile(std::span<const Item> items, const Ruleset* previous) {
    return Compiler(previous).run(items);
}

Result<Compilation> compile_reading(std::span<const Item> items, const Ruleset* previous, std::string_view item) {
    Compiler compiler(previous, item);
    auto ruleset = compiler.run(items);
    if (!ruleset) return ruleset.error();
    return Compilation{std::move(*ruleset), std::move(compiler).wanted_segment()};
}

}  // namespace fanion::eval
