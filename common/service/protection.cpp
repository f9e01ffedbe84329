#include "common/service/protection.hpp"

#include "common/base/private_file.hpp"

namespace fanion::service {

void describe_protection(config::Options& options, Protection& protection) {
    options.group("Protection of secrets");
    options.add("allow-core-dumps", "let the system write core dumps, which contain keys, and let debuggers attach")
        .flag(protection.allow_core_dumps);
    options.add("allow-open-key-files", "use key files although other users of the machine may read them")
        .flag(protection.allow_open_key_files);
}

void check_key_file(const Protection& protection, const std::string& option, const std::string& file,
                    config::Reading& out) {
    if (file.empty() || protection.allow_open_key_files) return;
    if (const auto checked = check_private_file(file); !checked) out.fail(option, checked.error().detail);
}
}  // namespace fanion::service
