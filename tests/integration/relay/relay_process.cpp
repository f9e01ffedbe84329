#include "tests/integration/relay/relay_process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "common/base/text.hpp"
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

bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
    return wait_for([&] { return holds(); }, limit);
}

RelayProcess::RelayProcess(std::vector<std::string> arguments, std::string log, DescriptorLimits descriptors)
    : log_(std::move(log)) {
    arguments.insert(arguments.begin(), FANION_RELAY_PROGRAM);
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int fd = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ > 0) {
        ::close(fd);
        return;
    }
    ::dup2(fd, 1);
    ::dup2(fd, 2);
    const rlimit limits{descriptors.soft, descriptors.hard};
    if (descriptors.hard > 0 && ::setrlimit(RLIMIT_NOFILE, &limits) != 0) ::_exit(127);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

RelayProcess::~RelayProcess() {
    if (pid_ > 0) kill();
}

std::string RelayProcess::log() const {
    std::ifstream in(log_);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool RelayProcess::wait_started() {
    return wait_until([this] {
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
    int status = 0;
    if (!wait_until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; })) {
        throw std::runtime_error("the relay did not exit: " + log());
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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
