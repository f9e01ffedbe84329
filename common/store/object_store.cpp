#include "common/store/object_store.hpp"

#include "common/store/folder_store.hpp"
#include "common/store/redis_store.hpp"
#include "common/store/s3_store.hpp"

namespace fanion::store {

Result<std::unique_ptr<ObjectStore>> make_object_store(const Location& location, const Access& access) {
    using Made = std::unique_ptr<ObjectStore>;
    switch (location.kind) {
        case Location::Kind::path:
            return Made(std::make_unique<FolderStore>(location.path));
        case Location::Kind::s3:
            return Made(std::make_unique<S3Store>(location, access));
        case Location::Kind::redis:
            return Made(std::make_unique<RedisStore>(location, access));
        case Location::Kind::http:
            break;
    }
    return Error{Errc::invalid_input, "a file at a URL can only be read"};
}

}  // namespace fanion::store
