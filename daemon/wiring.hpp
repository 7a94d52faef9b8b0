#pragma once
// What the parts of the shell are told of the configuration: values only, no decisions.

#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "shell/access.hpp"
#include "shell/heartbeat.hpp"
#include "shell/metrics.hpp"
#include "shell/poller.hpp"

namespace tocsin::daemon {

[[nodiscard]] shell::Access access_of(const config::Config& config, bool on_loopback);
[[nodiscard]] std::vector<shell::WatchedSource> watched_sources(const config::Config& config);
[[nodiscard]] std::vector<shell::PolledSource> polled_sources(const config::Config& config);
[[nodiscard]] shell::MetricNames metric_names(const config::Config& config);
/// Rule files and oncall.yaml by their digest, for the store; never tocsin.yaml or a secret.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> documents_of(
    const config::Loaded& loaded);
/// 48 bits of a hash of the same files and of tocsin.yaml, as a number that a double holds exactly.
[[nodiscard]] double config_hash(const config::Loaded& loaded, const std::string& config_path);
[[nodiscard]] bool reaches_a_person(const config::Loaded& loaded);
/// What `/-/ready` and the log say of a configuration that is legal and yet not enough.
[[nodiscard]] std::vector<std::string> warnings_of(const config::Loaded& loaded);
/// All diagnostics as text, each with its source line.
[[nodiscard]] std::string rendered(const config::LoadResult& result);
[[nodiscard]] bool is_loopback_address(const std::string& address);

}  // namespace tocsin::daemon
