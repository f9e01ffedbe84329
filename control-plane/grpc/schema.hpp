#pragma once

// The services and messages of proto-schemas/proto, from the descriptors that the build makes of
// them. Messages are converted between their binary form and JSON by these descriptors: no code is
// generated, so a field costs no build time. Immutable; thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::grpc {

struct Method {
    std::string service;  // FlagService
    std::string name;     // CreateFlag
    std::string path;     // /fanion.admin.v1.FlagService/CreateFlag
    std::string request;  // fanion.admin.v1.CreateFlagRequest
    std::string response;
    bool streams = false;  // the server
};

class Schema {
public:
    // Adds the files to the process's descriptors, once, so that reflection knows them.
    Schema();
    ~Schema();
    Schema(const Schema&) = delete;

    const std::vector<Method>& methods() const noexcept { return methods_; }
    // The names of a message's fields; empty when there is no such message.
    std::vector<std::string> fields(const std::string& message) const;

    // Fields have the names of the .proto file; those that have their default and no presence are
    // left out. Error: invalid_input, the bytes are not such a message.
    Result<std::string> to_json(const std::string& message, const std::string& bytes) const;
    // Members that the message does not have are ignored. Error: internal, the JSON does not fit
    // the message.
    Result<std::string> to_bytes(const std::string& message, std::string_view json) const;

private:
    struct Resolver;
    std::unique_ptr<Resolver> resolver_;
    std::vector<Method> methods_;
};

}  // namespace fanion::cp::grpc
