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

// The items of one kind in the previous ruleset, asked for in the order of their keys.
template <class List>
class Previous {
public:
    // `list` may be null.
    explicit Previous(const List* list) : list_(list) {}

    // What was prepared from the same body; null if there is nothing.
    typename List::value_type find(std::string_view key, const Body& body) {
        if (list_ == nullptr) return nullptr;
        while (next_ < list_->size() && (*list_)[next_]->key < key) ++next_;
        if (next_ == list_->size()) return nullptr;
        const auto& prepared = (*list_)[next_];
        return prepared->key == key && has_same_body(prepared->body, body) ? prepared : nullptr;
    }

private:
    const List* list_;
    std::size_t next_ = 0;
};

class Compiler {
public:
    explicit Compiler(const Ruleset* previous, std::string_view wanted = {})
        : previous_(previous == nullptr ? nullptr : &previous->impl()),
          wanted_(wanted),
          previous_flags_(previous_ == nullptr ? nullptr : &previous_->flags),
          previous_segments_(previous_ == nullptr ? nullptr : &previous_->segments) {}

    Result<RulesetPtr> run(std::span<const Item> items) {
        const auto by_key = [](const Item& a, const Item& b) { return a.key < b.key; };
        if (std::is_sorted(items.begin(), items.end(), by_key)) return run_sorted(items);
        std::vector<Item> sorted(items.begin(), items.end());
        std::stable_sort(sorted.begin(), sorted.end(), by_key);
        return run_sorted(sorted);
    }

    // Of the item `wanted`; null if it was not read.
    std::shared_ptr<const model::Segment> wanted_segment() && { return std::move(read_); }

private:
    Result<RulesetPtr> run_sorted(std::span<const Item> sorted) {
        if (previous_ != nullptr) impl_->flags.reserve(previous_->flags.size() + 1);
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

    void check_size(std::span<const Item> items) {
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
        auto prepared = previous_flags_.find(key, body);
        if (!prepared) prepared = prepare_flag(key, body, findings_);
        if (!prepared) return static_cast<void>(broken_.emplace(std::string(flag_prefix).append(key)));
        impl_->flags.push_back(std::move(prepared));
    }

    void add_segment(std::string_view key, const Body& body) {
        auto prepared = previous_segments_.find(key, body);
        if (!prepared) {
            const bool is_wanted = wanted_.starts_with(segment_prefix) && wanted_.substr(segment_prefix.size()) == key;
            prepared = prepare_segment(key, body, findings_, is_wanted ? &read_ : nullptr);
        }
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
    Previous<decltype(Ruleset::Impl::flags)> previous_flags_;
    Previous<decltype(Ruleset::Impl::segments)> previous_segments_;
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
