// What the store costs per alert: a batch of 100 new signals, 100 verdicts and one journal row.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "shell/store_sqlite.hpp"

using namespace tocsin;

namespace {

constexpr std::uint64_t alerts_per_batch = 100;

core::Signal signal_of(std::uint64_t id, core::Symbols& symbols) {
    const std::string instance = "10.0.0." + std::to_string(id);
    core::Signal signal;
    signal.id = id;
    signal.labels = {
        {"alertname", "KafkaConsumerLag"}, {"instance", instance}, {"job", "ingestion"},
        {"namespace", "posthog"},          {"region", "us"},       {"severity", "critical"}};
    signal.annotations = {{"summary", "Event ingestion is behind"}, {"runbook", "https://run/1"}};
    signal.source = symbols.intern("am-us");
    signal.tracks.resize(1);
    signal.tracks[0].rule = symbols.intern("ingestion-lag");
    return signal;
}

shell::Batch next_batch(core::Counters& counters, core::Symbols& symbols) {
    shell::Batch batch;
    batch.symbols = &symbols;
    for (std::uint64_t i = 0; i < alerts_per_batch; ++i) {
        core::Signal signal = signal_of(++counters.signal, symbols);
        core::Verdict verdict;
        verdict.id = ++counters.verdict;
        verdict.rule = "ingestion-lag";
        verdict.labels = signal.labels;
        verdict.cite = ">5 minute ingestion lag";
        batch.verdicts.push_back(std::move(verdict));
        batch.changes.push_back({.before = {}, .after = std::move(signal)});
    }
    batch.journal.push_back({batch.at, "alertmanager", "am-us", std::string(40'000, 'x')});
    batch.counters = counters;
    return batch;
}

/// On /dev/shm an fsync is free: what is left is our CPU and SQLite's.
void commit_batches(benchmark::State& run, const char* parent) {
    std::string directory = std::string(parent) + "/tocsin-bench-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) return run.SkipWithError("no directory");
    {
        auto store = shell::open_sqlite({.data_dir = directory, .install_id = "bench"});
        if (!store) return run.SkipWithError(store.error().message.c_str());
        core::Counters counters;
        core::Symbols symbols;
        for (auto _ : run) {
            run.PauseTiming();
            const shell::Batch batch = next_batch(counters, symbols);
            run.ResumeTiming();
            if (!(*store)->commit(batch, 1)) return run.SkipWithError("a commit failed");
            (*store)->maintain(batch.at);
        }
    }
    run.SetItemsProcessed(run.iterations() * static_cast<std::int64_t>(alerts_per_batch));
    std::filesystem::remove_all(directory);
}

}  // namespace

BENCHMARK_CAPTURE(commit_batches, in_memory, "/dev/shm");
BENCHMARK_CAPTURE(commit_batches, on_disk, "/tmp");
BENCHMARK_MAIN();
