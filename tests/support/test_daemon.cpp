// The real daemon under test: its files, its life and its HTTP interface.

#include "support/test_daemon.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.hpp"
#include "support/shared_data.hpp"

namespace tocsin::support {

using integrations::Json;

namespace {

std::vector<Json> lines_of(const std::filesystem::path& path) {
    std::vector<Json> lines;
    const std::string text = read_file(path);
    for (const std::string_view line : split(text, '\n')) {
        auto value = integrations::parse_json(line);
        if (value && value->is_object()) lines.push_back(std::move(*value));
    }
    return lines;
}

std::string config_text(const DaemonSettings& settings, const std::filesystem::path& folder,
                        const std::filesystem::path& rules, int port) {
    return "instance: test\nlisten: 127.0.0.1:" + std::to_string(port) +
           "\ndata_dir: " + (folder / "data").string() + "\nrules: [" + rules.string() +
           "]\nintegrations:\n  - {name: log, kind: file, path: " +
           (folder / "pages.jsonl").string() + "}\n" + settings.integrations +
           "\nuse: {page: " + settings.page + "}\n" + settings.extra + "\n";
}

}  // namespace

TestDaemon::TestDaemon(const DaemonSettings& settings) : port_(free_port()) {
    std::filesystem::create_directories(data_dir());
    const std::string rules =
        settings.rules.empty() ? read_file("rules/handbook.yaml") : settings.rules;
    write_file(rule_file(), rules);
    write_file(config(), config_text(settings, folder(), rule_file(), port_));
}

bool TestDaemon::start() {
    process_.kill();
    process_ =
        Process({binary().string(), "serve", "--config", config().string()}, folder() / "log");
    bool ready = false;
    eventually([&] {
        ready = get("/-/ready").status == 200;
        return ready || process_.status().has_value();
    });
    return ready;
}

std::string TestDaemon::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

Response TestDaemon::get(const std::string& path) const {
    return http_get(url(), path);
}

Response TestDaemon::post(const std::string& path, const std::string& body) const {
    return http_post(url(), path, body);
}

Json TestDaemon::json(const std::string& path) const {
    auto value = integrations::parse_json(get(path).body);
    return value ? std::move(*value) : Json{};
}

std::vector<Json> TestDaemon::incidents() const {
    const Json answer = json("/api/v1/incidents?limit=1000");
    const Json* list = answer.find("incidents");
    return list != nullptr ? list->items() : std::vector<Json>{};
}

std::vector<Json> TestDaemon::verdicts() const {
    const Json answer = json("/api/v1/verdicts?limit=1000");
    const Json* list = answer.find("verdicts");
    return list != nullptr ? list->items() : std::vector<Json>{};
}

std::vector<Json> TestDaemon::pages_in_file() const {
    return lines_of(folder() / "pages.jsonl");
}

std::string TestDaemon::log() const {
    return read_file(folder() / "log");
}

Output TestDaemon::command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), binary().string());
    arguments.insert(arguments.end(), {"--url", url()});
    return run(arguments);
}

std::filesystem::path binary() {
    return build_folder() / "tocsin";
}

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound =
        ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
    ::close(socket);
    return bound ? ntohs(address.sin_port) : 0;
}

std::string alert_json(const std::string& labels, bool firing, const std::string& annotations) {
    const std::string status = firing ? "firing" : "resolved";
    const std::string end = firing ? "0001-01-01T00:00:00Z" : "2026-01-01T00:01:00Z";
    return R"({"status":")" + status + R"(","labels":{)" + labels + R"(},"annotations":{)" +
           annotations + R"(},"startsAt":"2026-01-01T00:00:00Z","endsAt":")" + end +
           R"(","generatorURL":"http://prometheus.example/graph"})";
}

std::string webhook_json(const std::vector<std::string>& alerts) {
    return R"({"version":"4","groupKey":"{}:{}","truncatedAlerts":0,"status":"firing",)"
           R"("receiver":"tocsin","groupLabels":{},"commonLabels":{},"commonAnnotations":{},)"
           R"("externalURL":"http://alertmanager.example","alerts":[)" +
           join(alerts, ",") + "]}";
}

}  // namespace tocsin::support
