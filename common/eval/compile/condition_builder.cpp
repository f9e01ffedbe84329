#include "common/eval/compile/condition_builder.hpp"

namespace fanion::eval {

using ConditionKind = model::Condition::Kind;

ConditionBuilder::ConditionBuilder(Conditions& conditions, std::vector<Unresolved>& segments, ItemFindings& findings,
                                   std::optional<std::string> salt)
    : conditions_(conditions), segments_(segments), findings_(findings), salt_(std::move(salt)) {}

namespace {

// Targets inside a tree whose successor is not known yet: "the tree holds", "it does not", and a third to exchange the
// two.
constexpr std::uint32_t accepted = ~std::uint32_t{0};
constexpr std::uint32_t rejected = accepted - 1;
constexpr std::uint32_t swapped = accepted - 2;

}  // namespace

std::uint32_t ConditionBuilder::add_tree(const model::Condition& condition, const std::string& pointer,
                                         std::uint32_t exit) {
    const auto first = next();
    counted_ = 0;
    add(condition, pointer, 0);
    if (counted_ > limits::conditions)
        findings_.add(pointer, "limit", "a rule has at most " + std::to_string(limits::conditions) + " conditions");
    redirect(first, accepted, exit);
    redirect(first, rejected, next());
    return first;
}

void ConditionBuilder::add_list(const model::Target& list, const std::string& pointer, std::uint32_t exit) {
    Leaf leaf;
    leaf.is_list = true;
    leaf.attribute = context_attribute(list.attribute, pointer + "/attribute");
    if (list.values.size() > limits::list_values)
        findings_.add(pointer + "/values", "limit",
                      "a list has at most " + std::to_string(limits::list_values) + " values");
    add_strings(conditions_, leaf, {list.values.begin(), list.values.end()});
    leaf.on_true = exit;
    leaf.on_false = next() + 1;
    conditions_.leaves.push_back(leaf);
}

void ConditionBuilder::finish() { redirect(0, next(), Leaf::first_exit); }

// Makes every leaf from `first` on that leads to `from` lead to `to`.
void ConditionBuilder::redirect(std::uint32_t first, std::uint32_t from, std::uint32_t to) {
    for (auto at = first; at < next(); ++at)
        for (auto* target : {&conditions_.leaves[at].on_true, &conditions_.leaves[at].on_false})
            if (*target == from) *target = to;
}

// `depth`: how many `all`, `any` and `not` enclose the condition.
void ConditionBuilder::add(const model::Condition& condition, const std::string& pointer, std::size_t depth) {
    const bool is_leaf = condition.kind != ConditionKind::all && condition.kind != ConditionKind::any &&
                         condition.kind != ConditionKind::negation;
    if (is_leaf) {
        ++counted_;
        add_leaf(condition, pointer);
    } else if (depth == limits::condition_depth) {
        findings_.add(pointer, "limit",
                      "conditions are nested more deeply than " + std::to_string(limits::condition_depth));
    } else if (condition.kind == ConditionKind::negation) {
        add_negation(condition.children.front(), pointer + "/not", depth + 1);
    } else {
        add_children(condition, pointer, depth + 1);
    }
}

void ConditionBuilder::add_leaf(const model::Condition& condition, const std::string& pointer) {
    if (condition.kind == ConditionKind::segment) return add_segments(condition, pointer);
    add_leaf(condition.kind == ConditionKind::bucket ? bucket(condition.bucket, pointer + "/bucket")
                                                     : comparison(condition, pointer));
}

void ConditionBuilder::add_leaf(Leaf leaf) {
    leaf.on_true = accepted;
    leaf.on_false = rejected;
    conditions_.leaves.push_back(leaf);
}

void ConditionBuilder::add_negation(const model::Condition& child, const std::string& pointer, std::size_t depth) {
    const auto first = next();
    add(child, pointer, depth);
    redirect(first, accepted, swapped);
    redirect(first, rejected, accepted);
    redirect(first, swapped, rejected);
}

// A child that does not decide the list leads to the next child.
void ConditionBuilder::add_children(const model::Condition& condition, const std::string& pointer, std::size_t depth) {
    const bool all = condition.kind == ConditionKind::all;
    const std::string list = pointer + (all ? "/all/" : "/any/");
    if (condition.children.empty()) {
        Leaf constant;
        constant.negated = !all;
        return add_leaf(constant);
    }
    for (std::size_t i = 0; i < condition.children.size(); ++i) {
        const auto first = next();
        add(condition.children[i], list + std::to_string(i), depth);
        if (i + 1 < condition.children.size()) redirect(first, all ? accepted : rejected, next());
    }
}

Leaf ConditionBuilder::comparison(const model::Condition& condition, const std::string& pointer) {
    Leaf leaf = leaf_of(condition.op);
    leaf.fold = condition.ignore_case;
    leaf.attribute = attribute(condition.attribute, pointer + "/attribute");
    if (condition.values.size() > limits::list_values) {
        findings_.add(pointer + "/values", "limit",
                      "a list has at most " + std::to_string(limits::list_values) + " values");
        return leaf;
    }
    if (condition.attribute == "$now") {
        reads_now_ = true;
        if (leaf.kind != Leaf::Kind::time)
            findings_.add(pointer + "/op", "wrong_type", "`$now` can only be compared by `before` and `after`");
    }
    add_operand(conditions_, leaf, condition, pointer, findings_);
    if (condition.attribute == "$now") leaf.kind = Leaf::Kind::now;
    return leaf;
}

// A leaf for each segment. A context that is not in one leads to the next; only the last decides that it is in none.
void ConditionBuilder::add_segments(const model::Condition& condition, const std::string& pointer) {
    Leaf leaf;
    leaf.kind = Leaf::Kind::segment;
    leaf.negated = condition.op == model::Op::not_in_segment;
    if (condition.values.size() > limits::list_values)
        findings_.add(pointer + "/values", "limit",
                      "a list has at most " + std::to_string(limits::list_values) + " values");
    if (condition.values.empty()) {
        leaf.kind = Leaf::Kind::constant;
        leaf.negated = !leaf.negated;
        return add_leaf(leaf);
    }
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
        const auto& value = condition.values[i];
        auto place = pointer + "/values/" + std::to_string(i);
        if (value.kind != model::Literal::Kind::string)
            findings_.add(place, "wrong_type", "a segment's key is a string");
        leaf.operand = static_cast<std::uint32_t>(segments_.size());
        segments_.push_back({value.text, std::move(place)});
        leaf.is_first = i == 0;
        add_leaf(leaf);
        auto& added = conditions_.leaves.back();
        if (i + 1 < condition.values.size()) (leaf.negated ? added.on_true : added.on_false) = next();
    }
}

