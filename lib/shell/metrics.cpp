// The table of metrics, their series in prometheus-cpp, and their text.
#include "shell/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/check.hpp"
#include "base/text.hpp"
#include "core/effect.hpp"
#include "core/verdict.hpp"
#include "shell/process.hpp"

namespace tocsin::shell {
namespace {

enum class Type : std::uint8_t { counter, gauge, histogram };

/// Where the values of a label come from. All of them exist from the start.
enum class Domain : std::uint8_t {
    none,
    format,
    refusal,
    outcome,
    severity,
    integration,
    source,
    page_result,
    open_state,
    final_state,
    poll_result,
    commit_result,
};

struct Label {
    const char* name = "";
    Domain domain = Domain::none;
};

struct Row {
    Metric metric;
    const char* name;
    const char* help;
    Type type;
    std::array<Label, 2> labels = {};
};

constexpr Label by_integration{"integration", Domain::integration};
constexpr Label by_severity{"severity", Domain::severity};

constexpr std::array rows{
    Row{Metric::alerts_received,
        "tocsin_alerts_received_total",
        "Alerts taken in and durable, by the format they came in.",
        Type::counter,
        {Label{"format", Domain::format}}},
    Row{Metric::truncated_alerts, "tocsin_truncated_alerts_total",
        "Alerts that an Alertmanager left out of its webhooks (max_alerts): tocsin never saw them.",
        Type::counter},
    Row{Metric::requests_refused,
        "tocsin_requests_refused_total",
        "Requests that were refused, by reason.",
        Type::counter,
        {Label{"reason", Domain::refusal}}},
    Row{Metric::verdicts,
        "tocsin_verdicts_total",
        "Verdicts that were new or changed, by outcome.",
        Type::counter,
        {Label{"outcome", Domain::outcome}}},
    Row{Metric::incidents_open,
        "tocsin_incidents_open",
        "Open incidents.",
        Type::gauge,
        {by_severity}},
    Row{Metric::incidents_declared,
        "tocsin_incidents_declared_total",
        "Episodes of incidents that were declared, by the severity they began with.",
        Type::counter,
        {by_severity}},
    Row{Metric::incidents_unanswered, "tocsin_incidents_unanswered",
        "Open incidents about which everybody has been asked in vain; they are asked on.",
        Type::gauge},
    Row{Metric::pages,
        "tocsin_pages_total",
        "Pages that came to an end, by how.",
        Type::counter,
        {by_integration, Label{"result", Domain::page_result}}},
    Row{Metric::deliveries_open,
        "tocsin_deliveries_open",
        "Deliveries that the integration has not yet accepted.",
        Type::gauge,
        {by_integration, Label{"state", Domain::open_state}}},
    Row{Metric::deliveries,
        "tocsin_deliveries_total",
        "Deliveries that came to an end, by how.",
        Type::counter,
        {by_integration, Label{"state", Domain::final_state}}},
    Row{Metric::oldest_undelivered,
        "tocsin_oldest_undelivered_seconds",
        "Age of the oldest delivery that the integration has not yet accepted; 0 for none.",
        Type::gauge,
        {by_integration}},
    Row{Metric::dead_letters, "tocsin_dead_letters",
        "Deliveries refused for good since the start of the process.", Type::gauge},
    Row{Metric::pager_reaches_a_person, "tocsin_pager_reaches_a_person",
        "1 if some pager in use.page can reach a person.", Type::gauge},
    Row{Metric::alert_to_page, "tocsin_alert_to_page_seconds",
        "From the receipt of the alert that declared an incident to the accepted page.",
        Type::histogram},
    Row{Metric::time_to_declare, "tocsin_time_to_declare_seconds",
        "From the beginning of the earliest signal of an incident to its declaration.",
        Type::histogram},
    Row{Metric::commit, "tocsin_commit_seconds", "Time of one commit, fsync included.",
        Type::histogram},
    Row{Metric::commits,
        "tocsin_commits_total",
        "Commits, by result.",
        Type::counter,
        {Label{"result", Domain::commit_result}}},
    Row{Metric::inbox_items, "tocsin_inbox_items", "Inputs that wait for the engine.", Type::gauge},
    Row{Metric::signals, "tocsin_signals", "Signals that are held.", Type::gauge},
    Row{Metric::store_failing, "tocsin_store_failing",
        "1 while nothing can be committed and senders get 503.", Type::gauge},
    Row{Metric::reload_successful, "tocsin_config_last_reload_successful",
        "1 if the last attempt to load the configuration succeeded.", Type::gauge},
    Row{Metric::reload_success_time, "tocsin_config_last_reload_success_timestamp_seconds",
        "When the configuration was last loaded.", Type::gauge},
    Row{Metric::config_hash, "tocsin_config_hash",
        "48 bits of the hash of all loaded files; not cryptographic.", Type::gauge},
    Row{Metric::source_up,
        "tocsin_source_up",
        "0 while a source is silent.",
        Type::gauge,
        {Label{"source", Domain::source}}},
    Row{Metric::polls,
        "tocsin_polls_total",
        "Polls of a source, by result.",
        Type::counter,
        {Label{"source", Domain::source}, Label{"result", Domain::poll_result}}},
    Row{Metric::clock_jumps, "tocsin_clock_jumps_total",
        "Jumps of the wall clock by more than 30 seconds.", Type::counter},
    Row{Metric::log_lines_summed_up, "tocsin_log_lines_summed_up_total",
        "Verdicts that were logged as a count only.", Type::counter},
    Row{Metric::maintenance_active, "tocsin_maintenance_active",
        "Maintenance windows that are running.", Type::gauge},
};
static_assert(rows.size() == static_cast<std::size_t>(Metric::count_));

template <class Enum>
std::vector<std::string> names_of(Enum first, Enum last) {
    std::vector<std::string> names;
    for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
        names.emplace_back(core::name(static_cast<Enum>(i)));
    }
    return names;
}

std::vector<std::string> values_of(Domain domain, const MetricNames& names) {
    using core::DeliveryState, core::Outcome, core::Severity;
    switch (domain) {
        case Domain::none:
            return {""};
        case Domain::format:
            return {"webhook", "v2"};
        case Domain::refusal:
            return {"malformed",     "oversize",     "unauthenticated", "forbidden", "inbox_full",
                    "store_failing", "signals_full", "reads_full",      "other"};
        case Domain::outcome:
            return names_of(Outcome::clear, Outcome::unmatched);
        case Domain::severity:
            return names_of(Severity::minor, Severity::critical);
        case Domain::integration:
            return names.integrations;
        case Domain::source:
            return names.sources;
        case Domain::page_result:
            return {"accepted", "refused", "dropped"};
        case Domain::open_state:
            return names_of(DeliveryState::ready, DeliveryState::sending);
        case Domain::final_state:
            return names_of(DeliveryState::done, DeliveryState::dropped);
        case Domain::poll_result:
            return {"complete", "failed", "missed"};
        case Domain::commit_result:
            return {"ok", "failed"};
    }
    return {};
}

const prometheus::Histogram::BucketBoundaries& buckets() {
    static const prometheus::Histogram::BucketBoundaries boundaries{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,
        2.5,   5,      10,    30,   60,    120,  300, 600,  1800, 3600};
    return boundaries;
}

struct Series {
    prometheus::Counter* counter = nullptr;
    prometheus::Gauge* gauge = nullptr;
    prometheus::Histogram* histogram = nullptr;
};

/// Looked up without a lock: never changed, but replaced by a reload.
using Index = std::array<std::unordered_map<std::string, Series>, rows.size()>;

std::string key_of(Metrics::Values labels) {
    std::string key;
    for (const auto& value : labels) {
        key += value;
        key += '\x1f';
    }
    return key;
}

}  // namespace

