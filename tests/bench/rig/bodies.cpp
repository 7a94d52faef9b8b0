// Alerts as Prometheus posts them, and as Alertmanager's webhook v4 wraps them.
#include "bodies.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace tocsin::bench {
namespace {

/// As a source would write it now: an alert that began long ago would be a different case.
std::string rfc3339_now() {
    const time_t now = ::time(nullptr);
    tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    const std::size_t length =
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &utc);
    return {text.data(), length};
}

std::string labels_of(std::string_view alertname, std::size_t number) {
    std::array<char, 32> instance{};
    std::snprintf(instance.data(), instance.size(), "10.%zu.%zu.%zu:9100", number >> 16 & 255,
                  number >> 8 & 255, number & 255);
    return R"({"alertname":")" + std::string(alertname) + R"(","instance":")" + instance.data() +
           R"(","job":"node","namespace":"posthog","region":"us","severity":"critical"})";
}

constexpr std::string_view annotations =
    R"({"summary":"Event ingestion is behind","runbook_url":"https://runbooks.example.com/lag"})";
constexpr std::string_view generator =
    R"("generatorURL":"http://prometheus:9090/graph?g0.expr=up")";

std::string alert_of(Door door, std::string_view alertname, std::size_t number,
                     const std::string& now) {
    std::string text = door == Door::webhook ? R"({"status":"firing","labels":)" : R"({"labels":)";
    text.append(labels_of(alertname, number)).append(R"(,"annotations":)").append(annotations);
    text.append(R"(,"startsAt":")").append(now).append("\",");
    if (door == Door::webhook) text.append(R"("endsAt":"0001-01-01T00:00:00Z",)");
    text.append(generator);
    if (door == Door::webhook) {
        std::array<char, 24> fingerprint{};
        std::snprintf(fingerprint.data(), fingerprint.size(), "%016zx", number);
        text.append(R"(,"fingerprint":")").append(fingerprint.data()).append("\"");
    }
    return text.append("}");
}

}  // namespace

std::string body_of(Door door, std::string_view alertname, std::size_t first, std::size_t count) {
    const std::string now = rfc3339_now();
    std::string alerts = "[";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) alerts += ",";
        alerts += alert_of(door, alertname, first + i, now);
    }
    alerts += "]";
    if (door == Door::alerts) return alerts;
    const std::string common = R"({"alertname":")" + std::string(alertname) + R"("})";
    return R"({"receiver":"tocsin","status":"firing","alerts":)" + alerts + R"(,"groupLabels":)" +
           common + R"(,"commonLabels":)" + common +
           R"(,"commonAnnotations":{},"externalURL":"http://alertmanager:9093","version":"4",)" +
           R"("groupKey":"{}:{alertname=\")" + std::string(alertname) +
           R"(\"}","truncatedAlerts":0})";
}

std::string latency_name(std::size_t number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "Latency%06zu", number);
    return text.data();
}

}  // namespace tocsin::bench
