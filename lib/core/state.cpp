// Placing, indexing and undoing records: State is its records; every index can be rebuilt.
#include "core/state.hpp"

#include "base/match.hpp"
#include "core/due.hpp"
#include "core/indexes.hpp"

namespace tocsin::core {
namespace {

template <class Map>
void insert(Map& sets, const typename Map::key_type& key, std::uint64_t id) {
    sets[key].insert(id);
}

// A set that becomes empty goes, so that a rebuilt index compares equal.
template <class Map>
void erase(Map& sets, const typename Map::key_type& key, std::uint64_t id) {
    auto found = sets.find(key);
    if (found == sets.end()) return;
    found->second.erase(id);
    if (found->second.empty()) sets.erase(found);
}

void enter(State& state, const Record& record) {
    match(
        record, [&](const Signal& signal) { index_signal(state, signal); },
        [&](const Incident& incident) { index_incident(state, incident); },
        [&](const RuleHealth& health) { index_health(state, health); },
        [&](const Delivery& delivery) { index_delivery(state, delivery); },
        [](const TimelineEntry&) {}, [](const Window&) {}, [](const Rota&) {});
}

void clear_indexes(State& state) {
    state.signal_by_identity.clear();
    state.incident_by_key.clear();
    state.open_by_family.clear();
    state.deliveries_by_incident.clear();
    state.signals_by_rule.clear();
    state.signals_by_incident.clear();
    state.signals_by_window.clear();
    state.health_by_rule.clear();
    state.due.clear();
    state.due_at.clear();
}

std::optional<Instant> due_of(const State& state, Table table, std::uint64_t id) {
    const auto find_in = [&](const auto& records) -> std::optional<Instant> {
        auto found = records.find(id);
        if (found == records.end()) return std::nullopt;
        return due(state, found->second);
    };
    switch (table) {
        case Table::signals:
            return find_in(state.signals);
        case Table::incidents:
            return find_in(state.incidents);
        case Table::rule_health:
            return find_in(state.rule_health);
        case Table::windows:
            return find_in(state.windows);
        case Table::rota:
            return find_in(state.rota);
        case Table::deliveries:
        case Table::timeline:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::uint64_t identity(SignalKind kind, Symbol owner_rule, Symbol source,
                       std::uint64_t fingerprint) {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U;  // spreads small numbers over 64 bits
    std::uint64_t mixed = (static_cast<std::uint64_t>(owner_rule.index) << 34U) ^
                          (static_cast<std::uint64_t>(source.index) << 2U) ^
                          static_cast<std::uint64_t>(kind);
    return fingerprint ^ (mixed * odd);
}

std::uint64_t find_signal(const State& state, SignalKind kind, Symbol owner_rule, Symbol source,
                          std::uint64_t fingerprint) {
    auto [begin, end] =
        state.signal_by_identity.equal_range(identity(kind, owner_rule, source, fingerprint));
    for (auto entry = begin; entry != end; ++entry) {
        const Signal& signal = state.signals.at(entry->second);
        if (signal.fingerprint == fingerprint && signal.source == source && signal.kind == kind &&
            signal.owner_rule == owner_rule) {
            return signal.id;
        }
    }
    return 0;
}

void index_signal(State& state, const Signal& signal) {
    state.signal_by_identity.emplace(
        identity(signal.kind, signal.owner_rule, signal.source, signal.fingerprint), signal.id);
    if (signal.kind != SignalKind::alert) {
        state.signals_by_rule[state.symbols.text(signal.owner_rule)].insert(signal.id);
    }
    for (const Track& track : signal.tracks) {
        if (track.incident != 0) state.signals_by_incident[track.incident].insert(signal.id);
        if (track.window != 0) state.signals_by_window[track.window].insert(signal.id);
    }
}

void unindex_signal(State& state, const Signal& signal) {
    auto [begin, end] = state.signal_by_identity.equal_range(
        identity(signal.kind, signal.owner_rule, signal.source, signal.fingerprint));
    for (auto entry = begin; entry != end; ++entry) {
        if (entry->second == signal.id) {
            state.signal_by_identity.erase(entry);
            break;
        }
    }
    if (signal.kind != SignalKind::alert) {
        erase(state.signals_by_rule, state.symbols.text(signal.owner_rule), signal.id);
    }
    for (const Track& track : signal.tracks) {
        erase(state.signals_by_incident, track.incident, signal.id);
        erase(state.signals_by_window, track.window, signal.id);
    }
}

void index_incident(State& state, const Incident& incident) {
    if (!incident.released) {
        state.incident_by_key[incident.key] = incident.number;
        for (const std::string& key : incident.merged_keys) {
            state.incident_by_key[key] = incident.number;
        }
    }
    if (is_open(incident.state)) insert(state.open_by_family, incident.family, incident.number);
}

void unindex_incident(State& state, const Incident& incident) {
    erase(state.open_by_family, incident.family, incident.number);
    const auto let_go = [&](const std::string& key) {
        auto found = state.incident_by_key.find(key);
        if (found == state.incident_by_key.end() || found->second != incident.number) return;
        state.incident_by_key.erase(found);
    };
    let_go(incident.key);
    for (const std::string& key : incident.merged_keys) let_go(key);
}

void index_delivery(State& state, const Delivery& delivery) {
    insert(state.deliveries_by_incident, delivery.effect.incident.number, delivery.effect.id);
}

void unindex_delivery(State& state, const Delivery& delivery) {
    erase(state.deliveries_by_incident, delivery.effect.incident.number, delivery.effect.id);
}

void index_health(State& state, const RuleHealth& health) {
    state.health_by_rule[{health.rule, health.source}] = health.id;
}

void unindex_health(State& state, const RuleHealth& health) {
    state.health_by_rule.erase({health.rule, health.source});
}

void unindex(State& state, const Record& record) {
    match(
        record, [&](const Signal& signal) { unindex_signal(state, signal); },
        [&](const Incident& incident) { unindex_incident(state, incident); },
        [&](const RuleHealth& health) { unindex_health(state, health); },
        [&](const Delivery& delivery) { unindex_delivery(state, delivery); },
        [](const TimelineEntry&) {}, [](const Window&) {}, [](const Rota&) {});
}

void displace(State& state, const Record& record) {
    match(
        record, [&](const Signal& signal) { state.signals.erase(signal.id); },
        [&](const Incident& incident) { state.incidents.erase(incident.number); },
        [&](const RuleHealth& health) { state.rule_health.erase(health.id); },
        [&](const Delivery& delivery) { state.deliveries.erase(delivery.effect.id); },
        [](const TimelineEntry&) {}, [&](const Window& window) { state.windows.erase(window.id); },
        [&](const Rota& rota) { state.rota.erase(rota.id); });
}

void refresh_due(State& state, Table table, std::uint64_t id) {
    auto known = state.due_at.find({table, id});
    std::optional<Instant> next = due_of(state, table, id);
    if (known != state.due_at.end()) {
        if (next == known->second) return;
        state.due.erase({known->second, table, id});
        state.due_at.erase(known);
    }
    if (next) {
        state.due.insert({*next, table, id});
        state.due_at.emplace(std::pair{table, id}, *next);
    }
}

void refresh_all_due(State& state) {
    for (const auto& [id, signal] : state.signals) refresh_due(state, Table::signals, id);
    for (const auto& [number, incident] : state.incidents) {
        refresh_due(state, Table::incidents, number);
    }
    for (const auto& [id, health] : state.rule_health) refresh_due(state, Table::rule_health, id);
    for (const auto& [id, window] : state.windows) refresh_due(state, Table::windows, id);
    for (const auto& [id, rota] : state.rota) refresh_due(state, Table::rota, id);
}

Table table_of(const Record& record) {
    return match(
        record, [](const Signal&) { return Table::signals; },
        [](const Incident&) { return Table::incidents; },
        [](const Delivery&) { return Table::deliveries; },
        [](const RuleHealth&) { return Table::rule_health; },
        [](const TimelineEntry&) { return Table::timeline; },
        [](const Window&) { return Table::windows; }, [](const Rota&) { return Table::rota; });
}

std::uint64_t id_of(const Record& record) {
    return match(
        record, [](const Signal& signal) { return signal.id; },
        [](const Incident& incident) { return incident.number; },
        [](const Delivery& delivery) { return delivery.effect.id; },
        [](const RuleHealth& health) { return health.id; },
        [](const TimelineEntry& entry) { return entry.id; },
        [](const Window& window) { return window.id; }, [](const Rota& rota) { return rota.id; });
}

bool lives_in_state(const Record& record) {
    return match(
        record, [](const Signal&) { return true; },
        [](const Incident& incident) { return !incident.retired; },
        [](const Delivery& delivery) { return !is_final(delivery.state); },
        [](const RuleHealth&) { return true; }, [](const TimelineEntry&) { return false; },
        [](const Window& window) { return !window.settled; }, [](const Rota&) { return true; });
}

void place(State& state, const Record& record) {
    match(
        record, [&](const Signal& signal) { state.signals.insert_or_assign(signal.id, signal); },
        [&](const Incident& incident) {
            state.incidents.insert_or_assign(incident.number, incident);
        },
        [&](const Delivery& delivery) {
            state.deliveries.insert_or_assign(delivery.effect.id, delivery);
        },
        [&](const RuleHealth& health) { state.rule_health.insert_or_assign(health.id, health); },
        [](const TimelineEntry&) {},
        [&](const Window& window) { state.windows.insert_or_assign(window.id, window); },
        [&](const Rota& rota) { state.rota.insert_or_assign(rota.id, rota); });
}

void index(State& state) {
    clear_indexes(state);
    for (const auto& [id, signal] : state.signals) index_signal(state, signal);
    for (const auto& [number, incident] : state.incidents) index_incident(state, incident);
    for (const auto& [id, health] : state.rule_health) index_health(state, health);
    for (const auto& [id, delivery] : state.deliveries) index_delivery(state, delivery);
    refresh_all_due(state);
}

void undo(State& state, const std::vector<Change>& changes, const Counters& counters) {
    for (auto entry = changes.rbegin(); entry != changes.rend(); ++entry) {
        const Change& change = *entry;
        const Record& any = change.after ? *change.after : *change.before;
        if (table_of(any) == Table::timeline) continue;
        if (change.after && lives_in_state(*change.after)) {
            unindex(state, *change.after);
            displace(state, *change.after);
        }
        if (change.before) {
            place(state, *change.before);
            enter(state, *change.before);
        }
        refresh_due(state, table_of(any), id_of(any));
    }
    state.counters = counters;
}

bool is_consistent(const State& state) {
    State rebuilt = state;
    index(rebuilt);
    const auto sorted = [](const State& of) {
        std::map<std::uint64_t, std::set<std::uint64_t>> identities;
        for (const auto& [key, id] : of.signal_by_identity) identities[key].insert(id);
        return identities;
    };
    return sorted(rebuilt) == sorted(state) && rebuilt.incident_by_key == state.incident_by_key &&
           rebuilt.open_by_family == state.open_by_family &&
           rebuilt.deliveries_by_incident == state.deliveries_by_incident &&
           rebuilt.signals_by_rule == state.signals_by_rule &&
           rebuilt.signals_by_incident == state.signals_by_incident &&
           rebuilt.signals_by_window == state.signals_by_window &&
           rebuilt.health_by_rule == state.health_by_rule && rebuilt.due == state.due &&
           rebuilt.due_at == state.due_at;
}

}  // namespace tocsin::core
