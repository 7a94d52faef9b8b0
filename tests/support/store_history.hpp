#pragma once
// Random commit histories for any store, and what must come back after them.

#include <map>
#include <memory>
#include <string>

#include "core/state.hpp"
#include "shell/codec.hpp"
#include "shell/store.hpp"
#include "support/random_records.hpp"

namespace tocsin::support {

/// Everything that a recovered State must hold, as encoded rows: two of them can be compared
/// although each process numbers its symbols anew.
using Rows = std::map<std::pair<core::Table, std::uint64_t>, std::string>;

inline std::string row_of(const core::Record& record, const core::Symbols& symbols) {
    std::string row;
    shell::codec::encode(record, &symbols, row);
    return row;
}

inline Rows rows_of(const core::State& state) {
    Rows rows;
    const auto add = [&](core::Table table, const auto& records) {
        for (const auto& [id, record] : records) {
            rows[{table, id}] = row_of(core::Record(record), state.symbols);
        }
    };
    add(core::Table::signals, state.signals);
    add(core::Table::incidents, state.incidents);
    add(core::Table::deliveries, state.deliveries);
    add(core::Table::rule_health, state.rule_health);
    add(core::Table::windows, state.windows);
    add(core::Table::rota, state.rota);
    return rows;
}

/// Makes batches of new, changed and deleted records, and knows what they amount to.
class StoreHistory {
public:
    explicit StoreHistory(std::uint64_t seed) : random_(seed) {}

    shell::Batch batch(std::uint64_t changes) {
        shell::Batch batch;
        batch.at = Instant(seconds(1'800'000'000 + static_cast<std::int64_t>(counters_.verdict)));
        batch.symbols = &symbols_;
        for (std::uint64_t i = 0; i < changes; ++i) batch.changes.push_back(change());
        core::Verdict verdict = random_.verdict();
        verdict.id = ++counters_.verdict;
        verdict.at = batch.at;
        batch.verdicts.push_back(std::move(verdict));
        batch.journal.push_back({batch.at, "alertmanager", "am", random_.text()});
        batch.documents.emplace_back("digest", "text");
        batch.counters = counters_;
        return batch;
    }
    /// To be called when the batch is on disk.
    void committed(const shell::Batch& batch) {
        for (const core::Change& change : batch.changes) {
            const core::Record& named = change.after ? *change.after : *change.before;
            const auto key = std::pair(core::table_of(named), core::id_of(named));
            if (change.after && core::lives_in_state(named)) {
                expected_[key] = row_of(named, symbols_);
            } else {
                expected_.erase(key);
            }
        }
    }
    [[nodiscard]] const Rows& expected() const { return expected_; }
    [[nodiscard]] const core::Counters& counters() const { return counters_; }

private:
    core::Change change() {
        const std::uint64_t kind = random_.below(5);
        const std::uint64_t old = 1 + random_.below(20);
        if (kind == 0) {
            core::Signal signal = random_.signal(symbols_);
            counters_.signal = std::max(counters_.signal, signal.id = old);
            if (random_.below(4) == 0) return {.before = signal, .after = {}};
            return {.before = {}, .after = std::move(signal)};
        }
        if (kind == 1) {
            core::Incident incident = random_.incident();
            counters_.incident = std::max(counters_.incident, incident.number = old);
            return {.before = {}, .after = std::move(incident)};
        }
        if (kind == 2) {
            core::Delivery delivery = random_.delivery();
            counters_.delivery = std::max(counters_.delivery, delivery.effect.id = old);
            return {.before = {}, .after = std::move(delivery)};
        }
        if (kind == 3) {
            core::RuleHealth health = random_.rule_health();
            counters_.health = std::max(counters_.health, health.id = old);
            if (random_.below(4) == 0) return {.before = health, .after = {}};
            return {.before = {}, .after = std::move(health)};
        }
        core::TimelineEntry entry = random_.timeline_entry();
        entry.id = ++counters_.timeline;
        return {.before = {}, .after = std::move(entry)};
    }

    RandomRecords random_;
    core::Symbols symbols_;
    core::Counters counters_;
    Rows expected_;
};

}  // namespace tocsin::support
