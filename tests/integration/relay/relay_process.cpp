#include "tests/integration/relay/relay_process.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "common/base/text.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/run_coroutine.hpp"

namespace fanion::test {
namespace {

// The number after `"name":` in the log line of that event; 0 if it has not been logged yet.
std::uint16_t number_in(const std::string& log, const std::string& event, const std::string& name) {
    const auto line = log.find("\"" + event + "\"");
    const auto at = line == std::string::npos ? line : log.find("\"" + name + "\":", line);
    if (at == std::string::npos || log.find('\n', at) == std::string::npos) return 0;
    return static_cast<std::uint16_t>(std::stoul(log.substr(at + name.size() + 3)));
}

}  // namespace

const char* RelayProcess::program() noexcept {
    const char* other = std::getenv("FANION_TEST_RELAY");
    return other ? other : FANION_RELAY_PROGRAM;
}

RelayProcess::RelayProcess(std::vector<std::string> arguments, std::string log, DescriptorLimits descriptors)
    : log_(std::move(log)) {
    std::filesystem::remove(log_);
    arguments.insert(arguments.begin(), program());
    pid_ = start_child(std::move(arguments), log_, geteuid(), descriptors);
}

RelayProcess::~RelayProcess() {
    if (pid_ > 0) kill();
}

std::string RelayProcess::log() const {
    std::ifstream in(log_);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool RelayProcess::wait_started() {
    return wait_for([this] {
        const auto text = log();
        port_ = number_in(text, "relay_started", "port");
        operators_port_ = number_in(text, "relay_started", "operators_port");
        return port_ != 0 && operators_port_ != 0;
    });
}

void RelayProcess::signal(int number) const { ::kill(pid_, number); }

void RelayProcess::kill() {
    signal(SIGKILL);
    wait_exit();
}

int RelayProcess::wait_exit() {
    const auto status = wait_for_exit(pid_, eventually_limit);
    if (!status) throw std::runtime_error("the relay did not exit: " + log());
    pid_ = -1;
    return *status;
}

net::ClientResponse RelayProcess::send(std::uint16_t port, net::ClientRequest request) const {
    boost::asio::io_context context;
    net::ClientConfig config;
    config.origin = "http://127.0.0.1:" + std::to_string(port);
    auto client = net::HttpClient::make(context.get_executor(), std::move(config)).value();
    auto response = run_coroutine(context, client.send(std::move(request)));
    return response ? std::move(*response) : net::ClientResponse{};
}

net::ClientResponse RelayProcess::ask(net::ClientRequest request) const { return send(port_, std::move(request)); }

net::ClientResponse RelayProcess::operators(const std::string& target) const {
    net::ClientRequest request;
    request.target = target;
    return send(operators_port_, std::move(request));
}

std::string RelayProcess::evaluate(const std::string& flag, const std::string& key) const {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = "/ofrep/v1/evaluate/flags/" + flag;
    request.headers.emplace_back("Authorization", "Bearer " + key);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = R"({"context":{"targetingKey":"u1"}})";
    const auto response = ask(std::move(request));
    if (response.status != 200) return std::to_string(response.status);
    if (response.body.find(R"("value":true)") != std::string::npos) return "true";
    if (response.body.find(R"("value":false)") != std::string::npos) return "false";
    return response.body;
}

double RelayProcess::metric(const std::string& series) const {
    const auto text = operators("/metrics").body;
    for (const auto line : split(text, '\n')) {
        if (line.size() > series.size() && line.starts_with(series) && line[series.size()] == ' ') {
            return std::stod(std::string(line.substr(series.size() + 1)));
        }
    }
    return -1;
}

}  // namespace fanion::test
