// Starts the real Alertmanager and Prometheus and finds out where they listen.

#include "support/monitoring.hpp"

#include <chrono>
#include <cstdlib>

#include "base/time.hpp"
#include "support/http_peer.hpp"
#include "support/shared_data.hpp"

namespace tocsin::support {

namespace {

/// `msg="Listening on" … address=127.0.0.1:40647` in the log; empty until then.
std::string address_in(const std::string& log) {
    const std::size_t line = log.find("msg=\"Listening on\"");
    const std::size_t address = log.find("address=", line);
    if (line == std::string::npos || address == std::string::npos) return {};
    const std::size_t begin = address + std::string_view("address=").size();
    return log.substr(begin, log.find_first_of(" \n", begin) - begin);
}

std::string url_when_ready(const std::filesystem::path& log, Process& process) {
    std::string url;
    eventually([&] {
        const std::string address = address_in(read_file(log));
        if (!address.empty()) url = "http://" + address;
        const bool ready = !url.empty() && http_get(url, "/-/ready").status == 200;
        return ready || process.status().has_value();
    });
    return process.status() ? "" : url;
}

}  // namespace

Alertmanager::Alertmanager(const std::string& program, const std::string& route,
                           const std::string& webhook) {
    const auto config = folder_.path() / "alertmanager.yml";
    write_file(config, "route: {receiver: tocsin, " + route +
                           "}\nreceivers:\n  - name: tocsin\n    webhook_configs: [{" + webhook +
                           "}]\n");
    const auto log = folder_.path() / "log";
    process_ = Process({program, "--config.file=" + config.string(),
                        "--storage.path=" + (folder_.path() / "data").string(),
                        "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="},
                       log);
    url_ = url_when_ready(log, process_);
}

bool Alertmanager::push(const std::string& labels, bool firing) const {
    const auto now = std::chrono::system_clock::now();
    const std::string end = format_rfc3339(std::chrono::floor<Duration>(now));
    const std::string times = firing ? "" : R"(,"endsAt":")" + end + "\"";
    return http_post(url_, "/api/v2/alerts",
                     R"([{"labels":{)" + labels + R"(},"annotations":{})" + times + "}]")
               .status == 200;
}

int Alertmanager::notifications() const {
    const std::string name = "alertmanager_notifications_total{integration=\"webhook\"} ";
    const std::string text = http_get(url_, "/metrics").body;
    const std::size_t at = text.find(name);
    return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + name.size());
}

Prometheus::Prometheus(const std::string& program, const Settings& settings) {
    const auto config = folder_.path() / "prometheus.yml";
    std::string text =
        "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
        "scrape_configs:\n  - job_name: test\n    honor_labels: true\n"
        "    static_configs: [{targets: [\"" +
        settings.target + "\"]}]\n";
    if (!settings.alertmanager.empty()) {
        text += "alerting: {alertmanagers: [{static_configs: [{targets: [\"" +
                settings.alertmanager + "\"]}]}]}\n";
    }
    if (!settings.rules.empty()) {
        write_file(folder_.path() / "rules.yml", settings.rules);
        text += "rule_files: [rules.yml]\n";
    }
    write_file(config, text);
    const auto log = folder_.path() / "log";
    process_ = Process({program, "--config.file=" + config.string(),
                        "--storage.tsdb.path=" + (folder_.path() / "data").string(),
                        "--web.listen-address=127.0.0.1:0"},
                       log);
    url_ = url_when_ready(log, process_);
}

std::optional<std::string> alertmanager_program() {
    return peer_program({"alertmanager", "prometheus-alertmanager"});
}

std::optional<std::string> prometheus_program() {
    return peer_program({"prometheus"});
}

}  // namespace tocsin::support
