#include "relay/inject/review.hpp"

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/json/tree.hpp"
#include "tests/unit/relay/inject/fixtures.hpp"

using namespace fanion;
using namespace fanion::relay::inject;
using namespace fanion::relay::inject::test;

namespace {

Verdict verdict_on(const std::string& body) {
    const auto verdict = review(body, chart_sidecar());
    INFO((verdict ? std::string() : describe(verdict.error())));
    REQUIRE(verdict);
    return *verdict;
}

Verdict verdict_of(const std::string& file) { return verdict_on(fixture("reviews/" + file)); }

json::Tree parsed(const std::string& text) {
    auto tree = json::Tree::parse(text);
    REQUIRE(tree);
    return std::move(*tree);
}

// Paths of a patch, all of whose operations add.
std::vector<std::string> paths(const std::string& patch) {
    std::vector<std::string> all;
    const auto operations = parsed(patch);
    for (const auto& operation : operations.elements()) {
        CHECK(operation.find("op")->as_string() == "add");
        all.push_back(operation.find("path")->as_string());
    }
    return all;
}

json::Tree container_of(const std::string& patch) {
    const auto operations = parsed(patch);
    const auto* value = operations.elements()[0].find("value");
    return value->is(json::Kind::array) ? value->elements()[0] : *value;
}

const std::string minimal = R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",)"
                            R"("resource":{"group":"","version":"v1","resource":"pods"},"operation":"CREATE",)"
                            R"("object":{"metadata":{"annotations":{"fanion.dev/inject":"e"}},)"
                            R"("spec":{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}}}})";

}  // namespace

TEST_CASE("a pod of a Deployment gets the relay before its other containers") {
    const auto verdict = verdict_of("v1.29-deployment.json");
    CHECK(verdict.outcome == Outcome::added);
    CHECK(verdict.uid == "0df28fbd-5f5f-11e8-bc74-36e6bb280816");
    CHECK(verdict.space == "shop");
    CHECK(verdict.pod == "checkout-6f9c7b5d84-");
    CHECK(verdict.environments == "acme/shop/production");
    CHECK_FALSE(verdict.is_dry_run);
    CHECK(paths(verdict.patch) ==
          std::vector<std::string>{"/spec/initContainers", "/spec/volumes/-", "/spec/volumes/-", "/spec/volumes/-"});
    CHECK(variable(container_of(verdict.patch), "FANION_REQUIRE_ENVIRONMENTS") == "acme/shop/production");
}

TEST_CASE("a job with an init container of its own gets the relay before it") {
    const auto verdict = verdict_of("v1.30-job.json");
    CHECK(verdict.outcome == Outcome::added);
    CHECK(paths(verdict.patch)[0] == "/spec/initContainers/0");
    const auto container = container_of(verdict.patch);
    CHECK(variable(container, "FANION_REQUIRE_ENVIRONMENTS") == "acme/shop/production,acme/shop/staging");
    CHECK(container.find("resources")->find("requests")->find("cpu")->as_string() == "10m");
    CHECK(verdict.patch.find(R"("secretName":"report-relay")") != std::string::npos);
    CHECK(verdict.patch.find(R"("secretName":"fanion-relay")") == std::string::npos);
}

TEST_CASE("a pod that uses the relay's ports says others") {
    const auto body = fixture("reviews/v1.31-statefulset.json");
    const auto verdict = verdict_on(body);
    CHECK(verdict.outcome == Outcome::added);
    CHECK(verdict.pod == "ledger-0");
    CHECK(variable(container_of(verdict.patch), "FANION_OPERATORS_LISTEN") == "0.0.0.0:19090");
    const auto without = verdict_on(
        replaced(replaced(body, "fanion.dev/listen", "example.com/a"), "fanion.dev/operators-port", "example.com/b"));
    CHECK(without.outcome == Outcome::refused);
    CHECK(without.patch.empty());
    CHECK(without.message.find("spec.containers[0].ports[0]: port 8080 is the relay's") != std::string::npos);
    CHECK(without.message.find("spec.containers[0].ports[1]: port 9090 is the relay's") != std::string::npos);
    CHECK(without.message.find("fanion.dev/listen") != std::string::npos);
}

TEST_CASE("a dry run is answered like any other request") {
    const auto verdict = verdict_of("v1.32-dry-run.json");
    CHECK(verdict.outcome == Outcome::added);
    CHECK(verdict.is_dry_run);
    CHECK(verdict.patch ==
          verdict_on(replaced(fixture("reviews/v1.32-dry-run.json"), "\"dryRun\": true", "\"dryRun\": false")).patch);
}

TEST_CASE("a pod that has the relay is left alone, and one that does not ask for it") {
    for (const auto& [file, outcome] :
         {std::pair{"v1.33-present.json", Outcome::present}, {"v1.33-without-annotation.json", Outcome::not_asked}}) {
        const auto verdict = verdict_of(file);
        CHECK(verdict.outcome == outcome);
        CHECK(verdict.patch.empty());
        CHECK(answer(verdict).find(R"("allowed":true)") != std::string::npos);
        CHECK(answer(verdict).find("patch") == std::string::npos);
    }
}

TEST_CASE("a pod of the node's network is refused") {
    const auto verdict = verdict_of("v1.33-host-network.json");
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(verdict.message.find("spec.hostNetwork: ") != std::string::npos);
}

