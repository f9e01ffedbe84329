#include "common/eval/condition_builder.hpp"

namespace fanion::eval {

using Kind = model::Condition::Kind;

ConditionBuilder::ConditionBuilder(Conditions& conditions, std::vector<Unresolved>& segments, ItemFindings& findings,
                                   std::optional<std::string> salt)
    : conditions_(conditions), segments_(segments), findings_(findings), salt_(std::move(salt)) {}

std::uint32_t ConditionBuilder::add_tree(const model::Condition& condition, const std::string& pointer) {
    const auto root = static_cast<std::uint32_t>(conditions_.nodes.size());
    leaves_ = 0;
    add(condition, pointer, 0);
    if (leaves_ > limits::conditions)
        findings_.add(pointer, "limit", "a rule has at most " + std::to_string(limits::conditions) + " conditions");
    return root;
}

// `depth` counts the all, any and not above.
void ConditionBuilder::add(const model::Condition& condition, const std::string& pointer, std::size_t depth) {
    const auto here = conditions_.nodes.size();
    conditions_.nodes.emplace_back();
    ConditionNode node;
    if (condition.kind == Kind::all || condition.kind == Kind::any || condition.kind == Kind::negation) {
        if (depth == limits::condition_depth) {
            findings_.add(pointer, "limit",
                          "conditions are nested deeper than " + std::to_string(limits::condition_depth));
            return;
        }
        node.kind = condition.kind == Kind::all   ? ConditionNode::Kind::all
                    : condition.kind == Kind::any ? ConditionNode::Kind::any
                                                  : ConditionNode::Kind::negation;
        add_children(condition, pointer, depth + 1);
    } else {
        ++leaves_;
        node = leaf(condition, pointer);
    }
    node.end = static_cast<std::uint32_t>(conditions_.nodes.size());
    conditions_.nodes[here] = node;
}

void ConditionBuilder::add_children(const model::Condition& condition, const std::string& pointer, std::size_t depth) {
    if (condition.kind == Kind::negation) return add(condition.children.front(), pointer + "/not", depth);
    const std::string list = pointer + (condition.kind == Kind::all ? "/all/" : "/any/");
    for (std::size_t i = 0; i < condition.children.size(); ++i)
        add(condition.children[i], list + std::to_string(i), depth);
}

ConditionNode ConditionBuilder::leaf(const model::Condition& condition, const std::string& pointer) {
    if (condition.kind == Kind::segment) return segment(condition, pointer);
    if (condition.kind == Kind::bucket) return bucket(condition.bucket, pointer + "/bucket");
    return comparison(condition, pointer);
}

ConditionNode ConditionBuilder::comparison(const model::Condition& condition, const std::string& pointer) {
    ConditionNode node = node_of(condition.op);
    node.fold = condition.ignore_case;
    node.attribute = attribute(condition.attribute, pointer + "/attribute");
    if (condition.values.size() > limits::list_values) {
        findings_.add(pointer + "/values", "limit", "at most " + std::to_string(limits::list_values) + " values");
        return node;
    }
    if (condition.attribute == "$now") {
        reads_now_ = true;
        if (node.kind != ConditionNode::Kind::time)
            findings_.add(pointer + "/op", "wrong_type", "`$now` is compared with `before` and `after` only");
    }
    add_operand(conditions_, node, condition, pointer, findings_);
    if (condition.attribute == "$now") node.kind = ConditionNode::Kind::now;
    return node;
}

ConditionNode ConditionBuilder::segment(const model::Condition& condition, const std::string& pointer) {
    ConditionNode node;
    node.kind = ConditionNode::Kind::segment;
    node.negated = condition.op == model::Op::not_in_segment;
    node.operand = static_cast<std::uint32_t>(segments_.size());
    node.attribute = static_cast<std::uint32_t>(condition.values.size());
    if (condition.values.size() > limits::list_values)
        findings_.add(pointer + "/values", "limit", "at most " + std::to_string(limits::list_values) + " values");
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
        const auto& value = condition.values[i];
        auto place = pointer + "/values/" + std::to_string(i);
        if (value.kind != model::Literal::Kind::string)
            findings_.add(place, "wrong_type", "a segment's key is a string");
        segments_.push_back({value.text, std::move(place)});
    }
    return node;
}

ConditionNode ConditionBuilder::bucket(const model::Bucket& bucket, const std::string& pointer) {
    ConditionNode node;
    node.kind = ConditionNode::Kind::bucket;
    node.operand = static_cast<std::uint32_t>(conditions_.buckets.size());
    if (!bucket.salt && !salt_) findings_.add(pointer + "/salt", "malformed", "a bucket in a segment names its salt");
    const auto salt = bucket.salt ? *bucket.salt : salt_.value_or("");
    conditions_.buckets.push_back(
        {context_attribute(bucket.by, pointer + "/by"), Bucketing(bucket.hash, salt), bucket.from, bucket.to});
    return node;
}

std::uint32_t ConditionBuilder::context_attribute(const std::string& reference, const std::string& pointer) {
    if (reference == "$now") findings_.add(pointer, "wrong_type", "`$now` is compared with `before` and `after` only");
    return attribute(reference, pointer);
}

std::uint32_t ConditionBuilder::attribute(const std::string& reference, const std::string& pointer) {
    const auto next = static_cast<std::uint32_t>(conditions_.attributes.size());
    const auto [it, is_new] = attributes_.emplace(reference, next);
    if (!is_new) return it->second;
    auto parsed = parse_attribute(reference);
    if (!parsed) {
        findings_.add(pointer, "bad_pointer", "`" + reference + "` is no attribute reference");
        attributes_.erase(it);
        return 0;
    }
    conditions_.attributes.push_back(std::move(*parsed));
    return next;
}

}  // namespace fanion::eval
