#include "control-plane/publish/version_choice.hpp"

#include <cstdint>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::publish {
namespace {

using boost::asio::awaitable;

Error version_error(Errc code, std::string pointer, std::string finding, std::string detail) {
    return {code, detail, {{"", std::move(pointer), std::move(finding), detail}}};
}

Error unknown_version(const projects::Environment& env, std::string pointer) {
    return version_error(Errc::not_found, std::move(pointer), "unknown_version",
                         "environment `" + env.key + "` has no such version, or it is no longer kept");
}

}  // namespace

Result<wire::Version> read_version(std::string_view text, std::string pointer) {
    auto version = wire::parse_version(text);
    const auto number = parse_u64(text);
    if (!version && number) version = wire::Version{0, *number};
    if (version && version->epoch <= INT64_MAX && version->number <= INT64_MAX) return *version;
    return version_error(Errc::invalid_input, std::move(pointer), "bad_value",
                         "a version is <epoch>.<number>, or the number alone");
}

awaitable<Result<wire::Version>> require_version(db::Transaction& tx, const projects::Environment& env,
                                                 wire::Version wanted, std::string pointer) {
    const auto found = co_await find_version(tx, env.env_id, wanted);
    if (!found) co_return unknown_version(env, std::move(pointer));
    co_return *found;
}

awaitable<Result<wire::Version>> require_version_at(db::Transaction& tx, const projects::Environment& env,
                                                    UnixMillis at, std::string pointer) {
    const auto found = co_await version_at(tx, env.env_id, at);
    if (!found) co_return unknown_version(env, std::move(pointer));
    co_return *found;
}

awaitable<Result<wire::ItemSet>> require_items_at(db::Transaction& tx, const projects::Environment& env,
                                                  wire::Version version, std::string pointer) {
    if (version == env.version) co_return co_await read_items(tx, env.env_id);
    auto items = co_await read_items_at(tx, env.env_id, version);
    if (!items) co_return unknown_version(env, std::move(pointer));
    co_return std::move(*items);
}

}  // namespace fanion::cp::publish
