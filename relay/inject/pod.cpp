#include "relay/inject/pod.hpp"

#include <algorithm>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::relay::inject {
namespace {

using json::Kind;
using json::Reader;
using json::Value;

// The elements of an optional array; what is null counts as absent.
template <class Each>
void for_each(Value object, std::string_view name, const Each& each) {
    const auto array = object.find(name);
    if (!array || !array.is(Kind::array)) return;
    std::size_t index = 0;
    for (const auto element : array.elements()) each(element, std::string(name) + "[" + std::to_string(index++) + "]");
}

std::string_view text_of(Value object, std::string_view name) {
    const auto member = object.find(name);
    return member && member.is(Kind::string) ? member.as_string() : std::string_view();
}

void read_annotations(Reader metadata, Pod& pod) {
    const auto annotations = metadata.optional_object("annotations");
    if (!annotations || !annotations->is_object()) return;
    pod.annotations = annotations->value();
    for (const auto& [name, value] : pod.annotations.members()) {
        if (!value.is(Kind::string)) metadata.fail_at("annotations", "wrong_type", "all annotations must be strings");
    }
}

void check_objects(Reader& spec, std::string_view name) {
    const auto array = spec.optional_any(name);
    if (!array || array.is(Kind::null)) return;
    const auto is_object = [](Value element) { return element.is(Kind::object); };
    bool are_objects = array.is(Kind::array);
    if (are_objects) {
        for (const auto element : array.elements()) are_objects = are_objects && is_object(element);
    }
    if (!are_objects) spec.fail_at(name, "wrong_type", "must be an array of objects");
}

// Whether a container's port is of TCP and one of these.
bool takes(Value port, const std::vector<std::uint16_t>& ports) {
    const auto number = port.find("containerPort");
    const auto protocol = text_of(port, "protocol");
    if (!number || !number.is(Kind::number) || (!protocol.empty() && protocol != "TCP")) return false;
    const auto value = number.as_u64();
    return value && std::ranges::find(ports, *value) != ports.end();
}

void check_ports(Value container, const std::string& place, const Addition& addition,
                 std::vector<std::string>& mistakes) {
    for_each(container, "ports", [&](Value port, const std::string& at) {
        if (!takes(port, addition.ports)) return;
        const auto number = port.find("containerPort").number_text();
        mistakes.push_back("spec." + place + "." + at + ": port " + std::string(number) +
                           " is the relay's; choose another one by the annotations fanion.dev/listen and "
                           "fanion.dev/operators-port");
    });
}

void add(json::Writer& w, std::string_view path, const auto& write_value) {
    w.begin_object().member("op", "add").member("path", path).key("value");
    write_value();
    w.end_object();
}

bool has_array(const Pod& pod, std::string_view name) {
    const auto present = pod.spec.find(name);
    return present && present.is(Kind::array);
}

}  // namespace

Pod read_pod(Value object, std::vector<Finding>& findings) {
    Pod pod;
    Reader r(object, findings, "/request/object");
    if (auto metadata = r.optional_object("metadata")) {
        pod.name = metadata->optional_string("name").value_or("");
        if (pod.name.empty()) pod.name = metadata->optional_string("generateName").value_or("");
        read_annotations(*metadata, pod);
    }
    auto spec = r.object("spec");
    pod.spec = spec.value();
    for (const auto* name : {"containers", "initContainers", "volumes"}) check_objects(spec, name);
    return pod;
}

bool has_sidecar(const Pod& pod, std::string_view name) {
    bool found = false;
    for_each(pod.spec, "initContainers", [&](Value container, const std::string&) {
        found = found || (text_of(container, "name") == name && text_of(container, "restartPolicy") == "Always");
    });
    return found;
}

void check_room(const Pod& pod, const Sidecar& sidecar, const Addition& addition, std::vector<std::string>& mistakes) {
    const auto on_node = pod.spec.find("hostNetwork");
    if (on_node && on_node.is(Kind::boolean) && on_node.as_bool()) {
        mistakes.emplace_back(
            "spec.hostNetwork: the relay would take ports of the node; run relays as a DaemonSet "
            "instead");
    }
    if (text_of(pod.spec.find("os"), "name") == "windows") {
        mistakes.emplace_back("spec.os.name: the relay's image is for Linux");
    }
    for (const auto* kind : {"initContainers", "containers"}) {
        for_each(pod.spec, kind, [&](Value container, const std::string& place) {
            if (text_of(container, "name") == sidecar.name())
                mistakes.push_back("spec." + place + ".name: '" + sidecar.name() + "' is the relay's name");
            check_ports(container, place, addition, mistakes);
        });
    }
    for_each(pod.spec, "volumes", [&](Value volume, const std::string& place) {
        for (const auto& own : addition.volumes) {
            const auto* name = own.find("name");
            if (name != nullptr && name->is(Kind::string) && name->as_string() == text_of(volume, "name"))
                mistakes.push_back("spec." + place + ".name: '" + name->as_string() + "' is a volume of the relay");
        }
    });
}

std::string make_patch(const Pod& pod, const Addition& addition) {
    std::string patch;
    json::Writer w(patch);
    const auto one = [&](const json::Tree& tree) { return [&] { w.raw(tree.to_text()); }; };
    w.begin_array();
    if (has_array(pod, "initContainers")) {
        add(w, "/spec/initContainers/0", one(addition.container));
    } else {
        add(w, "/spec/initContainers", one(json::Tree::array({addition.container})));
    }
    if (!has_array(pod, "volumes")) {
        add(w, "/spec/volumes", one(json::Tree::array(addition.volumes)));
    } else {
        for (const auto& volume : addition.volumes) add(w, "/spec/volumes/-", one(volume));
    }
    w.end_array();
    return patch;
}

}  // namespace fanion::relay::inject