Leaf ConditionBuilder::bucket(const model::Bucket& bucket, const std::string& pointer) {
    Leaf leaf;
    leaf.kind = Leaf::Kind::bucket;
    auto& buckets = conditions_.make_others().buckets;
    leaf.operand = static_cast<std::uint32_t>(buckets.size());
    if (!bucket.salt && !salt_)
        findings_.add(pointer + "/salt", "malformed", "a bucket in a segment needs a `salt` of its own");
    const auto salt = bucket.salt ? *bucket.salt : salt_.value_or("");
    buckets.push_back(
        {context_attribute(bucket.by, pointer + "/by"), Bucketing(bucket.hash, salt), bucket.from, bucket.to});
    return leaf;
}

std::uint32_t ConditionBuilder::context_attribute(const std::string& reference, const std::string& pointer) {
    if (reference == "$now")
        findings_.add(pointer, "wrong_type", "`$now` can only be compared by `before` and `after`");
    return attribute(reference, pointer);
}

std::uint32_t ConditionBuilder::attribute(const std::string& reference, const std::string& pointer) {
    const auto number = static_cast<std::uint32_t>(conditions_.attributes.size());
    const auto [it, is_new] = attributes_.emplace(reference, number);
    if (!is_new) return it->second;
    auto parsed = parse_attribute(reference);
    if (!parsed) {
        findings_.add(pointer, "bad_pointer", "`" + reference + "` is not a valid attribute reference");
        attributes_.erase(it);
        return 0;
    }
    conditions_.attributes.push_back(std::move(*parsed));
    return number;
}

}  // namespace fanion::eval
