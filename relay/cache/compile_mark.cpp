#include "relay/cache/compile_mark.hpp"

#include <unistd.h>

#include "relay/cache/durable_file.hpp"
#include "relay/cache/floor.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t largest_mark_file = 1024;

std::string mark_file(const std::string& directory) { return directory + "/compiling"; }

}  // namespace

CompileMark::CompileMark(std::string directory, const wire::Floor& ruleset) : directory_(std::move(directory)) {
    static_cast<void>(make_directories(directory_));
    static_cast<void>(replace_file(mark_file(directory_), format_floor(ruleset), Durability::process));
}

CompileMark::~CompileMark() {
    ::unlink(mark_file(directory_).c_str());
    ::rmdir(directory_.c_str());  // fails unless it is empty
}

bool has_compile_mark(const std::string& directory) { return ::access(mark_file(directory).c_str(), F_OK) == 0; }

std::optional<wire::Floor> take_compile_mark(const std::string& directory) {
    const auto text = read_whole_file(mark_file(directory), largest_mark_file);
    ::unlink(mark_file(directory).c_str());
    if (!text || !*text) return std::nullopt;
    return parse_floor(**text);
}

}  // namespace fanion::relay::cache
