#pragma once
// State: all that the engine remembers, as records plus indexes that are rebuilt from them.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/boxed.hpp"
#include "core/effect.hpp"
#include "core/incident.hpp"
#include "core/rota_record.hpp"
#include "core/ruleset.hpp"
#include "core/signal.hpp"
#include "core/symbols.hpp"
#include "core/window.hpp"

namespace tocsin::core {

/// How one rule's expression fares on one source (`agree: all`: source empty). A row exists only
/// while something is wrong or the rule has been seen to have data.
struct RuleHealth {
    std::uint64_t id = 0;  // from Counters::health
    std::string rule;
    std::string source;
    std::uint64_t content_hash = 0;
    bool ever_had_data = false;
    std::optional<Instant> failing_since;  // error or partial: clocks are frozen since then
    std::optional<Instant> empty_since;    // complete answers, but no series of it
    Because because = Because::no_step_holds;
    std::string detail;
    bool blind = false;     // the source itself did not answer: its own incident speaks for it
    bool reported = false;  // no-data/RULE has been raised for it
    bool operator==(const RuleHealth&) const = default;
};

/// The latest number handed out of each kind. Stored whole with every commit.
struct Counters {
    std::uint64_t signal = 0;
    std::uint64_t incident = 0;
    std::uint64_t delivery = 0;
    std::uint64_t verdict = 0;
    std::uint64_t timeline = 0;
    std::uint64_t health = 0;
    std::uint64_t window = 0;
    bool operator==(const Counters&) const = default;
};

using Record = std::variant<Signal, Incident, Delivery, RuleHealth, TimelineEntry, Window, Rota>;
enum class Table : std::uint8_t {
    signals,
    incidents,
    deliveries,
    rule_health,
    timeline,
    windows,
    rota
};

/// A record before and after. No `before`: it is new. No `after`: it is gone (signals and rule
/// health only). A final delivery, a retired incident and every timeline entry live in tables only.
/// Boxed: a Record is a kilobyte, most of which an alert does not use, and changes are moved about.
struct Change {
    Boxed<Record> before;
    Boxed<Record> after;
};

[[nodiscard]] Table table_of(const Record& record);
[[nodiscard]] std::uint64_t id_of(const Record& record);
[[nodiscard]] bool lives_in_state(const Record& record);

struct Due {
    Instant at;
    Table table = Table::signals;
    std::uint64_t id = 0;
    auto operator<=>(const Due&) const = default;
};

struct State {
    // Records, by id.
    std::unordered_map<std::uint64_t, Signal> signals;
    std::map<std::uint64_t, Incident> incidents;
    std::map<std::uint64_t, Delivery> deliveries;
    std::map<std::uint64_t, RuleHealth> rule_health;
    std::map<std::uint64_t, Window> windows;  // not settled
    std::map<std::uint64_t, Rota> rota;       // at most one
    Counters counters;
    std::string install_id;  // born with the database
    RulesetPtr ruleset;      // never null after the first RulesLoaded

    // Indexes, rebuilt by `index()`.
    Symbols symbols;
    std::unordered_multimap<std::uint64_t, std::uint64_t> signal_by_identity;
    std::unordered_map<std::string, std::uint64_t> incident_by_key;  // open or reopenable
    std::map<std::string, std::set<std::uint64_t>> open_by_family;   // open incidents
    std::map<std::uint64_t, std::set<std::uint64_t>> deliveries_by_incident;
    std::map<std::string, std::set<std::uint64_t>>
        signals_by_rule;  // series, prom_series, condition
    std::map<std::uint64_t, std::set<std::uint64_t>> signals_by_incident;
    std::map<std::uint64_t, std::set<std::uint64_t>> signals_by_window;
    std::map<std::pair<std::string, std::string>, std::uint64_t> health_by_rule;
    std::set<Due> due;
    std::map<std::pair<Table, std::uint64_t>, Instant> due_at;
};

/// Puts a loaded record in its place, without indexing it.
void place(State& state, const Record& record);
/// Rebuilds every index from the records; called once after loading, with the ruleset set.
void index(State& state);
/// Applies the befores, newest first, so that memory equals the disk again.
void undo(State& state, const std::vector<Change>& changes, const Counters& counters);
/// Every index equals what `index()` would build; for tests and simulations.
[[nodiscard]] bool is_consistent(const State& state);

}  // namespace tocsin::core