struct Metrics::Registry {
    prometheus::Registry registry;
    std::atomic<std::shared_ptr<const Index>> index{std::make_shared<const Index>()};

    void add_row(const Row& row, const MetricNames& names, Index& into);
    Series add_series(const Row& row, const prometheus::Labels& labels);
    [[nodiscard]] Series find(Metric metric, Values labels) const;
};

Series Metrics::Registry::add_series(const Row& row, const prometheus::Labels& labels) {
    Series series;
    switch (row.type) {
        case Type::counter:
            series.counter =
                &prometheus::BuildCounter().Name(row.name).Help(row.help).Register(registry).Add(
                    labels);
            break;
        case Type::gauge:
            series.gauge =
                &prometheus::BuildGauge().Name(row.name).Help(row.help).Register(registry).Add(
                    labels);
            break;
        case Type::histogram:
            series.histogram =
                &prometheus::BuildHistogram().Name(row.name).Help(row.help).Register(registry).Add(
                    labels, buckets());
            break;
    }
    return series;
}

void Metrics::Registry::add_row(const Row& row, const MetricNames& names, Index& into) {
    const bool two = row.labels[1].domain != Domain::none;
    auto& series = into[static_cast<std::size_t>(row.metric)];
    for (const auto& first : values_of(row.labels[0].domain, names)) {
        for (const auto& second : values_of(row.labels[1].domain, names)) {
            prometheus::Labels labels;
            std::string key;
            if (row.labels[0].domain != Domain::none) {
                labels[row.labels[0].name] = to_valid_utf8(first);
                key = two ? key_of({first, second}) : key_of({first});
            }
            if (two) labels[row.labels[1].name] = to_valid_utf8(second);
            if (!series.contains(key)) series.emplace(key, add_series(row, labels));
        }
    }
}

