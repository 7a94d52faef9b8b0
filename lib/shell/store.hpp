#pragma once
// Store: where commits go and what comes back after a crash; one writer, one transaction a batch.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/limits.hpp"
#include "core/state.hpp"
#include "core/verdict.hpp"
#include "integrations/dossier.hpp"

namespace tocsin::shell {

/// One request as it came in (an HTTP body, a command, a poll's answer), for replay.
struct JournalRow {
    Instant at;
    std::string kind;    // "alertmanager", "alerts", "command", "evaluated", "rules", …
    std::string source;  // source or person
    std::string body;
};

/// Everything that one commit writes, atomically.
struct Batch {
    Instant at;
    std::vector<core::Change> changes;
    std::vector<core::Verdict> verdicts;
    std::vector<JournalRow> journal;
    std::vector<std::pair<std::string, std::string>> documents;  // digest -> text, written once
    core::Counters counters;
    /// Of the State that the changes come from, for the names inside signals (rows hold the text);
    /// must be set whenever a signal is among the changes.
    const core::Symbols* symbols = nullptr;
};

/// Guards against a second leader (PostgreSQL later); SQLite holds an flock and always has 1.
using Fence = std::uint64_t;

/// Errors of a store: `disk_full` (the one that is waited out), `read_only`, `corrupt`, `foreign`
/// (not a tocsin database), `newer` (schema of a later version), `locked`, `io`. Messages name the
/// file and what to do.
class Store {
public:
    virtual ~Store() = default;
    [[nodiscard]] virtual Status commit(const Batch& batch, Fence fence) = 0;
    /// Loads signals, open or reopenable incidents, unfinished deliveries, rule health, counters
    /// and install id; the ruleset and indexes are the caller's to set.
    [[nodiscard]] virtual Result<core::State> recover() = 0;
    /// Called between batches, after the replies: checkpoints when the WAL has grown past its
    /// bound, deletes a bounded number of rows past their retention.
    virtual void maintain(Instant now) = 0;
    /// After a failed commit: frees the ballast and tries to write. Ok means that commits may go
    /// on; restores the ballast when there is room.
    [[nodiscard]] virtual Status probe() = 0;
};

struct Retention {
    Duration journal = hours(24 * 7);
    Duration verdicts = hours(24 * 30);
};

/// What a list request may ask for; bounds are limits::list_limit_*.
struct IncidentQuery {
    std::optional<core::IncidentState> state;
    std::optional<std::uint64_t> before;  // incident number, exclusive
    std::size_t limit = 100;
};
struct VerdictQuery {
    std::optional<std::string> rule;
    std::optional<core::Outcome> outcome;
    std::optional<Instant> since;
    std::optional<std::uint64_t> before;  // verdict id, exclusive
    std::optional<std::uint64_t> incident;
    std::size_t limit = 100;
};

struct WindowQuery {
    std::optional<std::uint64_t> id;
    std::optional<std::string> name;
    std::optional<core::WindowState> state;
    std::optional<Instant> over_since;  // without those that were over before
    std::size_t limit = 100;
};

using IncidentDossier = integrations::Dossier;

/// How much of each kind of row a dossier may have; the newest ones are kept.
struct DossierBounds {
    std::size_t rows_max = core::limits::dossier_rows_max;
    std::size_t bytes_max = core::limits::dossier_bytes_max;
};

/// The reading side: what it answers is on disk. A `query_only` connection of its own; used from
/// one thread at a time, never the engine's. Lists are newest first.
class ReadStore {
public:
    virtual ~ReadStore() = default;
    virtual Result<std::vector<core::Incident>> incidents(const IncidentQuery& query) = 0;
    virtual Result<std::optional<IncidentDossier>> incident(std::uint64_t number,
                                                            const DossierBounds& bounds = {}) = 0;
    virtual Result<std::vector<core::Verdict>> verdicts(const VerdictQuery& query) = 0;
    virtual Result<std::vector<core::Window>> windows(const WindowQuery& query) = 0;
};

}  // namespace tocsin::shell
