#include "control-plane/flags/flag_lookup.hpp"

namespace fanion::cp::flags {

using boost::asio::awaitable;

awaitable<Result<Flag>> load_flag(http::Call& call, db::Transaction& tx, std::string project_id) {
    auto flag = co_await find_flag(tx, std::move(project_id), call.param("flag"));
    if (!flag || flag->is_deleted) co_return http::not_found("flag");
    co_return std::move(*flag);
}

}  // namespace fanion::cp::flags
