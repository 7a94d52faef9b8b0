#pragma once
// TestDaemon: the real binary, in a folder of its own, started, killed and asked by a test.

#include <filesystem>
#include <string>
#include <vector>

#include "integrations/json.hpp"
#include "support/http_peer.hpp"
#include "support/process.hpp"

namespace tocsin::support {

struct DaemonSettings {
    std::string rules = {};         // text of the only rule file; empty: the shipped handbook
    std::string integrations = {};  // entries of `integrations:`, one a line; beside `log`, a file
    std::string page = "[log]";
    std::string extra = {};  // further keys of tocsin.yaml
};

class TestDaemon {
public:
    explicit TestDaemon(const DaemonSettings& settings = {});

    /// Starts it and waits until it is ready; false if it ended or never was (log() says why).
    bool start();
    void kill() { process_.kill(); }
    [[nodiscard]] Process& process() { return process_; }

    [[nodiscard]] std::string url() const;
    [[nodiscard]] Response get(const std::string& path) const;
    [[nodiscard]] Response post(const std::string& path, const std::string& body) const;
    /// The answer's body; null if it is no JSON.
    [[nodiscard]] integrations::Json json(const std::string& path) const;
    /// All incidents, newest first.
    [[nodiscard]] std::vector<integrations::Json> incidents() const;
    [[nodiscard]] std::vector<integrations::Json> verdicts() const;
    /// The deliveries that the file integration was given, oldest first.
    [[nodiscard]] std::vector<integrations::Json> pages_in_file() const;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] std::filesystem::path data_dir() const { return folder() / "data"; }
    [[nodiscard]] std::filesystem::path rule_file() const { return folder() / "rules.yaml"; }
    [[nodiscard]] std::filesystem::path config() const { return folder() / "tocsin.yaml"; }
    [[nodiscard]] std::string log() const;
    /// `tocsin ARGUMENTS --url …` as a person at a terminal would give it.
    [[nodiscard]] Output command(std::vector<std::string> arguments) const;

private:
    TemporaryFolder folder_;
    int port_ = 0;  // chosen once, so that senders find it again after a restart
    Process process_;
};

/// The daemon's binary; every test here begins with REQUIRE(std::filesystem::exists(binary())).
[[nodiscard]] std::filesystem::path binary();

/// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] int free_port();

/// One alert of an Alertmanager webhook, `{"status",…}`; labels as `"a":"b","c":"d"`.
[[nodiscard]] std::string alert_json(const std::string& labels, bool firing = true,
                                     const std::string& annotations = "");
/// A webhook (version 4) with these alerts.
[[nodiscard]] std::string webhook_json(const std::vector<std::string>& alerts);

}  // namespace tocsin::support
