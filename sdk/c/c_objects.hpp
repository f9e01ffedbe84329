#pragma once

// What the objects of c_api.h are, and how its functions read arguments and write replies. For
// functions of that kind, which other modules add to it.

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "sdk/c/c_api.h"

struct fanion_ruleset {
    fanion::eval::RulesetPtr compiled;
};

// Contexts are parsed into this document, so that its memory is reused.
struct fanion_reply {
    std::string text;
    fanion::json::Document context;
};

namespace fanion::c_api {

inline std::string_view view(const char* data, std::size_t size) {
    return size == 0 ? std::string_view() : std::string_view(data, size);
}

inline bool is_readable(const char* data, std::size_t size) { return data != nullptr || size == 0; }

inline void append(json::Writer& w, std::string_view name, const std::vector<Finding>& findings) {
    w.key(name).begin_array();
    for (const auto& finding : findings)
        w.begin_object()
            .member("item", finding.item)
            .member("pointer", finding.pointer)
            .member("code", finding.code)
            .member("detail", finding.detail)
            .end_object();
    w.end_array();
}

// Converts an error to a status and, if there is a reply, to JSON.
inline fanion_status fail(fanion_reply* reply, fanion_status status, std::string_view detail,
                          const std::vector<Finding>& findings = {}) {
    if (reply == nullptr) return status;
    reply->text.clear();
    json::Writer w(reply->text);
    w.begin_object().member("error", fanion_status_name(status)).member("detail", detail);
    append(w, "findings", findings);
    w.end_object();
    return status;
}

inline fanion_status refuse_argument(fanion_reply* reply, std::string_view detail) {
    return fail(reply, FANION_INVALID_ARGUMENT, detail);
}

inline fanion_status refuse_ruleset(fanion_reply* reply, const Error& error) {
    return fail(reply, FANION_INVALID_RULESET, error.detail, error.findings);
}

// Runs `body` and converts exceptions to a status. Without exceptions (WebAssembly), exhausted
// memory ends the instance instead.
template <class Body>
fanion_status guarded(fanion_reply* reply, Body body) noexcept {
    if (reply != nullptr) reply->text.clear();
#if defined(__cpp_exceptions)
    try {
        return body();
    } catch (const std::bad_alloc&) {
        if (reply != nullptr) reply->text.clear();
        return FANION_OUT_OF_MEMORY;
    } catch (...) {
        if (reply != nullptr) reply->text.clear();
        return FANION_INTERNAL;
    }
#else
    return body();
#endif
}

// A context that cannot be parsed is treated as null, which is not an object and is rejected too.
inline json::Value read_context(json::Document& document, const char* data, std::size_t size) {
    static constexpr json::Node null{};
    if (data == nullptr) return {};
    json::ScanLimits scan;
    scan.bytes = limits::context_bytes;
    return document.parse(view(data, size), scan) ? document.root() : json::Value(&null);
}

}  // namespace fanion::c_api