TEST_CASE("every mistake is said at once") {
    const auto verdict = verdict_of("v1.33-mistakes.json");
    CHECK(verdict.outcome == Outcome::refused);
    for (const std::string said :
         {"annotation fanion.dev/inject: 'acme/shop'", "annotation fanion.dev/imgae: unknown",
          "annotation fanion.dev/limits: 'memory=lots'", "annotation fanion.dev/listen: '0.0.0.0:8081'",
          "spec.containers[1].name: 'fanion-relay'", "spec.containers[1].ports[0]: port 8080",
          "spec.volumes[1].name: 'fanion-cache'"}) {
        CAPTURE(said);
        CHECK(verdict.message.find(said) != std::string::npos);
    }
    CHECK(verdict.message.find("ports[1]") == std::string::npos);  // UDP
}

TEST_CASE("what is no new pod is let through") {
    for (const auto& [what, with] :
         {std::pair{R"("operation":"CREATE")", R"("operation":"UPDATE")"},
          std::pair{R"("operation":"CREATE")", R"("operation":"CREATE","subResource":"binding")"},
          std::pair{R"("resource":"pods")", R"("resource":"deployments")"},
          std::pair{R"("group":"")", R"("group":"apps")"}}) {
        CHECK(verdict_on(replaced(minimal, what, with)).outcome == Outcome::not_asked);
    }
    CHECK(verdict_on(minimal).outcome == Outcome::added);
    CHECK(verdict_on(replaced(minimal, R"("spec":{)", R"("spec":{"os":{"name":"windows"},)")).outcome ==
          Outcome::refused);
    const auto nulls = R"("spec":{"initContainers":null,"volumes":null,)";
    CHECK(paths(verdict_on(replaced(minimal, R"("spec":{)", nulls)).patch) ==
          std::vector<std::string>{"/spec/initContainers", "/spec/volumes"});
}

TEST_CASE("the answer is an AdmissionReview for the request") {
    const auto added = verdict_of("v1.29-deployment.json");
    auto tree = parsed(answer(added));
    CHECK(tree.find("apiVersion")->as_string() == "admission.k8s.io/v1");
    CHECK(tree.find("kind")->as_string() == "AdmissionReview");
    auto* response = tree.find("response");
    CHECK(response->find("uid")->as_string() == added.uid);
    CHECK(response->find("allowed")->as_bool());
    CHECK(response->find("patchType")->as_string() == "JSONPatch");
    CHECK(from_base64(response->find("patch")->as_string()) == added.patch);
    const auto refused = verdict_of("v1.33-host-network.json");
    tree = parsed(answer(refused));
    response = tree.find("response");
    CHECK_FALSE(response->find("allowed")->as_bool());
    CHECK(response->find("status")->find("message")->as_string() == refused.message);
    CHECK(response->find("patch") == nullptr);
}

TEST_CASE("what is no AdmissionReview is refused with its place") {
    struct Case {
        const char* what;
        const char* with;
        const char* place;
    };
    const Case cases[] = {
        {"admission.k8s.io/v1", "admission.k8s.io/v1beta1", "/apiVersion"},
        {"\"AdmissionReview\"", "\"Pod\"", "/kind"},
        {"\"request\"", "\"response\"", "/request"},
        {R"("uid":"u")", R"("uid":7)", "/request/uid"},
        {R"("uid":"u",)", "", "/request/uid"},
        {R"("operation":"CREATE")", R"("operation":[])", "/request/operation"},
        {R"("resource":{)", R"("x":{)", "/request/resource"},
        {R"("object":{)", R"("object":null,"x":{)", "/request/object"},
        {R"("annotations":{"fanion.dev/inject":"e"})", R"("annotations":[])", "/request/object/metadata/annotations"},
        {R"("fanion.dev/inject":"e")", R"("fanion.dev/inject":true)", "/request/object/metadata/annotations"},
        {R"("spec":{)", R"("x":{)", "/request/object/spec"},
        {R"("containers":[)", R"("containers":[0,)", "/request/object/spec/containers"},
        {R"("containers":[)", R"("volumes":{},"containers":[)", "/request/object/spec/volumes"},
        {R"("containers":[)", R"("initContainers":"a","containers":[)", "/request/object/spec/initContainers"},
    };
    for (const auto& [what, with, place] : cases) {
        CAPTURE(what, with);
        const auto verdict = review(replaced(minimal, what, with), chart_sidecar());
        REQUIRE_FALSE(verdict);
        CHECK(verdict.error().code == Errc::invalid_input);
        REQUIRE(verdict.error().findings.size() == 1);
        CHECK(verdict.error().findings[0].pointer == place);
    }
    for (const std::string body : {"", "null", "[]", "{", "\xff", "{}"}) {
        CAPTURE(body);
        CHECK_FALSE(review(body, chart_sidecar()));
    }
    CHECK_FALSE(review(replaced(minimal, "\"u\"", '"' + std::string(257, 'u') + '"'), chart_sidecar()));
    CHECK_FALSE(review(std::string(200, '['), chart_sidecar()));
    CHECK_FALSE(review(std::string(65u << 20, ' '), chart_sidecar()));
}

TEST_CASE("hostile names neither break the message nor make it long") {
    std::string annotations;
    for (int i = 0; i < 1'000; ++i)
        annotations += R"("fanion.dev/\")" + std::string(200, 'x') + std::to_string(i) + R"(":"\u0000",)";
    const auto verdict = verdict_on(replaced(minimal, R"("annotations":{)", R"("annotations":{)" + annotations));
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(verdict.message.size() <= 4'100);
    CHECK_FALSE(parsed(answer(verdict)).find("response")->find("allowed")->as_bool());
}
