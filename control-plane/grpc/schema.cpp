#include "control-plane/grpc/schema.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <stdexcept>

#include "control-plane/grpc/descriptors.hpp"
#include "control-plane/grpc/rpc_table.hpp"

namespace fanion::cp::grpc {
namespace {

namespace pb = google::protobuf;

constexpr const char* type_host = "type.googleapis.com";

std::string type_url(const std::string& message) { return std::string(type_host) + '/' + message; }

// The files as the descriptor pool keeps them: it refers to their bytes as long as the process runs.
const std::vector<std::string>& embedded_files() {
    static const std::vector<std::string> files = [] {
        pb::FileDescriptorSet set;
        const auto bytes = descriptor_set();
        if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
            throw std::logic_error("the embedded descriptors are damaged");
        }
        std::vector<std::string> texts;
        for (const auto& file : set.file()) texts.push_back(file.SerializeAsString());
        return texts;
    }();
    return files;
}

// What generated code does at its start. Of one thread at a time, once.
const pb::DescriptorPool& registered_pool() {
    static const bool is_registered = [] {
        pb::SetLogHandler(nullptr);  // what a peer sends is its own fault, and told to it
        for (const auto& file : embedded_files()) {
            pb::DescriptorPool::InternalAddGeneratedFile(file.data(), static_cast<int>(file.size()));
        }
        return true;
    }();
    static_cast<void>(is_registered);
    return *pb::DescriptorPool::generated_pool();
}

void append_methods(const pb::ServiceDescriptor& service, std::vector<Method>& methods) {
    for (int i = 0; i < service.method_count(); ++i) {
        const auto& method = *service.method(i);
        methods.push_back({service.name(), method.name(), '/' + service.full_name() + '/' + method.name(),
                           method.input_type()->full_name(), method.output_type()->full_name(),
                           method.server_streaming()});
    }
}

}  // namespace

struct Schema::Resolver {
    const pb::DescriptorPool& pool = registered_pool();
    std::unique_ptr<pb::util::TypeResolver> types{pb::util::NewTypeResolverForDescriptorPool(type_host, &pool)};
    pb::DynamicMessageFactory messages;  // thread-safe

    // The conversion to JSON reads over what is malformed, so that another request would be carried out.
    bool is_well_formed(const std::string& message, const std::string& bytes) {
        const auto* type = pool.FindMessageTypeByName(message);
        if (!type) return false;
        const std::unique_ptr<pb::Message> parsed(messages.GetPrototype(type)->New());
        return parsed->ParseFromString(bytes);
    }
};

Schema::Schema() : resolver_(std::make_unique<Resolver>()) {
    for (const auto& text : embedded_files()) {
        pb::FileDescriptorProto described;
        described.ParseFromString(text);
        const auto* file = resolver_->pool.FindFileByName(described.name());
        if (!file) throw std::logic_error("a file that is not among the descriptors: " + described.name());
        for (int i = 0; i < file->service_count(); ++i) append_methods(*file->service(i), methods_);
    }
}

Schema::~Schema() = default;

std::vector<std::string> Schema::fields(const std::string& message) const {
    std::vector<std::string> names;
    const auto* type = resolver_->pool.FindMessageTypeByName(message);
    for (int i = 0; type && i < type->field_count(); ++i) names.push_back(type->field(i)->name());
    return names;
}

Result<std::string> Schema::to_json(const std::string& message, const std::string& bytes) const {
    if (!resolver_->is_well_formed(message, bytes)) return Error{Errc::invalid_input, "not a " + message};
    pb::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string json;
    const auto status = pb::util::BinaryToJsonString(resolver_->types.get(), type_url(message), bytes, &json, options);
    if (!status.ok()) {
        return Error{Errc::invalid_input, "not a " + message + ": " + std::string(status.message())};
    }
    return json;
}

Result<std::string> Schema::to_bytes(const std::string& message, std::string_view json) const {
    pb::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    std::string bytes;
    const pb::StringPiece text(json.data(), json.size());
    const auto status = pb::util::JsonToBinaryString(resolver_->types.get(), type_url(message), text, &bytes, options);
    if (!status.ok()) return Error{Errc::internal, "not a " + message + ": " + std::string(status.message())};
    return bytes;
}

}  // namespace fanion::cp::grpc
