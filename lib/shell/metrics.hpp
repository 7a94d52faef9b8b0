#pragma once
// Metrics: a table of what the daemon tells about itself, as Prometheus text on GET /metrics.

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace tocsin::shell {

/// One row each in metrics.cpp, where name, help, type and labels stand.
enum class Metric : std::uint8_t {
    alerts_received,         // {format}
    truncated_alerts,        //
    requests_refused,        // {reason}
    verdicts,                // {outcome}
    incidents_open,          // {severity}
    incidents_declared,      // {severity}
    incidents_unanswered,    //
    pages,                   // {integration, result}
    deliveries_open,         // {integration, state}
    deliveries,              // {integration, state}
    oldest_undelivered,      // {integration}; set to an instant, shown as its age
    dead_letters,            //
    pager_reaches_a_person,  //
    alert_to_page,           // histogram
    time_to_declare,         // histogram
    commit,                  // histogram
    commits,                 // {result}
    inbox_items,             //
    signals,                 //
    store_failing,           //
    reload_successful,       //
    reload_success_time,     //
    config_hash,             //
    source_up,               // {source}
    polls,                   // {source, result}
    clock_jumps,             //
    log_lines_summed_up,     //
    maintenance_active,      //
    count_,
};

/// The label values that come from the configuration; nothing else may become one.
struct MetricNames {
    std::string version;
    std::vector<std::string> integrations;
    std::vector<std::string> sources;
};

/// Every series exists from the start, at 0. All functions may be called from any thread; the cost
/// never depends on the number of alerts. Unknown label values are ignored, never created.
class Metrics {
public:
    using Values = std::initializer_list<std::string_view>;

    explicit Metrics(const MetricNames& names);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// After a reload: adds the series of new integrations and sources; none is taken away.
    void extend(const MetricNames& names);
    void add(Metric metric, Values labels = {}, double amount = 1);
    void set(Metric metric, double value, Values labels = {});
    void observe(Metric metric, Duration duration);
    /// For Metric::oldest_undelivered: the instant, or Instant{} for nothing undelivered.
    void set_oldest(std::string_view integration, Instant oldest);

    /// The Prometheus text format 0.0.4; `now` gives the ages.
    [[nodiscard]] std::string text(Instant now) const;
    /// For tests: the present value (count of a histogram); NaN for a series that does not exist.
    [[nodiscard]] double value(Metric metric, Values labels = {}) const;

private:
    struct Registry;
    std::unique_ptr<Registry> registry_;
};

}  // namespace tocsin::shell
