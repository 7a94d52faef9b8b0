// Keeps the books of what is broken, covered by maintenance, and spent.
#include "support/year_truth.hpp"

#include <algorithm>

namespace tocsin::year {

using core::Severity;

Labels Trouble::labels() const {
    if (alertname.empty()) return Labels{{"region", region}};
    return Labels{{"alertname", alertname}, {"region", region}};
}

const std::vector<Trouble>& troubles() {
    static const std::vector<Trouble> all = [] {
        std::vector<Trouble> list;
        for (const std::string region : {"us", "eu"}) {
            const auto of = [&](const std::string& family) {
                return family + "{region=\"" + region + "\"}";
            };
            list.push_back({"Disk", region, of("disk"), "disk", Severity::major});
            list.push_back({"Site", region, of("site"), "site", Severity::critical});
            list.push_back({"Leak", region, of("memory"), "leak", Severity::minor});
            list.push_back({"Oom", region, of("memory"), "oom", Severity::major});
            list.push_back({"Office", region, of("office"), "office", Severity::major});
            list.push_back({"Silent", region, of("silent"), "silent", Severity::major});
            list.push_back({"Loss", region, of("loss"), "loss", Severity::critical, true});
            list.push_back({"Harmless", region, "", "harmless", Severity::none});
            list.push_back({"Watching", region, "", "watching", Severity::none});
            list.push_back({"Unknown", region, "", "", Severity::none});
            list.push_back({"", region, of("ingestion"), "ingestion-lag", Severity::major});
        }
        return list;
    }();
    return all;
}

namespace {

// What is measured every five minutes has been clear so long when it was low at both ends.
bool was_clear(const Trouble& trouble, Instant since, Instant at) {
    const Duration least = trouble.alertname.empty() ? minutes(5) + seconds(1) : minutes(5);
    return since + least <= at;
}

}  // namespace

void Truth::begins(std::size_t trouble, Instant at) {
    State& state = states_.at(trouble);
    state.holds = true;
    state.since = at;
    if (state.over_since && was_clear(troubles().at(trouble), *state.over_since, at)) {
        state.spent = Severity::none;
        state.maybe_spent = false;
    }
    state.over_since.reset();
}

void Truth::ends(std::size_t trouble, Instant at) {
    states_.at(trouble).holds = false;
    states_.at(trouble).over_since = at;
}

void Truth::end_window(const std::string& name, Instant at) {
    for (TruthWindow& window : windows_) {
        if (window.name == name && window.to > at) window.to = at;
    }
}

void Truth::spend(const std::set<std::string>& keys, Instant at) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const Trouble& trouble = troubles()[i];
        State& state = states_[i];
        const bool held = state.holds || (state.over_since && at < *state.over_since + minutes(5));
        if (!held || !keys.contains(trouble.key)) continue;
        if (is_covered(trouble, state, at)) {
            state.maybe_spent = true;
        } else {
            state.spent = trouble.severity;
        }
    }
}

bool Truth::is_covered(const Trouble& trouble, const State& state, Instant at) const {
    if (trouble.never_suppress) return false;
    return std::any_of(windows_.begin(), windows_.end(), [&](const TruthWindow& window) {
        return window.region == trouble.region && window.announced_at <= state.since &&
               window.from <= at && at < window.to;
    });
}

bool Truth::window_ended(Instant at) const {
    return std::any_of(windows_.begin(), windows_.end(),
                       [&](const TruthWindow& window) { return window.to == at; });
}

bool Truth::may_open(const std::string& key, Instant at) const {
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const Trouble& trouble = troubles()[i];
        const State& state = states_[i];
        if (trouble.key != key || !state.holds) continue;
        if (trouble.severity <= state.spent || is_covered(trouble, state, at)) continue;
        return true;
    }
    return own_.contains(key);
}

std::set<std::string> Truth::must_be_open(Instant at) const {
    std::set<std::string> keys;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const Trouble& trouble = troubles()[i];
        const State& state = states_[i];
        // What is measured is judged at its next reading after a window, everything else at once.
        const bool measured = trouble.alertname.empty();
        const bool covered = is_covered(trouble, state, at) ||
                             (measured && is_covered(trouble, state, at - minutes(5)));
        const bool declares = state.holds && !state.maybe_spent && !trouble.key.empty() &&
                              state.spent < trouble.severity && !covered;
        if (declares) keys.insert(trouble.key);
    }
    return keys;
}

}  // namespace tocsin::year
