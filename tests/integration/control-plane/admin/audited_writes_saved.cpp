#include "tests/integration/control-plane/admin/audited_writes.hpp"

namespace fanion::test {

void AuditedWrites::add_saved(const std::string& kind, const std::string& more) {
    const auto all = "/api/v1/orgs/{org}/projects/{project}/" + kind + "s";
    const auto one = all + "/{" + kind + "}";
    const auto place = web + '/' + kind + 's';
    const auto named = [more](const std::string& name) {
        return R"({"shared":true,"name":")" + name + '"' + more + '}';
    };
    const auto made = [=, this](const std::string& name) { return place + '/' + create(place, named(name)).at("/id"); };
    writes["POST " + all] = {kind + ".created", States::after, [=, this] { return create(place, named("posted")); }};
    writes["PUT " + one] = {kind + ".updated", States::both,
                            [=, this] { return put(made("put"), owner, named("put again")); }};
    writes["PATCH " + one] = {kind + ".updated", States::both,
                              [=, this] { return patch(made("patched"), owner, R"({"name":"patched again"})"); }};
    writes["DELETE " + one] = {kind + ".deleted", States::before, [=, this] { return del(made("deleted"), owner); }};
}

void AuditedWrites::add_saved() {
    add_saved("view", "");
    add_saved("context", R"(,"context":{"key":"ann"})");
}

}  // namespace fanion::test
