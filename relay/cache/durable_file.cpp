#include "relay/cache/durable_file.hpp"

#include <filesystem>
#include <system_error>

namespace fanion::relay::cache {

Result<std::optional<std::string>> read_whole_file(const std::string& path, std::size_t limit) {
    auto bytes = read_regular_file(path, limit);
    if (bytes) return std::optional<std::string>(std::move(*bytes));
    if (bytes.error().code == Errc::not_found) return std::optional<std::string>();
    return bytes.error();
}

Result<> make_directories(const std::string& path) {
    std::error_code reason;
    std::filesystem::create_directories(path, reason);
    if (reason) return Error{Errc::internal, "create " + path + ": " + reason.message()};
    return {};
}

}  // namespace fanion::relay::cache
