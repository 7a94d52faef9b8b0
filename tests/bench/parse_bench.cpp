// What reading costs per alert: a webhook of 100 alerts, by our reader and as a JSON document.

#include <benchmark/benchmark.h>

#include <string>

#include "integrations/json.hpp"
#include "integrations/sources/alertmanager.hpp"

using namespace tocsin;

namespace {

constexpr int alerts_per_body = 100;

std::string webhook() {
    std::string body = R"({"version":"4","receiver":"tocsin","status":"firing","alerts":[)";
    for (int i = 0; i < alerts_per_body; ++i) {
        if (i > 0) body += ",";
        body += R"({"status":"firing","labels":{"alertname":"Load","instance":"10.0.0.)" +
                std::to_string(i) +
                R"(:9100","job":"node","namespace":"posthog","region":"us","severity":"critical"},)"
                R"("annotations":{"summary":"Event ingestion is behind"},)"
                R"("startsAt":"2026-01-05T08:00:00.000Z","endsAt":"0001-01-01T00:00:00Z",)"
                R"("generatorURL":"http://prometheus:9090/graph?g0.expr=up"})";
    }
    return body + "]}";
}

void read_alerts(benchmark::State& run) {
    const std::string body = webhook();
    for (auto _ : run) {
        auto read = integrations::read_webhook(body);
        if (!read) return run.SkipWithError(read.error().message.c_str());
        benchmark::DoNotOptimize(read);
    }
    run.SetItemsProcessed(run.iterations() * alerts_per_body);
}

void read_document(benchmark::State& run) {
    const std::string body = webhook();
    for (auto _ : run) {
        auto read = integrations::parse_json(body);
        if (!read) return run.SkipWithError(read.error().message.c_str());
        benchmark::DoNotOptimize(read);
    }
    run.SetItemsProcessed(run.iterations() * alerts_per_body);
}

}  // namespace

BENCHMARK(read_alerts);
BENCHMARK(read_document);
BENCHMARK_MAIN();