Series Metrics::Registry::find(Metric metric, Values labels) const {
    const auto present = index.load();
    const auto& series = (*present)[static_cast<std::size_t>(metric)];
    const auto found = series.find(key_of(labels));
    return found == series.end() ? Series{} : found->second;
}

Metrics::Metrics(const MetricNames& names) : registry_(std::make_unique<Registry>()) {
    prometheus::BuildGauge()
        .Name("tocsin_build_info")
        .Help("Always 1; the version is its label.")
        .Register(registry_->registry)
        .Add({{"version", names.version}})
        .Set(1);
    extend(names);
}

Metrics::~Metrics() = default;

void Metrics::extend(const MetricNames& names) {
    auto index = std::make_shared<Index>(*registry_->index.load());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        check(rows[i].metric == static_cast<Metric>(i));
        const bool is_new_source = rows[i].metric == Metric::source_up;
        const auto before = (*index)[i].size();
        registry_->add_row(rows[i], names, *index);
        if (!is_new_source || before == (*index)[i].size()) continue;
        for (const auto& source : names.sources) {
            if (!registry_->find(Metric::source_up, {source}).gauge) {
                (*index)[i].at(key_of({source})).gauge->Set(1);
            }
        }
    }
    registry_->index.store(std::move(index));
}

void Metrics::add(Metric metric, Values labels, double amount) {
    const Series series = registry_->find(metric, labels);
    if (series.counter != nullptr) series.counter->Increment(amount);
    if (series.gauge != nullptr) series.gauge->Increment(amount);
}

void Metrics::set(Metric metric, double value, Values labels) {
    const Series series = registry_->find(metric, labels);
    if (series.gauge != nullptr) series.gauge->Set(value);
}

void Metrics::observe(Metric metric, Duration duration) {
    const Series series = registry_->find(metric, {});
    if (series.histogram != nullptr) series.histogram->Observe(to_seconds(duration));
}

// The gauge holds the instant; `text` turns it into an age.
void Metrics::set_oldest(std::string_view integration, Instant oldest) {
    const double since = oldest == Instant{} ? 0 : to_unix_seconds(oldest);
    set(Metric::oldest_undelivered, since, {integration});
}

std::string Metrics::text(Instant now) const {
    auto families = registry_->registry.Collect();
    const std::string ages = rows[static_cast<std::size_t>(Metric::oldest_undelivered)].name;
    for (auto& family : families) {
        if (family.name != ages) continue;
        for (auto& series : family.metric) {
            double& value = series.gauge.value;
            if (value > 0) value = std::max(0.0, to_unix_seconds(now) - value);
        }
    }
    return prometheus::TextSerializer().Serialize(families) + process_metrics();
}

double Metrics::value(Metric metric, Values labels) const {
    const Series series = registry_->find(metric, labels);
    if (series.counter != nullptr) return series.counter->Value();
    if (series.gauge != nullptr) return series.gauge->Value();
    if (series.histogram != nullptr) {
        return static_cast<double>(series.histogram->Collect().histogram.sample_count);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace tocsin::shell
