#pragma once

// A change of many configurations of one environment: collected, and then published as one version
// with one audit entry, or only described (?dry_run=true). Lives within one http::edit_resource().

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/writer.hpp"
#include "common/wire/item_set.hpp"
#include "control-plane/audit/action.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/items/item_edit.hpp"
#include "control-plane/promotion/configuration.hpp"
#include "control-plane/promotion/difference.hpp"

namespace fanion::cp::promotion {

std::vector<Difference> content_differences(const std::string& before, const std::string& after);

class EnvironmentChange {
public:
    // `env` is locked by the edit's transaction and outlives this.
    EnvironmentChange(http::Edit& edit, const projects::LockedEnvironment& env) : edit_(edit), env_(env) {}

    // The permission, and If-Match with the environment's ETag, which a protected environment
    // requires; neither for a dry run. Errors: forbidden, those of Edit::match().
    Result<> authorise();

    // The configuration of `row` becomes `after`. Once for each item at most.
    template <class Kind>
    boost::asio::awaitable<void> set(const Kind& kind, const typename Kind::Row& row,
                                     const typename Kind::Config& present, typename Kind::Config after) {
        const auto before_content = content_json(present);
        const auto after_content = content_json(after);
        if (before_content == after_content) co_return;
        const auto& definition = row.definition;
        after.version = present.version + 1;
        after.updated_at = edit_.call().now();
        auto item = items::item_change(definition, after);
        auto found = co_await compare(before_content, after_content);
        note(item_key(definition), std::move(found), to_json(definition.key, present), to_json(definition.key, after));
        if (!is_dry_run()) co_await kind.put_config(edit_.tx(), row, env_, after, edit_.call().principal.actor_id());
        if (is_in_ruleset(definition)) changes_.push_back(std::move(item));
    }

    // Publishes, or compiles the result for a dry run. The response has the environment, the
    // version before and after, `changes`, and what `write_more` adds. Errors: unprocessable with
    // the compiler's findings.
    template <class WriteMore>
    http::EditResult finish(audit::Action action, const WriteMore& write_more) {
        std::string more;
        {
            json::Writer w(more);
            w.begin_object();
            write_more(w);
            w.end_object();
        }
        co_return co_await finish_with(action, std::move(more));
    }

private:
    bool is_dry_run() const { return edit_.is_dry_run(); }

    struct Change {
        std::string item;
        std::vector<Difference> differences;
        std::string before;  // JSON
        std::string after;
    };

    boost::asio::awaitable<std::vector<Difference>> compare(std::string before, std::string after);
    void note(std::string item, std::vector<Difference> differences, std::string before, std::string after);
    std::string state_json(std::string Change::*state) const;
    std::string response_text(const projects::Environment& now, const std::string& more) const;
    boost::asio::awaitable<Result<>> publish();
    http::EditResult finish_with(audit::Action action, std::string more);

    http::Edit& edit_;
    const projects::LockedEnvironment& env_;
    std::optional<http::Before> before_;
    std::vector<Change> noted_;
    std::vector<wire::ItemChange> changes_;
};

}  // namespace fanion::cp::promotion
