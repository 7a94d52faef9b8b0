#pragma once
// Debian's Alertmanager and Prometheus beside a test, on free ports, in folders of their own.

#include <optional>
#include <string>

#include "support/process.hpp"

namespace tocsin::support {

/// Alertmanager with the given `receiver` lines (a webhook_configs entry) and route options.
class Alertmanager {
public:
    /// `route` is what stands in the route beside its receiver, `webhook` in the webhook entry.
    Alertmanager(const std::string& program, const std::string& route, const std::string& webhook);

    [[nodiscard]] bool is_ready() const { return !url_.empty(); }
    [[nodiscard]] const std::string& url() const { return url_; }
    /// Posts one alert as Prometheus does; a resolved one ends now.
    [[nodiscard]] bool push(const std::string& labels, bool firing = true) const;
    /// Notifications sent to webhooks so far.
    [[nodiscard]] int notifications() const;

private:
    TemporaryFolder folder_;
    std::string url_;
    Process process_;
};

/// Prometheus scraping one target every second, with honoured labels.
class Prometheus {
public:
    struct Settings {
        std::string target;             // "127.0.0.1:1234"
        std::string alertmanager = {};  // host and port that alerts are posted to; empty: none
        std::string rules = {};         // text of a rule file
    };
    Prometheus(const std::string& program, const Settings& settings);

    [[nodiscard]] bool is_ready() const { return !url_.empty(); }
    [[nodiscard]] const std::string& url() const { return url_; }

private:
    TemporaryFolder folder_;
    std::string url_;
    Process process_;
};

/// Nothing when there is none; tests then say that they skip.
[[nodiscard]] std::optional<std::string> alertmanager_program();
[[nodiscard]] std::optional<std::string> prometheus_program();

}  // namespace tocsin::support
